// What the public is told of the transparency log, and the receipt that joining returns.
#include <catch2/catch.hpp>

#include "base/encoding.hpp"
#include "direct_front.hpp"
#include "proof/checkpoint.hpp"
#include "proof/transparency_log.hpp"
#include "proof/verify.hpp"

using namespace frontrow;
using namespace frontrow::test;
using nlohmann::json;

namespace {

/// Made before the front that asks it, and gone after it.
struct HasLog {
  std::unique_ptr<proof::TransparencyLog> log;
};

/// A front whose fan 0 joined with command 7; its log is empty and unsigned at first.
struct LoggedFront : HasLog, DirectFront {
  explicit LoggedFront(http::HttpSettings settings = quiet_settings())
      : DirectFront(accept_all, std::move(settings), [this](const PublishedRound& its_world) {
          const std::string& round = its_world.round->id;
          log = std::make_unique<proof::TransparencyLog>(
              proof::NoteSigner(proof::log_name("tickets.example", round), Bytes32{4}), round,
              Bytes32{5}, its_world.published);
          return log.get();
        }) {
    FanView view = *world.published.read_fan(FanId{0});
    view.tier = 2;
    view.joined_sequence = 7;
    view.joined_at = {small_round_start.microseconds + 1'234};
    world.published.write_fan(FanId{0}, view);
    entry = to_hex(view.entry);
  }
  FactNote note(FactKind kind) const {
    return {7, {small_round_start.microseconds + 1'234}, kind, 2, FanId{0}, 1, {}, {}};
  }
  void append(FactKind kind) {
    const FactNote one = note(kind);
    log->append({&one, 1});
  }
  void sign() { log->sign_checkpoint(small_round_start); }
  json proof() { return ask("GET", "/api/v1/audit/proof?entry=" + entry).json(); }

  std::string entry;
};

proof::Receipt receipt_in(const json& object) {
  const proof::ReceiptFields fields{
      object.at("round"),    object.at("entry"), object.at("tier"),     object.at("joined_at"),
      object.at("sequence"), object.at("leaf"),  object.at("signature")};
  CHECK(object.size() == 7);
  const auto receipt = proof::from_fields(fields);
  REQUIRE(receipt.has_value());
  return *receipt;
}

}  // namespace

TEST_CASE("joining and asking again give one receipt, which is the log's leaf") {
  LoggedFront front;
  const auto joined = front.ask("POST", "/api/v1/queue", "{}");
  CHECK(joined.response.status == 201);
  const proof::Receipt receipt = receipt_in(joined.json()["receipt"]);
  CHECK(proof::receipt_is_signed_by(receipt, front.log->verifier_key().public_key()));
  CHECK(proof::receipt_matches_leaf(receipt));
  CHECK(receipt.round == "small-1");
  CHECK(receipt.tier == 2);
  CHECK(receipt.sequence == 7);
  CHECK(to_hex(receipt.entry) == front.entry);
  const auto again = front.ask("GET", "/api/v1/queue/receipt", "", front.as_fan(0));
  CHECK(again.response.status == 200);
  CHECK(receipt_in(again.json()) == receipt);
  CHECK(front.ask("GET", "/api/v1/queue/receipt").response.status == 401);
  front.append(FactKind::kJoined);
  front.sign();
  CHECK(front.proof()["facts"][0]["leaf"] == joined.json()["receipt"]["leaf"]);
}

TEST_CASE("the newest checkpoint and its key are texts that anyone may fetch") {
  LoggedFront front;
  const auto early = front.ask("GET", "/api/v1/audit/checkpoint");
  CHECK(early.response.status == 503);
  CHECK(early.header("Retry-After") != "");
  const auto key = front.ask("GET", "/api/v1/audit/key");
  CHECK(*key.response.body == front.log->verifier_key().text() + "\n");
  front.append(FactKind::kJoined);
  front.sign();
  const auto checkpoint = front.ask("GET", "/api/v1/audit/checkpoint");
  CHECK(checkpoint.response.status == 200);
  CHECK(checkpoint.response.content_type == "text/plain; charset=utf-8");
  CHECK(checkpoint.response.cache_control == "no-cache");
  const auto opened = proof::open_checkpoint(*checkpoint.response.body, front.log->verifier_key());
  REQUIRE(opened.checkpoint.has_value());
  CHECK(opened.checkpoint->size == 1);
}

TEST_CASE("an entry's facts come with proofs that lead to the checkpoint beside them") {
  LoggedFront front;
  for (const FactKind kind : {FactKind::kJoined, FactKind::kDrawn, FactKind::kCalled})
    front.append(kind);
  front.sign();
  const json answer = front.proof();
  const auto opened =
      proof::open_checkpoint(answer["checkpoint"].get<std::string>(), front.log->verifier_key());
  REQUIRE(opened.checkpoint.has_value());
  REQUIRE(answer["facts"].size() == 3);
  const char* const names[] = {"joined", "drawn", "called"};
  for (std::size_t n = 0; n < 3; ++n) {
    const json& fact = answer["facts"][n];
    CHECK(fact["name"] == names[n]);
    const auto leaf = from_base64(fact["leaf"].get<std::string>());
    const auto nodes =
        proof::nodes_from_text(fact["proof"]["nodes"].get<std::vector<std::string>>());
    REQUIRE((leaf && nodes));
    const proof::InclusionProof inclusion{fact["proof"]["index"], fact["proof"]["size"], *nodes};
    CHECK(proof::verify_inclusion(merkle_leaf(*leaf), inclusion, opened.checkpoint->root));
  }
}

TEST_CASE("an entry that is unknown and one that waits for a checkpoint are told apart") {
  LoggedFront front;
  front.sign();
  const std::string path = "/api/v1/audit/proof?entry=";
  const auto unknown = front.ask("GET", path + std::string(32, 'a'));
  CHECK(unknown.response.status == 404);
  CHECK(unknown.json()["code"] == "not-found");
  CHECK(unknown.header("Retry-After") == "");
  front.append(FactKind::kJoined);
  const auto pending = front.ask("GET", path + front.entry);
  CHECK(pending.response.status == 404);
  CHECK(pending.json()["code"] == "not-found");
  CHECK(pending.json()["detail"] != unknown.json()["detail"]);
  CHECK(pending.header("Retry-After") == "2");
  front.sign();
  CHECK(front.ask("GET", path + front.entry).response.status == 200);
}

TEST_CASE("what is malformed is refused with its path before anything is looked up") {
  LoggedFront front;
  front.append(FactKind::kJoined);
  front.sign();
  const struct {
    const char* target;
    const char* path;
  } cases[] = {
      {"/api/v1/audit/proof", "entry"},
      {"/api/v1/audit/proof?entry=", "entry"},
      {"/api/v1/audit/proof?entry=0123", "entry"},
      {"/api/v1/audit/proof?entry=ABCDEFABCDEFABCDEFABCDEFABCDEFAB", "entry"},
      {"/api/v1/audit/proof?entry=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "entry"},
      {"/api/v1/audit/consistency", "from"},
      {"/api/v1/audit/consistency?to=1", "from"},
      {"/api/v1/audit/consistency?from=0", "to"},
      {"/api/v1/audit/consistency?from=x&to=1", "from"},
      {"/api/v1/audit/consistency?from=-1&to=1", "from"},
      {"/api/v1/audit/consistency?from=00&to=1", "from"},
      {"/api/v1/audit/consistency?from=0&to=1x", "to"},
      {"/api/v1/audit/consistency?from=0&to=18446744073709551616", "to"},
      {"/api/v1/audit/consistency?from=1&to=0", "from"},
      {"/api/v1/audit/consistency?from=0&to=2", "to"},
  };
  for (const auto& [target, path] : cases) {
    CAPTURE(target);
    const auto answered = front.ask("GET", target);
    CHECK(answered.response.status == 400);
    CHECK(answered.json()["code"] == "invalid-request");
    CHECK(answered.json()["path"] == path);
  }
}

TEST_CASE("the consistency of two sizes is told as it is proven") {
  LoggedFront front;
  front.append(FactKind::kJoined);
  front.append(FactKind::kDrawn);
  front.append(FactKind::kCalled);
  front.sign();
  const auto answered = front.ask("GET", "/api/v1/audit/consistency?from=2&to=3");
  CHECK(answered.response.status == 200);
  const json answer = answered.json();
  CHECK(answer["from"] == 2);
  CHECK(answer["to"] == 3);
  const auto expected = front.log->prove_consistency(2, 3);
  CHECK(answer["nodes"] == proof::nodes_to_text(expected->nodes));
  CHECK(front.ask("GET", "/api/v1/audit/consistency?from=0&to=3").json()["nodes"].empty());
}

TEST_CASE("the log's calls are counted against the caller's rate") {
  auto settings = quiet_settings();
  settings.requests_per_second = 1;
  LoggedFront front(std::move(settings));
  front.sign();
  for (const char* target : {"/api/v1/audit/checkpoint", "/api/v1/audit/key"}) {
    CAPTURE(target);
    int limited = 0;
    for (int n = 0; n < 5; ++n) limited += front.ask("GET", target).response.status == 429;
    CHECK(limited >= 3);
  }
}
