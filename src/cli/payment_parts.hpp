// What a round needs to take payments beside the payment thread itself: the gateways' settings out
// of the round file, the readers of their notices, how they are, and the sandbox where `serve`
// runs one inside. Made, started and stopped by the main thread; the receiver of notices and the
// health are for any.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/http_settings.hpp"
#include "observe/metrics.hpp"
#include "payment/gateway_factory.hpp"
#include "round/round_file.hpp"
#include "sandbox/sandbox_server.hpp"

namespace frontrow::cli {

/// For who reaches the gateways that the round file names. `log` is called on the thread that uses
/// them.
payment::GatewaySettings gateway_settings(const round::PaymentRules& rules,
                                          const RoundDefinition& definition,
                                          std::function<void(const std::string&)> log);

class PaymentParts {
 public:
  PaymentParts(const round::PaymentRules& rules, std::filesystem::path data);
  ~PaymentParts();
  PaymentParts(const PaymentParts&) = delete;
  PaymentParts& operator=(const PaymentParts&) = delete;

  /// Starts the sandbox where it is to run inside. What went wrong, in one line.
  std::optional<std::string> start_sandbox();
  /// The round listens at `address` ("https://0.0.0.0:8443"): the sandbox inside sends its notices
  /// there. `certificate` is the one that the server shows, where it made it itself.
  void send_notices_to(const std::string& address, const std::filesystem::path& certificate);
  void stop_sandbox();

  payment::GatewayMaker gateway_maker(const RoundDefinition& definition) const;
  payment::DeskSettings desk_settings(const RoundDefinition& definition) const;
  http::PaymentFacts facts() const;
  /// `worker` must outlive what it returns, and so must this.
  http::WebhookReceiver webhook_receiver(payment::PaymentWorker& worker) const;
  std::vector<http::PaymentHealth> health() const;
  void add_metrics(observe::Metrics& metrics) const;

 private:
  struct Reader {
    std::string gateway;
    std::unique_ptr<NoticeReader> reader;
  };
  round::PaymentRules rules_;
  const std::filesystem::path data_;
  const std::shared_ptr<payment::GatewayHealthBoard> board_;
  std::unique_ptr<sandbox::SandboxServer> sandbox_;
  std::vector<Reader> readers_;
};

}  // namespace frontrow::cli
