#include "round/running_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/encoding.hpp"
#include "frontrow/limits.hpp"
#include "round/json_text.hpp"
#include "round/payment_section.hpp"
#include "round/secret_text.hpp"
#include "round/url_text.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t operators_max = 1'000;
constexpr std::size_t key_file_bytes_max = std::size_t{1} << 20;
constexpr Range day_in_seconds{1, 86'400};

AdmissionRules read_admission(const Json* value, const JsonPath& path, Remarks& mistakes) {
  ObjectReader object(value, path, mistakes);
  AdmissionRules rules;
  rules.max_shoppers = object.count("max_shoppers", {1, limits::fans_max}, rules.max_shoppers);
  rules.per_second = object.count("per_second", {0, 1'000'000}, rules.per_second);
  rules.enter = seconds(object.whole_number("enter_seconds", day_in_seconds, 120));
  rules.shopping = seconds(object.whole_number("shopping_seconds", day_in_seconds, 600));
  rules.missed_turn_places =
      object.count("missed_turn_places", {0, limits::fans_max}, rules.missed_turn_places);
  rules.pinned = object.boolean("pinned", rules.pinned);
  object.refuse_unknown();
  return rules;
}

GuardRules read_guard(const Json* value, const JsonPath& path, Remarks& mistakes) {
  ObjectReader object(value, path, mistakes);
  GuardRules rules;
  const JsonPath proof_path = path.at("proof_of_work");
  ObjectReader proof(object.take("proof_of_work"), proof_path, mistakes);
  rules.proof_of_work = proof.boolean("enabled", rules.proof_of_work);
  rules.algorithm = proof.one_of("algorithm", {"SHA-256", "SHA-384", "SHA-512", "PBKDF2/SHA-256",
                                               "PBKDF2/SHA-384", "PBKDF2/SHA-512"});
  rules.cost = proof.count("cost", {1, 10'000'000}, rules.cost);
  proof.refuse_unknown();
  rules.requests_per_second =
      object.count("requests_per_second", {0, 1'000'000}, rules.requests_per_second);
  rules.joins_per_address_per_minute = object.count("joins_per_address_per_minute", {0, 1'000'000},
                                                    rules.joins_per_address_per_minute);
  object.refuse_unknown();
  return rules;
}

/// A path of the file, made whole; a mistake where no file can be read there.
std::filesystem::path read_path(ObjectReader& object, std::string_view key,
                                const std::filesystem::path& directory) {
  const std::string text = object.text(key, "", 4'096);
  if (text.empty()) return {};
  std::string problem;
  std::filesystem::path path = directory / text;
  if (!read_file(path, key_file_bytes_max, problem))
    object.mistake(key, fmt::format("{} {}", in_quotes(text), problem));
  return path;
}

IdentityMode read_identity(const Json* value, const JsonPath& path,
                           const std::filesystem::path& directory, Remarks& mistakes,
                           PassRules& pass) {
  ObjectReader object(value, path, mistakes);
  const bool by_pass = object.one_of("mode", {"open", "pass"}) == "pass";
  pass.issuer = object.text("issuer", "");
  pass.audience = object.text("audience", "");
  pass.jwks = read_path(object, "jwks", directory);
  if (by_pass) {
    const char* const missing = "is needed where identity.mode is pass";
    if (pass.issuer.empty()) object.mistake("issuer", missing);
    if (pass.audience.empty()) object.mistake("audience", missing);
    if (pass.jwks.empty()) object.mistake("jwks", missing);
  }
  object.refuse_unknown();
  return by_pass ? IdentityMode::kPass : IdentityMode::kOpen;
}

bool is_public_host(const std::string& host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':';
  });
}

HttpRules read_http(const Json* value, const JsonPath& path, const std::filesystem::path& directory,
                    Remarks& mistakes) {
  ObjectReader object(value, path, mistakes);
  HttpRules rules;
  const char* const form = "must be HOST:PORT, as 0.0.0.0:8443 or [::]:8443";
  rules.listen = object.text("listen", rules.listen);
  if (!look_at_listen_address(rules.listen).good) object.mistake("listen", form);
  rules.operator_listen = object.text("operator_listen", "");
  if (!rules.operator_listen.empty() && !look_at_listen_address(rules.operator_listen).good)
    object.mistake("operator_listen", std::string(form) + ", or empty");
  rules.public_host = object.text("public_host", rules.public_host, 253);
  if (!is_public_host(rules.public_host))
    object.mistake("public_host", "must be letters, digits, \"-\", \".\" and \":\"");
  rules.threads = object.count("threads", {0, 256}, 0);
  const Json* tls = object.take("tls");
  if (tls != nullptr && tls->is_null()) {
    rules.tls.reset();
  } else {
    const JsonPath tls_path = path.at("tls");
    ObjectReader reader(tls, tls_path, mistakes);
    rules.tls->certificate = read_path(reader, "certificate", directory);
    rules.tls->key = read_path(reader, "key", directory);
    if (rules.tls->certificate.empty() != rules.tls->key.empty())
      reader.mistake(rules.tls->key.empty() ? "key" : "certificate",
                     "is needed: certificate and key go together");
    reader.refuse_unknown();
  }
  object.refuse_unknown();
  return rules;
}

