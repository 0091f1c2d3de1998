#include "http/body_reader.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

#include "base/instant_text.hpp"
#include "http/http_limits.hpp"
#include "http/json_tree.hpp"

namespace frontrow::http {

using nlohmann::json;

struct BodyReader::Tree {
  json root;
};

namespace {
const json& value_at(const void* value) { return *static_cast<const json*>(value); }

template <class Number>
Number saturate(std::uint64_t number) {
  return static_cast<Number>(std::min<std::uint64_t>(number, std::numeric_limits<Number>::max()));
}
}  // namespace

BodyReader::BodyReader(std::string_view text) : tree_(std::make_unique<Tree>()) {
  tree_->root = json::object();
  if (text.empty()) return;
  auto parsed = parse_json(text, limits::json_depth_max);
  if (parsed && parsed->is_object())
    tree_->root = std::move(*parsed);
  else
    refuse("$");
}

BodyReader::~BodyReader() = default;

void BodyReader::refuse(std::string_view path) {
  if (!good_) return;
  good_ = false;
  path_ = path;
}

bool BodyReader::has(std::string_view name) const {
  const auto found = tree_->root.find(name);
  return found != tree_->root.end() && !found->is_null();
}

void BodyReader::must_be_absent(std::string_view name) {
  if (ask(name) != nullptr) refuse(name);
}

const void* BodyReader::ask(std::string_view name) {
  asked_.push_back(name);
  const auto found = tree_->root.find(name);
  return found == tree_->root.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> BodyReader::optional_text(std::string_view name, std::size_t bytes_max) {
  const void* value = ask(name);
  if (value == nullptr) return std::nullopt;
  const auto* text = value_at(value).get_ptr<const std::string*>();
  if (text == nullptr || text->size() > bytes_max) {
    refuse(name);
    return std::nullopt;
  }
  return *text;
}

std::string BodyReader::required_text(std::string_view name, std::size_t bytes_max) {
  auto text = optional_text(name, bytes_max);
  if (!text || text->empty()) refuse(name);
  return text.value_or(std::string());
}

std::string BodyReader::required_choice(std::string_view name,
                                        std::initializer_list<std::string_view> choices) {
  auto text = required_text(name, std::numeric_limits<std::size_t>::max());
  if (std::find(choices.begin(), choices.end(), text) == choices.end()) refuse(name);
  return text;
}

std::optional<bool> BodyReader::optional_boolean(std::string_view name) {
  const void* value = ask(name);
  if (value == nullptr) return std::nullopt;
  if (value_at(value).is_boolean()) return value_at(value).get<bool>();
  refuse(name);
  return std::nullopt;
}

std::optional<std::uint64_t> BodyReader::whole_number(std::string_view name, std::uint64_t least) {
  const void* value = ask(name);
  if (value == nullptr) return std::nullopt;
  if (value_at(value).is_number_unsigned()) {
    const auto number = value_at(value).get<std::uint64_t>();
    if (number >= least) return number;
  }
  refuse(name);
  return std::nullopt;
}

std::optional<std::uint32_t> BodyReader::optional_count(std::string_view name) {
  const auto number = whole_number(name, 1);
  if (!number) return std::nullopt;
  return saturate<std::uint32_t>(*number);
}

std::uint32_t BodyReader::required_count(std::string_view name) {
  const auto count = optional_count(name);
  if (!count) refuse(name);
  return count.value_or(0);
}

std::optional<std::uint32_t> BodyReader::optional_number(std::string_view name) {
  const auto number = whole_number(name, 0);
  if (!number) return std::nullopt;
  return saturate<std::uint32_t>(*number);
}

std::uint64_t BodyReader::required_long_number(std::string_view name) {
  const auto number = whole_number(name, 0);
  if (!number) refuse(name);
  return number.value_or(0);
}

std::optional<Instant> BodyReader::optional_instant(std::string_view name) {
  const auto text = optional_text(name, 64);
  if (!text) return std::nullopt;
  const auto instant = parse_rfc3339(*text);
  if (!instant) refuse(name);
  return instant;
}

std::optional<std::vector<std::string>> BodyReader::optional_names(std::string_view name,
                                                                   bool may_be_empty,
                                                                   std::size_t names_max) {
  const void* value = ask(name);
  if (value == nullptr) return std::nullopt;
  const json& list = value_at(value);
  if (!list.is_array() || (list.empty() && !may_be_empty)) {
    refuse(name);
    return std::nullopt;
  }
  std::vector<std::string> names;
  std::unordered_set<std::string_view> seen;
  for (std::size_t n = 0; n < list.size(); ++n) {
    const auto* text = list[n].get_ptr<const std::string*>();
    if (text == nullptr || !seen.insert(*text).second) {
      refuse(std::string(name) + "[" + std::to_string(n) + "]");
      return std::nullopt;
    }
    if (names.size() < names_max) names.push_back(*text);
  }
  return names;
}

std::vector<std::string> BodyReader::required_names(std::string_view name, std::size_t names_max) {
  auto names = optional_names(name, false, names_max);
  if (!names) refuse(name);
  return std::move(names).value_or(std::vector<std::string>());
}

LocalizedText BodyReader::required_localized(std::string_view name, std::size_t languages_max,
                                             std::size_t bytes_max) {
  const void* value = ask(name);
  LocalizedText result;
  if (value == nullptr || !value_at(value).is_object() || value_at(value).empty() ||
      value_at(value).size() > languages_max) {
    refuse(name);
    return result;
  }
  for (const auto& [language, words] : value_at(value).items()) {
    const auto* text = words.get_ptr<const std::string*>();
    if (language.empty() || language.size() > 35 || text == nullptr || text->empty() ||
        text->size() > bytes_max) {
      refuse(std::string(name) + "." + language);
      return {};
    }
    result[language] = *text;
  }
  return result;
}

int BodyReader::optional_together(std::string_view name) {
  const void* value = ask(name);
  if (value == nullptr) return 0;
  if (value_at(value).is_boolean()) return value_at(value).get<bool>() ? 1 : 0;
  if (value_at(value) == "prefer") return 2;
  refuse(name);
  return 0;
}

bool BodyReader::finish() {
  for (const auto& [name, value] : tree_->root.items())
    if (std::find(asked_.begin(), asked_.end(), name) == asked_.end()) refuse(name);
  return good_;
}

std::string BodyReader::canonical() const {
  json copy = json::object();
  for (const auto& [name, value] : tree_->root.items())
    if (!value.is_null()) copy[name] = value;
  return copy.dump();
}

}  // namespace frontrow::http
