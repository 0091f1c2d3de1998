#include "sandbox/form.hpp"

#include <nlohmann/json.hpp>
#include <vector>

#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// "a[b][]" as "a", "b" and "".
std::optional<std::vector<std::string>> steps_of(const std::string& name) {
  std::vector<std::string> steps;
  const auto first = name.find('[');
  steps.push_back(name.substr(0, first));
  if (steps.front().empty()) return std::nullopt;
  for (auto at = first; at != std::string::npos && at < name.size();) {
    const auto end = name.find(']', at);
    if (name[at] != '[' || end == std::string::npos) return std::nullopt;
    steps.push_back(name.substr(at + 1, end - at - 1));
    if (steps.size() > limits::form_depth_max) return std::nullopt;
    at = end + 1;
  }
  return steps;
}

bool put(Json& root, const std::vector<std::string>& steps, std::string value) {
  Json* at = &root;
  for (const std::string& step : steps) {
    if (at->is_null()) *at = Json::object();
    if (!at->is_object()) return false;
    at = &(*at)[step.empty() ? std::to_string(at->size()) : step];
  }
  if (at->is_object()) return false;
  *at = std::move(value);
  return true;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[n] != '%') {
      out += text[n];
    } else {
      if (n + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[n + 1]), low = hex_digit(text[n + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      n += 2;
    }
  }
  return out;
}

std::optional<Json> parse_form(std::string_view text) {
  Json root = Json::object();
  std::size_t fields = 0;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (field.empty()) continue;
    if (++fields > limits::form_fields_max) return std::nullopt;
    const auto equals = field.find('=');
    const auto name = percent_decoded(field.substr(0, equals), true);
    const auto value =
        equals == std::string_view::npos ? "" : percent_decoded(field.substr(equals + 1), true);
    if (!name || !value) return std::nullopt;
    const auto steps = steps_of(*name);
    if (!steps || !put(root, *steps, *value)) return std::nullopt;
  }
  return root;
}

}  // namespace frontrow::sandbox
