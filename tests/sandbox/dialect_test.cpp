// What of the dialects of Stripe and Omise the official clients do not reach.
#include <catch2/catch.hpp>

#include "sandbox/desk.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::sandbox::test {
namespace {

const std::string good_intent =
    "amount=5000&currency=thb&confirm=true&payment_method=pm_card_visa&metadata[reference]=r-1";

std::string code_of(const Told& told) { return told.body().at("error").value("code", ""); }

}  // namespace

TEST_CASE("Stripe: a key still names its charge and its refund after a restart") {
  const TemporaryDirectory directory;
  SandboxSettings settings;
  settings.book = directory.path() / "sandbox.book";
  Desk desk(settings);
  const Told made = desk.stripe("POST", "/v1/payment_intents", good_intent, "key-1");
  REQUIRE(made.status == 200);
  const std::string id = made.body().at("id");
  const std::string refund_form = "payment_intent=" + id + "&amount=1000";
  const Told refund = desk.stripe("POST", "/v1/refunds", refund_form, "key-2");
  REQUIRE(refund.status == 200);
  const std::string declined_form =
      "amount=5000&currency=thb&confirm=true&"
      "payment_method=pm_card_chargeDeclined";
  REQUIRE(desk.stripe("POST", "/v1/payment_intents", declined_form, "key-3").status == 402);
  desk.restart();
  const Told again = desk.stripe("POST", "/v1/payment_intents", good_intent, "key-1");
  CHECK(again.body().at("id") == id);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(desk.stripe("POST", "/v1/refunds", refund_form, "key-2").body().at("id") ==
        refund.body().at("id"));
  CHECK(desk.stripe("POST", "/v1/payment_intents", declined_form, "key-3").status == 402);
  CHECK(desk.stripe("POST", "/v1/payment_intents", good_intent + "&description=x", "key-1")
            .body()
            .at("error")
            .at("type") == "idempotency_error");
  CHECK(desk.stripe("GET", "/v1/payment_intents").body().at("data").size() == 2);
}

TEST_CASE("Stripe: the order of parameters does not matter to a key, the path does") {
  Desk desk;
  const Told first = desk.stripe("POST", "/v1/payment_intents", "amount=5000&currency=thb", "k");
  const Told again = desk.stripe("POST", "/v1/payment_intents", "currency=thb&amount=5000", "k");
  CHECK(again.body().at("id") == first.body().at("id"));
  CHECK(desk.stripe("POST", "/v1/payment_methods", "amount=5000&currency=thb", "k").status == 400);
}

TEST_CASE("Stripe: what was refused unread is not kept under its key") {
  Desk desk;
  CHECK(desk.stripe("POST", "/v1/payment_intents", "amount=x&currency=thb", "k").status == 400);
  CHECK(desk.stripe("POST", "/v1/payment_intents", good_intent, "k").status == 200);
}

TEST_CASE("Stripe: forms that contradict themselves or go on for ever are refused") {
  Desk desk;
  std::string many;
  for (int n = 0; n < 600; ++n) many += "metadata[k" + std::to_string(n) + "]=v&";
  const std::string cases[] = {
      "amount=5000&currency=thb&metadata=1&metadata[a]=2",
      "amount=5000&currency=thb&metadata[a=2",
      "amount=5000&currency=thb&metadata[a]]=2",
      "amount=5000&currency=thb&[a]=2",
      "amount=5000&currency=thb&metadata[a][b]=2",
      "amount=5000&currency=thb&metadata[a][b][c][d][e][f][g]=2",
      "amount=5000&currency=thb&description=%zz",
      "amount=5000&currency=thb&description=%4",
      "amount=5000&currency=thb&" + many,
      "amount=5000&currency=thb&metadata[a]=" + std::string(501, 'x'),
      "amount[]=5000&currency=thb",
      "amount=5000&currency[a]=thb",
      "amount=99999999999999999999&currency=thb",
      "amount=5000&currency=thb&confirm=perhaps",
      "amount=5000&currency=thb&confirm=true",
      "amount=5000&currency=thb&payment_method=tok_ok",
      "amount=5000&currency=thb&payment_method_data=card",
      "amount=5000&currency=thb&payment_method_types=card",
      "amount=5000&currency=thb&payment_method_types[]=cash",
      "amount=5000&currency=thb&capture_method=later",
  };
  for (const std::string& form : cases) {
    CAPTURE(form.substr(0, 80));
    CHECK(desk.stripe("POST", "/v1/payment_intents", form).status == 400);
  }
  CHECK(desk.stripe("GET", "/v1/payment_intents").body().at("data").empty());
}

TEST_CASE("Stripe: amounts with three decimals end in 0") {
  Desk desk;
  CHECK(desk.stripe("POST", "/v1/payment_intents", "amount=12340&currency=kwd").status == 200);
  CHECK(desk.stripe("POST", "/v1/payment_intents", "amount=12345&currency=kwd").status == 400);
  CHECK(desk.stripe("POST", "/v1/payment_intents", "amount=12345&currency=jpy").status == 200);
}

