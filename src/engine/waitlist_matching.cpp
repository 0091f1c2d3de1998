// The waitlist: who may join it, and freed seats going to the first whom they suit.
#include <algorithm>

#include "base/assert.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

template <class Identifier>
std::vector<Identifier> ascending(std::vector<Identifier> list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace

bool Engine::State::suits(const queue::WaitlistWish& wish) const {
  if (seats_.totals().free < wish.quantity) return false;
  if (wish.together || search_.has_locked_seats())
    return search_.in_any(wish.zones, wish.categories, wish.quantity, wish.together).has_value();
  if (wish.zones.empty() && wish.categories.empty()) return true;
  std::uint32_t free = 0;
  for (const ZoneIndex zone : wish.zones) free += seats_.free_in_zone(zone);
  for (const CategoryIndex category : wish.categories) free += seats_.free_in_category(category);
  return free >= wish.quantity;
}

StateHash Engine::State::hash_of_waitlist_entry(queue::WaitlistEntryId entry) const {
  const queue::WaitlistWish& wish = waitlist_.wish_of(entry);
  return hash_words(
      HashKind::kWaitlistEntry, entry.value, waitlist_.fan_of(entry).value, wish.quantity,
      wish.together ? 1 : 0, fold_bytes(wish.zones.data(), wish.zones.size() * sizeof(ZoneIndex)),
      fold_bytes(wish.categories.data(), wish.categories.size() * sizeof(CategoryIndex)),
      waitlist_.position_of(entry), waitlist_.sleeps(entry) ? 1 : 0);
}

Rejection Engine::State::on(const JoinWaitlist& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (const auto recalled = recall(command.fan, command.idempotency)) {
    if (recalled->rejection != Rejection::kNone) return recalled->rejection;
    reply.repeated = true;
    reply.body = waitlist_view(command.fan);
    return Rejection::kNone;
  }
  if (is_closed()) return Rejection::kRoundClosed;
  for (const ZoneIndex zone : command.zones)
    if (zone.value >= definition_.plan->zones.size()) return Rejection::kUnknownZone;
  for (const CategoryIndex category : command.categories)
    if (category.value >= definition_.plan->categories.size()) return Rejection::kUnknownCategory;
  if (command.quantity == 0 || command.quantity > definition_.sale.max_seats_per_fan ||
      command.quantity > definition_.sale.max_seats_per_order)
    return Rejection::kLimitReached;
  if (backgrounds_[command.fan.value].waitlist_entry.exists()) return Rejection::kAlreadyOnWaitlist;
  queue::WaitlistWish wish{ascending(command.zones), {}, command.quantity, command.together};
  // Where both are named, zones count: the front refuses that before it comes here.
  if (wish.zones.empty()) wish.categories = ascending(command.categories);
  const bool could_be_bought = suits(wish);
  if (could_be_bought && !definition_.sale.waitlist_always) return Rejection::kWaitlistNotNeeded;
  if (waitlist_.full()) return Rejection::kRoundFull;

  // Who has not had a turn yet stands by rank, whenever they come; all others behind them.
  const FanRecord& fan = fans_[command.fan.value];
  const bool had_no_turn = fan.state == FanState::kWaiting && !fan.missed_once;
  const queue::WaitlistEntryId entry =
      waitlist_.add(command.fan, wish, had_no_turn ? fan.rank : 0, could_be_bought);
  backgrounds_[command.fan.value].waitlist_entry = entry;
  hash_.add(hash_of_waitlist_entry(entry));
  remember(command.fan, command.idempotency, entry.value);
  reply.body = waitlist_view(command.fan);
  return Rejection::kNone;
}

void Engine::State::drop_waitlist_entry(FanId fan) {
  queue::WaitlistEntryId& entry = backgrounds_[fan.value].waitlist_entry;
  if (!entry.exists()) return;
  hash_.remove(hash_of_waitlist_entry(entry));
  waitlist_.remove(entry);
  entry = queue::WaitlistEntryId::none();
}

Rejection Engine::State::on(const LeaveWaitlist& command, Reply&) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (!backgrounds_[command.fan.value].waitlist_entry.exists()) return Rejection::kNotOnWaitlist;
  drop_waitlist_entry(command.fan);
  return Rejection::kNone;
}

