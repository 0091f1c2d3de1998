#include <catch2/catch.hpp>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "round/currencies.hpp"
#include "round/instant_rule.hpp"
#include "round/round_fixture.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

DrawSecrets test_secrets() {
  DrawSecrets secrets;
  for (std::size_t n = 0; n < 32; ++n) {
    secrets.secret[n] = static_cast<std::uint8_t>(n);
    secrets.late_secret[n] = static_cast<std::uint8_t>(0xff - n);
  }
  return secrets;
}

nlohmann::json full_round() {
  auto round = small_round();
  round["round"]["other_rounds"] = {
      {{"title", {{"en", "Night two"}}}, {"url", "https://b.example"}}};
  round["round"]["starts_at"] = "2027-02-13T19:00:00.123456+07:00";
  round["sale"] = {{"lobby_opens_at", "+1m"},
                   {"draw_at", "+1h"},
                   {"closes_at", "2027-02-01T00:00:00Z"},
                   {"max_seats_per_fan", 6},
                   {"hold_seconds", 77}};
  round["draw"] = {
      {"beacon", {{"chain", std::string(64, 'A')}, {"round", 5}, {"url", "https://d.example"}}},
      {"late_window_seconds", 3}};
  round["identity"] = {{"mode", "pass"}, {"issuer", "i"}, {"audience", "a"}, {"jwks", "hall.json"}};
  return round;
}

void check_equal(const RoundDefinition& a, const RoundDefinition& b) {
  CHECK(a.id == b.id);
  CHECK(a.title == b.title);
  CHECK(a.starts_at == b.starts_at);
  CHECK(a.time_zone == b.time_zone);
  CHECK(a.currency == b.currency);
  REQUIRE(a.other_rounds.size() == b.other_rounds.size());
  for (std::size_t n = 0; n < a.other_rounds.size(); ++n) {
    CHECK(a.other_rounds[n].title == b.other_rounds[n].title);
    CHECK(a.other_rounds[n].url == b.other_rounds[n].url);
  }
  CHECK(write_venue(*a.plan) == write_venue(*b.plan));
  CHECK(a.price_by_category == b.price_by_category);
  CHECK(a.sale.lobby_opens_at == b.sale.lobby_opens_at);
  CHECK(a.sale.draw_at == b.sale.draw_at);
  CHECK(a.sale.closes_at == b.sale.closes_at);
  CHECK(a.sale.returns_until == b.sale.returns_until);
  CHECK(a.sale.max_seats_per_fan == b.sale.max_seats_per_fan);
  CHECK(a.sale.max_open_orders_per_fan == b.sale.max_open_orders_per_fan);
  CHECK(a.sale.hold == b.sale.hold);
  CHECK(a.sale.payment == b.sale.payment);
  CHECK(a.sale.payment_outage == b.sale.payment_outage);
  CHECK(a.sale.waitlist_offer == b.sale.waitlist_offer);
  REQUIRE(a.draw.beacon.has_value() == b.draw.beacon.has_value());
  if (a.draw.beacon) {
    CHECK(a.draw.beacon->chain == b.draw.beacon->chain);
    CHECK(a.draw.beacon->round == b.draw.beacon->round);
    CHECK(a.draw.beacon->url == b.draw.beacon->url);
    CHECK(a.draw.beacon->wait == b.draw.beacon->wait);
  }
  CHECK(a.draw.late_window == b.draw.late_window);
  CHECK(a.identity_mode == b.identity_mode);
  CHECK(a.first_start == b.first_start);
}

}  // namespace

TEST_CASE("a definition written to the journal reads back equal, secrets included") {
  const Loader load;
  auto relative = small_round();
  relative["round"]["starts_at"] = "+3h";  // its returns end a week before, in the past
  relative["sale"]["payment_outage_seconds"] = 0;
  for (const auto& round : {small_round(), full_round(), relative}) {
    const LoadResult loaded = load(round);
    CAPTURE(lines(loaded.mistakes));
    REQUIRE(loaded.file);
    const std::string text = write_definition(*loaded.file, test_secrets());
    std::string problem;
    const auto parsed = parse_definition(text, problem);
    INFO(problem);
    REQUIRE(parsed);
    check_equal(loaded.file->definition, *parsed);
    CHECK(parsed->secrets.secret == test_secrets().secret);
    CHECK(parsed->secrets.late_secret == test_secrets().late_secret);
    CHECK(first_start_of(text) == test_start);
    CHECK(bound_differences(text, *loaded.file).empty());
  }
}

