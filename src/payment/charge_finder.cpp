#include "payment/charge_finder.hpp"

namespace frontrow::payment {

const std::string* ChargeFinder::remembered(const PaymentReference& reference) const {
  const auto found = ids_.find(reference);
  return found == ids_.end() ? nullptr : &found->second;
}

void ChargeFinder::remember(const PaymentReference& reference, const std::string& id) {
  // The newest comes first in a list, and stays the one that counts.
  if (!ids_.try_emplace(reference, id).second) return;
  order_.push_back(reference);
  if (order_.size() <= remembered_max) return;
  ids_.erase(order_.front());
  order_.pop_front();
}

void ChargeFinder::find(const PaymentReference& reference, Done done) {
  if (const std::string* id = remembered(reference)) return done(Found::kYes, std::string(*id));
  (walking_ ? asked_since_ : asked_).emplace(reference, std::move(done));
  if (!walking_) walk();
}

void ChargeFinder::walk() {
  walking_ = true;
  pages_ = 0;
  fetch_({}, [this](Page&& page) { take(std::move(page)); });
}

void ChargeFinder::take(Page&& page) {
  if (!page.good) return end_walk(Found::kUnknown);
  for (const auto& [reference, id] : page.charges) {
    remember(reference, id);
    std::vector<Done> told;
    for (auto* const waiting : {&asked_, &asked_since_}) {  // a yes is good for both
      const auto [first, last] = waiting->equal_range(reference);
      for (auto next = first; next != last; ++next) told.push_back(std::move(next->second));
      waiting->erase(first, last);
    }
    for (const Done& done : told) done(Found::kYes, id);
  }
  if (asked_.empty() || page.next.empty()) return end_walk(Found::kNo);
  if (++pages_ >= pages_max) return end_walk(Found::kUnknown);
  fetch_(page.next, [this](Page&& next) { take(std::move(next)); });
}

void ChargeFinder::end_walk(Found others) {
  const auto left = std::exchange(asked_, std::exchange(asked_since_, {}));
  walking_ = !asked_.empty();
  if (walking_) walk();
  for (const auto& [reference, done] : left) done(others, {});
}

}  // namespace frontrow::payment
