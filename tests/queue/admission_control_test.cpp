// The admission controller's rules one by one, fed by hand. How they work together in a whole sale
// is tested in tests/simulation.
#include "queue/admission_control.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <vector>

using namespace frontrow;
using frontrow::queue::AdmissionControl;
using frontrow::queue::GatewayWatch;

namespace {

/// A round whose numbers a test sets, and a controller whose word counts at once.
struct Feed {
  explicit Feed(const AdmissionPace& current = {}) : control(current) {
    status.phase = Phase::kOnSale;
    status.drawn = true;
    status.seats = {50'000, 50'000, 0, 0, 0};
    status.admission.max_shoppers = 1'000;
    status.admission.per_second = 100;
    status.pace = current;
  }
  std::uint32_t& fans(FanState state) {
    return status.fans_by_state[static_cast<std::size_t>(state)];
  }
  /// Lets `count` seconds pass; `change` is called before each look.
  void pass(
      int count, const std::function<void()>& change = [] {}) {
    for (int n = 0; n < count; ++n) {
      now = now + seconds(1);
      change();
      if (const auto command = control.observe(status, now)) {
        status.pace = command->pace;
        said.push_back(*command);
        said_at.push_back(now);
      }
    }
  }
  PaceReason reason() const { return status.pace.reason; }

  RoundStatus status;
  AdmissionControl control;
  Instant now{1'800'000'000'000'000};
  std::vector<SetPace> said;
  std::vector<Instant> said_at;
};

/// Fans are called once a second; what share of them comes, in ten seconds, the others miss.
struct Calling {
  Feed& feed;
  std::uint64_t calls_each = 10;
  std::uint64_t missed_of_ten = 0;
  std::vector<std::uint64_t> called = {};