TEST_CASE("relative instants of a journal count from its first start, not from this one") {
  const Loader load;
  const std::string text = write_definition(*load(small_round()).file, test_secrets());
  const Instant later = test_start + seconds(86'400);
  const LoadResult again = load_round_file(load.directory.path() / "round.json", {}, later);
  REQUIRE(again.file);
  CHECK(again.file->definition.sale.draw_at == later + seconds(60));
  // What is bound is the rule; so nothing differs.
  CHECK(bound_differences(text, *again.file).empty());
  std::string problem;
  CHECK(parse_definition(text, problem)->sale.draw_at == test_start + seconds(60));
}

TEST_CASE("the bound text of a round is what it always was") {
  const Loader load;
  const LoadResult loaded = load(full_round());
  REQUIRE(loaded.file);
  // Journals in the field hold texts like this one: whoever changes it changes what they bind.
  CHECK(
      loaded.file->bound ==
      R"({"round":{"id":"r-1","title":{"en":"A show"},"starts_at":"2027-02-13T12:00:00.123456Z",)"
      R"("time_zone":"Asia/Bangkok","currency":"THB","other_rounds":[{"title":{"en":"Night two"},)"
      R"("url":"https://b.example"}]},"venue":{"name":"Hall","size":{"width":20,"height":20},)"
      R"("stage":{"x":10,"y":1},"categories":[{"id":"vip","name":{"en":"VIP"},"color":"#aa0000"},)"
      R"({"id":"cat1","name":{"en":"One","th":"หนึ่ง"}}],"zones":[{"id":"A1","name":{"en":"Stalls"},)"
      R"("kind":"seated","category":"vip","focal":{"x":10,"y":1},"rows":[{"label":1,"seats":)"
      R"([[1,5,5],[2,5.5,5],[3,6,5],[4,6.5,5]]},{"label":2,"breaks":[2],"seats":[[1,5,6,"a"],)"
      R"([2,5.5,6,"c"],[3,6,6,"","cat1"],["4b",6.5,6,"r"]]}]},{"id":"S1","name":{"en":"Standing"},)"
      R"("kind":"standing","category":"cat1","focal":{"x":10,"y":1},"outline":[[5,10],[10,10],)"
      R"([10,15],[5,15]],"capacity":5}]},"prices":{"vip":680000,"cat1":450000},"sale":)"
      R"({"lobby_opens_at":"+60s","draw_at":"+3600s","closes_at":"2027-02-01T00:00:00.000Z",)"
      R"("max_seats_per_fan":6,"max_open_orders_per_fan":4,"waitlist":"when-needed","hold_seconds":77,)"
      R"("payment_seconds":300,"waitlist_offer_seconds":600,)"
      R"("returns_until":"2027-02-06T12:00:00.123456Z"},"seating":{"orphan_rule":{},)"
      R"("companions_open_at":null,"withheld":[]},"draw":{"beacon":{"chain":)"
      R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","round":5,)"
      R"("url":"https://d.example","wait_seconds":120},"late_window_seconds":3},)"
      R"("identity":{"mode":"pass"}})");
}

TEST_CASE("what is written otherwise but means the same is no difference") {
  const Loader load;
  auto round = small_round();
  const std::string text = write_definition(*load(round).file, test_secrets());
  round["sale"] = {
      {"draw_at", "+1m"}, {"hold_seconds", 300}, {"returns_until", "2027-02-06T19:00:00+07:00"}};
  round["draw"] = {{"beacon", nullptr}};
  round["round"]["starts_at"] = "2027-02-13T12:00:00Z";
  round["admission"] = {{"per_second", 1}};  // not bound
  const LoadResult other = load(round);
  CAPTURE(lines(other.mistakes));
  REQUIRE(other.file);
  CHECK(bound_differences(text, *other.file).empty());
}

TEST_CASE("each difference from the journal is named with both values") {
  Loader load;
  const std::string text = write_definition(*load(small_round()).file, test_secrets());
  struct Row {
    std::string set, line;
  };
  const std::vector<Row> table = {
      {"sale.max_seats_per_fan=6", "sale.max_seats_per_fan: the journal says 4, the round file 6"},
      {"sale.draw_at=+5s", R"(sale.draw_at: the journal says "+60s", the round file "+5s")"},
      {"round.id=other", R"(round.id: the journal says "r-1", the round file "other")"},
      {"round.title.th=ก", R"(round.title.th: the journal says nothing, the round file "ก")"},
      {"prices.vip=1", "prices.vip: the journal says 680000, the round file 1"},
      {"draw.late_window_seconds=1",
       "draw.late_window_seconds: the journal says 10, the round file 1"},
  };
  for (const Row& row : table) {
    const LoadResult other = load(small_round(), {row.set});
    REQUIRE(other.file);
    CHECK(bound_differences(text, *other.file) == std::vector<std::string>{row.line});
  }
  const LoadResult beacon =
      load(small_round(), {"draw.beacon={\"chain\":\"" + std::string(64, '0') + "\",\"round\":5}"});
  REQUIRE(beacon.file);
  const auto of_beacon = bound_differences(text, *beacon.file);
  REQUIRE(of_beacon.size() == 1);
  CHECK(of_beacon[0].starts_with("draw.beacon: the journal says null, the round file {\"chain\""));
}

TEST_CASE("a venue's differences are told by zone, row and seat, ten at most") {
  Loader load;
  const std::string text = write_definition(*load(small_round()).file, test_secrets());
  const auto differences = [&] {
    const LoadResult other = load(small_round());
    CAPTURE(lines(other.mistakes));
    REQUIRE(other.file);
    return bound_differences(text, *other.file);
  };
  auto& seats = load.venue["zones"][0]["rows"][0]["seats"];
  seats[2][1] = 6.25;
  CHECK(differences() ==
        std::vector<std::string>{"venue.zones[A1].rows[1].seats[3]: the journal says [3,6,5], the "
                                 "round file [3,6.25,5]"});
  seats[2][1] = 6;
  std::swap(seats[0], seats[1]);
  CHECK(differences() ==
        std::vector<std::string>{"venue.zones[A1].rows[1].seats: the journal says \"1\", the round "
                                 "file \"the same in another order\""});
  std::swap(seats[0], seats[1]);
  load.venue["name"] = "Hall 2";
  load.venue["zones"][1]["capacity"] = 6;
  load.venue["zones"].push_back(load.venue["zones"][1]);
  load.venue["zones"][2]["id"] = "S2";
  const auto three = differences();
  REQUIRE(three.size() == 3);
  CHECK(three[0] == R"(venue.name: the journal says "Hall", the round file "Hall 2")");
  CHECK(three[1] == "venue.zones[S1].capacity: the journal says 5, the round file 6");
  CHECK(three[2].starts_with("venue.zones[S2]: the journal says nothing, the round file {"));
  load.venue = small_venue();
  for (int n = 10; n < 40; ++n) load.venue["zones"][0]["rows"][0]["seats"].push_back({n, 7, 7});
  const auto many = differences();
  REQUIRE(many.size() == 11);
  CHECK(many.back() == "venue: and 20 more");
}

TEST_CASE("a text that no start wrote is no definition, and says why") {
  const Loader load;
  const std::string good = write_definition(*load(small_round()).file, test_secrets());
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "the file is empty"},
      {"[]", "must be an object"},
      {"{}", "is missing"},
      {good.substr(0, good.size() / 2), "the text ends too early"},
      {replaced("\"rules_version\":1", "\"rules_version\":2"), "rules_version"},
      {replaced("\"first_start\":\"20", "\"first_start\":\"x0"), "first_start"},
      {replaced("\"capacity\":5", "\"capacity\":0"), "bound.venue.zones[1].capacity"},
      {replaced("\"vip\":680000", "\"vip\":-1"), "bound.prices.vip"},
      {replaced("0001020304", "00010203"), "secrets.secret"},
      {replaced("\"secrets\"", "\"secret\""), "secrets"},
      {replaced("\"mode\":\"open\"", "\"mode\":\"any\""), "bound.identity.mode"},
  };
  for (const auto& [text, what] : table) {
    std::string problem;
    INFO(what);
    CHECK_FALSE(parse_definition(text, problem));
    CHECK(problem.find(what) != std::string::npos);
    if (text.empty() || text == "{}") CHECK_FALSE(first_start_of(text));
  }
  CHECK(bound_differences("{}", *load(small_round()).file).size() == 1);
}

