// The sandbox's memory of its charges: a file to which one line of JSON is added for each fact,
// by one write, before anyone hears of it. So it survives the process, as a real gateway would,
// and a test can compare it with ours. Card tokens are not in it, only how the charge will end.
//
// Belongs to the payment thread. Format: docs/payments.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "frontrow/gateway.hpp"
#include "frontrow/time.hpp"
#include "payment/sandbox/card_tokens.hpp"

namespace frontrow::payment::sandbox {

struct BookedCharge {
  Amount amount;
  std::string currency;
  PaymentMethod method = PaymentMethod::kCard;
  Verdict verdict;
  Instant made_at, due_at;
  enum class State : std::uint8_t { kPending, kCaptured, kFailed } state = State::kPending;
  PaymentFailure failure = PaymentFailure::kNone;  ///< Of a failed one.
  bool refunded = false;
};

class SandboxBook {
 public:
  /// Reads what is there; a last line without an end was never told to anyone and is cut off.
  /// Throws `std::runtime_error` where the file cannot be used or a line cannot be understood.
  explicit SandboxBook(std::filesystem::path path);
  ~SandboxBook();
  SandboxBook(const SandboxBook&) = delete;
  SandboxBook& operator=(const SandboxBook&) = delete;

  const BookedCharge* find(std::string_view reference) const;
  const std::map<std::string, BookedCharge, std::less<>>& charges() const { return charges_; }

  // Each is false, and nothing has changed, where the fact could not be written.
  bool add(const PaymentReference& reference, const BookedCharge& charge);
  bool capture(const PaymentReference& reference);
  bool fail(const PaymentReference& reference, PaymentFailure failure);
  bool refund(const PaymentReference& reference);

 private:
  void load();
  void apply(std::string_view line);
  bool write_line(std::string line);

  const std::filesystem::path path_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  bool broken_ = false;  ///< Half a line could not be taken back: nothing more is written.
  std::map<std::string, BookedCharge, std::less<>> charges_;
};

}  // namespace frontrow::payment::sandbox
