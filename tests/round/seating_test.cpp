#include <catch2/catch.hpp>

#include "round/round_fixture.hpp"

namespace frontrow::round {
namespace {

DrawSecrets no_secrets() { return {}; }

nlohmann::json round_with(const std::string& seating) {
  auto round = small_round();
  round["seating"] = nlohmann::json::parse(seating);
  return round;
}

std::vector<std::uint32_t> numbers(const std::vector<SeatIndex>& seats) {
  std::vector<std::uint32_t> out;
  for (const SeatIndex seat : seats) out.push_back(seat.value);
  return out;
}

}  // namespace

TEST_CASE("without seating keys the orphan rule holds, companions are open, all is for sale") {
  const Loader load;
  const LoadResult result = load(small_round());
  REQUIRE(result.file);
  const RoundDefinition& round = result.file->definition;
  CHECK(round.seating.orphan_rule_in(ZoneIndex{0}));
  CHECK(round.seating.orphan_rule_in(ZoneIndex{1}));
  CHECK_FALSE(round.seating.companions_open_at);
  CHECK(round.seating.withheld.empty());
  CHECK(round.sale.max_seats_per_order == 4);
  CHECK_FALSE(round.sale.waitlist_always);
  // An order's limit follows the fan's where it is not given.
  CHECK(
      load(small_round(), {"sale.max_seats_per_fan=9"}).file->definition.sale.max_seats_per_order ==
      9);
}

TEST_CASE("the orphan rule is switched for all zones or for some") {
  struct Row {
    std::string rule;
    bool in_a1, in_s1;
  };
  const std::vector<Row> table = {{"true", true, true},
                                  {"false", false, false},
                                  {"{}", true, true},
                                  {R"({"A1": false})", false, true},
                                  {R"({"A1": true, "S1": false})", true, false}};
  const Loader load;
  for (const auto& [rule, in_a1, in_s1] : table) {
    INFO(rule);
    const LoadResult result = load(round_with(R"({"orphan_rule": )" + rule + "}"));
    CAPTURE(lines(result.mistakes));
    REQUIRE(result.file);
    CHECK(result.file->definition.seating.orphan_rule_in(ZoneIndex{0}) == in_a1);
    CHECK(result.file->definition.seating.orphan_rule_in(ZoneIndex{1}) == in_s1);
  }
}

TEST_CASE("seats and whole zones are withheld, each with its reason") {
  const Loader load;
  const LoadResult result = load(round_with(R"({"withheld": [
      {"reason": "sponsor", "seats": ["A1-1-4", "A1-1-1"]},
      {"reason": "production", "zones": ["S1"], "seats": ["A1-2-1"]},
      {"reason": "sponsor", "seats": ["A1-2-2"]},
      {"seats": ["A1-2-3"]}]})"));
  CAPTURE(lines(result.mistakes));
  REQUIRE(result.file);
  const auto& withheld = result.file->definition.seating.withheld;
  REQUIRE(withheld.size() == 3);
  CHECK(withheld[0].reason == BlockReason::kProduction);
  CHECK(numbers(withheld[0].seats) == std::vector<std::uint32_t>{4, 8, 9, 10, 11, 12});
  CHECK(withheld[1].reason == BlockReason::kSponsor);
  CHECK(numbers(withheld[1].seats) == std::vector<std::uint32_t>{0, 3, 5});
  CHECK(withheld[2].reason == BlockReason::kOther);
  CHECK(numbers(withheld[2].seats) == std::vector<std::uint32_t>{6});
}

