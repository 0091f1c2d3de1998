// The catalogues themselves: the same keys, the same placeholders and the same care everywhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "text/messages.hpp"
#include "text/placeholders.hpp"

using namespace frontrow;
using text::Messages;
namespace fs = std::filesystem;

namespace {

/// The arguments that callers pass, by key; none for the others. A text may use no other.
const std::map<std::string, std::set<std::string>> arguments = {
    {"problem.rate-limited.detail", {"retry_after"}},
    {"problem.overloaded.detail", {"retry_after"}},
    {"problem.hold-too-soon.detail", {"retry_after"}},
};

const char* const codes[] = {"already-on-waitlist",
                             "banned",
                             "beacon-refused",
                             "beacon-too-early",
                             "body-too-large",
                             "category-fixed",
                             "companion-alone",
                             "forbidden",
                             "hold-too-soon",
                             "idempotency-in-progress",
                             "idempotency-key-reused",
                             "internal-error",
                             "invalid-request",
                             "leaves-orphan",
                             "limit-reached",
                             "lobby-not-open",
                             "method-not-allowed",
                             "not-called",
                             "not-enough-seats",
                             "not-found",
                             "not-in-line",
                             "not-on-waitlist",
                             "not-shopping",
                             "order-not-held",
                             "order-not-paid",
                             "order-not-payable",
                             "overloaded",
                             "pass-refused",
                             "phase-refused",
                             "proof-of-work-failed",
                             "rate-limited",
                             "recovery-refused",
                             "return-closed",
                             "round-closed",
                             "round-full",
                             "round-paused",
                             "schedule-refused",
                             "seats-unavailable",
                             "shop-full",
                             "unauthenticated",
                             "unknown-category",
                             "unknown-seat",
                             "unknown-zone",
                             "upgrade-required",
                             "waitlist-not-needed"};

std::set<std::string> placeholder_set(const std::string& text) {
  const auto names = text::placeholders_of(text);
  REQUIRE(names);
  return {names->begin(), names->end()};
}

bool has_script(const std::string& text, unsigned first, unsigned last) {
  for (std::size_t n = 0; n + 2 < text.size(); ++n) {
    const auto a = static_cast<unsigned char>(text[n]), b = static_cast<unsigned char>(text[n + 1]),
               c = static_cast<unsigned char>(text[n + 2]);
    if ((a & 0xF0) != 0xE0) continue;
    const unsigned point = (a & 15U) << 12 | (b & 63U) << 6 | (c & 63U);
    if (point >= first && point <= last) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every catalogue of config/locales is in the program, as it lies there") {
  std::set<std::string> tags;
  for (const auto& entry : fs::directory_iterator(FRONTROW_SOURCE_DIR "/config/locales")) {
    CAPTURE(entry.path().string());
    REQUIRE(entry.path().extension() == ".json");
    const std::string tag = entry.path().stem().string();
    tags.insert(tag);
    std::ifstream in(entry.path());
    std::size_t keys = 0, repeated = 0;
    std::set<std::string> seen;
    // A key that stands twice would silently lose one of its texts.
    const auto file = nlohmann::json::parse(
        in, [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
          if (event == nlohmann::json::parse_event_t::key) {
            ++keys;
            if (!seen.insert(parsed.get<std::string>()).second) ++repeated;
          }
          return true;
        });
    CHECK(repeated == 0);
    const auto embedded = Messages::get().catalogues().find(tag);
    REQUIRE(embedded != Messages::get().catalogues().end());
    CHECK(embedded->second == file.get<Messages::Catalogue>());
    CHECK(keys == embedded->second.size());
  }
  CHECK(tags == std::set<std::string>{"en", "ja", "ko", "th"});
  CHECK(tags.size() == Messages::get().languages().size());
}

TEST_CASE("every language has every key and none besides") {
  const auto& catalogues = Messages::get().catalogues();
  const auto& english = catalogues.at("en");
  for (const auto& [tag, catalogue] : catalogues) {
    for (const auto& [key, unused] : english) {
      CAPTURE(tag, key);
      CHECK(catalogue.contains(key));
    }
    for (const auto& [key, unused] : catalogue) {
      CAPTURE(tag, key);
      CHECK(english.contains(key));
    }
  }
}

TEST_CASE("every problem has a title and a detail, and every text belongs to a problem") {
  std::set<std::string> expected;
  for (const std::string code : codes) {
    expected.insert("problem." + code + ".title");
    expected.insert("problem." + code + ".detail");
  }
  // Where one code is answered for several reasons.
  for (const char* detail : {"entry-unknown", "entry-pending"})
    expected.insert("problem.not-found." + std::string(detail));
  std::set<std::string> there;
  for (const auto& [key, unused] : Messages::get().catalogues().at("en")) there.insert(key);
  CHECK(there == expected);
}

TEST_CASE("every text uses exactly the arguments that it is given") {
  for (const auto& [tag, catalogue] : Messages::get().catalogues())
    for (const auto& [key, text] : catalogue) {
      CAPTURE(tag, key, text);
      const auto given = arguments.find(key);
      CHECK(placeholder_set(text) ==
            (given == arguments.end() ? std::set<std::string>{} : given->second));
    }
}

TEST_CASE("every text is clean") {
  for (const auto& [tag, catalogue] : Messages::get().catalogues()) {
    for (const auto& [key, text] : catalogue) {
      CAPTURE(tag, key, text);
      CHECK_FALSE(text.empty());
      CHECK(text.front() != ' ');
      CHECK(text.back() != ' ');
      CHECK(text.find("  ") == std::string::npos);
      // A straight apostrophe is a sign of MessageFormat's own, and tags have no place here.
      CHECK(text.find_first_of("'<>&\"\\") == std::string::npos);
      CHECK(std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }));
      // A title has no full stop of its own at its end.
      if (key.ends_with(".title")) {
        CHECK(text.back() != '.');
        CHECK_FALSE(text.ends_with("。"));
      }
    }
  }
}

TEST_CASE("every text is written in its language") {
  const struct {
    const char* tag;
    unsigned first, last;  // Thai; Hangul syllables; Hiragana.
  } scripts[] = {{"th", 0x0E00, 0x0E7F}, {"ko", 0xAC00, 0xD7A3}, {"ja", 0x3040, 0x30FF}};
  for (const auto& script : scripts)
    for (const auto& [key, text] : Messages::get().catalogues().at(script.tag)) {
      CAPTURE(script.tag, key, text);
      CHECK((has_script(text, script.first, script.last)));
      for (const auto& other : scripts)
        if (std::string(other.tag) != script.tag)
          CHECK_FALSE(has_script(text, other.first, other.last));
    }
}
