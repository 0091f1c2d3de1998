// Each adapter against the sandbox server in the dialect of its gateway: the whole life of a
// charge, and what goes wrong on the way.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "outbound/http_client.hpp"
#include "payment/adapter_world.hpp"
#include "sandbox/sandbox_server.hpp"

namespace frontrow::payment {
namespace {

const std::string reference = "r-1-o7-1";

struct Sandbox {
  static frontrow::sandbox::SandboxSettings settings(Duration capture_delay, bool by_hand) {
    frontrow::sandbox::SandboxSettings made;
    made.secret = AdapterWorld::secret;
    made.faults.capture_delay = capture_delay;
    made.faults.approve_by_hand = by_hand;
    return made;
  }
  Sandbox(const std::string& gateway, Duration capture_delay = milliseconds(0),
          bool manual_capture = false, bool by_hand = true)
      : server(settings(capture_delay, by_hand), [](const std::string&) {}) {
    REQUIRE_FALSE(server.start());
    world.emplace(gateway, server.url(), seconds(10), manual_capture);
  }
  /// Changes a switch while it runs.
  void fault(const nlohmann::json& changes) {
    outbound::HttpClient client(world->context, {});
    bool done = false, good = false;
    outbound::OutboundRequest request;
    request.method = "PUT";
    request.url = server.url() + "/faults";
    request.headers = {{"Authorization", "Bearer " + AdapterWorld::secret},
                       {"Content-Type", "application/json"}};
    request.body = changes.dump();
    client.send(std::move(request), [&](const outbound::OutboundOutcome& outcome) {
      done = true;
      good = outcome.good();
    });
    world->await([&] { return done; });
    REQUIRE(good);
  }
  frontrow::sandbox::SandboxServer server;
  std::optional<AdapterWorld> world;
};

const std::vector<std::string> all = {"sandbox", "stripe", "omise"};

}  // namespace

TEST_CASE("a charge is made once, captured, and found under its reference") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  const auto made = world.create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(made.state == ChargeState::kCaptured);
  CHECK(made.amount == Amount{450'000});
  CHECK_FALSE(made.gateway_reference.empty());
  const auto again = world.create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(again.state == ChargeState::kCaptured);
  CHECK(again.gateway_reference == made.gateway_reference);
  CHECK(world.look_up(reference).gateway_reference == made.gateway_reference);
  CHECK(world.look_up("r-1-o8-1").state == ChargeState::kNotFound);

  world.restart();
  CHECK(world.look_up(reference).state == ChargeState::kCaptured);
  world.restart();
  world.adapter->recall({reference, {450'000}, "THB", PaymentMethod::kCard, {}, {}});
  CHECK(world.look_up(reference).gateway_reference == made.gateway_reference);
  const auto records = world.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0].reference == reference);
  CHECK(records[0].state == ChargeState::kCaptured);
  CHECK(records[0].amount == Amount{450'000});
  CHECK(records[0].currency == "THB");
  CHECK(records[0].refunded == Amount{});
}

TEST_CASE("each decline comes back as what it is") {
  struct Row {
    const char* token;
    PaymentFailure failure;
  };
  for (const Row row : {Row{"tok_declined", PaymentFailure::kDeclined},
                        Row{"tok_insufficient_funds", PaymentFailure::kInsufficientFunds},
                        Row{"tok_expired_card", PaymentFailure::kExpiredCard},
                        Row{"tok_fraud", PaymentFailure::kFraudSuspected},
                        Row{"tok_unheard_of", PaymentFailure::kInvalidToken}}) {
    for (const std::string& gateway : all) {
      CAPTURE(gateway, row.token);
      Sandbox test(gateway);
      const auto outcome = test.world->create(AdapterWorld::request(reference, row.token));
      CHECK(outcome.state == ChargeState::kFailed);
      // Omise has no word for it.
      const bool expired = row.failure == PaymentFailure::kExpiredCard;
      CHECK(outcome.failure ==
            (expired && gateway == "omise" ? PaymentFailure::kDeclined : row.failure));
    }
  }
}

TEST_CASE("a charge that takes its time is pending, then captured") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway, milliseconds(100));
  // In the dialects of the others a card is settled before its charge is answered.
  const ChargeState made = test.world->create(AdapterWorld::request(reference, "tok_ok")).state;
  CHECK(made == (gateway == "sandbox" ? ChargeState::kPending : ChargeState::kCaptured));
  CHECK(test.world->outcome_of(reference).state == ChargeState::kCaptured);
}

TEST_CASE("a code to scan, or a page to go to, is an action that stays the same") {
  struct Row {
    const char* gateway;
    PaymentMethod method;
    const char* type;
  };
  const Row row = GENERATE(values<Row>({
      {"sandbox", PaymentMethod::kPromptPay, "qr"},
      {"stripe", PaymentMethod::kPromptPay, "qr"},
      {"omise", PaymentMethod::kPromptPay, "qr"},
      {"sandbox", PaymentMethod::kMobileBankingScb, "redirect"},
      {"omise", PaymentMethod::kMobileBankingKbank, "redirect"},
      {"omise", PaymentMethod::kRabbitLinePay, "redirect"},
      {"omise", PaymentMethod::kShopeePay, "redirect"},
      {"sandbox", PaymentMethod::kTrueMoney, "redirect"},
      {"omise", PaymentMethod::kTrueMoney, "redirect"},
  }));
  CAPTURE(row.gateway, row.type);
  Sandbox test(row.gateway);
  const auto made = test.world->create(AdapterWorld::request(reference, "", row.method));
  REQUIRE(made.state == ChargeState::kAction);
  const auto action = nlohmann::json::parse(made.action);
  CHECK(action["type"] == row.type);
  if (action["type"] == "qr") {
    CHECK((!action["data"].get<std::string>().empty() ||
           !action["image"].get<std::string>().empty()));
    CHECK(action["expires_at"].get<std::string>().back() == 'Z');
  } else {
    CHECK(action["url"].get<std::string>().starts_with("http"));
  }
  const auto looked = test.world->look_up(reference);
  CHECK(looked.state == ChargeState::kAction);
  CHECK(looked.action == made.action);

  const auto cancelled = test.world->cancel(reference);
  CHECK(cancelled.state == ChargeState::kFailed);
  CHECK(cancelled.failure == PaymentFailure::kCancelled);
  CHECK(test.world->look_up(reference).state == ChargeState::kFailed);
}

TEST_CASE("a cancellation that comes too late says that money has moved") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  test.world->create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(test.world->cancel(reference).state == ChargeState::kCaptured);
  test.world->restart();
  CHECK(test.world->cancel(reference).state == ChargeState::kCaptured);
}

TEST_CASE("what was cancelled before it was made is never made") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  CHECK(test.world->cancel("r-1-o9-1").state == ChargeState::kNotFound);
  test.world->adapter->recall({reference, {450'000}, "THB", PaymentMethod::kCard, {}, {}});
  const ChargeState cancelled = test.world->cancel(reference).state;
  CHECK((cancelled == ChargeState::kNotFound || cancelled == ChargeState::kFailed));
  if (gateway == "omise") return;  // has nothing to remember it by
  const auto late = test.world->create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(late.state == ChargeState::kFailed);
  CHECK(late.failure == PaymentFailure::kCancelled);
}

TEST_CASE("a refund is made once, however often it is asked for") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  CHECK(world.refund(reference).state == ChargeState::kNotFound);
  world.create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
  world.restart();
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
  const auto records = world.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0].refunded == Amount{450'000});

  world.create(AdapterWorld::request("r-1-o8-1", "tok_declined"));
  CHECK(world.refund("r-1-o8-1").state == ChargeState::kFailed);
}

TEST_CASE("an answer that is lost after the charge was made: charged once") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  test.fault({{"dropped_answer_rate", 1}});
  CHECK(world.create(AdapterWorld::request(reference, "tok_ok")).state ==
        ChargeState::kUnreachable);
  // The others send it again; Omise's charge is looked for, and looking is not dropped.
  const ChargeState second = world.create(AdapterWorld::request(reference, "tok_ok")).state;
  CHECK(second == (gateway == "omise" ? ChargeState::kCaptured : ChargeState::kUnreachable));
  test.fault({{"dropped_answer_rate", 0}});
  const auto made = world.create(AdapterWorld::request(reference, "tok_ok"));
  CHECK(made.state == ChargeState::kCaptured);

  test.fault({{"dropped_answer_rate", 1}});
  CHECK(world.refund(reference).state == ChargeState::kUnreachable);
  const ChargeState again = world.refund(reference).state;
  CHECK(again == (gateway == "omise" ? ChargeState::kCaptured : ChargeState::kUnreachable));
  test.fault({{"dropped_answer_rate", 0}});
  CHECK(world.refund(reference).state == ChargeState::kCaptured);
  const auto records = world.records();
  REQUIRE(records.size() == 1);
  CHECK(records[0].refunded == Amount{450'000});
}

TEST_CASE("an outage is nothing known, and afterwards it goes on") {
  const std::string gateway = GENERATE(from_range(all));
  const bool drops = GENERATE(false, true);
  CAPTURE(gateway, drops);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  test.fault({{"outage", true}, {"outage_drops", drops}});
  CHECK(world.create(AdapterWorld::request(reference, "tok_ok")).state ==
        ChargeState::kUnreachable);
  CHECK(world.look_up(reference).state == ChargeState::kUnreachable);
  CHECK(world.cancel(reference).state == ChargeState::kUnreachable);
  CHECK_FALSE(world.page("").good);
  test.fault({{"outage", false}});
  // Where it may have arrived it is not sent again without a key that the gateway keeps.
  const auto after = world.create(AdapterWorld::request("r-1-o8-1", "tok_ok"));
  CHECK(after.state == ChargeState::kCaptured);
  CHECK(world.records().size() <= 2);
}

TEST_CASE("with manual capture a card is captured right after its authorisation") {
  const std::string gateway = GENERATE("stripe", "omise");
  CAPTURE(gateway);
  Sandbox test(gateway, milliseconds(0), true);
  CHECK(test.world->create(AdapterWorld::request(reference, "tok_ok")).state ==
        ChargeState::kCaptured);
}

TEST_CASE("with manual capture what is to be cancelled by then is not captured") {
  const std::string gateway = GENERATE("stripe", "omise");
  CAPTURE(gateway);
  Sandbox test(gateway, milliseconds(0), true);
  AdapterWorld& world = *test.world;
  std::vector<ChargeOutcome> answers;
  world.adapter->create(AdapterWorld::request(reference, "tok_ok"),
                        [&](const ChargeOutcome& outcome) { answers.push_back(outcome); });
  world.adapter->expect_cancel(reference);
  world.await([&] { return !answers.empty(); });
  CHECK(answers[0].state == ChargeState::kFailed);
  CHECK(answers[0].failure == PaymentFailure::kCancelled);
  CHECK(world.cancel(reference).state == ChargeState::kFailed);
}

TEST_CASE("only this round's charges are listed, all of them, over many pages") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  std::set<std::string> made;
  for (int n = 0; n < 130; ++n) {
    const std::string name = "r-1-o" + std::to_string(n) + "-1";
    world.create(AdapterWorld::request(name, "tok_ok"));
    made.insert(name);
  }
  for (const char* foreign : {"r-10-o1-1", "r-2-o1-1", "other"})
    world.create(AdapterWorld::request(foreign, "tok_ok"));
  std::set<std::string> listed;
  for (const auto& record : world.records()) listed.insert(record.reference);
  CHECK(listed == made);
}

TEST_CASE("many charges at once go over few connections, each answered once") {
  const std::string gateway = GENERATE(from_range(all));
  CAPTURE(gateway);
  Sandbox test(gateway);
  AdapterWorld& world = *test.world;
  int captured = 0;
  for (int n = 0; n < 100; ++n) {
    world.adapter->create(AdapterWorld::request("r-1-o" + std::to_string(n) + "-1", "tok_ok"),
                          [&](const ChargeOutcome& outcome) {
                            captured += outcome.state == ChargeState::kCaptured ? 1 : 0;
                          });
  }
  world.await([&] { return captured == 100; });
  CHECK(world.records().size() == 100);
}

}  // namespace frontrow::payment
