// What the sandbox makes of a card. The tables are in docs/sandbox.md. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/charge.hpp"

namespace frontrow::sandbox {

/// Of a token: the sandbox's own (`tok_ok`, `tok_slow`, …) or one of Stripe's test tokens
/// (`tok_visa`, `pm_card_visa`, `tok_chargeDeclined`, …). Nothing where it is none of these.
std::optional<Verdict> verdict_of_token(std::string_view token);

/// Of a card number, digits only: the test numbers of Stripe and Omise; every other number is good.
Verdict verdict_of_number(std::string_view digits);

}  // namespace frontrow::sandbox
