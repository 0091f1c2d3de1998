#include "guard/proof_json.hpp"

namespace frontrow::guard {
namespace {

bool nests_too_deep(std::string_view text, int depth_max) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (quoted) {
      if (c == '\\')
        ++n;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > depth_max) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::optional<nlohmann::json> parse_proof_json(std::string_view text, std::size_t bytes_max,
                                               int depth_max) {
  if (text.size() > bytes_max || nests_too_deep(text, depth_max)) return std::nullopt;
  nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  return parsed;
}

const std::string* text_member(const nlohmann::json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : at->get_ptr<const std::string*>();
}

std::optional<std::uint64_t> number_member(const nlohmann::json& object, const char* name,
                                           std::uint64_t max) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number_unsigned()) return std::nullopt;
  const auto value = at->get<std::uint64_t>();
  if (value > max) return std::nullopt;
  return value;
}

const nlohmann::json* object_member(const nlohmann::json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() || !at->is_object() ? nullptr : &*at;
}

}  // namespace frontrow::guard
