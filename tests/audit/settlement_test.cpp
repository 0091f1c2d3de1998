#include "audit/settlement.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <random>

using namespace frontrow;
using namespace frontrow::audit;

namespace {

using State = RoundPayment::State;

const auto is_ours = [](std::string_view reference) { return reference.starts_with("r-"); };

RoundPayment payment(State state, std::string reference = "r-o1-1", Amount amount = {500}) {
  return {std::move(reference), amount, state};
}
GatewayRecord record(ChargeState state, Amount refunded = {}, std::string reference = "r-o1-1",
                     Amount amount = {500}, std::string currency = "THB") {
  return {std::move(reference), "ch", state, amount, std::move(currency), refunded};
}

constexpr auto captured = ChargeState::kCaptured, failed = ChargeState::kFailed,
               pending = ChargeState::kPending, action = ChargeState::kAction;

std::vector<std::string> kinds(const Settlement& settlement) {
  std::vector<std::string> names;
  for (const Difference& difference : settlement.differences)
    names.emplace_back(name_of(difference.kind));
  return names;
}

}  // namespace

TEST_CASE("each state of a payment is compared with each state of its charge") {
  struct Row {
    State state;
    std::vector<GatewayRecord> records;
    std::vector<std::string> differences;
  };
  const Row rows[] = {
      {State::kOpen, {}, {}},
      {State::kOpen, {record(pending)}, {}},
      {State::kOpen, {record(captured)}, {}},
      {State::kOpen, {record(failed)}, {}},
      {State::kFailed, {}, {}},
      {State::kFailed, {record(failed)}, {}},
      {State::kFailed, {record(pending)}, {"still-open"}},
      {State::kFailed, {record(action)}, {"still-open"}},
      {State::kFailed, {record(captured)}, {"captured-untold"}},
      {State::kFailed, {record(captured, {499})}, {"captured-untold"}},
      {State::kFailed, {record(captured, {500})}, {}},
      {State::kPays, {record(captured)}, {}},
      {State::kPays, {}, {"not-captured"}},
      {State::kPays, {record(pending)}, {"not-captured"}},
      {State::kPays, {record(failed)}, {"not-captured"}},
      {State::kPays, {record(captured, {1})}, {"refunded-untold"}},
      {State::kPays, {record(captured, {500})}, {"refunded-untold"}},
      {State::kOwed, {record(captured)}, {}},
      {State::kOwed, {record(captured, {500})}, {}},
      {State::kOwed, {record(failed)}, {"not-captured"}},
      {State::kReturned, {record(captured, {500})}, {}},
      {State::kReturned, {record(captured)}, {"not-refunded"}},
      {State::kReturned, {record(captured, {499})}, {"not-refunded"}},
      {State::kReturned, {record(captured, {501})}, {"refunded-too-much"}},
      {State::kReturned, {}, {"not-captured"}},
      // Content.
      {State::kPays, {record(captured, {}, "r-o1-1", {501})}, {"amount"}},
      {State::kPays, {record(captured, {}, "r-o1-1", {500}, "USD")}, {"currency"}},
      {State::kOpen, {record(pending, {}, "r-o1-1", {501})}, {"amount"}},
      {State::kFailed, {record(failed, {}, "r-o1-1", {501})}, {}},
      {State::kFailed, {record(captured, {501}, "r-o1-1", {501})}, {}},
      // More than one charge of a name.
      {State::kPays, {record(captured), record(captured)}, {"captured-twice"}},
      {State::kPays, {record(failed), record(captured)}, {}},
      {State::kPays, {record(captured, {500}), record(captured)}, {}},
  };
  for (const Row& row : rows) {
    INFO(name_of(row.state) << " and " << row.records.size() << " charges");
    CHECK(kinds(settle(is_ours, "THB", {payment(row.state)}, row.records)) == row.differences);
  }
}

TEST_CASE("a charge that the round has not is a difference while money is in it") {
  CHECK(kinds(settle(is_ours, "THB", {}, {record(captured)})) ==
        std::vector<std::string>{"no-attempt"});
  CHECK(kinds(settle(is_ours, "THB", {}, {record(action)})) ==
        std::vector<std::string>{"no-attempt"});
  CHECK(settle(is_ours, "THB", {}, {record(failed)}).agrees());
  const Settlement returned = settle(is_ours, "THB", {}, {record(captured, {500})});
  CHECK(returned.agrees());
  CHECK(returned.remarks.size() == 1);
}

TEST_CASE("charges of others are counted and left alone") {
  const Settlement settlement =
      settle(is_ours, "THB", {}, {record(captured, {}, "s-o1-1"), record(captured, {}, "")});
  CHECK(settlement.agrees());
  CHECK(settlement.of_others == 2);
  CHECK(settlement.gateway.captured.count == 0);
}

