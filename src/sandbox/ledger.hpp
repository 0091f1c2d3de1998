// What happens to charges, whichever API asks for it: made, approved, captured, failed, refunded.
// Every change is in the book before it is told. Belongs to the server's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sandbox/book.hpp"
#include "sandbox/fault_dice.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::sandbox {

class Ledger {
 public:
  enum class Change : std::uint8_t { kMade, kMoved, kRefunded };
  using Changed = std::function<void(const Charge&, Change)>;

  /// `context`, `book` and `dice` outlive it. Charges that were under way go on.
  Ledger(boost::asio::io_context& context, Book& book, FaultDice& dice, Changed changed);
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  const Book& book() const { return book_; }
  /// A name that no other charge or refund has.
  static std::string new_id(const char* prefix);

  /// Takes what the caller says of the charge: id, dialect, reference, amount and so on; and begins
  /// the attempt, where there is one. Null where it could not be written; then nothing has
  /// happened.
  const Charge* make(Charge charge, std::optional<Attempt> attempt);
  // Each is false, and nothing has changed, where it could not be written.
  /// Of a charge that is open or has failed.
  bool attempt(const std::string& id, Attempt attempt);
  /// A person has approved or declined a charge in `kAction`; any other stays as it is.
  bool approve(const std::string& id);
  bool decline(const std::string& id);
  /// Of an authorized one; any other stays as it is.
  bool capture(const std::string& id, Amount amount);
  /// Ends what has not ended; what has stays as it is.
  bool cancel(const std::string& id);
  /// Of a captured one, and not more than is left; the caller has seen to both.
  bool refund(const std::string& id, Refund refund, RequestKey key);
  bool bar(const std::string& reference);

  /// Until when a charge in `kAction` can be approved, as people are told.
  Instant expires_at(const Charge& charge) const;

 private:
  Attempt begun(Dialect dialect, Attempt attempt, Instant now);
  Duration slow_delay() const;
  /// What is due now is done at once, the rest when it is due.
  void go_on(const Charge& charge);
  void finish(const std::string& id, Instant due_at);
  bool succeed(const Charge& charge);
  bool fail(const Charge& charge, PaymentFailure failure);
  bool moved(const std::string& id, Fact fact);

  boost::asio::io_context& context_;
  Book& book_;
  FaultDice& dice_;
  const Changed changed_;
};

}  // namespace frontrow::sandbox
