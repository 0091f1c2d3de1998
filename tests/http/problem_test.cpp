#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "http/problem.hpp"
#include "text/messages.hpp"

using namespace frontrow;
using namespace frontrow::http;

TEST_CASE("every rejection and every fault has a status, a code and words") {
  const text::Messages& messages = text::Messages::get();
  const auto check = [&](const ProblemKind& kind) {
    INFO(kind.code);
    CHECK(kind.status >= 400);
    CHECK(kind.status < 600);
    CHECK(messages.has("problem." + std::string(kind.code) + ".title"));
    CHECK(messages.has("problem." + std::string(kind.code) + ".detail"));
  };
  for (const ProblemKind& kind : rejection_table()) check(kind);
  for (const ProblemKind& kind : fault_table()) check(kind);
}

TEST_CASE("rejections answer as the contract names them") {
  struct Row {
    Rejection rejection;
    int status;
    const char* code;
  };
  const Row rows[] = {
      {Rejection::kBanned, 403, "banned"},
      {Rejection::kNotFound, 404, "not-found"},
      {Rejection::kIdempotencyKeyReused, 422, "idempotency-key-reused"},
      {Rejection::kRoundPaused, 409, "round-paused"},
      {Rejection::kRoundClosed, 409, "round-closed"},
      {Rejection::kLobbyNotOpen, 409, "lobby-not-open"},
      {Rejection::kNotShopping, 403, "not-shopping"},
      {Rejection::kUnknownSeat, 404, "unknown-seat"},
      {Rejection::kUnknownZone, 404, "unknown-zone"},
      {Rejection::kUnknownCategory, 404, "unknown-category"},
      {Rejection::kLimitReached, 409, "limit-reached"},
      {Rejection::kSeatsUnavailable, 409, "seats-unavailable"},
      {Rejection::kNotEnoughSeats, 409, "not-enough-seats"},
      {Rejection::kLeavesOrphan, 409, "leaves-orphan"},
      {Rejection::kOrderNotHeld, 409, "order-not-held"},
      {Rejection::kOrderNotPayable, 409, "order-not-payable"},
      {Rejection::kOrderNotPaid, 409, "order-not-paid"},
      {Rejection::kReturnClosed, 409, "return-closed"},
      {Rejection::kNotCalled, 409, "not-called"},
      {Rejection::kShopFull, 409, "shop-full"},
      {Rejection::kProofUsed, 403, "proof-of-work-failed"},
      {Rejection::kBeaconTooEarly, 409, "beacon-too-early"},
  };
  for (const Row& row : rows) {
    const Problem problem(row.rejection);
    CHECK(problem.status() == row.status);
    CHECK(problem.code() == row.code);
  }
}

TEST_CASE("a problem is an object of RFC 9457 in the reader's language") {
  const std::string_view names[] = {"A-1-1", "A-1-\"2\""};
  const Problem problem =
      Problem(Rejection::kSeatsUnavailable).with_names("seats", names).with_path("x");
  const auto english = nlohmann::json::parse(problem.json("en"));
  CHECK(english["type"] == "/problems/seats-unavailable");
  CHECK(english["status"] == 409);
  CHECK(english["code"] == "seats-unavailable");
  CHECK(english["seats"] == nlohmann::json({"A-1-1", "A-1-\"2\""}));
  CHECK(english["path"] == "x");
  const auto thai = nlohmann::json::parse(problem.json("th"));
  CHECK(thai["title"] != english["title"]);
  CHECK(thai["code"] == english["code"]);
}

TEST_CASE("429 and 503 carry Retry-After, in the header and in the object") {
  const Response response = Problem(Fault::kOverloaded).response("en");
  const auto body = nlohmann::json::parse(*response.body);
  CHECK(response.status == 503);
  CHECK(body["retry_after"] == 1);
  const std::pair<std::string, std::string> header{"Retry-After", "1"};
  CHECK(std::count(response.headers.begin(), response.headers.end(), header) == 1);
}
