// What opening something on disk comes to: the value, or one clear line saying what and where.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace frontrow::guard {

template <class T>
struct Loaded {
  std::optional<T> value;             ///< Nothing where `error` says why.
  std::string error;                  ///< One line, without a newline at its end.
  std::vector<std::string> warnings;  ///< Legal but unwise; a line each.

  explicit operator bool() const { return value.has_value(); }
  static Loaded failed(std::string why) { return {std::nullopt, std::move(why), {}}; }
};

}  // namespace frontrow::guard
