#include "sandbox/faults_json.hpp"

#include <nlohmann/json.hpp>

#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {
namespace {

struct DurationField {
  const char* name;
  Duration Faults::*member;
};
struct RateField {
  const char* name;
  double Faults::*member;
};
struct SwitchField {
  const char* name;
  bool Faults::*member;
};
constexpr DurationField durations[] = {
    {"latency_median_milliseconds", &Faults::latency_median},
    {"latency_p99_milliseconds", &Faults::latency_p99},
    {"capture_delay_milliseconds", &Faults::capture_delay},
    {"approval_milliseconds", &Faults::approval_time},
};
constexpr RateField rates[] = {
    {"decline_rate", &Faults::decline_rate},
    {"dropped_answer_rate", &Faults::dropped_answer_rate},
    {"duplicated_notice_rate", &Faults::duplicated_notice_rate},
    {"reordered_notice_rate", &Faults::reordered_notice_rate},
};
constexpr SwitchField switches[] = {
    {"notices", &Faults::notices},
    {"outage", &Faults::outage},
    {"outage_drops", &Faults::outage_drops},
    {"approve_by_hand", &Faults::approve_by_hand},
};

std::optional<Duration> duration_of(const Json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  const auto count = value.get<std::int64_t>();
  // Beyond the bound whatever it is; compared before it is multiplied.
  if (count < 0 || count > fault_delay_max.microseconds / 1'000) return std::nullopt;
  return milliseconds(count);
}

bool read_outages(const Json& value, Faults& faults) {
  if (!value.is_array() || value.size() > outages_max) return false;
  faults.outages.clear();
  for (const Json& entry : value) {
    if (!entry.is_object() || entry.size() != 2) return false;
    const auto begin = entry.find("begin_milliseconds");
    const auto length = entry.find("length_milliseconds");
    if (begin == entry.end() || length == entry.end()) return false;
    const auto from = duration_of(*begin);
    const auto lasting = duration_of(*length);
    if (!from || !lasting) return false;
    faults.outages.push_back({*from, *lasting});
  }
  return true;
}

bool read_field(const std::string& name, const Json& value, Faults& faults, bool& known) {
  for (const auto& field : durations) {
    if (name != field.name) continue;
    const auto duration = duration_of(value);
    if (duration) faults.*field.member = *duration;
    return duration.has_value();
  }
  for (const auto& field : rates) {
    if (name != field.name) continue;
    if (value.is_number()) faults.*field.member = value.get<double>();
    return value.is_number();
  }
  for (const auto& field : switches) {
    if (name != field.name) continue;
    if (value.is_boolean()) faults.*field.member = value.get<bool>();
    return value.is_boolean();
  }
  if (name == "outages") return read_outages(value, faults);
  if (name == "seed") {
    if (value.is_number_unsigned()) faults.seed = value.get<std::uint64_t>();
    return value.is_number_unsigned();
  }
  known = false;
  return false;
}

}  // namespace

std::string to_json(const Faults& faults) {
  Json object;
  for (const auto& field : durations)
    object[field.name] = (faults.*field.member).microseconds / 1'000;
  for (const auto& field : rates) object[field.name] = faults.*field.member;
  for (const auto& field : switches) object[field.name] = faults.*field.member;
  object["outages"] = Json::array();
  for (const Outage& outage : faults.outages) {
    object["outages"].push_back({{"begin_milliseconds", outage.begin.microseconds / 1'000},
                                 {"length_milliseconds", outage.length.microseconds / 1'000}});
  }
  object["seed"] = faults.seed;
  return to_text(object);
}

std::optional<Faults> changed_by(Faults faults, std::string_view text, std::string& problem) {
  const auto object = parse_json(text);
  if (!object || !object->is_object()) {
    problem = "a JSON object was expected";
    return std::nullopt;
  }
  for (const auto& [name, value] : object->items()) {
    bool known = true;
    if (read_field(name, value, faults, known)) continue;
    problem = (known ? "not a value that it can have: " : "not known: ") + name.substr(0, 64);
    return std::nullopt;
  }
  if (auto wrong = problem_of(faults)) {
    problem = std::move(*wrong);
    return std::nullopt;
  }
  return faults;
}

std::optional<std::string> problem_of(const Faults& faults) {
  for (const auto& field : rates) {
    // Not a number is neither.
    if (!(faults.*field.member >= 0 && faults.*field.member <= 1))
      return std::string(field.name) + " must be from 0 to 1";
  }
  for (const auto& field : durations) {
    const Duration duration = faults.*field.member;
    if (duration < Duration{} || duration > fault_delay_max)
      return std::string(field.name) + " must be from 0 to an hour";
  }
  if (faults.outages.size() > outages_max) return "more outages than there may be";
  return std::nullopt;
}

}  // namespace frontrow::sandbox
