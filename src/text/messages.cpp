#include "text/messages.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "text/embedded.hpp"
#include "text/language_range.hpp"
#include "text/placeholders.hpp"

namespace frontrow::text {
namespace {

constexpr std::string_view fallback_language = "en";
/// Stands where a text wants a value that nobody gave.
constexpr std::string_view missing_value = "\u2026";

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// How well a range suits a tag, 0 for not at all: equal, a range more exact than the tag
/// ("th-th" for "th"), a tag more exact than the range ("zh" for "zh-hans"), "*".
int suits(std::string_view range, std::string_view tag) {
  const auto begins = [](std::string_view longer, std::string_view shorter) {
    return longer.size() > shorter.size() && longer.starts_with(shorter) &&
           longer[shorter.size()] == '-';
  };
  if (range == tag) return 4;
  if (begins(range, tag)) return 3;
  if (begins(tag, range)) return 2;
  return range == "*" ? 1 : 0;
}

std::map<std::string, Messages::Catalogue, std::less<>> read_embedded() {
  std::map<std::string, Messages::Catalogue, std::less<>> catalogues;
  for (const EmbeddedCatalogue& embedded : embedded_catalogues()) {
    const auto json = nlohmann::json::parse(embedded.json, nullptr, false);
    FRONTROW_ASSERT(json.is_object());
    Messages::Catalogue& catalogue = catalogues[std::string(embedded.tag)];
    for (const auto& [key, text] : json.items()) {
      FRONTROW_ASSERT(text.is_string());
      catalogue.emplace(key, text.get<std::string>());
    }
  }
  return catalogues;
}

}  // namespace

const Messages& Messages::get() {
  static const Messages messages{read_embedded()};
  return messages;
}

Messages::Messages(std::map<std::string, Catalogue, std::less<>> catalogues)
    : catalogues_(std::move(catalogues)) {
  FRONTROW_ASSERT(catalogues_.contains(fallback_language));
  languages_.emplace_back(fallback_language);
  for (const auto& [tag, catalogue] : catalogues_)
    if (tag != fallback_language) languages_.push_back(tag);
}

std::string_view Messages::negotiate(std::string_view accept_language) const {
  const std::vector<LanguageRange> ranges = parse_accept_language(accept_language);
  struct Best {
    std::string_view tag;
    int quality = 0, closeness = 0;
    std::size_t position = 0;
  } best{languages_.front()};
  for (const std::string& language : languages_) {
    const std::string tag = lower_case(language);
    // A language takes the quality of the range that names it most exactly: "*" or "zh" do not
    // bring back what "zh-Hant;q=0" excludes.
    Best own{language};
    for (std::size_t n = 0; n < ranges.size(); ++n) {
      const int closeness = suits(ranges[n].tag, tag);
      if (closeness > own.closeness) own = {language, ranges[n].quality, closeness, n};
    }
    const bool better = own.quality != best.quality     ? own.quality > best.quality
                        : own.quality == 0              ? false
                        : own.position != best.position ? own.position < best.position
                                                        : own.closeness > best.closeness;
    if (better) best = own;
  }
  return best.tag;
}

std::string Messages::text(std::string_view language, std::string_view key,
                           const Arguments& arguments) const {
  const std::string* found = nullptr;
  for (const std::string_view tag : {language, fallback_language}) {
    const auto catalogue = catalogues_.find(tag);
    if (catalogue == catalogues_.end()) continue;
    const auto at = catalogue->second.find(key);
    if (at == catalogue->second.end()) continue;
    found = &at->second;
    break;
  }
  if (found == nullptr) return std::string(key);
  return filled(*found, [&](std::string_view name) {
    for (const auto& [argument, value] : arguments)
      if (argument == name) return value;
    return std::string(missing_value);
  });
}

bool Messages::has(std::string_view key) const {
  return catalogues_.find(fallback_language)->second.contains(key);
}

}  // namespace frontrow::text
