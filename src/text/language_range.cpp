#include "text/language_range.hpp"

#include <algorithm>
#include <optional>

#include "text/messages.hpp"

namespace frontrow::text {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// RFC 9110 section 12.4.2: 0 to 1 with at most three digits after the point.
std::optional<int> parse_quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = text[0] == '1' ? 1'000 : 0;
  int worth = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value += worth * (digit - '0');
    worth /= 10;
  }
  if (value > 1'000) return std::nullopt;
  return value;
}

/// RFC 4647 section 2.1: parts of 1 to 8 letters and digits; or "*".
bool is_range(std::string_view text) {
  if (text == "*") return true;
  std::size_t length = 0;
  for (const char c : text) {
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      if (++length > 8) return false;
    } else {
      return false;
    }
  }
  return length > 0;
}

std::optional<LanguageRange> parse_range(std::string_view item) {
  LanguageRange range;
  const std::size_t semicolon = item.find(';');
  const std::string_view tag = trimmed(item.substr(0, semicolon));
  range.tag.resize(tag.size());
  std::transform(tag.begin(), tag.end(), range.tag.begin(), lower);
  if (!is_range(range.tag)) return std::nullopt;
  if (semicolon != std::string_view::npos) {
    const std::string_view weight = trimmed(item.substr(semicolon + 1));
    if (weight.size() < 2 || lower(weight[0]) != 'q' || weight[1] != '=') return std::nullopt;
    const auto quality = parse_quality(weight.substr(2));
    if (!quality) return std::nullopt;
    range.quality = *quality;
  }
  return range;
}

}  // namespace

std::vector<LanguageRange> parse_accept_language(std::string_view header) {
  header = header.substr(0, accept_language_bytes_max);
  std::vector<LanguageRange> ranges;
  for (std::size_t seen = 0; !header.empty() && seen < accept_language_ranges_max; ++seen) {
    const std::size_t comma = header.find(',');
    if (auto range = parse_range(header.substr(0, comma))) ranges.push_back(std::move(*range));
    header = comma == std::string_view::npos ? std::string_view() : header.substr(comma + 1);
  }
  return ranges;
}

}  // namespace frontrow::text
