// Joining, entering, leaving, and the codes that bring a fan back to their place.
#include <algorithm>

#include "base/assert.hpp"
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

std::optional<Rejection> Engine::State::join_again(const JoinQueue& command, Reply& reply) {
  const auto repeat = [&](FanId fan, bool created) {
    if (backgrounds_[fan.value].subject != command.subject) return Rejection::kIdempotencyKeyReused;
    reply.repeated = true;
    reply.body = JoinedView{fan, created};
    return Rejection::kNone;
  };
  if (!is_zero(command.proof)) {
    const auto use = proofs_.find(command.proof);
    if (use != proofs_.end()) {
      if (is_zero(command.key) || use->second.key != command.key) return Rejection::kProofUsed;
      return repeat(use->second.fan, use->second.created);
    }
  } else if (!is_zero(command.key)) {
    if (const auto known = join_keys_.find(command.key); known != join_keys_.end())
      return repeat(known->second, true);
  }
  return std::nullopt;
}

void Engine::State::remember_join(const JoinQueue& command, FanId fan, bool created) {
  if (!is_zero(command.proof)) {
    const ProofUse use{fan, command.key, created};
    proofs_.emplace(command.proof, use);
    hash_.add(hash_of_proof(command.proof, use));
  } else if (!is_zero(command.key) && created) {
    join_keys_.emplace(command.key, fan);
    hash_.add(hash_of_join_key(command.key, fan));
  }
}

Rejection Engine::State::on(const JoinQueue& command, Reply& reply) {
  if (const auto again = join_again(command, reply)) return *again;
  if (!is_zero(command.subject)) {
    // The same person on another device: the place there is, even when no new ones are made.
    if (const auto known = subjects_.find(command.subject); known != subjects_.end()) {
      if (proofs_.size() >= proofs_max) return Rejection::kRoundFull;
      remember_join(command, known->second, false);
      FanBackground& background = backgrounds_[known->second.value];
      if (command.seats_elsewhere > background.seats_elsewhere) {
        // An older pass cannot take back what a newer one has said.
        hash_.remove(hash_of_background(known->second));
        background.seats_elsewhere = command.seats_elsewhere;
        fans_[known->second.value].has_seats_elsewhere = true;
        hash_.add(hash_of_background(known->second));
      }
      reply.body = JoinedView{known->second, false};
      return Rejection::kNone;
    }
  }
  if (is_closed()) return Rejection::kRoundClosed;
  if (now_ < lobby_opens_at_) return Rejection::kLobbyNotOpen;
  if (!fans_.has_room() || proofs_.size() >= proofs_max) return Rejection::kRoundFull;

  const FanId fan{fan_count()};
  const bool late = now_ >= draw_at_;
  FanRecord record;
  record.entry = command.entry;
  record.tier = command.tier;
  record.state = late ? FanState::kWaiting : FanState::kLobby;
  record.has_seats_elsewhere = command.seats_elsewhere != 0;
  fans_.push_back(record);
  FanBackground background;
  background.subject = command.subject;
  background.joined_sequence = sequence_;
  background.joined_at = now_;
  background.late = late ? 1 : 0;
  background.seats_elsewhere = command.seats_elsewhere;
  backgrounds_.push_back(background);
  if (late) {
    late_windows_open_.add(late_windows_open_.number_at(draw_at_, now_), fan);
    ++late_waiting_;
  } else {
    FRONTROW_ASSERT(lobby_count_ == fan.value);
    ++lobby_count_;
  }
  if (!is_zero(command.subject)) subjects_.emplace(command.subject, fan);
  remember_join(command, fan, true);
  ++count_of(record);
  hash_.add(hash_of_fan(fan));
  hash_.add(hash_of_background(fan));
  effects_->fans.push_back(fan);
  note_fact(FactKind::kJoined, fan);
  reply.body = JoinedView{fan, true};
  return Rejection::kNone;
}

void Engine::State::start_fan_timer(FanId fan, TimerKind kind, Duration length) {
  const auto list = static_cast<std::size_t>(kind) - static_cast<std::size_t>(TimerKind::kEnter);
  fan_timers_[list].insert(fans_, fan.value, sale_now() + length);
}

void Engine::State::stop_fan_timer(FanId fan) {
  FanRecord& record = fans_[fan.value];
  if (record.state == FanState::kCalled)
    fan_timers_[0].remove(fans_, fan.value);
  else if (record.state == FanState::kShopping)
    fan_timers_[1].remove(fans_, fan.value);
  record.deadline = {};
}

