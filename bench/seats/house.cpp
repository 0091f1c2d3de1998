// GCC 12 takes the copy of a small vector out of a variant for a read past its end.
#pragma GCC diagnostic ignored "-Wstringop-overread"
#include "seats/house.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/names.hpp"
#include "round/remarks.hpp"
#include "round/venue_file.hpp"

namespace frontrow::bench {
namespace {

constexpr Instant start{1'800'000'000'000'000};

Bytes16 bytes_of(std::uint64_t number, std::uint64_t kind) {
  Bytes16 bytes{};
  const std::uint64_t mixed[2] = {(number + 1) * 0x9e3779b97f4a7c15U, kind};
  std::memcpy(bytes.data(), mixed, bytes.size());
  return bytes;
}

RoundDefinition definition(std::shared_ptr<const Plan> plan) {
  RoundDefinition made;
  made.id = "bench";
  made.price_by_category.assign(plan->categories.size(), Amount{450'000});
  made.plan = std::move(plan);
  made.starts_at = start + seconds(2'000'000);
  made.sale.lobby_opens_at = start;
  made.sale.draw_at = start + seconds(60);
  made.sale.closes_at = start + seconds(900'000);
  made.sale.returns_until = start + seconds(900'000);
  made.sale.hold = seconds(500'000);
  made.sale.waitlist_offer = seconds(500'000);
  made.sale.max_seats_per_fan = 6;
  made.sale.max_seats_per_order = 6;
  made.first_start = start;
  return made;
}

}  // namespace

std::shared_ptr<const Plan> load_plan(const std::filesystem::path& venue) {
  round::Remarks mistakes;
  std::string unreadable;
  const auto read = round::load_venue_file(venue, mistakes, unreadable);
  if (read.plan == nullptr) throw std::runtime_error("no venue: " + venue.string() + unreadable);
  return read.plan;
}

House::House(std::shared_ptr<const Plan> plan, std::uint32_t fans)
    : plan_(plan), engine_(definition(std::move(plan))), now_(start) {
  require(OpenRound{});
  for (std::uint32_t n = 0; n < fans; ++n) {
    JoinQueue join;
    join.entry = bytes_of(n, 1);
    require(join);
  }
  AdmissionRules rules;
  rules.max_shoppers = fans + 1;
  rules.per_second = ~std::uint32_t{0};
  rules.enter = rules.shopping = seconds(800'000);
  rules.pinned = true;
  require(SetAdmission{"bench", rules});
  for (const auto later : {seconds(61), seconds(62)}) {
    now_ = start + later;
    while (const auto due = engine_.due(now_)) require(*due);
  }
  for (std::uint32_t n = 0; n < fans; ++n) require(EnterShop{FanId{n}});
}

Reply House::one(const Command& command) {
  Reply reply = apply(command);
  effects_.clear();
  return reply;
}

Reply House::require(const Command& command) {
  Reply reply = one(command);
  if (reply.rejection != Rejection::kNone)
    throw std::runtime_error("a command was refused with rejection " +
                             std::to_string(static_cast<int>(reply.rejection)));
  return reply;
}

void House::block(std::vector<SeatIndex> seats) {
  if (!seats.empty()) require(BlockSeats{"bench", std::move(seats), BlockReason::kOther, ""});
}

void House::verify() const {
  const auto violations = engine_.check_invariants();
  if (!violations.empty()) throw std::runtime_error(violations.front());
}

}  // namespace frontrow::bench
