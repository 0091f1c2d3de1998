#include "text/placeholders.hpp"

namespace frontrow::text {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

std::optional<std::vector<std::string>> placeholders_of(std::string_view text) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t open = text.find_first_of("{}");
    if (open == std::string_view::npos) return names;
    const std::size_t close = text.find_first_of("{}", open + 1);
    if (text[open] != '{' || close == std::string_view::npos || text[close] != '}')
      return std::nullopt;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (!is_name(name)) return std::nullopt;
    names.emplace_back(name);
    text.remove_prefix(close + 1);
  }
}

std::string filled(std::string_view text,
                   const std::function<std::string(std::string_view name)>& value_of) {
  std::string out;
  while (true) {
    const std::size_t open = text.find('{');
    const std::size_t close =
        open == std::string_view::npos ? std::string_view::npos : text.find('}', open);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    out += value_of(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

}  // namespace frontrow::text
