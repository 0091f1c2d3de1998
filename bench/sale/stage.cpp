#include "sale/stage.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "sale/hall.hpp"

namespace frontrow::sale {
namespace {

/// What the engine may find due at one moment before something is wrong.
constexpr int due_at_once_max = 100'000;

}  // namespace

Stage::Stage(const Scenario& scenario, const Hooks& hooks)
    : hooks_(hooks), engine_(definition_of(scenario)), now_(sale_start) {
  send(OpenRound{Engine::rules_version, "simulated"});
}

Reply Stage::send(const Command& command) {
  effects_.clear();
  Reply reply = engine_.apply(engine_.sequence() + 1, now_, command, effects_);
  ++report.rejections[static_cast<std::size_t>(reply.rejection)];
  if (std::holds_alternative<EnterShop>(command)) {
    ++report.enters;
    if (reply.rejection == Rejection::kShopFull) ++report.shop_full;
  }
  if (hooks_.after_command) hooks_.after_command(now_, command, reply, effects_, engine_);
  if (on_fan)
    for (const FanId fan : effects_.fans) on_fan(fan);
  if (on_event)
    for (const Event& event : effects_.events) on_event(event);
  return reply;
}

void Stage::settle() {
  for (int done = 0; const auto due = engine_.due(now_); ++done) {
    FRONTROW_ASSERT(done < due_at_once_max);
    send(*due);
  }
}

void Stage::advance(Instant time) {
  settle();
  for (;;) {
    const auto next = engine_.next_due();
    if (!next || *next > time) break;
    now_ = std::max(now_, *next);
    settle();
  }
  now_ = std::max(now_, time);
}

void Stage::plan(Instant at, ActKind kind, std::uint32_t subject, std::uint32_t detail) {
  acts_.push({std::max(at, now_), acts_planned_++, kind, subject, detail});
}

Act Stage::take_act() {
  const Act act = acts_.top();
  acts_.pop();
  return act;
}

}  // namespace frontrow::sale
