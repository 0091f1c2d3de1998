// Numbers as the controller's lines for operators write them.
//
// Private to src/queue.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "frontrow/time.hpp"

namespace frontrow::queue {

inline std::string rounded(double value) { return std::to_string(std::llround(value)); }

inline std::string one_decimal(double value) {
  const long long tenths = std::llround(value * 10);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

inline std::string whole_seconds(Duration length) {
  return std::to_string(length.microseconds / 1'000'000) + " s";
}

inline std::string text_of(std::uint64_t count, const char* one, const char* more) {
  return std::to_string(count) + ' ' + (count == 1 ? one : more);
}

}  // namespace frontrow::queue
