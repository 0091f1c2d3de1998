#include "audit/settlement.hpp"

#include <algorithm>
#include <map>

namespace frontrow::audit {
namespace {

using State = RoundPayment::State;

bool may_be_captured(const GatewayRecord& record) {
  return record.state == ChargeState::kPending || record.state == ChargeState::kAction;
}
bool has_money(const GatewayRecord& record) {
  return record.state == ChargeState::kCaptured && record.refunded < record.amount;
}

class Comparison {
 public:
  Comparison(std::string_view currency, Settlement& out) : currency_(currency), out_(out) {}

  void compare(const RoundPayment* payment, const std::vector<const GatewayRecord*>& records) {
    const GatewayRecord* record = the_one_of(records);
    if (std::count_if(records.begin(), records.end(),
                      [](const GatewayRecord* one) { return has_money(*one); }) > 1)
      differs(DifferenceKind::kTwice, record->reference, "is captured more than once");
    if (payment == nullptr) return compare_unknown(*record);
    if (record != nullptr) {
      if (record->state == ChargeState::kCaptured || may_be_captured(*record))
        compare_content(*payment, *record);
      if (record->refunded > record->amount)
        differs(DifferenceKind::kOverReturned, payment->reference,
                "has had more given back than was taken: " + text(record->refunded) + " of " +
                    text(record->amount));
    }
    compare_state(*payment, record);
  }

 private:
  /// Of several charges of one name, the one that matters most.
  static const GatewayRecord* the_one_of(const std::vector<const GatewayRecord*>& records) {
    const auto weight = [](const GatewayRecord* record) {
      if (has_money(*record)) return 3;
      if (record->state == ChargeState::kCaptured) return 2;
      return may_be_captured(*record) ? 1 : 0;
    };
    const auto found =
        std::max_element(records.begin(), records.end(),
                         [&](const auto* a, const auto* b) { return weight(a) < weight(b); });
    return found == records.end() ? nullptr : *found;
  }

  void compare_unknown(const GatewayRecord& record) {
    if (has_money(record))
      differs(DifferenceKind::kNoAttempt, record.reference,
              "is captured (" + text(record.amount) + ' ' + record.currency +
                  "), and the round has no such order or attempt");
    else if (may_be_captured(record))
      differs(DifferenceKind::kNoAttempt, record.reference,
              "may still be captured, and the round has no such order or attempt");
    else if (record.state == ChargeState::kCaptured)
      out_.remarks.push_back(record.reference +
                             " was captured without an order or attempt of the round, and has been "
                             "given back");
  }

  void compare_content(const RoundPayment& payment, const GatewayRecord& record) {
    // What has gone back whole is in order, whatever it was.
    if (record.state == ChargeState::kCaptured && !has_money(record) &&
        payment.state != State::kPays)
      return;
    if (record.currency != currency_)
      differs(DifferenceKind::kCurrency, payment.reference,
              "is charged in " + record.currency + ", not in " + std::string(currency_));
    if (record.amount != payment.amount)
      differs(DifferenceKind::kAmount, payment.reference,
              "is charged with " + text(record.amount) + ", not with " + text(payment.amount));
  }

  void compare_state(const RoundPayment& payment, const GatewayRecord* record) {
    const bool captured = record != nullptr && record->state == ChargeState::kCaptured;
    switch (payment.state) {
      case State::kOpen:
        ++out_.under_way;
        return;
      case State::kFailed:
        if (record == nullptr) return;
        if (has_money(*record))
          differs(DifferenceKind::kUntold, payment.reference,
                  "is captured, but the round says that it failed");
        else if (captured)
          out_.remarks.push_back(payment.reference +
                                 " was captured although it had failed, and has been given back");
        else if (may_be_captured(*record))
          differs(DifferenceKind::kStillOpen, payment.reference,
                  "may still be captured, but the round says that it failed");
        return;
      case State::kPays:
        if (!captured) return not_captured(payment, record);
        if (record->refunded > Amount{})
          differs(DifferenceKind::kReturned, payment.reference,
                  "has had " + text(record->refunded) + " given back, but its order is paid");
        return;
      case State::kOwed:
        if (!captured) return not_captured(payment, record);
        ++out_.under_way;
        return;
      case State::kReturned:
        if (!captured) return not_captured(payment, record);
        if (record->refunded < record->amount)
          differs(DifferenceKind::kNotReturned, payment.reference,
                  "has had " + text(record->refunded) + " of " + text(record->amount) +
                      " given back, but the round says that all of it is");
        return;
    }
  }

