// The own API, the page that approves, and the faults as callers see them.
#include <catch2/catch.hpp>
#include <fstream>
#include <set>

#include "sandbox/desk.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::sandbox::test {
namespace {

SandboxSettings quick() {
  SandboxSettings settings;
  settings.faults.capture_delay = {};
  return settings;
}
SandboxSettings on_book(const TemporaryDirectory& directory) {
  SandboxSettings settings = quick();
  settings.book = directory.path() / "sandbox.book";
  return settings;
}

}  // namespace

TEST_CASE("a charge is pending until its delay has gone by, then captured") {
  SandboxSettings settings;
  settings.faults.capture_delay = milliseconds(30);
  Desk desk(settings);
  const Told made = desk.charge("r-1");
  CHECK(made.status == 201);
  CHECK(made.body().at("state") == "pending");
  CHECK(made.body().at("amount") == 450'000);
  CHECK(made.body().at("currency") == "THB");
  CHECK(made.body().at("method") == "card");
  CHECK(made.body().at("failure_code").is_null());
  CHECK(made.body().at("next_action").is_null());
  CHECK(desk.reaches("r-1", "captured"));
}

TEST_CASE("without a delay the answer says how it ended, for each card token") {
  Desk desk(quick());
  const std::tuple<const char*, const char*, json> cases[] = {
      {"tok_ok", "captured", nullptr},
      {"tok_slow", "pending", nullptr},
      {"tok_never", "pending", nullptr},
      {"tok_authenticate", "action", nullptr},
      {"tok_declined", "failed", "declined"},
      {"tok_insufficient_funds", "failed", "insufficient-funds"},
      {"tok_expired_card", "failed", "expired-card"},
      {"tok_fraud", "failed", "fraud-suspected"},
      {"tok_visa", "captured", nullptr},
      {"tok_chargeDeclined", "failed", "declined"},
      {"4242424242424242", "failed", "invalid-token"},
      {"", "failed", "invalid-token"},
  };
  int number = 0;
  for (const auto& [token, state, failure] : cases) {
    CAPTURE(token);
    const Told told = desk.charge("r-" + std::to_string(++number), token);
    CHECK(told.status == 201);
    CHECK(told.body().at("state") == state);
    CHECK(told.body().at("failure_code") == failure);
  }
}

TEST_CASE("the same reference is charged once, and refused with another content") {
  Desk desk(quick());
  const Told first = desk.charge("r-1");
  const Told again = desk.charge("r-1", "tok_declined");
  CHECK(again.status == 200);
  CHECK(again.body() == first.body());
  CHECK(desk.charge("r-1", "tok_ok", 450'001).status == 422);
  CHECK(desk.qr("r-1").status == 422);
  CHECK(desk.ask("GET", "/sandbox/v1/charges").body().at("charges").size() == 1);
}

TEST_CASE("what is cancelled is not captured any more, and what is captured stays so") {
  SandboxSettings settings;
  settings.faults.capture_delay = milliseconds(20);
  Desk desk(settings);
  desk.charge("r-1");
  const Told cancelled = desk.ask("POST", "/sandbox/v1/charges/r-1/cancel");
  CHECK(cancelled.status == 200);
  CHECK(cancelled.body().at("failure_code") == "cancelled");
  desk.charge("r-2");
  REQUIRE(desk.reaches("r-2", "captured"));
  CHECK(desk.look("r-1").at("state") == "failed");
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-2/cancel").body().at("state") == "captured");
}

TEST_CASE("a reference cancelled before it was charged can never be charged") {
  const TemporaryDirectory directory;
  Desk desk(on_book(directory));
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-1/cancel").status == 404);
  CHECK(desk.ask("GET", "/sandbox/v1/charges/r-1").status == 404);
  desk.restart();
  const Told refused = desk.charge("r-1");
  CHECK(refused.status == 409);
  CHECK(refused.body().at("state") == "failed");
  CHECK(refused.body().at("failure_code") == "cancelled");
  CHECK(desk.charge("r-1").status == 409);
  desk.restart();
  CHECK(desk.charge("r-1").body() == refused.body());
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-1/cancel").status == 200);
}

TEST_CASE("a refund is made once, of what was captured and not more") {
  Desk desk(quick());
  const std::string path = "/sandbox/v1/charges/r-1/refund";
  CHECK(desk.ask("POST", path, R"({"amount":1})").status == 404);
  desk.charge("r-1");
  CHECK(desk.ask("POST", path, R"({"amount":450001})").status == 422);
  CHECK(desk.ask("POST", path, R"({"amount":450000})").body().at("refunded") == 450'000);
  CHECK(desk.ask("POST", path, R"({"amount":450000})").body().at("refunded") == 450'000);
  desk.charge("r-2", "tok_declined");
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-2/refund", R"({"amount":1})").status == 409);
}

TEST_CASE("charges are listed oldest first, page by page, those of a prefix alone") {
  Desk desk(quick());
  for (int n = 0; n < 7; ++n) desk.charge((n % 2 == 0 ? "even-" : "odd-") + std::to_string(n));
  std::vector<std::string> seen;
  std::string after;
  for (int page = 0; page < 10; ++page) {
    const json told = desk.ask("GET", "/sandbox/v1/charges?prefix=even-&limit=3" +
                                          (after.empty() ? "" : "&after=" + after))
                          .body();
    for (const json& charge : told.at("charges")) seen.push_back(charge.at("reference"));
    if (told.at("next").is_null()) break;
    after = told.at("next");
  }
  CHECK(seen == std::vector<std::string>{"even-0", "even-2", "even-4", "even-6"});
  CHECK(desk.ask("GET", "/sandbox/v1/charges?after=x").status == 400);
  CHECK(desk.ask("GET", "/sandbox/v1/charges?limit=0").status == 400);
}

TEST_CASE("charges of all dialects are in one book, by the reference of their metadata") {
  Desk desk(quick());
  desk.charge("r-1");
  desk.stripe("POST", "/v1/payment_intents",
              "amount=100&currency=thb&confirm=true&payment_method=pm_card_visa&"
              "metadata[reference]=r-2");
  desk.omise("POST", "/charges",
             {{"amount", 100},
              {"currency", "thb"},
              {"card", "tok_ok"},
              {"metadata", {{"reference", "r-2"}}}});
  const json charges = desk.ask("GET", "/sandbox/v1/charges?prefix=r-").body().at("charges");
  REQUIRE(charges.size() == 3);
  CHECK(charges[1].at("reference") == "r-2");
  CHECK(charges[2].at("reference") == "r-2");
  CHECK(charges[1].at("state") == "captured");
  CHECK(charges[2].at("state") == "captured");
}

TEST_CASE("a QR code is approved or declined by a person on its page") {
  SandboxSettings settings = quick();
  settings.faults.approve_by_hand = true;
  Desk desk(settings);
  for (const auto& [act, state, failure] :
       {std::tuple{"approve", "captured", json()}, {"decline", "failed", json("declined")}}) {
    const std::string reference = std::string("r-") + act;
    const json action = desk.qr(reference).body().at("next_action");
    CHECK(action.at("type") == "qr");
    CHECK(action.at("data") == "http://127.0.0.1:4000/pay/" + reference);
    CHECK(action.at("expires_at").get<std::string>().ends_with("Z"));
    const Told page = desk.ask("GET", "/pay/" + reference);
    CHECK(page.status == 200);
    CHECK_THAT(page.text, Catch::Contains("THB 999.00") && Catch::Contains(reference) &&
                              Catch::Contains("/pay/" + reference + "/approve"));
    CHECK_THAT(page.text, !Catch::Contains("<script"));
    CHECK(desk.ask("POST", "/pay/" + reference + "/" + act).status == 303);
    CHECK(desk.look(reference).at("state") == state);
    CHECK(desk.look(reference).at("failure_code") == failure);
    CHECK_THAT(desk.ask("GET", "/pay/" + reference).text, !Catch::Contains("<form"));
  }
  CHECK(desk.ask("GET", "/pay/nobody").status == 404);
  CHECK(desk.ask("GET", "/pay/r-approve/approve").status == 405);
}

TEST_CASE("a page shows nothing of what it was given as markup, and leads to web pages alone") {
  SandboxSettings settings = quick();
  settings.faults.approve_by_hand = true;
  Desk desk(settings);
  const auto made = desk.stripe("POST", "/v1/payment_intents",
                                "amount=100&currency=thb&confirm=true&"
                                "payment_method=pm_card_authenticationRequired&"
                                "return_url=javascript:alert(1)&"
                                "metadata[reference]=%3Cscript%3Ealert(1)%3C/script%3E");
  const std::string id = made.body().at("id");
  CHECK_THAT(desk.ask("GET", "/pay/" + id).text,
             Catch::Contains("&lt;script&gt;") && !Catch::Contains("<script>"));
  CHECK(desk.ask("POST", "/pay/" + id + "/approve").header("Location") == "/pay/" + id);
}

TEST_CASE("who does not approve in time has not paid") {
  SandboxSettings settings = quick();
  settings.faults.approve_by_hand = true;
  settings.faults.approval_time = milliseconds(30);
  Desk desk(settings);
  CHECK(desk.qr("r-1").body().at("state") == "action");
  CHECK(desk.reaches("r-1", "failed"));
  CHECK(desk.ask("POST", "/pay/r-1/approve").status == 303);
  CHECK(desk.look("r-1").at("state") == "failed");
}

TEST_CASE("what was pending goes on after a start, by what was settled when it was made") {
  const TemporaryDirectory directory;
  SandboxSettings settings = on_book(directory);
  settings.faults.capture_delay = milliseconds(30);
  Desk desk(settings);
  desk.charge("r-1");
  desk.charge("r-2", "tok_declined");
  desk.charge("r-3", "tok_never");
  desk.restart();
  CHECK(desk.reaches("r-1", "captured"));
  CHECK(desk.reaches("r-2", "failed"));
  CHECK(desk.look("r-3").at("state") == "pending");
}

TEST_CASE("no card token and no card number is in the book") {
  const TemporaryDirectory directory;
  Desk desk(on_book(directory));
  desk.charge("r-1", "tok_insufficient_funds");
  desk.charge("r-2", "tok_of_somebody");
  desk.stripe("POST", "/v1/payment_intents",
              "amount=100&currency=thb&confirm=true&payment_method_data[type]=card&"
              "payment_method_data[card][token]=tok_mastercard");
  const std::string token = desk.omise("POST", "/tokens",
                                       {{"card",
                                         {{"number", "4111111111140011"},
                                          {"expiration_month", 1},
                                          {"expiration_year", 2032}}}})
                                .body()
                                .at("id");
  CHECK(desk.omise("POST", "/charges", {{"amount", 100}, {"currency", "thb"}, {"card", token}})
            .body()
            .at("failure_code") == "insufficient_fund");
  std::ifstream in(directory.path() / "sandbox.book");
  const std::string book{std::istreambuf_iterator<char>(in), {}};
  CHECK(std::ranges::count(book, '\n') == 8);
  for (const char* text : {"tok_", "tokn_", "41111111"}) CHECK_THAT(book, !Catch::Contains(text));
}

TEST_CASE("declines by chance are those of the seed, and stay what they are") {
  SandboxSettings settings = quick();
  settings.faults.decline_rate = 0.3;
  settings.faults.seed = 5;
  const auto outcomes = [&] {
    Desk desk(settings);
    std::string states;
    for (int n = 0; n < 60; ++n)
      states += desk.charge("r-" + std::to_string(n)).body().at("state") == "captured" ? '+' : '-';
    for (int n = 0; n < 60; ++n)
      CHECK((desk.charge("r-" + std::to_string(n)).body().at("state") == "captured") ==
            (states[static_cast<std::size_t>(n)] == '+'));
    return states;
  };
  const std::string first = outcomes();
  CHECK(outcomes() == first);
  const auto declined = std::ranges::count(first, '-');
  CHECK(declined > 5);
  CHECK(declined < 35);
}

TEST_CASE("an answer is dropped after the charge was made, never before") {
  SandboxSettings settings = quick();
  settings.faults.dropped_answer_rate = 1;
  Desk desk(settings);
  CHECK(desk.charge("r-1").status == 0);
  CHECK(desk.look("r-1").at("state") == "captured");
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-1/refund", R"({"amount":450000})").status == 0);
  CHECK(desk.look("r-1").at("refunded") == 450'000);
  // What was refused was not acted upon, and what was only asked changes nothing.
  CHECK(desk.charge("not a reference").status == 400);
  CHECK(desk.ask("GET", "/sandbox/v1/charges").status == 200);
}

TEST_CASE("in an outage nothing is acted upon; the switches and the pages still work") {
  Desk desk(quick());
  desk.faults({{"outage", true}});
  CHECK(desk.charge("r-1").status == 503);
  CHECK(desk.stripe("GET", "/v1/payment_intents").status == 503);
  CHECK(desk.omise("GET", "/charges").status == 503);
  desk.faults({{"outage_drops", true}});
  CHECK(desk.charge("r-1").status == 0);
  CHECK(desk.ask("GET", "/pay/r-1").status == 404);
  CHECK(desk.ask("GET", "/faults").body().at("outage") == true);
  desk.faults({{"outage", false}});
  CHECK(desk.ask("GET", "/sandbox/v1/charges/r-1").status == 404);
  desk.faults({{"outages", {{{"begin_milliseconds", 0}, {"length_milliseconds", 3'600'000}}}}});
  CHECK(desk.charge("r-1").status == 0);
}

TEST_CASE("what comes late may overtake: cancelled before it was made, it is never charged") {
  SandboxSettings settings = quick();
  settings.faults.latency_median = milliseconds(50);
  Desk desk(settings);
  std::optional<unsigned> made;
  Request create = Desk::request_for("POST", "/sandbox/v1/charges",
                                     R"({"reference":"r-1","amount":1,"currency":"THB",)"
                                     R"("method":"card","token":"tok_ok"})");
  create.authorization = std::string("Bearer ") + secret;
  desk.desk().take(std::move(create),
                   [&](std::optional<Answer> answer) { made = answer ? answer->status : 0; });
  desk.faults({{"latency_median_milliseconds", 0}});
  CHECK(desk.ask("POST", "/sandbox/v1/charges/r-1/cancel").status == 404);
  CHECK_FALSE(made);
  REQUIRE(desk.run_until([&] { return made.has_value(); }));
  CHECK(*made == 409);
}

TEST_CASE("who has no secret, or another, is told nothing") {
  Desk desk(quick());
  desk.charge("r-1");
  for (const char* authorization :
       {"", "Bearer", "Bearer ", "Bearer another", "Basic !!!!", "bearer\tx", "Digest a=b"}) {
    CAPTURE(authorization);
    for (const char* target :
         {"/sandbox/v1/charges", "/faults", "/v1/payment_intents", "/charges", "/tokens"}) {
      Request request = Desk::request_for("GET", target, {});
      request.authorization = authorization;
      CHECK(desk.send(std::move(request)).status == 401);
    }
  }
}

TEST_CASE("bodies that are anything but a charge are refused, and change nothing") {
  Desk desk(quick());
  const std::string good = R"("reference":"r-1","amount":100,"currency":"THB","method":"card")";
  const std::string cases[] = {
      "",
      "{",
      "{" + good,
      "[]",
      "null",
      "\"charge\"",
      "{\"reference\":\"r-1\"}",
      R"({"reference":"","amount":100,"currency":"THB","method":"card"})",
      R"({"reference":"a b","amount":100,"currency":"THB","method":"card"})",
      R"({"reference":["r-1"],"amount":100,"currency":"THB","method":"card"})",
      R"({"reference":")" + std::string(129, 'x') +
          R"(","amount":100,"currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":0,"currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":-5,"currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":1.5,"currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":"100","currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":18446744073709551615,"currency":"THB","method":"card"})",
      R"({"reference":"r-1","amount":100,"currency":"thb","method":"card"})",
      R"({"reference":"r-1","amount":100,"currency":"THB","method":"cash"})",
      "{" + good + ",\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
      std::string(1'000'000, '['),
      "{\"reference\":\"\xff\xfe\",\"amount\":100,\"currency\":\"THB\",\"method\":\"card\"}",
  };
  for (const std::string& body : cases) {
    CAPTURE(body.substr(0, 80));
    CHECK(desk.ask("POST", "/sandbox/v1/charges", body).status == 400);
  }
  CHECK(desk.ask("GET", "/sandbox/v1/charges").body().at("charges").empty());
  CHECK(desk.ask("DELETE", "/sandbox/v1/charges").status == 405);
  CHECK(desk.ask("GET", "/sandbox/v1").status == 404);
  CHECK(desk.ask("GET", "/sandbox/v1/charges/x/y/z").status == 404);
}

}  // namespace frontrow::sandbox::test
