// How long does it take from the command that makes seats free to its end, where a hundred thousand
// wait for seats?
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "frontrow/plan.hpp"

namespace frontrow::bench {

struct WaitlistSettings {
  std::uint32_t entries = 100'000;
  std::uint32_t orders = 400;  ///< Given up one after the other.
  std::uint32_t repeats = 5;   ///< The same from the beginning; the least time of each counts.
};

/// One object for each kind of waitlist. Throws where a seat goes to another than the first whom it
/// suits.
nlohmann::json bench_waitlist(const std::shared_ptr<const Plan>& plan,
                              const WaitlistSettings& settings);

}  // namespace frontrow::bench
