// The book: what comes back from the disk, what is cut off, what is refused.
#include "sandbox/book.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "support/temporary_directory.hpp"

namespace frontrow::sandbox {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

Charge sample(const std::string& id, const std::string& reference) {
  Charge charge;
  charge.id = id;
  charge.dialect = Dialect::kStripe;
  charge.reference = reference;
  charge.amount = {450'000};
  charge.currency = "THB";
  charge.metadata = R"({"reference":"x\"\u0e44"})";
  charge.description = "two lines\nand a tab\t";
  charge.detail = R"({"types":["card"]})";
  charge.capture_later = true;
  charge.made_at = {1'700'000'000'000'001};
  charge.state = ChargeState::kPending;
  charge.attempt.method = PaymentMethod::kMobileBankingKtb;
  charge.attempt.verdict = {PaymentFailure::kFraudSuspected, true, true, true};
  charge.attempt.instrument = "pm_1";
  charge.attempt.return_url = "https://tickets.example/back";
  charge.attempt.due_at = {1'700'000'000'000'002};
  charge.attempt.by_hand = true;
  charge.key = {"key-1", "digest-1"};
  return charge;
}

// A book as it was when the sandbox knew one charge a reference.
const std::string older_book =
    R"({"fact":"charge","reference":"bkk-1-o1-1","amount":450000,"currency":"THB","method":0,"failure":0,"slow":false,"never":false,"made_at":1,"due_at":2})"
    "\n"
    R"({"fact":"captured","reference":"bkk-1-o1-1"})"
    "\n"
    R"({"fact":"refunded","reference":"bkk-1-o1-1"})"
    "\n"
    R"({"fact":"charge","reference":"bkk-1-o2-1","amount":99900,"currency":"THB","method":1,"failure":0,"slow":false,"never":false,"made_at":3,"due_at":4})"
    "\n"
    R"({"fact":"charge","reference":"bkk-1-o3-1","amount":0,"currency":"","method":0,"failure":6,"slow":false,"never":false,"made_at":5,"due_at":5})"
    "\n"
    R"({"fact":"failed","reference":"bkk-1-o3-1","failure":6})"
    "\n";

}  // namespace

TEST_CASE("a charge comes back from the book with everything that was written of it") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "sandbox.book";
  {
    Book book(path);
    REQUIRE(book.write(ChargeMade{sample("pi_1", "r-1")}));
    REQUIRE(book.write(AttemptMade{"pi_1", sample("pi_1", "").attempt}));
    REQUIRE(book.write(Authorized{"pi_1"}));
    REQUIRE(book.write(Captured{"pi_1", {400'000}, {7}}));
    REQUIRE(book.write(Refunded{"pi_1", {"re_1", {1'000}, {8}}, {"key-2", "digest-2"}}));
    REQUIRE(book.write(Barred{"r-2"}));
  }
  const Book book(path);
  REQUIRE(book.charges().size() == 1);
  const Charge& charge = book.charges().front();
  const Charge expected = sample("pi_1", "r-1");
  CHECK(charge.id == expected.id);
  CHECK(charge.dialect == expected.dialect);
  CHECK(charge.reference == expected.reference);
  CHECK(charge.amount == expected.amount);
  CHECK(charge.currency == expected.currency);
  CHECK(charge.metadata == expected.metadata);
  CHECK(charge.description == expected.description);
  CHECK(charge.detail == expected.detail);
  CHECK(charge.capture_later);
  CHECK(charge.made_at == expected.made_at);
  CHECK(charge.attempt.method == expected.attempt.method);
  CHECK(charge.attempt.verdict.failure == expected.attempt.verdict.failure);
  CHECK(charge.attempt.verdict.slow);
  CHECK(charge.attempt.verdict.never);
  CHECK(charge.attempt.verdict.authenticate);
  CHECK(charge.attempt.instrument == expected.attempt.instrument);
  CHECK(charge.attempt.return_url == expected.attempt.return_url);
  CHECK(charge.attempt.due_at == expected.attempt.due_at);
  CHECK(charge.attempt.by_hand);
  CHECK(charge.state == ChargeState::kCaptured);
  CHECK(charge.was_authorized);
  CHECK(charge.captured == Amount{400'000});
  CHECK(charge.ended_at == Instant{7});
  CHECK(charge.refunded() == Amount{1'000});
  CHECK(book.find("pi_1") == &charge);
  CHECK(book.find_refunded("re_1") == &charge);
  REQUIRE(book.find_key("key-1") != nullptr);
  CHECK(book.find_key("key-1")->refund_id.empty());
  REQUIRE(book.find_key("key-2") != nullptr);
  CHECK(book.find_key("key-2")->refund_id == "re_1");
  CHECK(book.barred("r-2"));
  CHECK_FALSE(book.barred("r-1"));
}

TEST_CASE("two charges of one reference are both in the book, that of the own API first") {
  Book book({});
  REQUIRE(book.write(ChargeMade{sample("pi_1", "r-1")}));
  Charge own = sample("own_1", "r-1");
  own.dialect = Dialect::kOwn;
  REQUIRE(book.write(ChargeMade{own}));
  CHECK(book.with_reference("r-1").size() == 2);
  CHECK(book.find_reference("r-1")->id == "own_1");
  CHECK(book.with_reference("r-2").empty());
}

TEST_CASE("a last line without an end was never told to anyone and is cut off") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "sandbox.book";
  {
    Book book(path);
    REQUIRE(book.write(ChargeMade{sample("pi_1", "r-1")}));
  }
  const std::string whole = read(path);
  for (const std::size_t length : {std::size_t{1}, std::size_t{20}, whole.size() - 1}) {
    CAPTURE(length);
    write(path, whole + whole.substr(0, length));
    Book book(path);
    CHECK(book.charges().size() == 1);
    REQUIRE(book.write(Captured{"pi_1", {450'000}, {7}}));
    CHECK(read(path).starts_with(whole + "{"));
    CHECK(Book(path).charges().front().state == ChargeState::kCaptured);
    write(path, whole);
  }
}

TEST_CASE("any other damage is named by file and line, and nothing is served from it") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "sandbox.book";
  const std::string first = older_book.substr(0, older_book.find('\n') + 1);
  const std::pair<const char*, std::string> cases[] = {
      {"not JSON", "charge\n"},
      {"half a JSON", "{\"fact\":\n"},
      {"no fact", "{}\n"},
      {"an unknown fact", R"({"fact":"gone","reference":"x"})"
                          "\n"},
      {"a fact about nobody", R"({"fact":"captured","reference":"x"})"
                              "\n"},
      {"a failure that there is not", R"({"fact":"failed","reference":"bkk-1-o1-1","failure":99})"
                                      "\n"},
      {"a charge twice", first},
      {"an empty line", "\n"},
  };
  for (const auto& [name, line] : cases) {
    CAPTURE(name);
    write(path, first + line);
    CHECK_THROWS_WITH(Book(path), Catch::Contains("sandbox.book, line 2"));
  }
}

TEST_CASE("a book of references alone is read as it was meant, and written on") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "sandbox.book";
  write(path, older_book);
  {
    Book book(path);
    REQUIRE(book.charges().size() == 3);
    const Charge& refunded = *book.find_reference("bkk-1-o1-1");
    CHECK(refunded.state == ChargeState::kCaptured);
    CHECK(refunded.captured == Amount{450'000});
    CHECK(refunded.refunded() == Amount{450'000});
    const Charge& waiting = *book.find_reference("bkk-1-o2-1");
    CHECK(waiting.state == ChargeState::kAction);
    CHECK(waiting.attempt.method == PaymentMethod::kPromptPay);
    CHECK(book.find_reference("bkk-1-o3-1")->failure == PaymentFailure::kCancelled);
    REQUIRE(book.write(Captured{waiting.id, {99'900}, {7}}));
  }
  CHECK(Book(path).find_reference("bkk-1-o2-1")->state == ChargeState::kCaptured);
}

TEST_CASE("what is not a file that can be written is refused") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(Book(directory.path()), std::runtime_error);
  CHECK_THROWS_AS(Book(directory.path() / "missing" / "sandbox.book"), std::runtime_error);
}

}  // namespace frontrow::sandbox
