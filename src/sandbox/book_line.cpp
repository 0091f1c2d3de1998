#include "sandbox/book_line.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {
namespace {

constexpr std::array<std::string_view, 3> dialect_names{"own", "stripe", "omise"};

Dialect dialect_of(const Json& line) {
  const std::string name = line.value("dialect", std::string("own"));
  for (std::size_t n = 0; n < dialect_names.size(); ++n)
    if (dialect_names[n] == name) return static_cast<Dialect>(n);
  throw std::runtime_error("unknown dialect");
}

template <class Enumeration>
Enumeration number_of(const Json& line, const char* name, Enumeration last) {
  const int number = line.at(name).get<int>();
  if (number < 0 || number > static_cast<int>(last))
    throw std::runtime_error(std::string("unknown ") + name);
  return static_cast<Enumeration>(number);
}

std::int64_t amount_in(const Json& line, std::int64_t absent) {
  const auto amount = line.contains("amount") ? line.at("amount").get<std::int64_t>() : absent;
  if (amount < 0) throw std::runtime_error("an amount below 0");
  return amount;
}

void put_attempt(Json& line, const Attempt& attempt) {
  line["method"] = static_cast<int>(attempt.method);
  line["failure"] = static_cast<int>(attempt.verdict.failure);
  line["slow"] = attempt.verdict.slow;
  line["never"] = attempt.verdict.never;
  if (attempt.verdict.authenticate) line["authenticate"] = true;
  if (!attempt.instrument.empty()) line["instrument"] = attempt.instrument;
  if (!attempt.return_url.empty()) line["return_url"] = attempt.return_url;
  line["due_at"] = attempt.due_at.microseconds;
  if (attempt.by_hand) line["by_hand"] = true;
}

Attempt attempt_of(const Json& line) {
  Attempt attempt;
  attempt.method = number_of(line, "method", static_cast<PaymentMethod>(payment_method_count - 1));
  attempt.verdict.failure = number_of(line, "failure", PaymentFailure::kInvalidToken);
  attempt.verdict.slow = line.at("slow").get<bool>();
  attempt.verdict.never = line.at("never").get<bool>();
  attempt.verdict.authenticate = line.value("authenticate", false);
  attempt.instrument = line.value("instrument", std::string());
  attempt.return_url = line.value("return_url", std::string());
  attempt.due_at.microseconds = line.at("due_at").get<std::int64_t>();
  attempt.by_hand = line.value("by_hand", false);
  return attempt;
}

void put_key(Json& line, const RequestKey& key) {
  if (key.key.empty()) return;
  line["key"] = key.key;
  line["request"] = key.digest;
}

RequestKey key_of(const Json& line) {
  return {line.value("key", std::string()), line.value("request", std::string())};
}

Json json_of(const ChargeMade& fact) {
  const Charge& charge = fact.charge;
  Json line{{"fact", "charge"},
            {"id", charge.id},
            {"dialect", dialect_names[static_cast<std::size_t>(charge.dialect)]},
            {"amount", charge.amount.minor},
            {"currency", charge.currency},
            {"made_at", charge.made_at.microseconds}};
  put_attempt(line, charge.attempt);
  put_key(line, charge.key);
  if (charge.state == ChargeState::kOpen) line["open"] = true;
  if (charge.capture_later) line["capture_later"] = true;
  if (!charge.metadata.empty()) line["metadata"] = charge.metadata;
  if (!charge.description.empty()) line["description"] = charge.description;
  if (!charge.detail.empty()) line["detail"] = charge.detail;
  return line;
}
Json json_of(const AttemptMade& fact) {
  Json line{{"fact", "attempt"}, {"id", fact.id}};
  put_attempt(line, fact.attempt);
  return line;
}
Json json_of(const Authorized& fact) { return {{"fact", "authorized"}, {"id", fact.id}}; }
Json json_of(const Captured& fact) {
  return {{"fact", "captured"},
          {"id", fact.id},
          {"amount", fact.amount.minor},
          {"at", fact.at.microseconds}};
}
Json json_of(const Failed& fact) {
  return {{"fact", "failed"},
          {"id", fact.id},
          {"failure", static_cast<int>(fact.failure)},
          {"at", fact.at.microseconds}};
}
Json json_of(const Refunded& fact) {
  Json line{{"fact", "refunded"},
            {"id", fact.id},
            {"refund", fact.refund.id},
            {"amount", fact.refund.amount.minor},
            {"at", fact.refund.made_at.microseconds}};
  put_key(line, fact.key);
  return line;
}
Json json_of(const Barred&) { return {{"fact", "barred"}}; }

ChargeMade charge_of(const Json& line, std::string id, std::string reference) {
  ChargeMade fact;
  Charge& charge = fact.charge;
  charge.id = std::move(id);
  charge.dialect = dialect_of(line);
  charge.reference = std::move(reference);
  charge.amount.minor = amount_in(line, -1);
  charge.currency = line.at("currency").get<std::string>();
  charge.made_at.microseconds = line.at("made_at").get<std::int64_t>();
  charge.attempt = attempt_of(line);
  charge.key = key_of(line);
  charge.capture_later = line.value("capture_later", false);
  charge.metadata = line.value("metadata", std::string());
  charge.description = line.value("description", std::string());
  charge.detail = line.value("detail", std::string());
  const bool open = line.value("open", false);
  charge.state = open ? ChargeState::kOpen : ChargeState::kPending;
  return fact;
}

}  // namespace

std::string to_line(const Fact& fact, std::string_view reference) {
  Json line = std::visit([](const auto& known) { return json_of(known); }, fact);
  line["reference"] = reference;
  return to_text(line);
}

Fact parse_line(std::string_view text) {
  const Json line = Json::parse(text);
  const auto name = line.at("fact").get<std::string>();
  auto reference = line.at("reference").get<std::string>();
  if (name == "barred") return Barred{std::move(reference)};
  std::string id =
      line.contains("id") ? line.at("id").get<std::string>() : "sandbox_charge_" + reference;
  const Instant at{line.value("at", std::int64_t{0})};
  if (name == "charge") return charge_of(line, std::move(id), std::move(reference));
  if (name == "attempt") return AttemptMade{std::move(id), attempt_of(line)};
  if (name == "authorized") return Authorized{std::move(id)};
  if (name == "captured") return Captured{std::move(id), {amount_in(line, 0)}, at};
  if (name == "failed") {
    return Failed{std::move(id), number_of(line, "failure", PaymentFailure::kInvalidToken), at};
  }
  if (name == "refunded") {
    auto refund = line.value("refund", "sandbox_refund_" + reference);
    return Refunded{std::move(id), {std::move(refund), {amount_in(line, 0)}, at}, key_of(line)};
  }
  throw std::runtime_error("unknown fact");
}

}  // namespace frontrow::sandbox
