#include "round/json_path.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace frontrow::round {
namespace {

constexpr std::size_t quoted_bytes_max = 80;

bool is_plain_word(std::string_view key) {
  return !key.empty() && key.size() <= quoted_bytes_max &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

}  // namespace

std::string in_quotes(std::string_view foreign) {
  std::string out = "\"";
  std::size_t end = std::min(foreign.size(), quoted_bytes_max);
  // A cut must not fall inside a UTF-8 sequence.
  while (end < foreign.size() && end > 0 &&
         (static_cast<unsigned char>(foreign[end]) & 0xc0) == 0x80)
    --end;
  for (const char c : foreign.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + (end < foreign.size() ? "…\"" : "\"");
}

std::string JsonPath::text() const {
  std::string before = parent_ == nullptr ? std::string() : parent_->text();
  switch (kind_) {
    case Kind::kRoot:
      break;
    case Kind::kFile:
      return std::string(key_) + ": ";
    case Kind::kIndex:
      return before + fmt::format("[{}]", index_);
    case Kind::kKey:
      if (!is_plain_word(key_)) return before + "[" + in_quotes(key_) + "]";
      return before + (before.empty() || before.ends_with(": ") ? "" : ".") + std::string(key_);
  }
  return before;
}

}  // namespace frontrow::round
