#include "sandbox/json_text.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

/// Brackets inside texts do not count.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool inside_text = false;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (inside_text) {
      if (c == '\\')
        ++n;
      else if (c == '"')
        inside_text = false;
    } else if (c == '"') {
      inside_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits::json_depth_max) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  if (too_deep(text)) return std::nullopt;
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_of(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stopped != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> whole_number_of(const Json& object, const char* name) {
  if (!object.is_object()) return std::nullopt;
  const auto found = object.find(name);
  if (found == object.end()) return std::nullopt;
  if (found->is_string()) return parse_whole_number(found->get_ref<const std::string&>());
  if (found->is_number_unsigned() &&
      found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    return std::nullopt;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  return std::nullopt;
}

}  // namespace frontrow::sandbox
