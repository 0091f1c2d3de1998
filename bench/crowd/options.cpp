#include "crowd/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

#include "crowd/target.hpp"

namespace frontrow::crowd {
namespace {

// A weight is a finite number that is not negative.
std::optional<double> parse_weight(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

void check_share(std::vector<std::string>& found, const char* name, double share) {
  if (!(share >= 0 && share <= 1)) found.push_back(std::string(name) + " is a share, from 0 to 1");
}

void check_seconds(std::vector<std::string>& found, const char* name, double seconds) {
  if (!(seconds >= 0 && seconds <= 86'400))
    found.push_back(std::string(name) + " is a number of seconds, from 0 to 86400");
}

}  // namespace

std::vector<std::string> mistakes(const Options& options) {
  std::vector<std::string> found;
  const auto target = parse_target(options.url);
  if (const auto* wrong = std::get_if<std::string>(&target)) found.push_back("--url: " + *wrong);
  if (options.fans < 1 || options.fans > fans_max)
    found.push_back("--fans is from 1 to " + std::to_string(fans_max));
  if (options.processes > processes_max)
    found.push_back("--processes is at most " + std::to_string(processes_max));
  else if (options.processes > 0 &&
           options.fans > std::uint64_t{options.processes} * fans_per_process_max)
    found.push_back("--processes: one process carries at most " +
                    std::to_string(fans_per_process_max) + " fans");
  if (options.fans_per_address < 1) found.push_back("--fans-per-address is at least 1");
  check_seconds(found, "--arrive-over", options.arrive_over_seconds);
  check_seconds(found, "--deadline", options.deadline_seconds);
  check_seconds(found, "--verify-within", options.verify_seconds);
  check_seconds(found, "--request-timeout", options.request_seconds);
  check_seconds(found, "--patience", options.patience_seconds);
  check_seconds(found, "--think", options.think_seconds);
  check_seconds(found, "--hesitate-for", options.hesitate_seconds);
  if (options.deadline_seconds < 1) found.push_back("--deadline is at least 1");
  if (options.request_seconds < 0.1) found.push_back("--request-timeout is at least 0.1");
  check_share(found, "--pick", options.pick_share);
  check_share(found, "--drop", options.drop_share);
  check_share(found, "--hesitate", options.hesitate_share);
  check_share(found, "--leave", options.leave_share);
  check_share(found, "--release", options.release_share);
  if (options.leave_share + options.release_share > 1)
    found.push_back("--leave and --release together are at most 1");
  if (std::ranges::all_of(options.seats_per_order, [](double weight) { return weight <= 0; }))
    found.push_back("--seats-per-order has no weight above 0");
  const PaymentMix& mix = options.payment_mix;
  if (mix.ok + mix.declined + mix.slow + mix.never <= 0)
    found.push_back("--payment-mix has no weight above 0");
  if (options.order_attempts < 1) found.push_back("--order-attempts is at least 1");
  return found;
}

std::uint32_t process_count(const Options& options) {
  if (options.processes > 0) return std::min(options.processes, std::max(options.fans, 1U));
  const std::uint32_t needed = (options.fans + fans_per_process_max - 1) / fans_per_process_max;
  const std::uint32_t wanted = options.fans >= 1'000 ? 2 : 1;
  return std::max(needed, wanted);
}

double sale_seconds(const Options& options) {
  return options.deadline_seconds - std::min(options.verify_seconds, options.deadline_seconds / 4);
}

std::optional<PaymentMix> parse_payment_mix(std::string_view text) {
  PaymentMix mix{0, 0, 0, 0};
  for (const std::string_view part : split(text)) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const auto weight = parse_weight(part.substr(equals + 1));
    if (!weight) return std::nullopt;
    const std::string_view kind = part.substr(0, equals);
    if (kind == "ok")
      mix.ok = *weight;
    else if (kind == "declined")
      mix.declined = *weight;
    else if (kind == "slow")
      mix.slow = *weight;
    else if (kind == "never")
      mix.never = *weight;
    else
      return std::nullopt;
  }
  return mix;
}

std::optional<std::array<double, seats_per_order_max>> parse_seat_weights(std::string_view text) {
  std::array<double, seats_per_order_max> weights{};
  const auto parts = split(text);
  if (parts.size() > weights.size()) return std::nullopt;
  for (std::size_t n = 0; n < parts.size(); ++n) {
    const auto weight = parse_weight(parts[n]);
    if (!weight) return std::nullopt;
    weights[n] = *weight;
  }
  return weights;
}

std::optional<ArrivalShape> parse_arrival_shape(std::string_view text) {
  for (const auto shape : {ArrivalShape::kEven, ArrivalShape::kRandom, ArrivalShape::kRush})
    if (text == to_text(shape)) return shape;
  return std::nullopt;
}

std::string_view to_text(ArrivalShape shape) {
  switch (shape) {
    case ArrivalShape::kEven:
      return "even";
    case ArrivalShape::kRandom:
      return "random";
    case ArrivalShape::kRush:
      return "rush";
  }
  return "";
}

nlohmann::json to_json(const Options& options) {
  const PaymentMix& mix = options.payment_mix;
  return {{"url", options.url},
          {"fans", options.fans},
          {"seed", options.seed},
          {"processes", process_count(options)},
          {"fans_per_address", options.fans_per_address},
          {"arrive_over_seconds", options.arrive_over_seconds},
          {"arrival_shape", to_text(options.arrival_shape)},
          {"deadline_seconds", options.deadline_seconds},
          {"verify_seconds", options.verify_seconds},
          {"request_seconds", options.request_seconds},
          {"patience_seconds", options.patience_seconds},
          {"seats_per_order", options.seats_per_order},
          {"payment_mix",
           {{"ok", mix.ok}, {"declined", mix.declined}, {"slow", mix.slow}, {"never", mix.never}}},
          {"pick_share", options.pick_share},
          {"drop_share", options.drop_share},
          {"hesitate_share", options.hesitate_share},
          {"leave_share", options.leave_share},
          {"release_share", options.release_share},
          {"think_seconds", options.think_seconds},
          {"hesitate_seconds", options.hesitate_seconds},
          {"order_attempts", options.order_attempts},
          {"certificate_verified", !options.ca_file.empty()}};
}

}  // namespace frontrow::crowd
