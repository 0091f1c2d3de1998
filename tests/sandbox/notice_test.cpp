// Notices: how they are signed, and what the faults make of them.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/desk.hpp"
#include "sandbox/listener.hpp"
#include "sandbox/notice_sender.hpp"

namespace frontrow::sandbox::test {
namespace {

std::string signature(std::string_view key, const std::string& text) {
  return to_hex(hmac_sha256(as_bytes(key), as_bytes(text)));
}

/// Hears notices in the loop of the desk; the first `refusals` are answered 500.
class Hearing {
 public:
  explicit Hearing(SandboxSettings settings, int refusals = 0)
      : desk(std::move(settings)), refusals_(refusals) {
    listener_.emplace(desk.context(), ListenerSettings{"127.0.0.1:0", {}, {}},
                      [this](Request request, const Respond& respond) {
                        Answer answer;
                        ++heard;
                        if (refusals_-- > 0)
                          answer.status = 500;
                        else
                          notices.push_back(json::parse(request.body));
                        respond(std::move(answer));
                      });
    REQUIRE_FALSE(listener_->start());
    desk.desk().set_notify_url(listener_->url() + "/notices");
  }
  ~Hearing() {
    // The desk's loop holds connections that refer to this.
    desk.context().stop();
  }
  bool hears(std::size_t count) {
    return desk.run_until([&] { return notices.size() >= count; });
  }
  std::map<std::string, int> times_by_id() const {
    std::map<std::string, int> times;
    for (const json& notice : notices) ++times[notice.at("id").get<std::string>()];
    return times;
  }

  std::vector<json> notices;
  int heard = 0;
  Desk desk;

 private:
  int refusals_;
  std::optional<Listener> listener_;
};

SandboxSettings quick() {
  SandboxSettings settings;
  settings.faults.capture_delay = {};
  settings.notice_secret = "whsec_1";
  return settings;
}

}  // namespace

TEST_CASE("a notice is signed over its time and body, with every secret there is") {
  const Instant now{1'700'000'000'999'999};
  const std::string body = R"({"id":"evt_1"})", text = "1700000000." + body;
  const auto own = notice_signature(NoticeDialect::kOwn, {"one", "two"}, now, body);
  REQUIRE(own.size() == 1);
  CHECK(own[0].name == "Frontrow-Signature");
  CHECK(own[0].value ==
        "t=1700000000,v1=" + signature("one", text) + ",v1=" + signature("two", text));
  const auto stripe = notice_signature(NoticeDialect::kStripe, {"whsec_x"}, now, body);
  REQUIRE(stripe.size() == 1);
  CHECK(stripe[0].name == "Stripe-Signature");
  CHECK(stripe[0].value == "t=1700000000,v1=" + signature("whsec_x", text));
  const auto omise =
      notice_signature(NoticeDialect::kOmise, {"b25l", "dHdv"}, now, body);  // "one", "two"
  REQUIRE(omise.size() == 2);
  CHECK(omise[0].name == "Omise-Signature");
  CHECK(omise[0].value == signature("one", text) + "," + signature("two", text));
  CHECK(omise[1].name == "Omise-Signature-Timestamp");
  CHECK(omise[1].value == "1700000000");
  CHECK(notice_signature(NoticeDialect::kOwn, {}, now, body).empty());
}

TEST_CASE("each end of a charge and each refund is told, what an answer says anyway is not") {
  Hearing hearing(quick());
  hearing.desk.charge("r-1");
  hearing.desk.charge("r-2", "tok_declined");
  hearing.desk.charge("r-3", "tok_never");
  hearing.desk.ask("POST", "/sandbox/v1/charges/r-1/refund", R"({"amount":450000})");
  REQUIRE(hearing.hears(3));
  std::multiset<std::string> told;
  for (const json& notice : hearing.notices) {
    CHECK(notice.at("type") == "charge.updated");
    const json& charge = notice.at("charge");
    told.insert(charge.at("reference").get<std::string>() + " " +
                charge.at("state").get<std::string>() + " " + charge.at("refunded").dump());
  }
  CHECK(told ==
        std::multiset<std::string>{"r-1 captured 0", "r-1 captured 450000", "r-2 failed 0"});
}

TEST_CASE("duplicated notices come twice under one name") {
  SandboxSettings settings = quick();
  settings.faults.duplicated_notice_rate = 1;
  Hearing hearing(settings);
  for (int n = 0; n < 5; ++n) hearing.desk.charge("r-" + std::to_string(n));
  REQUIRE(hearing.hears(10));
  const auto times = hearing.times_by_id();
  CHECK(times.size() == 5);
  for (const auto& [id, count] : times) CHECK(count == 2);
}

TEST_CASE("reordered notices come in another order, each once") {
  SandboxSettings settings = quick();
  settings.faults.reordered_notice_rate = 0.5;
  settings.faults.seed = 11;
  Hearing hearing(settings);
  std::vector<std::string> made;
  for (int n = 0; n < 12; ++n) {
    made.push_back("r-" + std::to_string(n));
    hearing.desk.charge(made.back());
  }
  REQUIRE(hearing.hears(12));
  std::vector<std::string> told;
  for (const json& notice : hearing.notices)
    told.push_back(notice.at("charge").at("reference").get<std::string>());
  CHECK(told != made);
  CHECK_THAT(told, Catch::UnorderedEquals(made));
}

TEST_CASE("a notice that was not taken is sent again") {
  Hearing hearing(quick(), 2);
  hearing.desk.charge("r-1");
  REQUIRE(hearing.hears(1));
  CHECK(hearing.heard == 3);
}

TEST_CASE("in an outage notices wait; turned off they are never sent") {
  Hearing hearing(quick());
  hearing.desk.faults({{"notices", false}});
  hearing.desk.charge("r-1");
  hearing.desk.faults({{"notices", true}});
  SECTION("an outage") {
    hearing.desk.faults({{"capture_delay_milliseconds", 50}});
    hearing.desk.charge("r-2");
    hearing.desk.faults({{"outage", true}});
    // It ends in the outage; another that is made after it is told no later than it.
    REQUIRE(hearing.desk.run_until([&, page = std::string("/pay/r-2")] {
      return hearing.desk.ask("GET", page).text.find("State: paid") != std::string::npos;
    }));
    CHECK(hearing.heard == 0);
    hearing.desk.faults({{"outage", false}});
  }
  hearing.desk.faults({{"capture_delay_milliseconds", 0}});
  hearing.desk.charge("r-3");
  REQUIRE(hearing.desk.run_until([&] {
    return !hearing.notices.empty() && hearing.notices.back().at("charge").at("reference") == "r-3";
  }));
  for (const json& notice : hearing.notices) CHECK(notice.at("charge").at("reference") != "r-1");
}

}  // namespace frontrow::sandbox::test
