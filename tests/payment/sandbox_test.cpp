#include <signal.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "payment/sandbox/sandbox_gateway.hpp"
#include "support/temporary_directory.hpp"

namespace frontrow::payment::sandbox {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// No file of this process may grow past `bytes` while this stands.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit lower{bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &lower) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

struct Sandbox {
  explicit Sandbox(const std::filesystem::path& book, Duration slow = milliseconds(2),
                   Duration delay = milliseconds(1))
      : gateway({book, delay, slow, slow, seconds(300),
                 [this](const PaymentReference& reference, const ChargeOutcome& outcome) {
                   notices.emplace_back(reference, outcome);
                 }},
                context) {}
  boost::asio::io_context context{1};
  SandboxGateway gateway;
  std::vector<std::pair<std::string, ChargeOutcome>> notices;
  std::vector<ChargeOutcome> answers;

  Gateway::Callback keep() {
    return [this](const ChargeOutcome& outcome) { answers.push_back(outcome); };
  }
  template <class Condition>
  void await(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(50));
    }
    REQUIRE(condition());
  }
  ChargeOutcome answer_after(std::size_t count) {
    await([&] { return answers.size() >= count; });
    return answers.back();
  }
  ChargeOutcome create(const std::string& reference, const std::string& token,
                       PaymentMethod method = PaymentMethod::kCard) {
    gateway.create({reference, {450'000}, "THB", method, token, {}}, keep());
    return answer_after(answers.size() + 1);
  }
  ChargeOutcome look_up(const std::string& reference) {
    gateway.look_up(reference, keep());
    return answer_after(answers.size() + 1);
  }
  ChargeOutcome cancel(const std::string& reference) {
    gateway.cancel(reference, keep());
    return answer_after(answers.size() + 1);
  }
  ChargeOutcome refund(const std::string& reference, Amount amount) {
    gateway.refund(reference, amount, keep());
    return answer_after(answers.size() + 1);
  }
};

}  // namespace

TEST_CASE("each card token of the table ends as the table says") {
  struct Row {
    const char* token;
    ChargeState state;
    PaymentFailure failure;
  };
  const Row row = GENERATE(
      Row{"tok_ok", ChargeState::kCaptured, PaymentFailure::kNone},
      Row{"tok_slow", ChargeState::kCaptured, PaymentFailure::kNone},
      Row{"tok_declined", ChargeState::kFailed, PaymentFailure::kDeclined},
      Row{"tok_insufficient_funds", ChargeState::kFailed, PaymentFailure::kInsufficientFunds},
      Row{"tok_expired_card", ChargeState::kFailed, PaymentFailure::kExpiredCard},
      Row{"tok_fraud", ChargeState::kFailed, PaymentFailure::kFraudSuspected},
      Row{"tok_unheard_of", ChargeState::kFailed, PaymentFailure::kInvalidToken},
      Row{"", ChargeState::kFailed, PaymentFailure::kInvalidToken});
  CAPTURE(row.token);
  const TemporaryDirectory directory;
  Sandbox test(directory.path() / "sandbox.book");
  CHECK(test.create("r-o1-1", row.token).state == ChargeState::kPending);
  test.await([&] { return !test.notices.empty(); });
  CHECK(test.notices[0].first == "r-o1-1");
  CHECK(test.notices[0].second.state == row.state);
  CHECK(test.notices[0].second.failure == row.failure);
  CHECK(test.notices[0].second.amount == Amount{450'000});
  CHECK(test.look_up("r-o1-1").state == row.state);
  const std::string book = text_of(directory.path() / "sandbox.book");
  if (row.token[0] != '\0') CHECK(book.find(row.token) == std::string::npos);
}

TEST_CASE("a charge that never answers is pending until it is cancelled") {
  const TemporaryDirectory directory;
  Sandbox test(directory.path() / "sandbox.book");
  CHECK(test.create("r-o1-1", "tok_never").state == ChargeState::kPending);
  CHECK(test.create("r-o2-1", "tok_ok").state == ChargeState::kPending);
  test.await([&] { return test.notices.size() == 1; });
  CHECK(test.notices[0].first == "r-o2-1");
  CHECK(test.look_up("r-o1-1").state == ChargeState::kPending);
  const ChargeOutcome cancelled = test.cancel("r-o1-1");
  CHECK(cancelled.state == ChargeState::kFailed);
  CHECK(cancelled.failure == PaymentFailure::kCancelled);
}

TEST_CASE("a slow charge takes ten times the delay, at least three seconds") {
  const TemporaryDirectory directory;
  boost::asio::io_context context;
  SandboxSettings settings;
  settings.book = directory.path() / "sandbox.book";
  settings.delay = milliseconds(GENERATE(0, 100, 700));
  const std::int64_t expected = std::max<std::int64_t>(3'000, settings.delay.microseconds / 100);
  {
    SandboxGateway gateway(settings, context);
    gateway.create({"r-o1-1", {1}, "THB", PaymentMethod::kCard, "tok_slow", {}},
                   [](const ChargeOutcome&) {});
  }
  const auto line = nlohmann::json::parse(text_of(settings.book));
  CHECK((line["due_at"].get<std::int64_t>() - line["made_at"].get<std::int64_t>()) / 1'000 ==
        expected);
}

TEST_CASE("a cancelled charge is not captured when its time comes; a captured one stays so") {
  const TemporaryDirectory directory;
  Sandbox test(directory.path() / "sandbox.book");
  test.create("r-o1-1", "tok_slow");
  CHECK(test.cancel("r-o1-1").failure == PaymentFailure::kCancelled);
  test.create("r-o2-1", "tok_ok");
  test.create("r-o3-1", "tok_slow");
  test.await([&] { return test.notices.size() == 2; });
  CHECK(test.notices[0].first == "r-o2-1");
  CHECK(test.notices[1].first == "r-o3-1");
  CHECK(test.look_up("r-o1-1").failure == PaymentFailure::kCancelled);
  CHECK(test.cancel("r-o2-1").state == ChargeState::kCaptured);
  CHECK(test.look_up("r-o2-1").state == ChargeState::kCaptured);
}

TEST_CASE("a charge that arrives after its cancellation is refused") {
  const TemporaryDirectory directory;
  Sandbox test(directory.path() / "sandbox.book");
  CHECK(test.cancel("r-o1-1").state == ChargeState::kNotFound);
  CHECK(test.create("r-o1-1", "tok_ok").state == ChargeState::kFailed);
  CHECK(test.look_up("r-o1-1").failure == PaymentFailure::kCancelled);
}

TEST_CASE("promptpay asks for a scan first, then captures") {
  const TemporaryDirectory directory;
  Sandbox test(directory.path() / "sandbox.book");
  const ChargeOutcome asked = test.create("r-o1-1", "", PaymentMethod::kPromptPay);
  CHECK(asked.state == ChargeState::kAction);
  const auto action = nlohmann::json::parse(asked.action);
  CHECK(action["type"] == "qr");
  CHECK(action["data"].get<std::string>().find("r-o1-1") != std::string::npos);
  CHECK(action["image"].is_string());
  CHECK(action["expires_at"].get<std::string>().back() == 'Z');
  CHECK(test.look_up("r-o1-1").action == asked.action);
  test.await([&] { return !test.notices.empty(); });
  CHECK(test.notices[0].second.state == ChargeState::kCaptured);
}

TEST_CASE("one reference is charged once, however often it is sent") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  {
    Sandbox test(book);
    test.create("r-o1-1", "tok_ok");
    test.create("r-o1-1", "tok_ok");
    test.await([&] { return !test.notices.empty(); });
    CHECK(test.create("r-o1-1", "tok_declined").state == ChargeState::kCaptured);
  }
  Sandbox again(book);
  CHECK(again.create("r-o1-1", "tok_ok").state == ChargeState::kCaptured);
  const std::string text = text_of(book);
  const std::string captured = R"("fact":"captured")";
  CHECK(text.find(captured) != std::string::npos);
  CHECK(text.find(captured) == text.rfind(captured));
}

TEST_CASE("a refund is made once, for a captured charge and its whole amount") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  {
    Sandbox test(book);
    CHECK(test.refund("r-o1-1", {450'000}).state == ChargeState::kNotFound);
    test.create("r-o1-1", "tok_ok");
    test.await([&] { return !test.notices.empty(); });
    CHECK(test.refund("r-o1-1", {449'999}).state == ChargeState::kFailed);
    CHECK(test.refund("r-o1-1", {450'000}).state == ChargeState::kCaptured);
    CHECK(test.refund("r-o1-1", {450'000}).state == ChargeState::kCaptured);
    test.create("r-o2-1", "tok_declined");
    test.await([&] { return test.notices.size() == 2; });
    CHECK(test.refund("r-o2-1", {450'000}).state == ChargeState::kFailed);
  }
  Sandbox again(book);
  CHECK(again.refund("r-o1-1", {450'000}).state == ChargeState::kCaptured);
  const std::string text = text_of(book);
  CHECK(text.find(R"("fact":"refunded")") == text.rfind(R"("fact":"refunded")"));
}

TEST_CASE("charges that were pending when the process died end by themselves") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  {
    Sandbox dying(book, seconds(60), milliseconds(1));
    dying.create("r-o1-1", "tok_ok");
    dying.create("r-o2-1", "tok_declined");
    dying.create("r-o3-1", "tok_never");
    dying.create("r-o4-1", "tok_slow");
  }
  Sandbox test(book);
  test.await([&] { return test.look_up("r-o1-1").state == ChargeState::kCaptured; });
  test.await([&] { return test.look_up("r-o2-1").state == ChargeState::kFailed; });
  CHECK(test.look_up("r-o3-1").state == ChargeState::kPending);
  CHECK(test.look_up("r-o4-1").state == ChargeState::kPending);  // its minute is not over
}

TEST_CASE("a torn last line of the book is ignored, and the next line stands alone") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  {
    Sandbox test(book);
    test.create("r-o1-1", "tok_never");
  }
  const std::string whole = text_of(book);
  std::ofstream(book, std::ios::app) << whole.substr(0, whole.size() / 2);
  {
    Sandbox test(book);
    CHECK(test.look_up("r-o1-1").state == ChargeState::kPending);
    test.create("r-o2-1", "tok_never");
  }
  Sandbox test(book);
  CHECK(test.look_up("r-o1-1").state == ChargeState::kPending);
  CHECK(test.look_up("r-o2-1").state == ChargeState::kPending);
}

TEST_CASE("a damaged line in the book is named at the start") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  {
    Sandbox test(book);
    test.create("r-o1-1", "tok_never");
  }
  const char* line =
      GENERATE("not json", R"({"fact":"captured","reference":"unknown"})", R"({"fact":"charge"})",
               R"({"fact":"failed","reference":"r-o1-1","failure":99})", "[]",
               R"({"fact":"melted","reference":"r-o1-1"})");
  CAPTURE(line);
  std::ofstream(book, std::ios::app) << line << '\n';
  boost::asio::io_context context;
  CHECK_THROWS_WITH(SandboxBook(book), Catch::Contains("line 2"));
}

TEST_CASE("a book that cannot be written makes the gateway unreachable, not wrong") {
  const TemporaryDirectory directory;
  const auto book = directory.path() / "sandbox.book";
  Sandbox test(book);
  test.create("r-o1-1", "tok_never");
  const auto size = std::filesystem::file_size(book);
  {
    const FileSizeLimit limit(size + 10);
    CHECK(test.create("r-o2-1", "tok_ok").state == ChargeState::kUnreachable);
    CHECK(test.look_up("r-o2-1").state == ChargeState::kNotFound);
    CHECK(test.cancel("r-o1-1").state == ChargeState::kUnreachable);
  }
  CHECK(std::filesystem::file_size(book) == size);  // no half line stays
  CHECK(test.cancel("r-o1-1").state == ChargeState::kFailed);
  CHECK(test.create("r-o2-1", "tok_ok").state == ChargeState::kPending);
}

TEST_CASE("a book that is no file is refused") {
  CHECK_THROWS_WITH(SandboxBook("/dev/null"), Catch::Contains("not a regular file"));
  const TemporaryDirectory directory;
  CHECK_THROWS(SandboxBook(directory.path()));
  CHECK_THROWS(SandboxBook(directory.path() / "absent" / "sandbox.book"));
}

}  // namespace frontrow::payment::sandbox
