#include "sequencer/outlet.hpp"

#include "sequencer/group_limits.hpp"

namespace frontrow {

void Outlet::send(Outgoing&& outgoing) {
  if (held_back_.empty() && channel_->try_send(std::move(outgoing))) {
    has_sent_ = true;
    return;
  }
  if (std::holds_alternative<EventDelivery>(outgoing)) ++events_held_back_;
  held_back_.push_back(std::move(outgoing));
  statistics_->held_back.add();
}

void Outlet::send_fan_event(const Event& event) {
  if (events_held_back_ >= group_limits::events_held_back_max) {
    statistics_->events_dropped.add();
    return;
  }
  statistics_->events_sent.add();
  send(EventDelivery{event, {}});
}

void Outlet::send_payment_event(Event&& event, std::string&& card_token) {
  statistics_->events_sent.add();
  send(EventDelivery{std::move(event), std::move(card_token)});
}

void Outlet::send_facts(std::vector<FactNote>&& facts) {
  send(EventDelivery{FactsRecorded{std::move(facts)}, {}});
}

bool Outlet::send_held_back() {
  bool any = false;
  while (!held_back_.empty()) {
    const bool is_event = std::holds_alternative<EventDelivery>(held_back_.front());
    if (!channel_->try_send(std::move(held_back_.front()))) break;
    if (is_event) --events_held_back_;
    held_back_.pop_front();
    any = true;
  }
  has_sent_ = has_sent_ || any;
  return any;
}

void Outlet::notify() {
  if (!has_sent_) return;
  has_sent_ = false;
  channel_->notify();
}

}  // namespace frontrow