TEST_CASE("counts and sums are told by state") {
  const Settlement settlement =
      settle(is_ours, "THB",
             {payment(State::kPays, "r-o1-1"), payment(State::kPays, "r-o2-1", {700}),
              payment(State::kReturned, "r-o3-1"), payment(State::kOpen, "r-o4-1")},
             {record(captured, {}, "r-o1-1"), record(captured, {}, "r-o2-1", {700}),
              record(captured, {500}, "r-o3-1"), record(pending, {}, "r-o4-1")});
  CHECK(settlement.agrees());
  CHECK(settlement.round[static_cast<std::size_t>(State::kPays)].count == 2);
  CHECK(settlement.round[static_cast<std::size_t>(State::kPays)].sum == Amount{1'200});
  CHECK(settlement.gateway.captured.count == 3);
  CHECK(settlement.gateway.captured.sum == Amount{1'700});
  CHECK(settlement.gateway.returned.sum == Amount{500});
  CHECK(settlement.gateway.pending.count == 1);
  CHECK(settlement.under_way == 1);
}

TEST_CASE("only what differs twice differs") {
  Settlement first = settle(is_ours, "THB",
                            {payment(State::kPays, "r-o1-1"), payment(State::kPays, "r-o2-1")}, {});
  Settlement second = settle(
      is_ours, "THB", {payment(State::kPays, "r-o2-1"), payment(State::kPays, "r-o3-1")}, {});
  keep_lasting(second, first);
  REQUIRE(second.differences.size() == 1);
  CHECK(second.differences[0].reference == "r-o2-1");
}

namespace {

/// A round and a gateway that agree, by chance, and errors that are put into them.
class Books {
 public:
  explicit Books(std::uint64_t seed) : random_(seed) {
    const std::uint32_t orders = 1 + below(200);
    for (std::uint32_t order = 0; order < orders; ++order)
      for (std::uint32_t attempt = 1; attempt <= 1 + below(3); ++attempt) add(order, attempt);
    std::shuffle(records.begin(), records.end(), random_);
  }

  /// Puts one error of this kind in; the reference that must be named, or nothing where there is
  /// nothing to spoil in that way.
  std::string spoil(DifferenceKind kind) {
    switch (kind) {
      case DifferenceKind::kNoAttempt: {
        const std::string name = "r-o" + std::to_string(10'000 + below(1'000)) + "-1";
        records.push_back(record(below(2) == 0 ? captured : pending, {}, name, {5}));
        return name;
      }
      case DifferenceKind::kTwice:
        return change(State::kPays, [&](GatewayRecord& its) { records.push_back(its); });
      case DifferenceKind::kAmount:
        return change(State::kPays, [&](GatewayRecord& its) { its.amount.minor += 1; });
      case DifferenceKind::kCurrency:
        return change(State::kPays, [](GatewayRecord& its) { its.currency = "JPY"; });
      case DifferenceKind::kNotCaptured:
        return change(State::kPays, [&](GatewayRecord& its) {
          if (below(2) == 0)
            its.state = failed;
          else
            its.reference = "other";
        });
      case DifferenceKind::kUntold:
        return change(State::kFailed, [](GatewayRecord& its) { its.state = captured; });
      case DifferenceKind::kNotReturned:
        return change(State::kReturned, [&](GatewayRecord& its) {
          its.refunded.minor = static_cast<std::int64_t>(random_() % 2) * (its.amount.minor - 1);
        });
      case DifferenceKind::kReturned:
        return change(State::kPays, [](GatewayRecord& its) { its.refunded = its.amount; });
      case DifferenceKind::kOverReturned:
        return change(State::kReturned, [](GatewayRecord& its) { its.refunded.minor += 1; });
      case DifferenceKind::kStillOpen:
        return change(State::kFailed, [](GatewayRecord& its) { its.state = pending; });
    }
    return {};
  }

  std::vector<RoundPayment> payments;
  std::vector<GatewayRecord> records;

 private:
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

  void add(std::uint32_t order, std::uint32_t attempt) {
    const std::string name = "r-o" + std::to_string(order) + "-" + std::to_string(attempt);
    const Amount amount{1 + below(1'000'000)};
    const auto state = static_cast<State>(below(5));
    payments.push_back(payment(state, name, amount));
    switch (state) {
      case State::kOpen:
        if (below(2) == 0) records.push_back(record(pending, {}, name, amount));
        return;
      case State::kFailed:
        if (below(4) != 0) records.push_back(record(failed, {}, name, amount));
        return;
      case State::kPays:
        records.push_back(record(captured, {}, name, amount));
        return;
      case State::kOwed:
        records.push_back(record(captured, below(2) == 0 ? amount : Amount{}, name, amount));
        return;
      case State::kReturned:
        records.push_back(record(captured, amount, name, amount));
        return;
    }
  }
  template <class Change>
  std::string change(State state, Change&& its_change) {
    const auto first = below(static_cast<std::uint32_t>(payments.size()));
    for (std::size_t n = 0; n < payments.size(); ++n) {
      const RoundPayment& candidate = payments[(first + n) % payments.size()];
      if (candidate.state != state) continue;
      for (std::size_t at = 0; at < records.size(); ++at) {
        if (records[at].reference != candidate.reference) continue;
        records.reserve(records.size() + 1);  // the change may append
        its_change(records[at]);
        return candidate.reference;
      }
    }
    return {};
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("books that agree have no difference, and each error put into them is named") {
  const char* text = std::getenv("FRONTROW_SEED");
  const std::uint64_t first =
      text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
  std::cout << "FRONTROW_SEED=" << first << '\n';
  std::array<std::uint64_t, difference_kinds> found{};
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    INFO("FRONTROW_SEED=" << seed);
    const Books good(seed);
    const Settlement agreed = settle(is_ours, "THB", good.payments, good.records);
    for (const Difference& difference : agreed.differences) FAIL_CHECK(difference.text);
    for (std::size_t kind = 0; kind < difference_kinds; ++kind) {
      Books spoilt(seed);
      const std::string reference = spoilt.spoil(static_cast<DifferenceKind>(kind));
      if (reference.empty()) continue;
      ++found[kind];
      const Settlement settlement = settle(is_ours, "THB", spoilt.payments, spoilt.records);
      INFO(name_of(static_cast<DifferenceKind>(kind)) << " at " << reference);
      REQUIRE(settlement.differences.size() == 1);
      CHECK(settlement.differences[0].kind == static_cast<DifferenceKind>(kind));
      CHECK(settlement.differences[0].reference == reference);
      CHECK(settlement.differences[0].text.starts_with(reference + " "));
    }
  }
  for (const std::uint64_t times : found) CHECK(times > 50);
}
