#include "payment/charge_finder.hpp"

#include <catch2/catch.hpp>

namespace frontrow::payment {
namespace {

struct Finder {
  struct Asked {
    std::string from;
    std::function<void(ChargeFinder::Page&&)> done;
  };
  std::vector<Asked> asked;
  ChargeFinder finder{
      [this](const std::string& from, std::function<void(ChargeFinder::Page&&)> done) {
        asked.push_back({from, std::move(done)});
      }};
  std::vector<std::pair<Found, std::string>> answers;

  void find(const std::string& reference) {
    finder.find(reference,
                [this](Found found, const std::string& id) { answers.emplace_back(found, id); });
  }
  void answer(std::vector<std::pair<std::string, std::string>> charges, std::string next = {}) {
    REQUIRE_FALSE(asked.empty());
    const auto done = asked.back().done;
    ChargeFinder::Page page;
    page.good = true;
    page.charges = std::move(charges);
    page.next = std::move(next);
    done(std::move(page));
  }
};

}  // namespace

TEST_CASE("what is remembered is found without asking") {
  Finder test;
  test.finder.remember("r-1", "id-1");
  test.find("r-1");
  CHECK(test.asked.empty());
  REQUIRE(test.answers.size() == 1);
  CHECK(test.answers[0] == std::pair(Found::kYes, std::string("id-1")));
}

TEST_CASE("a walk goes page by page until all who ask have been answered") {
  Finder test;
  test.find("r-3");
  test.find("r-3");
  CHECK(test.asked.size() == 1);
  test.answer({{"r-9", "id-9"}}, "page 2");
  CHECK(test.asked.back().from == "page 2");
  CHECK(test.answers.empty());
  test.answer({{"r-3", "id-3"}, {"r-2", "id-2"}}, "page 3");
  CHECK(test.asked.size() == 2);  // nobody waits for the third
  REQUIRE(test.answers.size() == 2);
  CHECK(test.answers[1] == std::pair(Found::kYes, std::string("id-3")));
  test.find("r-9");
  CHECK(test.asked.size() == 2);  // seen on the way
}

TEST_CASE("what is on no page is not there, and what breaks off is not known") {
  Finder test;
  test.find("r-1");
  SECTION("the last page") {
    test.answer({{"r-2", "id-2"}});
    CHECK(test.answers.at(0).first == Found::kNo);
  }
  SECTION("a broken page") {
    test.answer({}, "page 2");
    const auto done = test.asked.back().done;
    done({});
    CHECK(test.answers.at(0).first == Found::kUnknown);
  }
  SECTION("a list without an end") {
    for (std::size_t n = 0; n < ChargeFinder::pages_max; ++n) test.answer({}, "more");
    CHECK(test.answers.at(0).first == Found::kUnknown);
    CHECK(test.asked.size() == ChargeFinder::pages_max);
  }
  // The next one begins anew.
  test.find("r-1");
  CHECK(test.asked.back().from.empty());
}

TEST_CASE("who asks during a walk is not told no by pages that were read before") {
  Finder test;
  test.find("r-1");
  test.answer({}, "page 2");
  test.find("r-new");
  test.answer({});
  REQUIRE(test.answers.size() == 1);
  CHECK(test.answers[0].first == Found::kNo);
  // A walk of its own, from the first page.
  CHECK(test.asked.size() == 3);
  CHECK(test.asked.back().from.empty());
  test.answer({{"r-new", "id-new"}});
  REQUIRE(test.answers.size() == 2);
  CHECK(test.answers[1] == std::pair(Found::kYes, std::string("id-new")));
}

TEST_CASE("only the latest charges are remembered") {
  Finder test;
  for (std::size_t n = 0; n <= ChargeFinder::remembered_max; ++n)
    test.finder.remember(std::to_string(n), "id");
  CHECK(test.finder.remembered("0") == nullptr);
  CHECK(test.finder.remembered("1") != nullptr);
}

}  // namespace frontrow::payment
