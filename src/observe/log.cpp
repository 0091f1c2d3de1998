#include "observe/log.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "base/instant_text.hpp"

namespace frontrow::observe {
namespace {

std::atomic<Level> threshold{Level::kInfo};

constexpr std::array<std::string_view, 4> level_names = {"debug", "info ", "warn ", "error"};

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// Control characters as \n or \x1b: a line stays a line and a terminal stays as it is. Within
/// quotes, quotes and backslashes too.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  static constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    const auto byte = static_cast<unsigned char>(c);
    // C1 control characters in UTF-8: some terminals obey them.
    const bool c1 = byte == 0xC2 && n + 1 < text.size() &&
                    static_cast<unsigned char>(text[n + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[n + 1]) < 0xA0;
    if (c == '\n') {
      out += "\\n";
    } else if (is_control(c) || c1) {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else if (quoted && (c == '"' || c == '\\')) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value)
    if (is_control(c) || c == ' ' || c == '"' || c == '\\' || c == '=') return true;
  return false;
}

/// Cut where no character is torn apart.
void cut(std::string& line, std::size_t size) {
  if (line.size() <= size) return;
  while (size > 0 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80) --size;
  line.resize(size);
}

void write_line(std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // A log that nobody can read must not stop the sale.
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

std::string log_line(Instant now, Level level, std::string_view message, Fields fields) {
  std::string line = to_rfc3339(now);
  line += ' ';
  line += level_names[static_cast<std::size_t>(level)];
  line += ' ';
  append_escaped(line, message.substr(0, log_line_bytes_max), false);
  for (const Field& field : fields) {
    if (line.size() > log_line_bytes_max) break;
    line += ' ';
    line += field.key;
    line += '=';
    const std::string_view value = std::string_view(field.value).substr(0, log_line_bytes_max);
    const bool quoted = needs_quotes(value);
    if (quoted) line += '"';
    append_escaped(line, value, quoted);
    if (quoted) line += '"';
  }
  cut(line, log_line_bytes_max);
  return line;
}

void log(Level level, std::string_view message, Fields fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  write_line(log_line(wall_now(), level, message, fields));
}

bool LogBound::admit(Instant now, std::uint64_t& dropped) {
  dropped = 0;
  const std::int64_t second = now.microseconds / 1'000'000;
  std::int64_t current = second_.load(std::memory_order_relaxed);
  if (current != second &&
      second_.compare_exchange_strong(current, second, std::memory_order_relaxed))
    written_.store(0, std::memory_order_relaxed);
  if (written_.fetch_add(1, std::memory_order_relaxed) >= per_second_) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  dropped = dropped_.exchange(0, std::memory_order_relaxed);
  return true;
}

void log(LogBound& bound, Level level, std::string_view message, Fields fields) {
  if (level < threshold.load(std::memory_order_relaxed)) return;
  const Instant now = wall_now();
  std::uint64_t dropped = 0;
  if (!bound.admit(now, dropped)) return;
  std::string line = log_line(now, level, message, fields);
  if (dropped > 0) line += " dropped=" + std::to_string(dropped);
  write_line(std::move(line));
}

void set_log_threshold(Level level) { threshold.store(level, std::memory_order_relaxed); }

}  // namespace frontrow::observe