TEST_CASE("instants are read as the contract writes them, and nothing else is") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"+0s", "+0s"},
      {"+90s", "+90s"},
      {"+5m", "+300s"},
      {"+2h", "+7200s"},
      {"2027-02-13T19:00:00+07:00", "2027-02-13T12:00:00.000Z"},
      {"2027-02-13T12:00:00.000001Z", "2027-02-13T12:00:00.000001Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"90s", ""},
      {"+90", ""},
      {"+s", ""},
      {"+", ""},
      {"", ""},
      {"+1.5h", ""},
      {"+-5s", ""},
      {"+ 5s", ""},
      {"+5 s", ""},
      {"-5s", ""},
      {"+99999999999s", ""},
      {"+4294967295h", ""},
      {"2027-02-13", ""},
      {"2027-02-13T19:00:00", ""},
  };
  for (const auto& [text, written] : table) {
    INFO(text);
    const auto rule = parse_instant_rule(text);
    CHECK((rule ? rule->text() : "") == written);
    if (rule) CHECK(parse_instant_rule(rule->text()) == rule);
  }
  CHECK(parse_instant_rule("-5s", true)->text() == "-5s");
}

TEST_CASE("currencies have the decimals of ISO 4217") {
  CHECK(currency_decimals("THB") == 2);
  CHECK(currency_decimals("JPY") == 0);
  CHECK(currency_decimals("KWD") == 3);
  CHECK_FALSE(currency_decimals("THX"));
  CHECK_FALSE(currency_decimals("HB "));
  CHECK_FALSE(currency_decimals("thb"));
  CHECK_FALSE(currency_decimals(""));
}

}  // namespace frontrow::round
