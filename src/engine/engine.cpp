#include "engine/engine.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

/// Out of the secret, but not the secret: what a look-up table is keyed with.
std::uint64_t salt_of(const RoundDefinition& definition) {
  const Bytes32 digest = sha256({as_bytes("frontrow/lookup"), definition.secrets.late_secret});
  return fold_bytes(digest.data(), digest.size());
}

}  // namespace

Engine::State::State(RoundDefinition definition)
    : definition_(std::move(definition)),
      lobby_opens_at_(definition_.sale.lobby_opens_at),
      draw_at_(definition_.sale.draw_at),
      closes_at_(definition_.sale.closes_at),
      seats_(definition_.plan, hash_),
      companions_(*definition_.plan),
      search_(seats_, locked_companions()),
      fans_(limits::fans_max),
      backgrounds_(limits::fans_max),
      proofs_(lookup_reserve, DigestHash{salt_of(definition_)}),
      join_keys_(lookup_reserve, DigestHash{salt_of(definition_)}),
      subjects_(lookup_reserve, DigestHash{salt_of(definition_)}),
      recovery_codes_(0, DigestHash{salt_of(definition_)}),
      orders_(limits::orders_max, true),
      order_seats_(order_seats_max, true),
      keys_(hash_),
      outages_(hash_),
      late_windows_open_(definition_.draw.late_window),
      waitlist_(static_cast<std::uint32_t>(definition_.plan->zones.size()),
                static_cast<std::uint32_t>(definition_.plan->categories.size())) {
  zone_closed_.resize(definition_.plan->zones.size());
  auto record = std::make_shared<DrawRecord>();
  record->commitment = sha256(definition_.secrets.secret);
  record->late_commitment = sha256(definition_.secrets.late_secret);
  draw_record_ = std::move(record);
  bucket_.set_rate({}, admission_.per_second);
}

Reply Engine::State::apply(Sequence sequence, Instant time, const Command& command,
                           Effects& effects) {
  FRONTROW_ASSERT(sequence == sequence_ + 1);
  FRONTROW_ASSERT(time >= now_ || sequence_ == 0);
  previous_time_ = sequence_ == 0 ? time : now_;
  sequence_ = sequence;
  now_ = time;
  effects_ = &effects;
  seats_.begin_command(sequence, effects);
  Reply reply;
  reply.sequence = sequence;
  reply.rejection = std::visit([&](const auto& its_kind) { return on(its_kind, reply); }, command);
  // Whatever made seats free, the waitlist sees them before the command ends.
  if (waitlist_.anything_touched()) match_waitlist();
  if (!waitlist_.sleepers().empty() && seats_.totals().free == 0) wake_waitlist();
  return reply;
}

Rejection Engine::State::on(const OpenRound&, Reply&) {
  if (opened_) return Rejection::kAlreadyOpen;
  opened_ = true;
  for (const auto& withheld : definition_.seating.withheld)
    for (const SeatIndex seat : withheld.seats)
      if (seats_.is_free(seat)) seats_.block(seat, withheld.reason);
  publish_draw();
  return Rejection::kNone;
}

Rejection Engine::State::on(const Resume& command, Reply&) {
  // While paused the sale's clock stands still whatever happens to the server.
  if (!is_paused())
    sale_offset_ = sale_offset_ + std::clamp(command.gap, Duration{0}, now_ - previous_time_);
  // The payment thread has started anew, too, and thinks well of its gateway until it knows better.
  outages_.forgive(sale_now());
  return Rejection::kNone;
}

Engine::Engine(RoundDefinition definition)
    : state_(std::make_unique<State>(std::move(definition))) {}
Engine::~Engine() = default;

Reply Engine::apply(Sequence sequence, Instant time, const Command& command, Effects& effects) {
  return state_->apply(sequence, time, command, effects);
}
void Engine::prefetch(const Command& command) const { state_->prefetch(command); }
void Engine::prefetch_more(const Command& command) const { state_->prefetch_more(command); }
std::optional<Command> Engine::due(Instant now) const { return state_->due(now); }
std::optional<Instant> Engine::next_due() const { return state_->next_due(); }
Reply Engine::answer(const Query& query) const { return state_->answer(query); }

const RoundDefinition& Engine::definition() const { return state_->definition_; }
Sequence Engine::sequence() const { return state_->sequence_; }
Instant Engine::time() const { return state_->now_; }
StateHash Engine::state_hash() const { return state_->state_hash(); }
RoundStatus Engine::status() const { return state_->status(); }
std::uint32_t Engine::fan_count() const { return state_->fan_count(); }
FanView Engine::fan(FanId fan) const {
  FRONTROW_ASSERT(state_->exists(fan));
  return state_->fan_view(fan);
}
std::uint64_t Engine::free_word(std::uint32_t word) const { return state_->seats_.free_word(word); }
Engine::SeatState Engine::seat_state(SeatIndex seat) const {
  FRONTROW_ASSERT(state_->seats_.exists(seat));
  return state_->seats_.state(seat);
}
CategoryIndex Engine::seat_category(SeatIndex seat) const {
  FRONTROW_ASSERT(state_->seats_.exists(seat));
  return state_->seats_.category_of(seat);
}
BlockReason Engine::block_reason(SeatIndex seat) const {
  FRONTROW_ASSERT(state_->seats_.exists(seat));
  return state_->seats_.reason_of(seat);
}
OrderId Engine::seat_order(SeatIndex seat) const {
  FRONTROW_ASSERT(state_->seats_.exists(seat));
  return state_->seats_.order_of(seat);
}
std::uint32_t Engine::order_count() const { return state_->order_count(); }
OrderView Engine::order(OrderId order) const {
  FRONTROW_ASSERT(state_->exists(order));
  OrderView view;
  state_->fill_view(order, view);
  return view;
}
DrawRecord Engine::draw_record() const { return *state_->draw_record_; }
const std::vector<std::shared_ptr<const LateWindowRecord>>& Engine::late_windows() const {
  return state_->late_records_;
}
std::vector<UnsettledOrder> Engine::unsettled_orders() const { return state_->unsettled_orders(); }
std::vector<std::string> Engine::check_invariants() const { return state_->check_invariants(); }

}  // namespace frontrow