Rejection Engine::State::on(const EnterShop& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  const FanRecord& record = fans_[command.fan.value];
  if (record.state != FanState::kCalled || record.deadline <= sale_now())
    return Rejection::kNotCalled;
  const bool full = fans_in(FanState::kShopping) >= admission_.max_shoppers;
  if (!full) {
    ++counts_.entered;
    counts_.entering_microseconds +=
        std::max((admission_.enter - (record.deadline - sale_now())).microseconds, std::int64_t{0});
  }
  {
    FanEdit edit(*this, command.fan);
    stop_fan_timer(command.fan);
    if (full) {
      // The one refusal that changes something: the fan who came in time does not lose by it.
      start_fan_timer(command.fan, TimerKind::kEnter, admission_.enter);
    } else {
      edit->state = FanState::kShopping;
      start_fan_timer(command.fan, TimerKind::kTurn, admission_.shopping);
    }
  }
  reply.body = fan_detail(command.fan);
  return full ? Rejection::kShopFull : Rejection::kNone;
}

void Engine::State::end_turn(FanId fan) {
  FanEdit edit(*this, fan);
  ++counts_.turns_ended;
  counts_.turn_seats += edit->seats_counted;
  // As long as the rules let a turn be now: where they changed meanwhile, a little off.
  counts_.turn_microseconds +=
      std::max((admission_.shopping - (edit->deadline - sale_now())).microseconds, std::int64_t{0});
  stop_fan_timer(fan);
  edit->state = FanState::kEnded;
}

void Engine::State::miss_turn(FanId fan) {
  FanEdit edit(*this, fan);
  stop_fan_timer(fan);
  edit->state = FanState::kMissed;
  ++counts_.missed;
  if (edit->missed_once) return;
  edit->missed_once = true;
  const LineSlot slot = line_.put_back(fan, admission_.missed_turn_places);
  if (!slot.exists()) return;
  edit->slot = slot;
  edit->state = FanState::kWaiting;
  line_.set_waiting(slot, true);
}

Rejection Engine::State::on(const LeaveQueue& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  switch (fans_[command.fan.value].state) {
    case FanState::kShopping:
      end_turn(command.fan);
      break;
    case FanState::kLobby:
    case FanState::kWaiting:
    case FanState::kCalled: {
      FanEdit edit(*this, command.fan);
      if (edit->state == FanState::kWaiting) {
        if (edit->slot.exists())
          line_.set_waiting(edit->slot, false);
        else
          --late_waiting_;
      }
      stop_fan_timer(command.fan);
      edit->state = FanState::kLeft;
      break;
    }
    case FanState::kEnded:
    case FanState::kLeft:
    case FanState::kMissed:
      break;
  }
  reply.body = fan_detail(command.fan);
  return Rejection::kNone;
}

void Engine::State::set_recovery_code(FanId fan, const Bytes16& code) {
  hash_.remove(hash_of_background(fan));
  if (const auto known = codes_by_fan_.find(fan.value); known != codes_by_fan_.end()) {
    recovery_codes_.erase(known->second);
    codes_by_fan_.erase(known);
  }
  if (!is_zero(code)) {
    recovery_codes_.emplace(code, fan);
    codes_by_fan_.emplace(fan.value, code);
  }
  hash_.add(hash_of_background(fan));
}

Bytes16 Engine::State::recovery_code_of(FanId fan) const {
  if (codes_by_fan_.empty()) return {};
  const auto known = codes_by_fan_.find(fan.value);
  return known == codes_by_fan_.end() ? Bytes16{} : known->second;
}

Rejection Engine::State::on(const CreateRecovery& command, Reply& reply) {
  if (const Rejection refused = refuse_fan(command.fan); refused != Rejection::kNone)
    return refused;
  if (fans_[command.fan.value].state == FanState::kLeft) return Rejection::kDeparted;
  if (is_zero(command.code)) return Rejection::kRecoveryUnknown;
  // A code is short: should chance give one twice, it stays with the fan who has it.
  if (const auto known = recovery_codes_.find(command.code);
      known != recovery_codes_.end() && known->second != command.fan)
    return Rejection::kRecoveryUnknown;
  set_recovery_code(command.fan, command.code);
  reply.body = JoinedView{command.fan, false};
  return Rejection::kNone;
}

Rejection Engine::State::on(const RedeemRecovery& command, Reply& reply) {
  const auto known = recovery_codes_.find(command.code);
  if (known == recovery_codes_.end()) return Rejection::kRecoveryUnknown;
  reply.body = JoinedView{known->second, false};
  return Rejection::kNone;
}

}  // namespace frontrow