void Engine::State::wake_waitlist() {
  for (const auto entry : waitlist_.sleepers())
    if (waitlist_.stands(entry)) hash_.remove(hash_of_waitlist_entry(entry));
  const std::vector<queue::WaitlistEntryId> woken = waitlist_.sleepers();
  waitlist_.wake_all();
  for (const auto entry : woken)
    if (waitlist_.stands(entry)) hash_.add(hash_of_waitlist_entry(entry));
}

/// What is free, as the waitlist asks for it.
class Engine::State::WaitlistMarket {
 public:
  explicit WaitlistMarket(const State& state) : state_(state) {}

  queue::FreedSeats freed(queue::WishArea area, std::uint32_t quantity, bool together) const {
    using queue::FreedSeats;
    using Kind = queue::WishArea::Kind;
    const std::uint32_t free = state_.seats_.totals().free;
    if (free < quantity) return FreedSeats::kSuitNot;
    // Nothing suits between commands that could be served. So of wishes for neighbours only those
    // can suit now that do in the very zone or category where seats came free.
    const bool alone = has(area, quantity, together);
    if (alone) return FreedSeats::kSuit;
    if (together || area.kind == Kind::kAny || free_in(area) == free) return FreedSeats::kSuitNot;
    return FreedSeats::kMaySuit;
  }
  const queue::FreeByClass& free_by_class(queue::WishArea::Kind kind) {
    auto& known = kind == queue::WishArea::Kind::kCategory ? by_category_ : by_zone_;
    if (known) return *known;
    known.emplace();
    const Plan& plan = *state_.definition_.plan;
    if (kind == queue::WishArea::Kind::kCategory)
      for (std::uint16_t n = 0; n < plan.categories.size(); ++n)
        known->add(n, state_.seats_.free_in_category(CategoryIndex{n}));
    else
      for (std::uint16_t n = 0; n < plan.zones.size(); ++n)
        known->add(n, state_.seats_.free_in_zone(ZoneIndex{n}));
    return *known;
  }
  bool suits(const queue::WaitlistWish& wish) const { return state_.suits(wish); }
  bool within_limit(FanId fan, std::uint32_t quantity) const {
    return state_.within_limit(fan, quantity) && state_.room_for_order(quantity);
  }

 private:
  std::uint32_t free_in(queue::WishArea area) const {
    if (area.kind == queue::WishArea::Kind::kZone)
      return state_.seats_.free_in_zone(ZoneIndex{area.index});
    if (area.kind == queue::WishArea::Kind::kCategory)
      return state_.seats_.free_in_category(CategoryIndex{area.index});
    return state_.seats_.totals().free;
  }
  /// The area has so many by itself.
  bool has(queue::WishArea area, std::uint32_t quantity, bool together) const {
    if (free_in(area) < quantity) return false;
    if (!together && !state_.search_.has_locked_seats()) return true;
    const ZoneIndex zone{area.index};
    const CategoryIndex category{area.index};
    std::span<const ZoneIndex> zones;
    std::span<const CategoryIndex> categories;
    if (area.kind == queue::WishArea::Kind::kZone) zones = {&zone, 1};
    if (area.kind == queue::WishArea::Kind::kCategory) categories = {&category, 1};
    return state_.search_.in_any(zones, categories, quantity, together).has_value();
  }

  const State& state_;
  std::optional<queue::FreeByClass> by_zone_, by_category_;
};

void Engine::State::match_waitlist() {
  for (;;) {
    const auto entry = waitlist_.next_match(WaitlistMarket(*this));
    if (!entry) return;
    const FanId fan = waitlist_.fan_of(*entry);
    const queue::WaitlistWish& wish = waitlist_.wish_of(*entry);
    const auto found = search_.in_any(wish.zones, wish.categories, wish.quantity, wish.together);
    FRONTROW_ASSERT(found && found->seats.size() == wish.quantity);
    for (const SeatIndex seat : found->seats) FRONTROW_ASSERT(seats_.try_take(seat));
    drop_waitlist_entry(fan);
    counts_.seats_offered += found->seats.size();
    make_order(fan, {found->seats.data(), found->seats.size()}, OrderOrigin::kWaitlist,
               Arrangement::kAsAsked, TimerKind::kOffer, definition_.sale.waitlist_offer);
  }
}

}  // namespace frontrow
