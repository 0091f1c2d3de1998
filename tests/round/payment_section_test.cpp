#include <catch2/catch.hpp>
#include <cstdlib>

#include "round/round_fixture.hpp"

namespace frontrow::round {
namespace {

nlohmann::json stripe_round() {
  auto round = small_round();
  round["payment"] = {{"gateway", "stripe"},
                      {"return_url", "https://tickets.example/back"},
                      {"stripe",
                       {{"secret_key", "sk_test_1"},
                        {"public_key", "pk_test_1"},
                        {"webhook_secrets", {"whsec_1", "whsec_2"}}}}};
  return round;
}

}  // namespace

TEST_CASE("the payment section is read with its secrets, wherever they are") {
  const Loader load;
  load.directory.write("key", "sk_from_file\n");
  ::setenv("FRONTROW_TEST_WEBHOOK", "whsec_env", 1);
  auto round = stripe_round();
  round["payment"]["fallback"] = "omise";
  round["payment"]["stripe"]["secret_key"] = {{"file", "key"}};
  round["payment"]["stripe"]["webhook_secrets"][1] = {{"env", "FRONTROW_TEST_WEBHOOK"}};
  round["payment"]["stripe"]["manual_capture"] = true;
  round["payment"]["stripe"]["url"] = "http://127.0.0.1:8080/";
  round["payment"]["omise"] = {{"secret_key", "skey_1"}, {"webhook_secrets", {"c2VjcmV0"}}};
  const auto result = load(round);
  CHECK(lines(result.mistakes).empty());
  REQUIRE(result.file);
  const PaymentRules& payment = result.file->payment;
  CHECK(payment.gateway == "stripe");
  CHECK(payment.fallback == "omise");
  CHECK(payment.uses("omise"));
  CHECK(payment.stripe.secret_key == "sk_from_file");
  CHECK(payment.stripe.webhook_secrets == std::vector<std::string>{"whsec_1", "whsec_env"});
  CHECK(payment.stripe.manual_capture);
  CHECK(payment.stripe.url == "http://127.0.0.1:8080");
  CHECK(payment.omise.url == "https://api.omise.co");
  CHECK(payment.omise.vault_url == "https://vault.omise.co");
  CHECK(payment.return_url == "https://tickets.example/back");
  CHECK(payment.methods == std::vector{PaymentMethod::kCard, PaymentMethod::kPromptPay});
  CHECK(result.file->bound.find("sk_") == std::string::npos);
}

TEST_CASE("every mistake of the payment section is named by its path") {
  struct Row {
    const char* set;
    const char* path;
    const char* part;
  };
  const Row row = GENERATE(values<Row>({
      {"payment.fallback=stripe", "payment.fallback", "another of"},
      {"payment.fallback=bank", "payment.fallback", "another of"},
      {"payment.fallback=omise", "payment.omise.secret_key", "is needed"},
      {"payment.methods=[]", "payment.methods", "an array of 1 to"},
      {"payment.methods=card", "payment.methods", "an array"},
      {"payment.methods=[\"cash\"]", "payment.methods[0]", "is no method of stripe"},
      {"payment.methods=[\"truemoney\"]", "payment.methods[0]", "is no method of stripe"},
      {"payment.methods=[\"card\",\"card\"]", "payment.methods[1]", "given twice"},
      {"payment.return_url=http://tickets.example", "payment.return_url", "must be https://"},
      {"payment.return_url=javascript:alert(1)", "payment.return_url", "must be https://"},
      {"payment.connections_max=0", "payment.connections_max", "from 1"},
      {"payment.stripe.url=http://api.stripe.com", "payment.stripe.url", "must be https://"},
      {"payment.stripe.url=http://127.0.0.1@evil.example", "payment.stripe.url", "https://"},
      {"payment.stripe.url=http://localhost.evil.example", "payment.stripe.url", "https://"},
      {"payment.stripe.secret_key=null", "payment.stripe.secret_key", "is needed"},
      {"payment.stripe.secret_key={\"env\":\"FRONTROW_NOT_THERE\"}",
       "payment.stripe.secret_key.env", "no variable"},
      {"payment.stripe.secret_key=\"a b\"", "payment.stripe.secret_key", "plain ASCII"},
      {"payment.stripe.public_key=sk_live_1", "payment.stripe.public_key", "is a secret key"},
      {"payment.stripe.webhook_secrets=[\"\"]", "payment.stripe.webhook_secrets[0]",
       "not be empty"},
      {"payment.stripe.webhook_secrets=x", "payment.stripe.webhook_secrets", "an array"},
      {"payment.stripe.authorities=nowhere.pem", "payment.stripe.authorities", "nowhere.pem"},
      {"payment.stripe.manual_capture=1", "payment.stripe.manual_capture", "true or false"},
      {"payment.stripe.vault_url=https://x", "payment.stripe.vault_url", "not a known key"},
      {"payment.omise.webhook_secrets=[\"not base64\"]", "payment.omise.webhook_secrets[0]",
       "base64"},
      {"payment.sandbox.url=ftp://x", "payment.sandbox.url", "https://"},
      {"payment.bank={}", "payment.bank", "not a known key"},
      {"prices.vip=25000001", "prices.vip", "stripe cannot take"},
      {"prices.vip=0", "prices.vip", "stripe cannot take"},
  }));
  CAPTURE(row.set);
  const Loader load;
  const auto result = load(stripe_round(), {row.set});
  CHECK_FALSE(result.file);
  CAPTURE(lines(result.mistakes));
  CHECK(has_line(result.mistakes, row.path, row.part));
  for (const auto& line : lines(result.mistakes)) CHECK(line.find("sk_test") == std::string::npos);
}

TEST_CASE("what a gateway cannot take of a currency is refused by the check") {
  struct Row {
    const char* gateway;
    const char* currency;
    std::int64_t price;
    bool good;
  };
  const Row row = GENERATE(values<Row>({
      {"stripe", "JPY", 12'800, true},
      {"stripe", "KRW", 99'000, true},
      {"stripe", "KWD", 12'340, true},
      {"stripe", "KWD", 12'345, false},
      {"omise", "THB", 450'000, true},
      {"omise", "JPY", 12'800, true},
      {"omise", "KRW", 99'000, false},
      {"omise", "KWD", 12'340, false},
      {"sandbox", "KWD", 12'345, true},
      {"sandbox", "KRW", 99'000, true},
  }));
  CAPTURE(row.gateway, row.currency, row.price);
  const Loader load;
  auto round = stripe_round();
  round["payment"]["gateway"] = row.gateway;
  round["payment"]["omise"] = {{"secret_key", "skey_1"}};
  round["round"]["currency"] = row.currency;
  round["prices"] = {{"vip", row.price}, {"cat1", row.price}};
  const auto result = load(round);
  CAPTURE(lines(result.mistakes));
  CHECK(result.file.has_value() == row.good);
  if (!row.good) {
    CHECK(has_line(result.mistakes, "prices.vip", row.gateway));
    return;
  }
  CHECK(result.file->payment.methods.front() == PaymentMethod::kCard);
  if (std::string(row.currency) != "THB") CHECK(result.file->payment.methods.size() == 1);
}

TEST_CASE("a method of Thailand is refused in a round of another currency") {
  const Loader load;
  auto round = stripe_round();
  round["round"]["currency"] = "JPY";
  round["payment"]["methods"] = {"card", "promptpay"};
  CHECK(has_line(load(round).mistakes, "payment.methods", "THB alone"));
}

TEST_CASE("a sandbox elsewhere needs its secret") {
  const Loader load;
  auto round = small_round();
  round["payment"] = {{"gateway", "sandbox"}, {"sandbox", {{"url", "http://127.0.0.1:9"}}}};
  CHECK(has_line(load(round).mistakes, "payment.sandbox.secret", "is needed"));
  round["payment"]["sandbox"]["secret"] = "s";
  const auto result = load(round);
  REQUIRE(result.file);
  CHECK(has_line(result.warnings, "payment.sandbox.notice_secrets", "notices are refused"));
}

TEST_CASE("what is unwise about a gateway is warned of") {
  const Loader load;
  auto round = stripe_round();
  round["payment"].erase("return_url");
  round["payment"]["stripe"].erase("webhook_secrets");
  round["payment"]["stripe"].erase("public_key");
  const auto result = load(round);
  REQUIRE(result.file);
  CHECK(has_line(result.warnings, "payment.stripe.webhook_secrets", "notices are refused"));
  CHECK(has_line(result.warnings, "payment.stripe.public_key", "token"));
  CHECK(has_line(result.warnings, "payment.return_url", "find back"));
}

}  // namespace frontrow::round
