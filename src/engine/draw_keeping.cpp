// From the lobby to the line: the lobby closes, the beacon comes, the draw is made, late windows
// follow.
#include "base/digest.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

void Engine::State::note_fact(FactKind kind, FanId fan) const {
  const FanRecord& record = fans_[fan.value];
  effects_->facts.push_back({sequence_, now_, kind, record.tier, fan, record.rank, {}, {}});
}

void Engine::State::publish_draw() { effects_->events.emplace_back(DrawPublished{draw_record_}); }

std::vector<queue::DrawTicket> Engine::State::tickets_of(FanId first, std::uint32_t count,
                                                         bool late) const {
  std::vector<queue::DrawTicket> tickets(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    const FanRecord& fan = fans_[first.value + n];
    tickets[n] = {fan.entry, late ? std::uint8_t{1} : fan.tier};
  }
  return tickets;
}

const Bytes32& Engine::State::root_of_lobby() const {
  // Asked for only once nobody can join the lobby any more, so it stays what it is.
  if (!lobby_root_) lobby_root_ = queue::draw_root(tickets_of(FanId{0}, lobby_count_, false));
  return *lobby_root_;
}

Rejection Engine::State::on(const CloseLobby& command, Reply&) {
  if (lobby_closed_ || now_ < draw_at_ || command.count != lobby_count_ ||
      command.lobby_root != root_of_lobby())
    return Rejection::kNotDue;
  lobby_closed_ = true;
  auto record = std::make_shared<DrawRecord>(*draw_record_);
  record->lobby_closed = true;
  record->lobby_root = root_of_lobby();
  record->count = lobby_count_;
  draw_record_ = std::move(record);
  publish_draw();
  return Rejection::kNone;
}

Rejection Engine::State::on(const SetBeacon& command, Reply&) {
  const auto& rule = definition_.draw.beacon;
  if (!rule) return Rejection::kBeaconRefused;
  if (!lobby_closed_) return Rejection::kBeaconTooEarly;
  const std::string value(command.randomness.begin(), command.randomness.end());
  if (command.round != rule->round || sha256(as_bytes(command.signature)) != command.randomness)
    return Rejection::kBeaconRefused;
  // Once there is a value, or the draw went without, no other one counts.
  if (!beacon_.empty() || drawn_)
    return beacon_ == value ? Rejection::kNone : Rejection::kBeaconRefused;
  beacon_ = value;
  beacon_signature_ = command.signature;
  return Rejection::kNone;
}

bool Engine::State::draw_is_due(Instant now) const {
  if (!lobby_closed_ || drawn_) return false;
  const auto& rule = definition_.draw.beacon;
  return !rule || !beacon_.empty() || now >= draw_at_ + rule->wait;
}

void Engine::State::place_drawn(FanId fan) {
  FanEdit edit(*this, fan);
  edit->rank = ++ranked_count_;
  edit->slot = line_.append(fan);
  note_fact(FactKind::kDrawn, fan);
  if (edit->state == FanState::kLobby) edit->state = FanState::kWaiting;
  if (edit->state != FanState::kWaiting) return;
  if (!edit->slot.exists())
    edit->state = FanState::kMissed;  // Line::slots_max: the line is full.
  else if (!edit->banned)
    line_.set_waiting(edit->slot, true);
}

Rejection Engine::State::on(const DrawLine&, Reply&) {
  if (!draw_is_due(now_)) return Rejection::kNotDue;
  const auto tickets = tickets_of(FanId{0}, lobby_count_, false);
  auto record = std::make_shared<DrawRecord>(*draw_record_);
  record->drawn = true;
  record->secret = definition_.secrets.secret;
  record->beacon = beacon_;
  record->beacon_signature = beacon_signature_;
  record->seed = queue::draw_seed(definition_.secrets.secret, root_of_lobby(), beacon_);
  record->entries.reserve(tickets.size());
  effects_->fans.reserve(effects_->fans.size() + tickets.size());
  for (const std::uint32_t index : queue::draw_order(tickets, record->seed)) {
    place_drawn(FanId{index});
    record->entries.push_back({tickets[index].entry, tickets[index].tier, ranked_count_});
  }
  drawn_ = true;
  draw_record_ = std::move(record);
  bucket_.fill(sale_now());
  publish_draw();
  return Rejection::kNone;
}

bool Engine::State::wants_late_beacons() const {
  return definition_.draw.beacon && !definition_.draw.beacon->url.empty();
}

Instant Engine::State::late_window_due() const {
  const Instant end = late_windows_open_.end_of_front(draw_at_);
  return wants_late_beacons() ? end + definition_.draw.beacon->wait : end;
}

Rejection Engine::State::on(const CloseLateWindow& command, Reply&) {
  if (!drawn_ || late_windows_open_.empty() ||
      late_windows_open_.front().number != command.window ||
      now_ < late_windows_open_.end_of_front(draw_at_))
    return Rejection::kNotDue;
  if (command.beacon.empty()) {
    // Nobody may choose to go without: it is what remains when none has come in time.
    if (now_ < late_window_due()) return Rejection::kNotDue;
  } else {
    if (!wants_late_beacons()) return Rejection::kBeaconRefused;
    const Bytes32 randomness = sha256(as_bytes(command.beacon_signature));
    if (!equal_in_constant_time(as_bytes(command.beacon), randomness))
      return Rejection::kBeaconRefused;
  }
  const queue::LateWindows::Window window = late_windows_open_.front();
  late_windows_open_.close_front();
  const auto tickets = tickets_of(window.first, window.count, true);
  auto record = std::make_shared<LateWindowRecord>();
  record->window = window.number;
  record->window_secret = queue::late_window_secret(definition_.secrets.late_secret, window.number);
  record->window_root = queue::draw_root(tickets);
  record->beacon_round = command.beacon.empty() ? 0 : command.beacon_round;
  record->beacon = command.beacon;
  record->beacon_signature = command.beacon.empty() ? std::string() : command.beacon_signature;
  record->seed =
      queue::late_seed(window.number, record->window_secret, record->window_root, record->beacon);
  record->entries.reserve(tickets.size());
  for (const std::uint32_t index : queue::draw_order(tickets, record->seed)) {
    const FanId fan{window.first.value + index};
    const FanRecord& its = fans_[fan.value];
    if (its.state == FanState::kWaiting && !its.banned) --late_waiting_;
    hash_.remove(hash_of_background(fan));
    backgrounds_[fan.value].late = 0;
    hash_.add(hash_of_background(fan));
    place_drawn(fan);
    record->entries.push_back({tickets[index].entry, tickets[index].tier, ranked_count_});
  }
  late_records_.push_back(std::move(record));
  effects_->events.emplace_back(LateWindowPublished{late_records_.back()});
  return Rejection::kNone;
}

}  // namespace frontrow
