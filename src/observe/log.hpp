// The log: one line an occurrence on standard error, for people and for `grep`:
//   2027-02-13T12:00:00.000Z info  listening https://0.0.0.0:8443 round=bkk-1
// Any thread; a line is one write, so that lines do not mix. Control characters and quotes in
// values are escaped, so that nothing from outside can forge a line. Tokens, keys, codes, card
// tokens and personal data are never passed here.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "frontrow/time.hpp"

namespace frontrow::observe {

enum class Level : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Bytes of a line; what is longer is cut.
inline constexpr std::size_t log_line_bytes_max = 4'096;

struct Field {
  std::string_view key;
  std::string value;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(text) {}
  Field(std::string_view name, const std::string& text) : key(name), value(text) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> Field(std::string_view name, Number number) : key(name) {
    if constexpr (std::same_as<Number, bool>)
      value = number ? "true" : "false";
    else
      value = std::to_string(number);
  }
};
using Fields = std::initializer_list<Field>;

/// Writes the line where `level` is at least the threshold (info, unless set).
void log(Level level, std::string_view message, Fields fields = {});
inline void log_info(std::string_view message, Fields fields = {}) {
  log(Level::kInfo, message, fields);
}
inline void log_warning(std::string_view message, Fields fields = {}) {
  log(Level::kWarning, message, fields);
}
inline void log_error(std::string_view message, Fields fields = {}) {
  log(Level::kError, message, fields);
}

/// Bounds the lines of one place in the code that outsiders can provoke:
///   static LogBound bound{5};  // lines a second
///   log(bound, Level::kWarning, "handshake refused", {...});
/// The first line of a later second says in `dropped` how many were left out.
class LogBound {
 public:
  constexpr explicit LogBound(std::uint32_t per_second) : per_second_(per_second) {}
  /// Whether a line at `now` may be written; `dropped` tells of those before it that were not.
  bool admit(Instant now, std::uint64_t& dropped);

 private:
  const std::uint32_t per_second_;
  std::atomic<std::int64_t> second_{-1};
  std::atomic<std::uint32_t> written_{0};
  std::atomic<std::uint64_t> dropped_{0};
};
void log(LogBound& bound, Level level, std::string_view message, Fields fields = {});

void set_log_threshold(Level level);
/// The line, without its newline. Pure.
std::string log_line(Instant now, Level level, std::string_view message, Fields fields);

}  // namespace frontrow::observe