TEST_CASE("the instant of the companions is fixed or counts from the first start") {
  const Loader load;
  CHECK(load(round_with(R"({"companions_open_at": "+1h"})"))
            .file->definition.seating.companions_open_at == test_start + seconds(3'600));
  CHECK(load(round_with(R"({"companions_open_at": "2027-02-13T12:00:00Z"})"))
            .file->definition.seating.companions_open_at == Instant{1'802'520'000'000'000});
  CHECK_FALSE(load(round_with(R"({"companions_open_at": null})"))
                  .file->definition.seating.companions_open_at);
}

TEST_CASE("each mistake of the keys for seats and the waitlist is named with its path") {
  struct Row {
    std::string set, path, message;
  };
  const std::vector<Row> table = {
      {"sale.max_seats_per_order=0", "sale.max_seats_per_order", "from 1 to 4"},
      {"sale.max_seats_per_order=5", "sale.max_seats_per_order", "from 1 to 4"},
      {"sale.max_seats_per_order=\"2\"", "sale.max_seats_per_order", "a whole number"},
      {"sale.waitlist=never", "sale.waitlist", R"(must be one of "when-needed", "always")"},
      {"sale.waitlist=true", "sale.waitlist", "must be one of"},
      {"seating=[]", "seating", "must be an object"},
      {"seating.orphans=false", "seating.orphans", "is not a known key"},
      {"seating.orphan_rule=null", "seating.orphan_rule", "must be true, false, or an object"},
      {"seating.orphan_rule=1", "seating.orphan_rule", "must be true, false, or an object"},
      {R"(seating.orphan_rule={"B7":false})", "seating.orphan_rule.B7", "is no zone of the venue"},
      {R"(seating.orphan_rule={"A1":"no"})", "seating.orphan_rule.A1", "must be true or false"},
      {"seating.companions_open_at=7", "seating.companions_open_at", "must be an instant"},
      {"seating.companions_open_at=soon", "seating.companions_open_at", "must be an instant"},
      {"seating.withheld={}", "seating.withheld", "must be an array"},
      {"seating.withheld=[7]", "seating.withheld[0]", "must be an object"},
      {R"(seating.withheld=[{"reason":"whim"}])", "seating.withheld[0].reason", "must be one of"},
      {R"(seating.withheld=[{"rows":["1"]}])", "seating.withheld[0].rows", "is not a known key"},
      {R"(seating.withheld=[{"seats":"A1-1-1"}])", "seating.withheld[0].seats",
       "must be an array of names"},
      {R"(seating.withheld=[{"seats":[1]}])", "seating.withheld[0].seats[0]", "must be a text"},
      {R"(seating.withheld=[{"seats":["A9-1-1"]}])", "seating.withheld[0].seats[0]",
       "is no seat of the venue"},
      {R"(seating.withheld=[{"zones":["A9"]}])", "seating.withheld[0].zones[0]",
       "is no zone of the venue"},
      {R"(seating.withheld=[{"seats":["A1-1-1","A1-1-1"]}])", "seating.withheld[0].seats[1]",
       "withheld already: A1-1-1"},
      {R"(seating.withheld=[{"seats":["S1-1-1"]},{"zones":["S1"]}])",
       "seating.withheld[1].zones[0]", "withheld already: S1-1-1"},
  };
  const Loader load;
  for (const Row& row : table) {
    INFO(row.set);
    const LoadResult result = load(small_round(), {row.set});
    CAPTURE(lines(result.mistakes));
    CHECK(has_line(result.mistakes, row.path, row.message));
    CHECK(result.mistakes.size() == 1);
    CHECK_FALSE(result.file);
  }
}

TEST_CASE("several mistakes of seating are named in one run, and a bad venue adds none to them") {
  const std::string seating = R"({"orphan_rule": {"X": false, "A1": 1}, "companions_open_at": 1,
      "withheld": [{"seats": ["nowhere", "A1-1-1"], "zones": ["Y"], "more": 1}]})";
  Loader load;
  CHECK(load(round_with(seating)).mistakes.size() == 6);
  // Where the venue cannot be read, no name is wrong; what is no name still is.
  load.venue["name"] = 7;
  const LoadResult result = load(round_with(seating));
  CAPTURE(lines(result.mistakes));
  CHECK(result.mistakes.size() == 4);
}

TEST_CASE("the journal binds the keys for seats, and gives them back") {
  const Loader load;
  auto round = round_with(R"({"orphan_rule": {"S1": false}, "companions_open_at": "+1h",
      "withheld": [{"reason": "sight-line", "seats": ["A1-1-2", "A1-1-1"]}]})");
  round["sale"] = {{"max_seats_per_order", 2}, {"waitlist", "always"}};
  const LoadResult loaded = load(round);
  CAPTURE(lines(loaded.mistakes));
  REQUIRE(loaded.file);
  const std::string text = write_definition(*loaded.file, no_secrets());
  std::string problem;
  const auto back = parse_definition(text, problem);
  CAPTURE(problem, text);
  REQUIRE(back);
  CHECK(back->sale.max_seats_per_order == 2);
  CHECK(back->sale.waitlist_always);
  CHECK(back->seating.orphan_rule_in(ZoneIndex{0}));
  CHECK_FALSE(back->seating.orphan_rule_in(ZoneIndex{1}));
  CHECK(back->seating.companions_open_at == test_start + seconds(3'600));
  REQUIRE(back->seating.withheld.size() == 1);
  CHECK(back->seating.withheld[0].reason == BlockReason::kSightLine);
  CHECK(numbers(back->seating.withheld[0].seats) == std::vector<std::uint32_t>{0, 1});

  // The same in other words is no difference.
  auto same = round;
  same["seating"]["orphan_rule"]["A1"] = true;
  same["seating"]["companions_open_at"] = "+60m";
  same["seating"]["withheld"] = nlohmann::json::parse(
      R"([{"reason": "sight-line", "seats": ["A1-1-1"]},
          {"reason": "sight-line", "seats": ["A1-1-2"]}])");
  CHECK(bound_differences(text, *load(same).file).empty());

  const std::vector<std::pair<std::string, std::string>> table = {
      {"seating.orphan_rule=true", "seating.orphan_rule"},
      {"seating.companions_open_at=null", "seating.companions_open_at"},
      {"seating.withheld=[]", "seating.withheld"},
      {"sale.max_seats_per_order=3", "sale.max_seats_per_order"},
      {"sale.waitlist=when-needed", "sale.waitlist"},
  };
  for (const auto& [set, path] : table) {
    INFO(set);
    const auto differences = bound_differences(text, *load(round, {set}).file);
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].starts_with(path));
  }
}

}  // namespace frontrow::round
