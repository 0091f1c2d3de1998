// What each payment gateway can take: methods, currencies, and how it writes amounts. Pure; any
// thread. Both the check of a round file and the adapters go by it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/money.hpp"

namespace frontrow {

/// By the names that a round file uses: "sandbox", "stripe", "omise".
std::vector<std::string> gateway_names();
bool is_gateway(std::string_view gateway);
/// Empty where there is no such gateway.
std::span<const PaymentMethod> gateway_methods(std::string_view gateway);
/// PromptPay and the banks and wallets of Thailand take baht alone.
bool method_takes_currency(PaymentMethod method, std::string_view currency);

/// What the gateway calls `amount`; nothing where it cannot take it: a currency that it does not
/// know, nothing or less, more than its fields hold, or a fraction that it does not have.
std::optional<std::int64_t> to_gateway_amount(std::string_view gateway, Amount amount,
                                              std::string_view currency);
/// The other way; nothing for a number that the gateway cannot mean.
std::optional<Amount> from_gateway_amount(std::string_view gateway, std::int64_t number,
                                          std::string_view currency);

}  // namespace frontrow
