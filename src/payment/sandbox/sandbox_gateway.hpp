// A payment gateway inside the process, asynchronous as a real one: a charge is pending at
// first and ends after a delay, as its card token asks. For demos, tests and load; moves no
// money. Belongs to the payment thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "frontrow/gateway.hpp"
#include "payment/gateway_factory.hpp"
#include "payment/sandbox/sandbox_book.hpp"
#include "payment/timer_queue.hpp"

namespace frontrow::payment::sandbox {

struct SandboxSettings {
  std::filesystem::path book;
  Duration delay = milliseconds(300);
  std::optional<Duration> slow_delay;       ///< Else ten times `delay`, at least 3 s.
  std::optional<Duration> promptpay_delay;  ///< Till the code has been "scanned"; else as slow.
  Duration qr_lifetime = seconds(300);      ///< What `expires_at` tells.
  /// Told when a charge ends; may be empty.
  std::function<void(const PaymentReference&, const ChargeOutcome&)> ended;
};

class SandboxGateway final : public Gateway {
 public:
  /// Throws where the book cannot be used. Charges that were pending go on where they stood.
  SandboxGateway(SandboxSettings settings, boost::asio::io_context& context);

  void create(const ChargeRequest& request, Callback done) override;
  void look_up(const PaymentReference& reference, Callback done) override;
  void cancel(const PaymentReference& reference, Callback done) override;
  void refund(const PaymentReference& reference, Amount amount, Callback done) override;
  /// All of them in one page.
  void list(std::string from, PageCallback done) override;

 private:
  Duration delay_of(PaymentMethod method, const Verdict& verdict) const;
  ChargeOutcome outcome_of(const PaymentReference& reference) const;
  ChargeOutcome refund_now(const PaymentReference& reference, Amount amount);
  void answer(Callback done, ChargeOutcome outcome);
  void finish_after(Duration delay, const PaymentReference& reference);
  void finish(const PaymentReference& reference);

  const SandboxSettings settings_;
  SandboxBook book_;
  TimerQueue timers_;
};

/// For the table of gateways: the book is `sandbox.book` in the data directory.
std::unique_ptr<Gateway> make_sandbox_gateway(const GatewaySettings& settings,
                                              boost::asio::io_context& context);

}  // namespace frontrow::payment::sandbox
