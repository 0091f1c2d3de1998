// The facts of the book as lines of JSON. Documented in docs/sandbox.md. For this folder; any
// thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "sandbox/charge.hpp"

namespace frontrow::sandbox {

/// A charge is made; its number is not in the line.
struct ChargeMade {
  Charge charge;
};
/// Another attempt to pay a charge.
struct AttemptMade {
  std::string id;
  Attempt attempt;
};
struct Authorized {
  std::string id;
};
struct Captured {
  std::string id;
  Amount amount;
  Instant at;
};
struct Failed {
  std::string id;
  PaymentFailure failure = PaymentFailure::kNone;
  Instant at;
};
struct Refunded {
  std::string id;
  Refund refund;
  RequestKey key;
};
/// The own API never makes a charge under this reference any more.
struct Barred {
  std::string reference;
};
using Fact = std::variant<ChargeMade, AttemptMade, Authorized, Captured, Failed, Refunded, Barred>;

/// Without the line's end. `reference` stands in every line, for whoever reads the book.
std::string to_line(const Fact& fact, std::string_view reference);

/// Lines without ids are of a book that knew references alone: their id is made of the
/// reference, and a captured or refunded amount that is not told is 0 and means all of it.
/// Throws `std::exception` with what is wrong.
Fact parse_line(std::string_view line);

}  // namespace frontrow::sandbox
