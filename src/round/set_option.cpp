#include "round/set_option.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "round/json_text.hpp"

namespace frontrow::round {
namespace {

/// Splits "operators[0].name" and "operators.0.name" alike. Nothing where a step is empty.
std::optional<std::vector<std::string>> split_path(std::string_view text) {
  std::vector<std::string> steps;
  std::string step;
  bool after_bracket = false;
  const auto finish = [&] {
    if (step.empty() && !after_bracket) return false;
    if (!step.empty()) steps.push_back(std::move(step));
    step.clear();
    after_bracket = false;
    return true;
  };
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (c == '.') {
      if (!finish()) return std::nullopt;
    } else if (c == '[') {
      const auto end = text.find(']', n);
      if (end == std::string_view::npos || !finish()) return std::nullopt;
      step = text.substr(n + 1, end - n - 1);
      if (!finish()) return std::nullopt;
      after_bracket = true;
      n = end;
    } else {
      if (after_bracket) return std::nullopt;
      step += c;
    }
  }
  if (!finish() || steps.size() >= json_depth_max) return std::nullopt;
  return steps;
}

std::optional<std::size_t> as_index(const std::string& step) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc{} || end != step.data() + step.size()) return std::nullopt;
  return index;
}

}  // namespace

void apply_set(std::string_view option, Json& document, Remarks& mistakes) {
  const JsonPath root;
  const JsonPath set_path = root.at("--set");
  const auto equals = option.find('=');
  if (!is_valid_utf8(option)) {
    mistakes.add(set_path, "is not valid UTF-8");
    return;
  }
  if (equals == std::string_view::npos) {
    mistakes.add(set_path,
                 fmt::format("{} has no \"=\": it must be key.path=value", in_quotes(option)));
    return;
  }
  const std::string_view path_text = option.substr(0, equals);
  const std::string_view value_text = option.substr(equals + 1);
  const auto steps = split_path(path_text);
  if (!steps) {
    mistakes.add(set_path, fmt::format("{} is not a path of keys", in_quotes(path_text)));
    return;
  }

  Json value;
  Remarks not_json;
  Json parsed;
  if (parse_json(value_text, JsonPath::of_file(path_text), not_json, parsed)) {
    // It is JSON; what is said of it (a key given twice) is a mistake all the same.
    value = std::move(parsed);
    for (Remark& remark : std::move(not_json).take())
      mistakes.add(set_path, fmt::format("{} {}", remark.path, remark.message));
  } else {
    value = std::string(value_text);
  }

  Json* place = &document;
  std::string so_far;
  for (const std::string& step : *steps) {
    if (place->is_array()) {
      const auto index = as_index(step);
      if (!index || *index > place->size()) {
        mistakes.add(set_path,
                     fmt::format("{}: {} is not an index from 0 to {} of {}", in_quotes(path_text),
                                 in_quotes(step), place->size(), in_quotes(so_far)));
        return;
      }
      if (*index == place->size()) place->push_back(nullptr);
      place = &(*place)[*index];
    } else {
      // What was null (an absent beacon, say) may become an object.
      if (place->is_null()) *place = Json::object();
      if (!place->is_object()) {
        mistakes.add(set_path, fmt::format("{}: {} is neither an object nor an array",
                                           in_quotes(path_text), in_quotes(so_far)));
        return;
      }
      place = &(*place)[step];
    }
    so_far += (so_far.empty() ? "" : ".") + step;
  }
  *place = std::move(value);
}

}  // namespace frontrow::round