  void not_captured(const RoundPayment& payment, const GatewayRecord* record) {
    differs(DifferenceKind::kNotCaptured, payment.reference,
            std::string("is captured, the round says, but the gateway ") +
                (record == nullptr ? "has no such charge" : "has not captured it"));
  }

  void differs(DifferenceKind kind, const PaymentReference& reference, const std::string& what) {
    out_.differences.push_back({kind, reference, reference + ' ' + what});
  }

  static std::string text(Amount amount) { return std::to_string(amount.minor); }

  const std::string_view currency_;
  Settlement& out_;
};

void add(CountAndSum& to, Amount amount) {
  ++to.count;
  to.sum = to.sum + amount;
}

void count(Settlement::AtGateway& gateway, const GatewayRecord& record) {
  if (record.state == ChargeState::kCaptured) {
    add(gateway.captured, record.amount);
    if (record.refunded > Amount{}) add(gateway.returned, record.refunded);
  } else if (may_be_captured(record)) {
    add(gateway.pending, record.amount);
  } else {
    add(gateway.failed, record.amount);
  }
}

}  // namespace

Settlement settle(const std::function<bool(std::string_view)>& is_ours, std::string_view currency,
                  const std::vector<RoundPayment>& payments,
                  const std::vector<GatewayRecord>& records) {
  struct Both {
    const RoundPayment* payment = nullptr;
    std::vector<const GatewayRecord*> records;
  };
  Settlement out;
  std::map<std::string_view, Both> by_reference;
  for (const RoundPayment& payment : payments) {
    add(out.round[static_cast<std::size_t>(payment.state)], payment.amount);
    by_reference[payment.reference].payment = &payment;
  }
  for (const GatewayRecord& record : records) {
    if (!is_ours(record.reference)) {
      ++out.of_others;
      continue;
    }
    count(out.gateway, record);
    by_reference[record.reference].records.push_back(&record);
  }
  Comparison comparison(currency, out);
  for (const auto& [reference, both] : by_reference) comparison.compare(both.payment, both.records);
  return out;
}

void keep_lasting(Settlement& now, const Settlement& before) {
  std::erase_if(now.differences, [&](const Difference& difference) {
    return std::none_of(
        before.differences.begin(), before.differences.end(), [&](const Difference& earlier) {
          return earlier.kind == difference.kind && earlier.reference == difference.reference;
        });
  });
}

std::string_view name_of(RoundPayment::State state) {
  switch (state) {
    case State::kOpen:
      return "open";
    case State::kFailed:
      return "failed";
    case State::kPays:
      return "paid";
    case State::kOwed:
      return "refunding";
    case State::kReturned:
      return "refunded";
  }
  return "unknown";
}

std::string_view name_of(DifferenceKind kind) {
  switch (kind) {
    case DifferenceKind::kNoAttempt:
      return "no-attempt";
    case DifferenceKind::kTwice:
      return "captured-twice";
    case DifferenceKind::kAmount:
      return "amount";
    case DifferenceKind::kCurrency:
      return "currency";
    case DifferenceKind::kNotCaptured:
      return "not-captured";
    case DifferenceKind::kUntold:
      return "captured-untold";
    case DifferenceKind::kNotReturned:
      return "not-refunded";
    case DifferenceKind::kReturned:
      return "refunded-untold";
    case DifferenceKind::kOverReturned:
      return "refunded-too-much";
    case DifferenceKind::kStillOpen:
      return "still-open";
  }
  return "unknown";
}

}  // namespace frontrow::audit
