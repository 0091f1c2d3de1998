#include <catch2/catch.hpp>

#include "round/round_fixture.hpp"

namespace frontrow::round {

TEST_CASE("a round file of three keys has the contract's defaults") {
  const Loader load;
  const LoadResult result = load(small_round());
  CAPTURE(lines(result.mistakes));
  REQUIRE(result.file);
  const RoundFile& file = *result.file;
  const RoundDefinition& round = file.definition;
  CHECK(round.id == "r-1");
  CHECK(round.starts_at.microseconds == 1'802'520'000'000'000);
  CHECK(round.first_start == test_start);
  CHECK(round.plan->capacity() == 13);
  CHECK(round.price_by_category == std::vector<Amount>{{680'000}, {450'000}});
  CHECK(round.sale.lobby_opens_at == test_start);
  CHECK(round.sale.draw_at == test_start + seconds(60));
  CHECK(round.sale.closes_at == test_start + seconds(7'200));
  CHECK(round.sale.returns_until == round.starts_at - seconds(7 * 86'400));
  CHECK(round.sale.max_seats_per_fan == 4);
  CHECK(round.sale.max_open_orders_per_fan == 4);
  CHECK(round.sale.hold == seconds(300));
  CHECK(round.sale.payment == seconds(300));
  CHECK(round.sale.payment_outage == seconds(120));
  CHECK(round.sale.waitlist_offer == seconds(600));
  CHECK_FALSE(round.draw.beacon);
  CHECK(round.draw.late_window == seconds(10));
  CHECK(round.identity_mode == IdentityMode::kOpen);
  CHECK(round.other_rounds.empty());
  CHECK(file.admission == AdmissionRules{});
  CHECK(file.guard.proof_of_work);
  CHECK(file.guard.algorithm == "SHA-256");
  CHECK(file.guard.cost == 1'000);
  CHECK(file.guard.requests_per_second == 20);
  CHECK(file.guard.joins_per_address_per_minute == 60);
  CHECK(file.payment.gateway == "sandbox");
  CHECK(file.payment.sandbox.delay_milliseconds == 300);
  CHECK(file.payment.sandbox.url.empty());
  CHECK(file.payment.fallback.empty());
  CHECK(file.payment.methods == std::vector{PaymentMethod::kCard, PaymentMethod::kPromptPay});
  CHECK(file.http.listen == "0.0.0.0:8443");
  CHECK(file.http.operator_listen.empty());
  CHECK(file.http.threads == 0);
  CHECK(file.http.public_host == "localhost");
  REQUIRE(file.http.tls);
  CHECK(file.http.tls->certificate.empty());
  CHECK(file.tickets_rotating);
  CHECK(file.journal_sync);
  CHECK(file.operators.empty());
}

TEST_CASE("each mistake of a round file is named with its path") {
  struct Row {
    std::string set, path, message;
  };
  const std::string chain = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
  const std::string token = std::string(64, 'a');
  const std::vector<Row> table = {
      {"round.id=\"\"", "round.id", "must not be empty"},
      {"round.id=a/b", "round.id", "must be letters, digits"},
      {"round.id=null", "round.id", "must be a text"},
      {"round.title={}", "round.title.en", "is missing"},
      {"round.title=Show", "round.title", "must be an object of texts by language"},
      {"round.title.english=Show", "round.title.english", "is not a language tag"},
      {"round.starts_at=tomorrow", "round.starts_at", "must be an instant"},
      {"round.starts_at=2027-02-30T00:00:00Z", "round.starts_at", "must be an instant"},
      {"round.starts_at=7", "round.starts_at", "must be an instant"},
      {"round.time_zone=Bangkok/Asia", "round.time_zone", "is no time zone"},
      {"round.time_zone=../etc/passwd", "round.time_zone", "is no time zone"},
      {"round.currency=thb", "round.currency", "is no currency"},
      {"round.currency=XYZ", "round.currency", "is no currency"},
      {"round.other_rounds={}", "round.other_rounds", "must be an array"},
      {"round.other_rounds=[{\"title\":{\"en\":\"x\"},\"url\":\"javascript:alert(1)\"}]",
       "round.other_rounds[0].url", "must be an address"},
      {"round.other_rounds=[{\"url\":\"https://a.example\"}]", "round.other_rounds[0].title",
       "is missing"},
      {"round.color=red", "round.color", "is not a known key; known here: id, title"},
      {"venue=\"\"", "venue", "must not be empty"},
      {"venue=nowhere.json", "venue", "\"nowhere.json\" cannot be read: No such file"},
      {"venue=.", "venue", "is a directory"},
      {"venue={}", "venue", "must be a text"},
      {"prices.vip=1.5", "prices.vip", "must be a whole number from 0 to 1000000000000"},
      {"prices.vip=-1", "prices.vip", "must be a whole number"},
      {"prices.vip=1000000000001", "prices.vip", "must be a whole number"},
      {"prices.vip=18446744073709551616", "prices.vip", "must be a whole number"},
      {"prices.cat9=1", "prices.cat9", "is no category of the venue"},
      {"prices={\"vip\": 1}", "prices.cat1", "is missing"},
      {"prices=[]", "prices", "must be an object"},
      {"sale.hold_seconds=0", "sale.hold_seconds", "must be a whole number from 1 to 86400"},
      {"sale.hold_seconds=86401", "sale.hold_seconds", "must be a whole number from 1 to 86400"},
      {"sale.hold_seconds=300.0", "sale.hold_seconds", "must be a whole number"},
      {"sale.hold_seconds=\"300\"", "sale.hold_seconds", "must be a whole number"},
      {"sale.hold_seconds=null", "sale.hold_seconds", "must be a whole number"},
      {"sale.payment_seconds=-5", "sale.payment_seconds", "must be a whole number from 1"},
      {"sale.payment_outage_seconds=3601", "sale.payment_outage_seconds", "from 0 to 3600"},
      {"sale.waitlist_offer_seconds=604801", "sale.waitlist_offer_seconds", "from 1 to 604800"},
      {"sale.max_seats_per_fan=0", "sale.max_seats_per_fan", "from 1 to 1000"},
      {"sale.max_seats_per_fan=1001", "sale.max_seats_per_fan", "from 1 to 1000"},
      {"sale.max_open_orders_per_fan=0", "sale.max_open_orders_per_fan", "from 1 to 1000"},
      {"sale.draw_at=+1d", "sale.draw_at", "must be an instant"},
      {"sale.draw_at=-5s", "sale.draw_at", "must be an instant"},
      {"sale.draw_at=+s", "sale.draw_at", "must be an instant"},
      {"sale.lobby_opens_at=+61s", "sale.draw_at", "must not be before lobby_opens_at"},
      {"sale.closes_at=+60s", "sale.closes_at", "must be after draw_at"},
      {"sale.holdseconds=5", "sale.holdseconds", "is not a known key"},
      {"sale=[]", "sale", "must be an object"},
      {"draw.late_window_seconds=0", "draw.late_window_seconds", "from 1 to 3600"},
      {"draw.beacon=true", "draw.beacon", "must be an object"},
      {"draw.beacon={\"round\": 5}", "draw.beacon.chain", "is missing"},
      {"draw.beacon={\"chain\": \"" + chain + "\"}", "draw.beacon.round", "is missing"},
      {"draw.beacon={\"chain\": \"abc\", \"round\": 5}", "draw.beacon.chain", "64 hex digits"},
      {"draw.beacon={\"chain\": \"" + chain + "\", \"round\": 0}", "draw.beacon.round",
       "from 1 to"},
      {"draw.beacon={\"chain\": \"" + chain + "\", \"round\": 5}", "draw.beacon.round",
       "must be at least 30 s after draw_at"},
      {"draw.beacon={\"chain\": \"" + chain + "\", \"round\": 99999999, \"url\": \"ftp://x\"}",
       "draw.beacon.url", "must be an address"},
      {"admission.max_shoppers=0", "admission.max_shoppers", "from 1 to 4000000"},
      {"admission.per_second=-1", "admission.per_second", "from 0 to 1000000"},
      {"admission.enter_seconds=0", "admission.enter_seconds", "from 1 to 86400"},
      {"admission.shopping_seconds=0", "admission.shopping_seconds", "from 1 to 86400"},
      {"admission.missed_turn_places=-1", "admission.missed_turn_places", "from 0 to 4000000"},
      {"admission.pinned=1", "admission.pinned", "must be true or false"},
      {"identity.mode=closed", "identity.mode", "must be one of \"open\", \"pass\""},
      {"identity.mode=pass", "identity.jwks", "is needed"},
      {"identity.mode=pass", "identity.issuer", "is needed"},
      {"identity.jwks=nowhere.json", "identity.jwks", "cannot be read"},
      {"guard.proof_of_work.enabled=1", "guard.proof_of_work.enabled", "must be true or false"},
      {"guard.proof_of_work.algorithm=MD5", "guard.proof_of_work.algorithm", "must be one of"},
      {"guard.proof_of_work.cost=0", "guard.proof_of_work.cost", "from 1 to 10000000"},
      {"guard.requests_per_second=2.5", "guard.requests_per_second", "must be a whole number"},
      {"payment.gateway=bank", "payment.gateway", "must be one of \"sandbox\""},
      {"payment.sandbox.delay_milliseconds=-1", "payment.sandbox.delay_milliseconds", "from 0"},
      {"tickets.rotating=yes", "tickets.rotating", "must be true or false"},
      {"http.listen=8443", "http.listen", "must be a text"},
      {"http.listen=localhost", "http.listen", "must be HOST:PORT"},
      {"http.listen=1.2.3.4:70000", "http.listen", "must be HOST:PORT"},
      {"http.listen=1.2.3.400:80", "http.listen", "must be HOST:PORT"},
      {"http.listen=:::80", "http.listen", "must be HOST:PORT"},
      {"http.operator_listen=nowhere", "http.operator_listen", "must be HOST:PORT"},
      {"http.threads=257", "http.threads", "from 0 to 256"},
      {"http.public_host=a+b", "http.public_host", "letters"},
      {"http.public_host=", "http.public_host", "letters"},
      {"http.tls.certificate=hall.json", "http.tls.key", "is needed"},
      {"http.tls.key=nowhere.pem", "http.tls.key", "cannot be read"},
      {"http.tls=false", "http.tls", "must be an object"},
      {"journal.sync=\"true\"", "journal.sync", ""},
      {"operators={}", "operators", "must be an array"},
      {"operators=[{}]", "operators[0].name", "is missing"},
      {"operators=[{\"name\":\"a b\",\"role\":\"admin\"}]", "operators[0].name", "must be letters"},
      {"operators=[{\"name\":\"config\"}]", "operators[0].name", "own name in the journal"},
      {"operators=[{\"name\":\"a\",\"role\":\"god\"}]", "operators[0].role", "must be one of"},
      {"operators=[{\"name\":\"a\",\"role\":\"admin\",\"token_sha256\":\"abc\"}]",
       "operators[0].token_sha256", "64 hex digits"},
      {"operators=[{\"name\":\"a\",\"token_sha256\":\"" + token +
           "\"},{\"name\":\"a\",\"token_sha256\":\"" + token + "\"}]",
       "operators[1].name", "is given twice"},
      {"operators=[{\"name\":\"a\",\"token_sha256\":\"" + token +
           "\"},{\"name\":\"b\",\"token_sha256\":\"" + token + "\"}]",
       "operators[1].token_sha256", "another operator's"},
      {"operators=[{\"token_sha256\":{\"env\":\"FRONTROW_TEST_NOT_THERE\"}}]",
       "operators[0].token_sha256.env", "the environment has no variable"},
      {"operators=[{\"token_sha256\":{\"file\":\"nowhere\"}}]", "operators[0].token_sha256.file",
       "cannot be read"},
      {"operators=[{\"token_sha256\":{\"env\":\"A\",\"file\":\"B\"}}]", "operators[0].token_sha256",
       "must be a text"},
      {"venues=x", "venues", "is not a known key"},
  };
  const Loader load;
  for (const Row& row : table) {
    INFO(row.set);
    const LoadResult result = load(small_round(), {row.set});
    CAPTURE(lines(result.mistakes));
    if (row.set == "journal.sync=\"true\"") {
      CHECK(has_line(result.mistakes, row.path, "must be true or false"));
      continue;
    }
    CHECK(has_line(result.mistakes, row.path, row.message));
    CHECK_FALSE(result.file);
  }
}

TEST_CASE("what has no default is asked for by name") {
  const Loader load;
  for (const std::string key : {"round", "venue", "prices"}) {
    auto round = small_round();
    round.erase(key);
    CHECK(has_line(load(round).mistakes, key, "is missing"));
  }
  for (const std::string key : {"id", "title", "starts_at", "time_zone", "currency"}) {
    auto round = small_round();
    round["round"].erase(key);
    CHECK(has_line(load(round).mistakes, "round." + key, "is missing"));
  }
}

TEST_CASE("all mistakes of the file and of its venue are named in one run") {
  Loader load;
  load.venue["zones"][0]["category"] = "gold";
  load.venue["colour"] = "red";
  auto round = small_round();
  round["sale"]["hold_seconds"] = 0;
  round["extra"] = 1;
  std::string text = round.dump();
  text.insert(text.size() - 1, R"(,"extra":2)");
  const LoadResult result = load.text(text, {"bad", "round.currency=zzz"});
  CAPTURE(lines(result.mistakes));
  CHECK(result.mistakes.size() == 7);
  CHECK(has_line(result.mistakes, "sale.hold_seconds", "must be a whole number"));
  CHECK(has_line(result.mistakes, "extra", "is not a known key"));
  CHECK(has_line(result.mistakes, "extra", "is given twice"));
  CHECK(has_line(result.mistakes, "--set", "has no \"=\""));
  CHECK(has_line(result.mistakes, "round.currency", "is no currency"));
  CHECK(has_line(result.mistakes, "hall.json: zones[0].category", "\"gold\" is no category"));
  CHECK(has_line(result.mistakes, "hall.json: colour", "is not a known key"));
}

TEST_CASE("a file that cannot be read is one mistake with its name") {
  const Loader load;
  const std::string here = load.directory.path().string();
  const auto one = [&](const std::string& path, const std::string& message) {
    const LoadResult result = load_round_file(path, {}, test_start);
    CAPTURE(lines(result.mistakes));
    CHECK(result.mistakes.size() == 1);
    CHECK(has_line(result.mistakes, path, message));
    CHECK_FALSE(result.file);
  };
  one(here + "/nowhere.json", "cannot be read: No such file");
  one(here, "is a directory, not a file");
  one("/dev/null", "is not a regular file");
  one(load.directory.write("empty.json", ""), "the file is empty");
  one(load.directory.write("list.json", "[]"), "must be an object");
  one(load.directory.write("comment.json", "{} // so"), "line 1, column 4: comments");
  one(load.directory.write("big.json", std::string((4U << 20) + 1, ' ')), "is larger than");
  one(load.directory.write("deep.json", std::string(100'000, '[')), "is nested deeper");
}

TEST_CASE("sets are applied in order, and tls null means plain HTTP") {
  const Loader load;
  const LoadResult result =
      load(small_round(), {"http.tls=null", "http.listen=127.0.0.1:0", "sale.hold_seconds=5",
                           "sale.hold_seconds=6", "round.other_rounds.0.url=https://x.example"});
  CHECK(has_line(result.mistakes, "round.other_rounds", "must be an array"));
  const LoadResult good = load(small_round(), {"http.tls=null", "http.listen=127.0.0.1:0",
                                               "sale.hold_seconds=5", "sale.hold_seconds=6"});
  REQUIRE(good.file);
  CHECK_FALSE(good.file->http.tls);
  CHECK(good.file->http.listen == "127.0.0.1:0");
  CHECK(good.file->definition.sale.hold == seconds(6));
}

TEST_CASE("an admission is pinned where the round file says so") {
  const Loader load;
  const LoadResult loose = load(small_round(), {"admission.per_second=7"});
  REQUIRE(loose.file);
  CHECK_FALSE(loose.file->admission.pinned);
  const LoadResult pinned =
      load(small_round(), {"admission.per_second=7", "admission.pinned=true"});
  REQUIRE(pinned.file);
  CHECK(pinned.file->admission.pinned);
  CHECK(pinned.file->admission.per_second == 7);
}

TEST_CASE("a text may be kept in the environment or in a file") {
  const Loader load;
  const std::string digits = std::string(63, '1') + "A";
  load.directory.write("token", digits + "\n");
  setenv("FRONTROW_TEST_TOKEN", std::string(64, 'b').c_str(), 1);
  auto round = small_round();
  round["operators"] = {
      {{"name", "file"}, {"role", "viewer"}, {"token_sha256", {{"file", "token"}}}},
      {{"name", "env"}, {"role", "operator"}, {"token_sha256", {{"env", "FRONTROW_TEST_TOKEN"}}}}};
  const LoadResult result = load(round);
  unsetenv("FRONTROW_TEST_TOKEN");
  CAPTURE(lines(result.mistakes));
  REQUIRE(result.file);
  CHECK(result.file->operators[0].token_sha256[31] == 0x1a);
  CHECK(result.file->operators[1].token_sha256[0] == 0xbb);
  // A mistake about a secret never shows it.
  load.directory.write("token", "hunter2");
  for (const std::string& line : lines(load(round).mistakes))
    CHECK(line.find("hunter2") == std::string::npos);
}

TEST_CASE("what is legal but unwise is a warning") {
  struct Row {
    std::vector<std::string> sets;
    std::string path, message;
  };
  const std::string beacon_of_unknown_chain =
      "draw.beacon={\"chain\": \"" + std::string(64, '0') + "\", \"round\": 5}";
  const std::vector<Row> table = {
      {{}, "identity.mode", "one person may hold several places"},
      {{}, "draw.beacon", "the operator could have chosen"},
      {{}, "payment.gateway", "no money is taken"},
      {{beacon_of_unknown_chain}, "draw.beacon.chain", "could not be checked"},
      {{"journal.sync=false"}, "journal.sync", "may be lost"},
      {{"http.tls=null"}, "http.listen", "is plain HTTP"},
      {{"http.tls=null", "http.operator_listen=0.0.0.0:9"}, "http.operator_listen", "is plain"},
      {{"sale.hold_seconds=601"}, "sale.hold_seconds", "is longer than admission.shopping_seconds"},
      {{"prices.vip=0"}, "prices.vip", "is 0"},
      {{"sale.closes_at=2027-02-13T19:00:01+07:00"}, "sale.closes_at", "after the show starts"},
  };
  const Loader load;
  for (const Row& row : table) {
    const LoadResult result = load(small_round(), row.sets);
    CAPTURE(lines(result.mistakes), lines(result.warnings));
    CHECK(result.file);
    CHECK(has_line(result.warnings, row.path, row.message));
  }
  const LoadResult safe =
      load(small_round(), {"http.tls=null", "http.listen=127.0.0.1:8080", "sale.hold_seconds=600"});
  CHECK(safe.warnings.size() == 3);  // the first three rows
}

TEST_CASE("the beacon's time is checked against the draw's on the chains that are known") {
  const Loader load;
  struct Row {
    std::string chain;
    std::int64_t genesis, period;
  };
  for (const Row& row :
       {Row{"52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", 1'692'803'367, 3},
        Row{"8990E7A9AAED2FFED73DBD7092123D6F289930540D7651336225DC172E51B2CE", 1'595'431'050,
            30}}) {
    auto round = small_round();
    round["sale"]["draw_at"] = "2027-01-16T03:00:00Z";
    round["sale"]["closes_at"] = "2027-02-01T00:00:00Z";
    const std::int64_t earliest = 1'800'068'400 + 30;
    // The first round at or after the earliest moment is good, the one before it is not.
    const std::int64_t first = (earliest - row.genesis + row.period - 1) / row.period + 1;
    round["draw"]["beacon"] = {{"chain", row.chain}, {"round", first}};
    const LoadResult good = load(round);
    CAPTURE(lines(good.mistakes));
    CHECK(good.file);
    CHECK_FALSE(has_line(good.warnings, "draw.beacon", ""));
    round["draw"]["beacon"]["round"] = first - 1;
    CHECK(has_line(load(round).mistakes, "draw.beacon.round",
                   "round " + std::to_string(first) + " or later"));
    round["draw"]["beacon"]["round"] = first + 1'000;
    CHECK(has_line(load(round).warnings, "draw.beacon.round", "without it"));
  }
}

}  // namespace frontrow::round