  void operator()() {
    SaleCounts& counts = feed.status.counts;
    called.push_back(calls_each);
    counts.called += calls_each;
    const std::uint64_t coming = calls_each * (10 - missed_of_ten) / 10;
    if (called.size() > 10) {
      counts.entered += coming;
      counts.entering_microseconds += static_cast<std::int64_t>(coming) * 10'000'000;
    }
    if (called.size() > 120) counts.missed += calls_each - coming;
    const std::uint64_t on_their_way = std::min<std::uint64_t>(called.size(), 10) * coming;
    const std::uint64_t never = std::min<std::uint64_t>(called.size(), 120) * (calls_each - coming);
    feed.fans(FanState::kCalled) = static_cast<std::uint32_t>(on_their_way + never);
    // The shop is as good as full, whoever is on the way counted in.
    feed.fans(FanState::kShopping) =
        static_cast<std::uint32_t>(feed.status.admission.max_shoppers * 95 / 100 - on_their_way);
  }
};

}  // namespace

TEST_CASE(
    "a gateway that is told to fail stops the calls at once, and calls rise when it is good") {
  Feed feed;
  auto& counts = feed.status.counts;
  GatewayHealth* const health = feed.status.gateway_health;
  const auto pay = [&] {
    counts.payments_started += 10;
    counts.payments_answered += 10;
    counts.payments_by_method[0] += 9;
    counts.payments_by_method[1] += 1;
  };
  feed.pass(30, pay);
  CHECK(feed.reason() == PaceReason::kAsConfigured);
  // One of ten pays with PromptPay: the others go on.
  health[1] = GatewayHealth::kFailing;
  feed.pass(10, pay);
  CHECK(feed.reason() == PaceReason::kAsConfigured);
  health[0] = GatewayHealth::kFailing;
  feed.pass(1, pay);
  CHECK(feed.reason() == PaceReason::kGatewayFailing);
  CHECK(feed.status.pace.calls_per_second == 0);
  CHECK(feed.said.back().measured ==
        "the payment thread finds the gateway failing: card, promptpay");
  // Being tried is not yet being good, and what fans paid with long ago still tells.
  health[0] = GatewayHealth::kTrying;
  feed.pass(300);
  CHECK(feed.reason() == PaceReason::kGatewayFailing);
  health[0] = GatewayHealth::kGood;
  feed.pass(5);
  CHECK(feed.reason() == PaceReason::kGatewayRecovering);
  CHECK(feed.status.pace.calls_per_second > 0);
}

TEST_CASE("nothing is said where there is nothing to govern") {
  struct Case {
    const char* name;
    std::function<void(RoundStatus&)> change;
  };
  const std::vector<Case> cases = {
      {"not drawn", [](RoundStatus& status) { status.drawn = false; }},
      {"in the lobby", [](RoundStatus& status) { status.phase = Phase::kLobby; }},
      {"paused",
       [](RoundStatus& status) {
         status.phase = Phase::kPaused;
         status.paused_at = Instant{1'800'000'000'000'000};
       }},
      {"closed", [](RoundStatus& status) { status.phase = Phase::kClosed; }},
      {"sold out", [](RoundStatus& status) { status.phase = Phase::kSoldOut; }},
      {"pinned", [](RoundStatus& status) { status.admission.pinned = true; }},
      {"nobody may be called", [](RoundStatus& status) { status.admission.per_second = 0; }},
      {"no places", [](RoundStatus& status) { status.admission.max_shoppers = 0; }},
  };
  const auto silent_gateway = [](Feed& feed) {
    feed.pass(90, [&] { feed.status.counts.payments_started += 2; });
    return feed.said.size();
  };
  for (const Case& its : cases) {
    CAPTURE(its.name);
    Feed feed;
    its.change(feed.status);
    CHECK(silent_gateway(feed) == 0);
  }
  Feed governed;
  CHECK(silent_gateway(governed) > 0);
}

TEST_CASE("nothing is said of a round in which all is well") {
  Feed feed;
  feed.pass(600);
  CHECK(feed.said.empty());
}

TEST_CASE("nobody is overbooked before there is evidence") {
  Feed feed;
  feed.status.admission.max_shoppers = 20;
  // Three of the first four calls are missed: fewer than fifty calls say little.
  feed.pass(1);
  feed.status.counts.called = 4;
  feed.fans(FanState::kCalled) = 4;
  feed.pass(120);
  feed.status.counts.entered = 1;
  feed.status.counts.missed = 3;
  feed.fans(FanState::kCalled) = 0;
  feed.pass(60);
  CHECK(feed.said.empty());
}

TEST_CASE("the fewer come, the more are called, up to twice the places") {
  struct Case {
    std::uint64_t missed_of_ten;
    std::uint32_t least, most;
  };
  // With 10 calls a second, 120 s to enter: those who never come are outstanding for 120 s.
  for (const Case& its : {Case{0, 1'000, 1'000}, Case{2, 1'100, 1'270}, Case{4, 1'300, 1'520},
                          Case{6, 1'500, 1'800}, Case{9, 1'750, 2'000}}) {
    Feed feed;
    CAPTURE(its.missed_of_ten);
    Calling calling{feed, 10, its.missed_of_ten};
    feed.pass(600, std::ref(calling));
    const std::uint32_t bound = feed.status.pace.outstanding_max == 0
                                    ? feed.status.admission.max_shoppers
                                    : feed.status.pace.outstanding_max;
    CHECK(bound >= its.least);
    CHECK(bound <= its.most);
    for (const SetPace& command : feed.said) CHECK(command.pace.outstanding_max <= 2'000);
    if (its.missed_of_ten > 0) CHECK(feed.reason() == PaceReason::kTurnUp);
  }
}

TEST_CASE("an operator's new rules are adapted to anew") {
  Feed feed;
  Calling calling{feed, 10, 4};
  feed.pass(600, std::ref(calling));
  REQUIRE(feed.status.pace.outstanding_max > 1'300);
  // As the engine does it: the bound that was worked out for the old rules is gone.
  feed.status.admission.max_shoppers = 2'000;
  feed.status.pace.outstanding_max = 0;
  feed.pass(10, std::ref(calling));
  CHECK(feed.status.pace.outstanding_max > 2'300);
  CHECK(feed.status.pace.outstanding_max <= 4'000);
}

TEST_CASE("what the gateway does decides what is said of it") {
  using Counts = SaleCounts;
  struct Case {
    const char* name;
    std::function<void(Counts&, int second)> change;
    PaceReason reason;
  };
  const std::vector<Case> cases = {
      {"no payments at all", [](Counts&, int) {}, PaceReason::kAsConfigured},
      {"all are answered",
       [](Counts& counts, int) {
         counts.payments_started += 3;
         counts.payments_answered += 3;
         counts.payments_succeeded += 3;
       },
       PaceReason::kAsConfigured},
      {"all are declined by banks",
       [](Counts& counts, int) {
         counts.payments_started += 3;
         counts.payments_answered += 3;
         counts.payments_failed += 3;
       },
       PaceReason::kAsConfigured},
      {"fans do not scan their codes",
       [](Counts& counts, int) {
         counts.payments_started += 3;
         counts.payments_answered += 3;
       },
       PaceReason::kAsConfigured},
      {"four payments wait for ever",
       [](Counts& counts, int second) { counts.payments_started += second < 4 ? 1 : 0; },
       PaceReason::kAsConfigured},
      {"five payments wait for ever",
       [](Counts& counts, int second) { counts.payments_started += second < 5 ? 1 : 0; },
       PaceReason::kGatewayFailing},
      {"eight payments hang while others are answered, and then nobody pays",
       [](Counts& counts, int second) {
         if (second < 8) counts.payments_started += 1;
         if (second >= 60) return;
         counts.payments_started += 2;
         counts.payments_answered += 2;
       },
       PaceReason::kAsConfigured},
      {"nothing is answered", [](Counts& counts, int) { counts.payments_started += 3; },
       PaceReason::kGatewayFailing},
      {"nearly all fail at the gateway",
       [](Counts& counts, int second) {
         counts.payments_started += 3;
         counts.payments_failed += 3;
         counts.payments_unanswered += second % 5 == 0 ? 2 : 3;
         counts.payments_answered += second % 5 == 0 ? 1 : 0;
       },
       PaceReason::kGatewayFailing},
      {"some fail at the gateway",
       [](Counts& counts, int) {
         counts.payments_started += 3;
         counts.payments_unanswered += 1;
         counts.payments_answered += 2;
       },
       PaceReason::kAsConfigured},
      {"half is answered",
       [](Counts& counts, int) {
         counts.payments_started += 4;
         counts.payments_answered += 2;
       },
       PaceReason::kGatewaySlow},
  };
  for (const Case& its : cases) {
    CAPTURE(its.name);
    Feed feed;
    feed.fans(FanState::kShopping) = 300;
    int second = 0;
    feed.pass(90, [&] { its.change(feed.status.counts, second++); });
    CHECK(static_cast<int>(feed.reason()) == static_cast<int>(its.reason));
    if (its.reason == PaceReason::kGatewayFailing) CHECK(feed.status.pace.calls_per_second == 0);
    if (its.reason == PaceReason::kGatewaySlow) CHECK(feed.status.pace.calls_per_second <= 3);
  }
}

TEST_CASE("after a failure the calls begin low and double every five seconds") {
  Feed feed;
  feed.fans(FanState::kShopping) = 300;
  SaleCounts& counts = feed.status.counts;
  feed.pass(60, [&] { counts.payments_started += 2; });
  REQUIRE(feed.reason() == PaceReason::kGatewayFailing);
  const std::size_t before = feed.said.size();
  feed.pass(60, [&] {
    counts.payments_started += 2;
    counts.payments_answered = counts.payments_started;
  });
  std::vector<std::uint32_t> rates;
  for (std::size_t n = before; n < feed.said.size(); ++n)
    rates.push_back(feed.said[n].pace.calls_per_second);
  CHECK(rates == std::vector<std::uint32_t>{3, 6, 12, 24, 48, 96, ~std::uint32_t{0}});
  for (std::size_t n = before + 1; n < feed.said.size(); ++n)
    CHECK(feed.said_at[n] - feed.said_at[n - 1] >= GatewayWatch::rate_step);
  CHECK(feed.reason() == PaceReason::kAsConfigured);
}

TEST_CASE("a recovery ends where the gateway fails again") {
  Feed feed;
  feed.fans(FanState::kShopping) = 300;
  SaleCounts& counts = feed.status.counts;
  feed.pass(60, [&] { counts.payments_started += 2; });
  feed.pass(8, [&] { counts.payments_answered = counts.payments_started; });
  REQUIRE(feed.reason() == PaceReason::kGatewayRecovering);
  feed.pass(40, [&] { counts.payments_started += 2; });
  CHECK(feed.reason() == PaceReason::kGatewayFailing);
  CHECK(feed.status.pace.calls_per_second == 0);
}

TEST_CASE("with nobody in the shop a few fans find out about a gateway that was failing") {
  Feed feed;
  SaleCounts& counts = feed.status.counts;
  feed.fans(FanState::kShopping) = 30;
  feed.pass(60, [&] { counts.payments_started += 1; });
  REQUIRE(feed.status.pace.calls_per_second == 0);
  feed.pass(100);
  CHECK(feed.status.pace.calls_per_second == 0);
  feed.fans(FanState::kShopping) = 0;
  feed.pass(70);
  CHECK(feed.reason() == PaceReason::kGatewayFailing);
  CHECK(feed.status.pace.calls_per_second == 1);
  CHECK(feed.status.pace.outstanding_max == GatewayWatch::probe_fans);
}

TEST_CASE("a restart goes on from the pace in force") {
  SECTION("payments still wait: nobody is called until they are answered") {
    Feed feed({0, 0, PaceReason::kGatewayFailing});
    feed.status.counts.payments_started = 40;
    feed.fans(FanState::kShopping) = 10;
    feed.pass(40);
    CHECK(feed.said.empty());
    feed.status.counts.payments_answered = 40;
    feed.pass(3);
    CHECK(feed.reason() == PaceReason::kGatewayRecovering);
  }
  SECTION("nothing waits: calls begin at once") {
    Feed feed({0, 0, PaceReason::kGatewayFailing});
    feed.pass(3);
    CHECK(feed.reason() == PaceReason::kGatewayRecovering);
    feed.pass(60);
    CHECK(feed.reason() == PaceReason::kAsConfigured);
  }
  SECTION("seats that were spoken for are looked at anew") {
    Feed feed({0, 0, PaceReason::kSeatsSpokenFor});
    feed.pass(3);
    CHECK(feed.status.pace.calls_per_second > 0);
  }
  SECTION("how many come is known from the counts") {
    Feed feed({~std::uint32_t{0}, 1'400, PaceReason::kTurnUp});
    feed.status.counts.called = 10'000;
    feed.status.counts.entered = 6'000;
    feed.status.counts.missed = 3'600;
    feed.fans(FanState::kCalled) = 400;
    feed.fans(FanState::kShopping) = 700;
    feed.pass(5);
    CHECK(feed.status.pace.outstanding_max > 1'050);
  }
}

TEST_CASE("calls stop where the seats are surely spoken for, and go on where they are not") {
  // Turns took two seats each, always.
  const auto with = [](std::uint32_t free, std::uint32_t shopping, std::uint32_t called) {
    Feed feed;
    SaleCounts& counts = feed.status.counts;
    feed.pass(1);
    feed.status.seats = {50'000, free, 0, 50'000 - free, 0};
    // Turn after turn, for ten minutes.
    feed.pass(600, [&] {
      counts.turns_ended += 5;
      counts.turn_seats += 10;
      counts.turn_microseconds += 5 * 120'000'000LL;
      counts.entered += 5;
      counts.called += 5;
      feed.fans(FanState::kShopping) = shopping;
      feed.fans(FanState::kCalled) = called;
    });
    return feed.status.pace;
  };
  struct Case {
    std::uint32_t free, shopping, called;
    bool stopped;
  };
  for (const Case& its :
       {Case{5'000, 400, 100, false}, Case{1'000, 0, 400, false}, Case{500, 0, 400, true},
        Case{1, 0, 0, false}, Case{1, 1, 0, false}, Case{20, 0, 60, true}}) {
    CAPTURE(its.free, its.shopping, its.called);
    const AdmissionPace pace = with(its.free, its.shopping, its.called);
    CHECK((pace.calls_per_second == 0) == its.stopped);
    if (its.stopped) CHECK(pace.reason == PaceReason::kSeatsSpokenFor);
  }
}

TEST_CASE("calls that were stopped for the seats go on when fans leave without any") {
  Feed feed;
  SaleCounts& counts = feed.status.counts;
  feed.pass(1);
  feed.status.seats = {5'000, 300, 0, 4'700, 0};
  feed.pass(300, [&] {
    counts.turns_ended += 5;
    counts.turn_seats += 10;
    counts.turn_microseconds += 5 * 120'000'000LL;
    feed.fans(FanState::kCalled) = 250;
  });
  REQUIRE(feed.status.pace.calls_per_second == 0);
  feed.pass(3, [&] { feed.fans(FanState::kCalled) = 10; });
  CHECK(feed.status.pace.calls_per_second > 0);
  // As many as may take what is left, not as many as there are places.
  CHECK(feed.status.pace.outstanding_max < 300);
  CHECK(feed.status.pace.outstanding_max > 10);
}

TEST_CASE("a change is said once in two seconds, a stop at once, and noise never") {
  Feed feed;
  SaleCounts& counts = feed.status.counts;
  Calling calling{feed, 10, 4};
  feed.pass(600, std::ref(calling));
  REQUIRE(feed.said.size() > 1);
  CHECK(feed.said.size() < 60);
  for (std::size_t n = 1; n < feed.said.size(); ++n)
    CHECK(feed.said_at[n] - feed.said_at[n - 1] >= AdmissionControl::change_interval);
  // The same again for minutes: nothing new.
  const std::size_t before = feed.said.size();
  feed.pass(300, std::ref(calling));
  CHECK(feed.said.size() <= before + 2);
  // Once it is concluded that the gateway fails, it is said in that second.
  const Instant began = feed.now;
  feed.pass(60, [&] {
    calling();
    counts.payments_started += 2;
  });
  REQUIRE(feed.status.pace.calls_per_second == 0);
  CHECK(feed.said_at.back() - began <= GatewayWatch::silence + seconds(4));
}
