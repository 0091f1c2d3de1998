#include "round/payment_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/gateway_facts.hpp"
#include "base/names.hpp"
#include "round/json_text.hpp"
#include "round/secret_text.hpp"
#include "round/url_text.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t webhook_secrets_max = 8;
constexpr std::size_t key_bytes_max = 4'096;
constexpr std::size_t authorities_bytes_max = std::size_t{16} << 20;
constexpr std::uint32_t connections_most = 8'192;

/// https://, or http:// where nobody listens in.
bool is_safe_url(std::string_view url) {
  if (!is_web_url(url)) return false;
  if (url.starts_with("https://")) return true;
  std::string_view host = url.substr(7);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos) return false;
  const auto colon = host.starts_with('[') ? host.find(':', host.find(']')) : host.find(':');
  const std::string address =
      std::string(host.substr(0, colon)) + ":1";  // the form that names a port
  return look_at_listen_address(address).loopback;
}

std::string read_url(ObjectReader& object, std::string_view key, std::string_view otherwise) {
  std::string url = object.text(key, otherwise, url_bytes_max);
  if (!url.empty() && !is_safe_url(url)) {
    object.mistake(key, "must be https://…, or http:// of an address of this machine");
    return {};
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string read_secret(ObjectReader& object, std::string_view key,
                        const std::filesystem::path& directory, Remarks& mistakes) {
  const Json* value = object.take(key);
  if (value == nullptr || value->is_null()) return {};
  const JsonPath path = object.path().at(key);
  const std::string secret =
      read_secret_text(*value, path, directory, mistakes).value_or(std::string());
  const bool plain =
      std::all_of(secret.begin(), secret.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain || secret.size() > key_bytes_max) {
    mistakes.add(path, "must be plain ASCII without spaces");
    return {};
  }
  return secret;
}

std::vector<std::string> read_secrets(ObjectReader& object, std::string_view key,
                                      const std::filesystem::path& directory, Remarks& mistakes) {
  std::vector<std::string> secrets;
  const Json* value = object.take(key);
  if (value == nullptr || value->is_null()) return secrets;
  const JsonPath path = object.path().at(key);
  if (!value->is_array() || value->size() > webhook_secrets_max) {
    mistakes.add(path, fmt::format("must be an array of at most {}", webhook_secrets_max));
    return secrets;
  }
  for (std::size_t n = 0; n < value->size(); ++n) {
    const JsonPath step = path.at(n);
    auto secret = read_secret_text((*value)[n], step, directory, mistakes);
    if (!secret) continue;
    if (secret->empty())
      mistakes.add(step, "must not be empty");
    else
      secrets.push_back(std::move(*secret));
  }
  return secrets;
}

std::filesystem::path read_authorities(ObjectReader& object,
                                       const std::filesystem::path& directory) {
  const std::string text = object.text("authorities", "", 4'096);
  if (text.empty()) return {};
  std::string problem;
  std::filesystem::path path = directory / text;
  if (!read_file(path, authorities_bytes_max, problem))
    object.mistake("authorities", fmt::format("{} {}", in_quotes(text), problem));
  return path;
}

GatewayRules read_gateway(const Json* value, const JsonPath& path, std::string_view usual_url,
                          const std::filesystem::path& directory, bool in_use, Remarks& mistakes,
                          bool is_stripe) {
  ObjectReader object(value, path, mistakes);
  GatewayRules rules;
  rules.url = read_url(object, "url", usual_url);
  rules.secret_key = read_secret(object, "secret_key", directory, mistakes);
  rules.public_key = object.text("public_key", "", key_bytes_max);
  if (rules.public_key.starts_with("sk"))
    object.mistake("public_key", "is a secret key: everybody would see it");
  rules.webhook_secrets = read_secrets(object, "webhook_secrets", directory, mistakes);
  rules.authorities = read_authorities(object, directory);
  rules.manual_capture = object.boolean("manual_capture", false);
  if (is_stripe) {
    rules.promptpay_email = object.text("promptpay_email", "", 254);
  } else {
    rules.vault_url = read_url(object, "vault_url", "https://vault.omise.co");
    for (std::size_t n = 0; n < rules.webhook_secrets.size(); ++n) {
      if (from_base64(rules.webhook_secrets[n])) continue;
      const JsonPath secrets = path.at("webhook_secrets");
      mistakes.add(secrets.at(n), "must be base64");
    }
  }
  if (in_use) {
    const char* const needed = "is needed where payments go there";
    if (rules.secret_key.empty()) object.mistake("secret_key", needed);
    if (rules.url.empty()) object.mistake("url", needed);
  }
  object.refuse_unknown();
  return rules;
}

SandboxRules read_sandbox(const Json* value, const JsonPath& path,
                          const std::filesystem::path& directory, bool in_use, Remarks& mistakes) {
  ObjectReader object(value, path, mistakes);
  SandboxRules rules;
  rules.delay_milliseconds =
      object.count("delay_milliseconds", {0, 600'000}, rules.delay_milliseconds);
  rules.url = read_url(object, "url", "");
  rules.secret = read_secret(object, "secret", directory, mistakes);
  rules.notice_secrets = read_secrets(object, "notice_secrets", directory, mistakes);
  if (in_use && !rules.url.empty() && rules.secret.empty())
    object.mistake("secret", "is needed where the sandbox is elsewhere");
  object.refuse_unknown();
  return rules;
}

void read_methods(ObjectReader& object, Remarks& mistakes, PaymentRules& rules) {
  const Json* value = object.take("methods");
  if (value == nullptr || value->is_null()) return;
  const JsonPath path = object.path().at("methods");
  if (!value->is_array() || value->empty() || value->size() > payment_method_count) {
    mistakes.add(path, fmt::format("must be an array of 1 to {}", payment_method_count));
    return;
  }
  rules.methods_given = true;
  for (std::size_t n = 0; n < value->size(); ++n) {
    const JsonPath step = path.at(n);
    const auto name = read_text((*value)[n], step, mistakes, 64);
    if (!name) continue;
    const auto method = parse_payment_method(*name);
    const auto known = gateway_methods(rules.gateway);
    if (!method || std::find(known.begin(), known.end(), *method) == known.end()) {
      mistakes.add(step, fmt::format("{} is no method of {}", in_quotes(*name), rules.gateway));
    } else if (std::find(rules.methods.begin(), rules.methods.end(), *method) !=
               rules.methods.end()) {
      mistakes.add(step, fmt::format("{} is given twice", in_quotes(*name)));
    } else {
      rules.methods.push_back(*method);
    }
  }
}

/// The sandbox plays the others too, where they are named; by itself it is a card and a code.
std::vector<PaymentMethod> usual_methods(const PaymentRules& rules, const std::string& currency) {
  std::vector<PaymentMethod> methods;
  for (const PaymentMethod method : gateway_methods(rules.gateway)) {
    if (!method_takes_currency(method, currency)) continue;
    if (rules.gateway == "sandbox" && method > PaymentMethod::kPromptPay) continue;
    methods.push_back(method);
  }
  return methods;
}

}  // namespace

PaymentRules read_payment(const Json* value, const JsonPath& path,
                          const std::filesystem::path& directory, Remarks& mistakes) {
  ObjectReader object(value, path, mistakes);
  PaymentRules rules;
  rules.gateway = object.one_of("gateway", {"sandbox", "stripe", "omise"});
  if (const Json* fallback = object.take("fallback"); fallback && !fallback->is_null()) {
    const JsonPath step = path.at("fallback");
    if (const auto name = read_text(*fallback, step, mistakes, 64)) {
      if (!is_gateway(*name) || *name == rules.gateway)
        mistakes.add(step, "must be null or another of \"sandbox\", \"stripe\", \"omise\"");
      else
        rules.fallback = *name;
    }
  }
  read_methods(object, mistakes, rules);
  rules.return_url = read_url(object, "return_url", "");
  rules.connections_max =
      object.count("connections_max", {1, connections_most}, rules.connections_max);
  const JsonPath sandbox = path.at("sandbox"), stripe = path.at("stripe"), omise = path.at("omise");
  rules.sandbox =
      read_sandbox(object.take("sandbox"), sandbox, directory, rules.uses("sandbox"), mistakes);
  rules.stripe = read_gateway(object.take("stripe"), stripe, "https://api.stripe.com", directory,
                              rules.uses("stripe"), mistakes, true);
  rules.omise = read_gateway(object.take("omise"), omise, "https://api.omise.co", directory,
                             rules.uses("omise"), mistakes, false);
  object.refuse_unknown();
  return rules;
}

void check_payment(PaymentRules& rules, const RoundDefinition& definition,
                   const std::vector<std::string>& category_ids, const JsonPath& root,
                   Remarks& mistakes) {
  const JsonPath payment = root.at("payment"), prices = root.at("prices");
  const std::string& currency = definition.currency;
  if (!rules.methods_given) {
    rules.methods = usual_methods(rules, currency);
  } else {
    const JsonPath methods = payment.at("methods");
    for (const PaymentMethod method : rules.methods) {
      if (method_takes_currency(method, currency)) continue;
      mistakes.add(methods, fmt::format("{} takes THB alone, and the round's currency is {}",
                                        name_of(method), currency));
    }
  }
  for (const std::string& gateway : {rules.gateway, rules.fallback}) {
    if (gateway.empty() || gateway == "sandbox") continue;
    for (std::size_t n = 0; n < definition.price_by_category.size() && n < category_ids.size();
         ++n) {
      const Amount price = definition.price_by_category[n];
      const Amount most{price.minor * std::int64_t{definition.sale.max_seats_per_fan}};
      if (to_gateway_amount(gateway, price, currency) && to_gateway_amount(gateway, most, currency))
        continue;
      mistakes.add(prices.at(category_ids[n]),
                   fmt::format("is an amount of {} that {} cannot take, for one place or for as "
                               "many as a fan may have",
                               currency, gateway));
    }
  }
}

void warn_of_payment(const PaymentRules& rules, const JsonPath& root, Remarks& warnings) {
  const JsonPath payment = root.at("payment");
  if (rules.gateway == "sandbox")
    warnings.add(payment.at("gateway"), "is the sandbox: no money is taken");
  const char* const unheard =
      "is empty: the gateway's notices are refused, and outcomes are found later, by asking";
  const JsonPath stripe = payment.at("stripe"), omise = payment.at("omise"),
                 sandbox = payment.at("sandbox");
  if (rules.uses("stripe") && rules.stripe.webhook_secrets.empty())
    warnings.add(stripe.at("webhook_secrets"), unheard);
  if (rules.uses("omise") && rules.omise.webhook_secrets.empty())
    warnings.add(omise.at("webhook_secrets"), unheard);
  if (rules.uses("sandbox") && !rules.sandbox.url.empty() && rules.sandbox.notice_secrets.empty())
    warnings.add(sandbox.at("notice_secrets"), unheard);
  const bool card = std::find(rules.methods.begin(), rules.methods.end(), PaymentMethod::kCard) !=
                    rules.methods.end();
  const char* const keyless = "is empty: a page cannot turn a card into a token";
  if (card && rules.gateway == "stripe" && rules.stripe.public_key.empty())
    warnings.add(stripe.at("public_key"), keyless);
  if (card && rules.gateway == "omise" && rules.omise.public_key.empty())
    warnings.add(omise.at("public_key"), keyless);
  if (rules.gateway != "sandbox" && rules.return_url.empty())
    warnings.add(payment.at("return_url"),
                 "is empty: a fan who is sent to a bank's page does not find back");
}

}  // namespace frontrow::round
