// What clients made beforehand to pay with: tokens, payment methods and sources; in memory alone,
// and card numbers not at all. Belongs to the server's thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "sandbox/charge.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {

struct Instrument {
  std::string id;
  PaymentMethod method = PaymentMethod::kCard;
  Verdict verdict;
  std::string last_digits;  ///< Of a card.
  Amount amount;            ///< Of a source.
  std::string currency;
  Instant made_at;
  bool used = false;
};

class InstrumentStore {
 public:
  Instrument& keep(Instrument instrument) {
    if (order_.size() == limits::instruments_kept_max) {
      instruments_.erase(order_.front());
      order_.pop_front();
    }
    order_.push_back(instrument.id);
    const std::string id = instrument.id;
    return instruments_.emplace(id, std::move(instrument)).first->second;
  }
  /// Null where there is none, or it has been forgotten.
  Instrument* find(std::string_view id) {
    const auto found = instruments_.find(id);
    return found != instruments_.end() ? &found->second : nullptr;
  }

 private:
  std::deque<std::string> order_;
  std::map<std::string, Instrument, std::less<>> instruments_;
};

}  // namespace frontrow::sandbox
