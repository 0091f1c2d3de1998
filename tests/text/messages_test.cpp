#include <catch2/catch.hpp>
#include <random>

#include "text/language_range.hpp"
#include "text/messages.hpp"

using namespace frontrow;
using text::Messages;

namespace {

Messages some_languages() {
  return Messages({{"en", {{"hello", "Hello, {name}"}, {"only", "English alone"}}},
                   {"th", {{"hello", "สวัสดี {name}"}}},
                   {"ja", {{"hello", "こんにちは、{name}さん"}}},
                   {"zh-Hans", {}},
                   {"zh-Hant", {}}});
}

}  // namespace

TEST_CASE("the language is the best that is asked for and there") {
  const Messages messages = some_languages();
  const struct {
    const char* header;
    const char* language;
  } rows[] = {
      {"", "en"},
      {"th", "th"},
      {"TH", "th"},
      {"th-TH", "th"},
      {"th-TH-u-nu-thai", "th"},
      {"ja, th", "ja"},
      {"ja;q=0.5, th", "th"},
      {"ja;q=0.5, th;q=0.6", "th"},
      {"fr, th;q=0.1", "th"},
      {"fr", "en"},
      {"*", "en"},
      {"*;q=0.5, th;q=0.4", "en"},
      {"*;q=0.4, th;q=0.5", "th"},
      {"en;q=0, *", "ja"},
      {"th;q=0", "en"},
      {"th;q=0, ja;q=0.001", "ja"},
      {"zh", "zh-Hans"},
      {"zh-Hant", "zh-Hant"},
      {"zh-hant-TW", "zh-Hant"},
      {"zh-Hans;q=0, zh", "zh-Hant"},
      {"tha", "en"},
      {"t", "en"},
      {"th;q=1.000", "th"},
      {"th ; q=0.5 , ja ; q=0.7", "ja"},
      {"th;Q=0.5", "th"},
      {"th-TH,th;q=0.9,en-US;q=0.8,en;q=0.7", "th"},
      {"en-US,en;q=0.9,th;q=0.8", "en"},
      {",,th,,", "th"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    CHECK(messages.negotiate(row.header) == row.language);
  }
}

TEST_CASE("what cannot be read in Accept-Language is passed over") {
  const Messages messages = some_languages();
  for (const char* header :
       {";",          ";q=1",      "th;",          "th;q",      "th;q=",      "th;q=2",
        "th;q=1.001", "th;q=-1",   "th;q=0.1234",  "th;q=a",    "th;level=1", "-th",
        "th-",        "th--TH",    "thaithaithai", "t\xc3\xa9", "th TH",      "\"th\"",
        "th;q=0.",    "th;q=00.5", "{}",           "<script>",  "th_TH"}) {
    const std::string both = std::string(header) + ", ja";
    CAPTURE(both);
    // "0." is an odd but lawful way to write 0.
    CHECK(messages.negotiate(both) == "ja");
  }
}

TEST_CASE("a header without end costs no more than its beginning") {
  std::string many = "fr";
  for (std::size_t n = 1; n < text::accept_language_ranges_max; ++n) many += ",fr";
  CHECK(text::parse_accept_language(many).size() == text::accept_language_ranges_max);
  CHECK(some_languages().negotiate(many + ",th") == "en");
  CHECK(some_languages().negotiate(std::string(text::accept_language_bytes_max, ' ') + "th") ==
        "en");
  CHECK(some_languages().negotiate(std::string(10'000'000, 'a')) == "en");
  CHECK(some_languages().negotiate(std::string(10'000'000, ',')) == "en");
}

TEST_CASE("bytes at random never choose a language that is not there") {
  const Messages messages = some_languages();
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  static constexpr std::string_view letters = "thjaenzq=0.1;,-* \xff";
  for (int n = 0; n < 20'000; ++n) {
    std::string header(random() % 40, ' ');
    for (char& c : header) c = letters[random() % letters.size()];
    const auto language = messages.negotiate(header);
    REQUIRE(std::find(messages.languages().begin(), messages.languages().end(), language) !=
            messages.languages().end());
  }
}

TEST_CASE("a text is given in the language asked, else in English, else by its key") {
  const Messages messages = some_languages();
  CHECK(messages.text("th", "hello", {{"name", "Nok"}}) == "สวัสดี Nok");
  CHECK(messages.text("th", "only") == "English alone");
  CHECK(messages.text("xx", "only") == "English alone");
  CHECK(messages.text("", "only") == "English alone");
  CHECK(messages.text("th", "absent") == "absent");
  CHECK(messages.has("hello"));
  CHECK_FALSE(messages.has("absent"));
}

TEST_CASE("arguments are filled in as they are") {
  const Messages messages = some_languages();
  CHECK(messages.text("en", "hello", {{"name", "{name} {other}"}}) == "Hello, {name} {other}");
  CHECK(messages.text("en", "hello", {{"other", "x"}}) == "Hello, \u2026");
  CHECK(messages.text("en", "hello") == "Hello, \u2026");
}

TEST_CASE("English comes first among the languages") {
  CHECK(some_languages().languages() ==
        std::vector<std::string>{"en", "ja", "th", "zh-Hans", "zh-Hant"});
}
