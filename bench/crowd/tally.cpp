#include "crowd/tally.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace frontrow::crowd {
namespace {

constexpr std::int64_t slot_microseconds = 100'000;
constexpr std::size_t window_slots = 100;
constexpr double window_seconds = 10;
/// Two days: what the longest run may ask for, and a bound on what a worker may claim.
constexpr std::size_t slots_max = 2 * 86'400 * 10;

constexpr std::array<std::string_view, outcome_count> outcome_names = {
    "bought",       "sold_out",   "left",       "released",    "gave_up",
    "payment_lost", "refunded",   "turn_ended", "turn_missed", "banned",
    "round_closed", "not_joined", "failed",     "unfinished"};
constexpr std::array<std::string_view, call_count> call_names = {
    "challenge", "proof",           "join",         "live",    "queue",
    "enter",     "snapshot",        "availability", "order",   "order_status",
    "payment",   "payment_outcome", "tickets",      "release", "leave"};
constexpr std::array<std::string_view, counter_count> counter_names = {"arrived",
                                                                       "joined",
                                                                       "orders_acknowledged",
                                                                       "orders_paid",
                                                                       "seats_bought",
                                                                       "payments_declined",
                                                                       "http_connections",
                                                                       "live_connections",
                                                                       "live_reconnects",
                                                                       "drops",
                                                                       "retries",
                                                                       "retry_after_waits",
                                                                       "places_lost",
                                                                       "ranks_changed",
                                                                       "availability_gaps",
                                                                       "unreadable_messages"};

template <std::size_t size>
nlohmann::json histograms_to_json(const std::array<Histogram, size>& histograms) {
  nlohmann::json list = nlohmann::json::array();
  for (const Histogram& histogram : histograms) list.push_back(histogram.to_json());
  return list;
}

template <std::size_t size>
void histograms_from_json(const nlohmann::json& list, std::array<Histogram, size>& histograms) {
  for (std::size_t n = 0; n < size; ++n) histograms[n] = Histogram::from_json(list.at(n));
}

}  // namespace

std::string_view to_text(Outcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}
std::string_view to_text(Call call) { return call_names[static_cast<std::size_t>(call)]; }
std::string_view to_text(Counter counter) {
  return counter_names[static_cast<std::size_t>(counter)];
}

void Tally::error(Call call, std::string_view code) {
  ++errors_[std::string(to_text(call))][std::string(code)];
}

std::uint64_t Tally::errors() const {
  std::uint64_t total = 0;
  for (const auto& [call, codes] : errors_)
    for (const auto& [code, count] : codes) total += count;
  return total;
}

void Tally::paid(std::int64_t at_microseconds) {
  const auto slot = std::min(
      static_cast<std::size_t>(std::max<std::int64_t>(at_microseconds, 0) / slot_microseconds),
      slots_max - 1);
  if (slot >= paid_slots_.size()) paid_slots_.resize(slot + 1);
  ++paid_slots_[slot];
  first_paid_ = first_paid_ < 0 ? at_microseconds : std::min(first_paid_, at_microseconds);
  last_paid_ = std::max(last_paid_, at_microseconds);
}

void Tally::merge(const Tally& other) {
  for (std::size_t n = 0; n < counter_count; ++n) counters_[n] += other.counters_[n];
  for (std::size_t n = 0; n < outcome_count; ++n) outcomes_[n] += other.outcomes_[n];
  for (std::size_t n = 0; n < call_count; ++n) {
    served_[n].merge(other.served_[n]);
    refused_[n].merge(other.refused_[n]);
  }
  for (const auto& [call, codes] : other.errors_)
    for (const auto& [code, count] : codes) errors_[call][code] += count;
  if (other.paid_slots_.size() > paid_slots_.size()) paid_slots_.resize(other.paid_slots_.size());
  for (std::size_t n = 0; n < other.paid_slots_.size(); ++n) paid_slots_[n] += other.paid_slots_[n];
  if (other.first_paid_ >= 0)
    first_paid_ = first_paid_ < 0 ? other.first_paid_ : std::min(first_paid_, other.first_paid_);
  last_paid_ = std::max(last_paid_, other.last_paid_);
}

Tally::PaidRate Tally::paid_rate() const {
  PaidRate rate;
  std::uint64_t window = 0, best = 0;
  for (std::size_t n = 0; n < paid_slots_.size(); ++n) {
    rate.count += paid_slots_[n];
    window += paid_slots_[n];
    if (n >= window_slots) window -= paid_slots_[n - window_slots];
    best = std::max(best, window);
  }
  rate.best_window_per_second = static_cast<double>(best) / window_seconds;
  if (rate.count > 1 && last_paid_ > first_paid_) {
    rate.span_seconds = static_cast<double>(last_paid_ - first_paid_) / 1e6;
    rate.per_second = static_cast<double>(rate.count) / rate.span_seconds;
  }
  return rate;
}

nlohmann::json Tally::to_json() const {
  return {{"counters", counters_},
          {"outcomes", outcomes_},
          {"served", histograms_to_json(served_)},
          {"refused", histograms_to_json(refused_)},
          {"errors", errors_},
          {"paid_slots", paid_slots_},
          {"first_paid", first_paid_},
          {"last_paid", last_paid_}};
}

Tally Tally::from_json(const nlohmann::json& value) {
  Tally tally;
  tally.counters_ = value.at("counters").get<decltype(counters_)>();
  tally.outcomes_ = value.at("outcomes").get<decltype(outcomes_)>();
  histograms_from_json(value.at("served"), tally.served_);
  histograms_from_json(value.at("refused"), tally.refused_);
  tally.errors_ = value.at("errors").get<decltype(errors_)>();
  tally.paid_slots_ = value.at("paid_slots").get<decltype(paid_slots_)>();
  if (tally.paid_slots_.size() > slots_max) throw std::runtime_error("too many slots");
  tally.first_paid_ = value.at("first_paid").get<std::int64_t>();
  tally.last_paid_ = value.at("last_paid").get<std::int64_t>();
  return tally;
}

}  // namespace frontrow::crowd
