#include "round/object_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace frontrow::round {
namespace {

constexpr std::size_t localized_bytes_max = 500;
constexpr std::size_t languages_max = 50;

/// "en", "th", "zh-Hant": what BCP 47 tags in use look like.
bool is_language_tag(std::string_view tag) {
  std::size_t part = 0, length = 0;
  for (std::size_t n = 0; n <= tag.size(); ++n) {
    if (n == tag.size() || tag[n] == '-') {
      if (part == 0 ? (length < 2 || length > 3) : (length < 1 || length > 8)) return false;
      ++part;
      length = 0;
      continue;
    }
    const char c = tag[n];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && (part == 0 || c < '0' || c > '9')) return false;
    ++length;
  }
  return true;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

ObjectReader::ObjectReader(const Json* value, const JsonPath& path, Remarks& mistakes)
    : object_(value), path_(path), mistakes_(mistakes) {
  if (value != nullptr && !value->is_object()) {
    mistakes_.add(path_, "must be an object");
    object_ = nullptr;
  }
}

const Json* ObjectReader::take(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  if (object_ == nullptr) return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() ? nullptr : &*found;
}

const Json* ObjectReader::require(std::string_view key) {
  const Json* value = take(key);
  // Of what is no object at all that is said already.
  if (value == nullptr && object_ != nullptr) mistake(key, "is missing");
  return value;
}

std::int64_t ObjectReader::whole_number(std::string_view key, Range range, std::int64_t otherwise) {
  const Json* value = take(key);
  if (value == nullptr) return otherwise;
  return read_whole_number(*value, path_.at(key), mistakes_, range).value_or(otherwise);
}

bool ObjectReader::boolean(std::string_view key, bool otherwise) {
  const Json* value = take(key);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  mistake(key, "must be true or false");
  return otherwise;
}

std::string ObjectReader::text(std::string_view key, std::string_view otherwise,
                               std::size_t bytes_max) {
  const Json* value = take(key);
  if (value == nullptr) return std::string(otherwise);
  return read_text(*value, path_.at(key), mistakes_, bytes_max).value_or(std::string(otherwise));
}

std::string ObjectReader::required_text(std::string_view key, std::size_t bytes_max) {
  const Json* value = require(key);
  if (value == nullptr) return {};
  const auto text = read_text(*value, path_.at(key), mistakes_, bytes_max);
  if (text && text->empty()) mistake(key, "must not be empty");
  return text.value_or("");
}

std::string ObjectReader::one_of(std::string_view key,
                                 std::initializer_list<std::string_view> names) {
  const Json* value = take(key);
  if (value != nullptr) {
    const std::string* text = value->get_ptr<const std::string*>();
    if (text != nullptr && std::find(names.begin(), names.end(), *text) != names.end())
      return *text;
    std::string list;
    for (const auto name : names) list += (list.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    mistake(key, (names.size() > 1 ? "must be one of " : "must be ") + list);
  }
  return std::string(*names.begin());
}

LocalizedText ObjectReader::required_localized(std::string_view key) {
  const Json* value = require(key);
  return value == nullptr ? LocalizedText{} : read_localized(*value, path_.at(key), mistakes_);
}

void ObjectReader::refuse_unknown() {
  for (const std::string_view key : unknown())
    mistake(key, fmt::format("is not a known key; known here: {}", fmt::join(known_, ", ")));
}

std::vector<std::string_view> ObjectReader::unknown() const {
  std::vector<std::string_view> keys;
  if (object_ == nullptr) return keys;
  for (auto member = object_->begin(); member != object_->end(); ++member)
    if (std::find(known_.begin(), known_.end(), member.key()) == known_.end())
      keys.push_back(member.key());
  return keys;
}

void ObjectReader::mistake(std::string_view key, std::string message) {
  mistakes_.add(path_.at(key), std::move(message));
}

std::optional<std::string> read_text(const Json& value, const JsonPath& path, Remarks& mistakes,
                                     std::size_t bytes_max) {
  const std::string* text = value.get_ptr<const std::string*>();
  if (text == nullptr) {
    mistakes.add(path, "must be a text");
  } else if (text->size() > bytes_max) {
    mistakes.add(path, fmt::format("must be at most {} bytes long", bytes_max));
  } else if (has_control_character(*text)) {
    mistakes.add(path, "must not hold control characters");
  } else {
    return *text;
  }
  return std::nullopt;
}

std::optional<std::int64_t> read_whole_number(const Json& value, const JsonPath& path,
                                              Remarks& mistakes, Range range) {
  // A number with a fraction or exponent is refused even where it is whole: 3e2 is no count.
  const bool in_range =
      value.is_number_unsigned()
          ? range.most >= 0 &&
                value.get<std::uint64_t>() <= static_cast<std::uint64_t>(range.most) &&
                (range.least <= 0 ||
                 value.get<std::uint64_t>() >= static_cast<std::uint64_t>(range.least))
          : value.is_number_integer() && value.get<std::int64_t>() >= range.least &&
                value.get<std::int64_t>() <= range.most;
  if (in_range) return value.get<std::int64_t>();
  mistakes.add(path, fmt::format("must be a whole number from {} to {}", range.least, range.most));
  return std::nullopt;
}

LocalizedText read_localized(const Json& value, const JsonPath& path, Remarks& mistakes) {
  LocalizedText out;
  if (!value.is_object()) {
    mistakes.add(path, R"(must be an object of texts by language, as {"en": "…"})");
    return out;
  }
  if (!value.contains("en")) mistakes.add(path.at("en"), "is missing");
  if (value.size() > languages_max)
    mistakes.add(path, fmt::format("must be in at most {} languages", languages_max));
  for (const auto& [tag, text] : value.items()) {
    const JsonPath step = path.at(tag);
    if (!is_language_tag(tag)) {
      mistakes.add(step, "is not a language tag");
      continue;
    }
    const auto read = read_text(text, step, mistakes, localized_bytes_max);
    if (!read) continue;
    if (read->empty())
      mistakes.add(step, "must not be empty");
    else
      out.emplace(tag, *read);
  }
  return out;
}

}  // namespace frontrow::round
