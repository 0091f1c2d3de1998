#include "base/gateway_facts.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace frontrow {
namespace {

using Method = PaymentMethod;

constexpr std::array every_method = {
    Method::kCard,
    Method::kPromptPay,
    Method::kMobileBankingScb,
    Method::kMobileBankingKbank,
    Method::kMobileBankingBbl,
    Method::kMobileBankingKtb,
    Method::kMobileBankingBay,
    Method::kTrueMoney,
    Method::kRabbitLinePay,
    Method::kShopeePay,
};
constexpr std::array card_and_promptpay = {Method::kCard, Method::kPromptPay};

/// A number of the gateway's is our minor units times `times` through `by`.
struct Scale {
  std::int64_t times = 1, by = 1;
  std::int64_t multiple_of = 1;  ///< Of the gateway's own number.
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

bool holds(std::string_view list, std::string_view code) {
  if (code.size() != 3) return false;
  for (std::size_t n = 0; n + 4 <= list.size(); n += 4)
    if (list.substr(n, 3) == code) return true;
  return false;
}

std::optional<Scale> sandbox_scale(std::string_view) { return Scale{}; }

/// Stripe's numbers have eight digits, rupiah twelve. It counts ISK and UGX, which have no
/// decimals, in hundredths; MGA in whole ariary; and the currencies of three decimals it takes, in
/// thousandths that are whole tens.
std::optional<Scale> stripe_scale(std::string_view currency) {
  constexpr std::string_view unknown = "CUP ERN IQD IRR KPW LYD SDG SSP SVC SYP VES XCG ZWG ";
  if (holds(unknown, currency)) return std::nullopt;
  Scale scale;
  scale.most = currency == "IDR" ? 999'999'999'999 : 99'999'999;
  if (holds("ISK UGX ", currency)) {
    scale.times = 100;
  } else if (currency == "MGA") {
    scale.by = 100;
  } else if (holds("BHD JOD KWD OMR TND ", currency)) {
    scale.multiple_of = 10;
  }
  return scale;
}

/// Omise counts as ISO 4217 does: yen whole, the others in hundredths.
std::optional<Scale> omise_scale(std::string_view currency) {
  constexpr std::string_view known = "AUD CAD CHF CNY DKK EUR GBP HKD JPY MYR SGD THB USD ";
  if (!holds(known, currency)) return std::nullopt;
  return Scale{};
}

struct Facts {
  std::string_view name;
  std::span<const PaymentMethod> methods;
  std::optional<Scale> (*scale)(std::string_view currency);
};
const std::array<Facts, 3>& all() {
  static const std::array<Facts, 3> facts = {{
      {"sandbox", every_method, sandbox_scale},
      {"stripe", card_and_promptpay, stripe_scale},
      {"omise", every_method, omise_scale},
  }};
  return facts;
}

const Facts* find(std::string_view gateway) {
  const auto found = std::find_if(all().begin(), all().end(),
                                  [&](const Facts& facts) { return facts.name == gateway; });
  return found == all().end() ? nullptr : &*found;
}

std::optional<Scale> scale_of(std::string_view gateway, std::string_view currency) {
  const Facts* facts = find(gateway);
  return facts == nullptr ? std::nullopt : facts->scale(currency);
}

}  // namespace

std::vector<std::string> gateway_names() {
  std::vector<std::string> names;
  for (const Facts& facts : all()) names.emplace_back(facts.name);
  return names;
}

bool is_gateway(std::string_view gateway) { return find(gateway) != nullptr; }

std::span<const PaymentMethod> gateway_methods(std::string_view gateway) {
  const Facts* facts = find(gateway);
  return facts == nullptr ? std::span<const PaymentMethod>() : facts->methods;
}

bool method_takes_currency(PaymentMethod method, std::string_view currency) {
  return method == PaymentMethod::kCard || currency == "THB";
}

std::optional<std::int64_t> to_gateway_amount(std::string_view gateway, Amount amount,
                                              std::string_view currency) {
  const auto scale = scale_of(gateway, currency);
  if (!scale || amount.minor <= 0 || amount.minor % scale->by != 0 ||
      amount.minor > scale->most / scale->times)
    return std::nullopt;
  const std::int64_t number = amount.minor * scale->times / scale->by;
  if (number > scale->most || number % scale->multiple_of != 0) return std::nullopt;
  return number;
}

std::optional<Amount> from_gateway_amount(std::string_view gateway, std::int64_t number,
                                          std::string_view currency) {
  const auto scale = scale_of(gateway, currency);
  if (!scale || number < 0 || number % scale->times != 0 ||
      number > std::numeric_limits<std::int64_t>::max() / scale->by)
    return std::nullopt;
  return Amount{number / scale->times * scale->by};
}

}  // namespace frontrow