TEST_CASE("Stripe: a method that an intent does not take is refused") {
  Desk desk;
  const std::string card = "amount=5000&currency=thb&payment_method_types[]=card&confirm=true&";
  CHECK(desk.stripe("POST", "/v1/payment_intents", card + "payment_method_data[type]=promptpay")
            .status == 400);
  CHECK(desk.stripe("POST", "/v1/payment_intents",
                    "amount=5000&currency=thb&payment_method_types[]=promptpay&confirm=true&"
                    "payment_method=pm_card_visa")
            .status == 400);
}

TEST_CASE("Stripe: a slow card is processing first, and a decline can be cancelled") {
  Desk desk;
  const std::string slow =
      "amount=5000&currency=thb&confirm=true&payment_method_data[type]=card&"
      "payment_method_data[card][token]=tok_never";
  const Told made = desk.stripe("POST", "/v1/payment_intents", slow);
  CHECK(made.body().at("status") == "processing");
  const Told open = desk.stripe("POST", "/v1/payment_intents", "amount=5000&currency=thb");
  const std::string path = "/v1/payment_intents/" + open.body().at("id").get<std::string>();
  CHECK(desk.stripe("POST", path + "/confirm", "payment_method=pm_card_chargeDeclined").status ==
        402);
  CHECK(desk.stripe("POST", path + "/cancel").body().at("status") == "canceled");
  CHECK(code_of(desk.stripe("POST", path + "/confirm", "payment_method=pm_card_visa")) ==
        "payment_intent_unexpected_state");
}

TEST_CASE("Stripe and Omise do not see each other's charges, nor ours") {
  Desk desk;
  const std::string own = desk.charge("r-1").body().at("id");
  const std::string stripe =
      desk.stripe("POST", "/v1/payment_intents", good_intent).body().at("id");
  const std::string omise =
      desk.omise("POST", "/charges", {{"amount", 100}, {"currency", "thb"}, {"card", "tok_ok"}})
          .body()
          .at("id");
  for (const std::string& id : {own, omise})
    CHECK(desk.stripe("GET", "/v1/payment_intents/" + id).status == 404);
  for (const std::string& id : {own, stripe})
    CHECK(desk.omise("GET", "/charges/" + id).status == 404);
  CHECK(desk.stripe("GET", "/v1/payment_intents").body().at("data").size() == 1);
  CHECK(desk.omise("GET", "/charges").body().at("total") == 1);
}

TEST_CASE("Omise: bodies that are anything but a charge are refused by a code") {
  Desk desk;
  const json card = {{"amount", 100}, {"currency", "thb"}, {"card", "tok_ok"}};
  const auto with = [&](const char* name, json value) {
    json changed = card;
    changed[name] = std::move(value);
    return changed;
  };
  const json cases[] = {
      json::array(),
      json("text"),
      with("amount", "much"),
      with("amount", 1.5),
      with("amount", -1),
      with("amount", json::array({1})),
      with("currency", 7),
      with("currency", "baht"),
      with("card", "tok_of_nobody"),
      with("card", json::object()),
      with("source", "src_test_of_nobody"),
      with("metadata", "x"),
      with("metadata", {{"reference", std::string(501, 'x')}}),
      with("capture", "perhaps"),
      with("return_uri", std::string(3'000, 'x')),
      {{"amount", 100}, {"currency", "thb"}},
      {{"amount", 100}, {"currency", "thb"}, {"source", {{"type", "cash"}}}},
      {{"amount", 100}, {"currency", "thb"}, {"source", 7}},
      {{"amount", 100},
       {"currency", "thb"},
       {"source", {{"type", "promptpay"}}},
       {"capture", false}},
      {{"amount", 100},
       {"currency", "thb"},
       {"source", {{"type", "promptpay"}, {"amount", 99}, {"currency", "thb"}}}},
  };
  for (const json& body : cases) {
    CAPTURE(body.dump().substr(0, 100));
    const Told told = desk.omise("POST", "/charges", body);
    CHECK((told.status == 400 || told.status == 404));
    CHECK(told.body().at("object") == "error");
    CHECK_FALSE(told.body().at("code").get<std::string>().empty());
  }
  Request half = Desk::request_for("POST", "/charges", R"({"amount":100,)");
  half.authorization = "Basic " + to_base64(as_bytes(std::string(secret) + ":"));
  half.content_type = "application/json";
  CHECK(desk.send(std::move(half)).status == 400);
  CHECK(desk.omise("GET", "/charges").body().at("total") == 0);
}

TEST_CASE("Omise: the public key makes tokens and sources and nothing else") {
  Desk desk;
  const auto ask = [&](const char* method, const char* target, const json& body) {
    Request request = Desk::request_for(method, target, body.dump());
    request.authorization = "Basic " + to_base64(as_bytes(std::string("pkey_test_sandbox:")));
    request.content_type = "application/json";
    return desk.send(std::move(request)).status;
  };
  CHECK(ask("POST", "/sources", {{"type", "promptpay"}, {"amount", 1}, {"currency", "thb"}}) ==
        200);
  CHECK(ask("POST", "/charges", {{"amount", 1}, {"currency", "thb"}, {"card", "tok_ok"}}) == 401);
  CHECK(ask("GET", "/charges", {}) == 401);
}

TEST_CASE("Omise: an event that there is not is not found") {
  Desk desk;
  CHECK(desk.omise("GET", "/events/evnt_test_of_nobody").status == 404);
  CHECK(desk.omise("GET", "/events").status == 404);
}

}  // namespace frontrow::sandbox::test