bool is_operator_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@';
  });
}

std::vector<OperatorAccount> read_operators(const Json* value, const JsonPath& path,
                                            const std::filesystem::path& directory,
                                            Remarks& mistakes) {
  std::vector<OperatorAccount> accounts;
  if (value == nullptr) return accounts;
  if (!value->is_array() || value->size() > operators_max) {
    mistakes.add(path, fmt::format("must be an array of at most {}", operators_max));
    return accounts;
  }
  std::unordered_set<std::string> names, tokens;
  for (std::size_t n = 0; n < value->size(); ++n) {
    const JsonPath step = path.at(n);
    ObjectReader object(&(*value)[n], step, mistakes);
    OperatorAccount account;
    account.name = object.required_text("name", 64);
    if (!is_operator_name(account.name))
      object.mistake("name", "must be letters, digits, \"-\", \"_\", \".\" and \"@\"");
    else if (account.name == "config")
      object.mistake("name", "config is the round file's own name in the journal");
    else if (!account.name.empty() && !names.insert(account.name).second)
      object.mistake("name", fmt::format("{} is given twice", in_quotes(account.name)));
    object.require("role");
    account.role = object.one_of("role", {"viewer", "operator", "admin"});
    if (const Json* token = object.require("token_sha256")) {
      const JsonPath token_path = step.at("token_sha256");
      const auto text = read_secret_text(*token, token_path, directory, mistakes);
      if (text && !from_hex(*text, account.token_sha256))
        mistakes.add(token_path, "must be 64 hex digits: the SHA-256 of the operator's token");
      else if (text && !tokens.insert(to_hex(account.token_sha256)).second)
        mistakes.add(token_path, "is another operator's as well");
    }
    object.refuse_unknown();
    accounts.push_back(std::move(account));
  }
  return accounts;
}

bool read_flag(ObjectReader& root, std::string_view section, std::string_view key,
               Remarks& mistakes) {
  const JsonPath path = root.path().at(section);
  ObjectReader object(root.take(section), path, mistakes);
  const bool flag = object.boolean(key, true);
  object.refuse_unknown();
  return flag;
}

}  // namespace

void read_running_sections(ObjectReader& root, const std::filesystem::path& directory,
                           Remarks& mistakes, RoundFile& file) {
  const JsonPath admission = root.path().at("admission");
  file.admission = read_admission(root.take("admission"), admission, mistakes);
  const JsonPath identity = root.path().at("identity");
  file.definition.identity_mode =
      read_identity(root.take("identity"), identity, directory, mistakes, file.pass);
  const JsonPath guard = root.path().at("guard");
  file.guard = read_guard(root.take("guard"), guard, mistakes);
  const JsonPath payment = root.path().at("payment");
  file.payment = read_payment(root.take("payment"), payment, directory, mistakes);
  file.tickets_rotating = read_flag(root, "tickets", "rotating", mistakes);
  const JsonPath http = root.path().at("http");
  file.http = read_http(root.take("http"), http, directory, mistakes);
  file.journal_sync = read_flag(root, "journal", "sync", mistakes);
  const JsonPath operators = root.path().at("operators");
  file.operators = read_operators(root.take("operators"), operators, directory, mistakes);
}

void warn_of_the_unwise(const RoundFile& file, Remarks& warnings) {
  const JsonPath root;
  if (file.definition.identity_mode == IdentityMode::kOpen) {
    const JsonPath identity = root.at("identity");
    warnings.add(identity.at("mode"), "is open: one person may hold several places in the line");
  }
  const JsonPath prices = root.at("prices");
  for (std::size_t n = 0; n < file.definition.price_by_category.size(); ++n)
    if (file.definition.price_by_category[n].minor == 0)
      warnings.add(prices.at(file.definition.plan->categories[n].id),
                   "is 0: these seats are given away");
  if (file.definition.sale.hold > file.admission.shopping) {
    const JsonPath sale = root.at("sale");
    warnings.add(sale.at("hold_seconds"),
                 "is longer than admission.shopping_seconds: a hold may outlast the turn");
  }
  if (!file.journal_sync) {
    const JsonPath journal = root.at("journal");
    warnings.add(journal.at("sync"),
                 "is off: what was acknowledged may be lost when the power fails");
  }
  if (!file.http.tls) {
    const JsonPath http = root.at("http");
    const char* const plain = "is plain HTTP on an address that others reach: tokens can be read";
    if (!look_at_listen_address(file.http.listen).loopback) warnings.add(http.at("listen"), plain);
    if (!file.http.operator_listen.empty() &&
        !look_at_listen_address(file.http.operator_listen).loopback)
      warnings.add(http.at("operator_listen"), plain);
  }
  warn_of_payment(file.payment, root, warnings);
}

}  // namespace frontrow::round
