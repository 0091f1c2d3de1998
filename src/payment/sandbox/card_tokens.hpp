// What the sandbox makes of a card token. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "frontrow/command.hpp"

namespace frontrow::payment::sandbox {

/// How a charge will end, settled when it is made.
struct Verdict {
  PaymentFailure failure = PaymentFailure::kNone;  ///< None: captured.
  bool slow = false;
  bool never = false;  ///< Stays pending until it is cancelled.
};

/// `tok_ok`, `tok_slow` and so on; any other: `kInvalidToken`. The table is in docs/payments.md.
Verdict verdict_of(std::string_view card_token);

}  // namespace frontrow::payment::sandbox
