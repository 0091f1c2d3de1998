#include "sequencer/group.hpp"

#include <utility>

#include "base/assert.hpp"
#include "base/command_codec.hpp"
#include "sequencer/group_limits.hpp"
#include "sequencer/look_ahead.hpp"
#include "sequencer/recovery.hpp"

namespace frontrow {
namespace {

/// Events whose memory is kept between groups.
constexpr std::size_t kept_events_max = 65'536;

bool is_for_payments(const Event& event) {
  return std::holds_alternative<ChargeWanted>(event) ||
         std::holds_alternative<CancelWanted>(event) || std::holds_alternative<RefundWanted>(event);
}

}  // namespace

Group::Group(Engine& engine, SequencerStatistics& statistics)
    : engine_(engine), statistics_(statistics) {}

void Group::begin(Instant now) {
  now_ = now;
  next_ = engine_.sequence() + 1;
  block_.begin(next_, now, journaled_state_hash(engine_.state_hash()));
  item_count_ = 0;
  effects_.clear();
  card_tokens_.clear();
}

Group::Item& Group::next_item() {
  if (item_count_ == items_.size()) items_.emplace_back();
  return items_[item_count_++];
}

void Group::apply_command(const Command& command, Reply& reply) {
  reply = engine_.apply(next_++, now_, command, effects_);
  const std::size_t number = command_number(command);
  statistics_.commands[number][static_cast<std::size_t>(reply.rejection)].add();
}

void Group::add_due_commands() {
  for (std::size_t n = 0; n < group_limits::due_commands_max; ++n) {
    const auto command = engine_.due(now_);
    if (!command) return;
    block_.add(*command);
    Reply reply;
    apply_command(*command, reply);
    // A refused one would be due again and again.
    FRONTROW_ASSERT(reply.rejection == Rejection::kNone);
  }
}

void Group::add_own(std::vector<Command> commands) {
  for (Command& command : commands) {
    block_.add(command);
    Item& item = next_item();
    item.outlet = nobody;
    item.submission.what = std::move(command);
  }
}

void Group::collect(std::vector<Outlet>& outlets) {
  if (outlets.empty()) return;
  bool full = false;
  for (bool any = true; any && !full;) {
    any = false;
    for (std::size_t n = 0; n < outlets.size() && !full; ++n) {
      const auto index = static_cast<std::uint32_t>((first_outlet_ + n) % outlets.size());
      const std::size_t taken = outlets[index].channel().drain(
          group_limits::submissions_per_visit, [&](Submission& submission) {
            Item& item = next_item();
            item.outlet = index;
            item.submission = std::move(submission);
            if (const auto* command = std::get_if<Command>(&item.submission.what))
              block_.add(*command);
          });
      any = any || taken > 0;
      full = item_count_ + group_limits::submissions_per_visit > group_limits::submissions_max ||
             block_.bytes() >= group_limits::bytes_max;
    }
  }
  first_outlet_ = (first_outlet_ + 1) % outlets.size();
}

void Group::keep_card_token(std::string&& token, std::size_t first_event) {
  for (std::size_t n = first_event; n < effects_.events.size(); ++n) {
    if (!std::holds_alternative<ChargeWanted>(effects_.events[n])) continue;
    card_tokens_.push_back({n, std::move(token)});
    return;
  }
}

void Group::apply() {
  for (std::size_t n = 0; n < item_count_; ++n) {
    look_ahead(engine_, n, item_count_,
               [&](std::size_t at) { return std::get_if<Command>(&items_[at].submission.what); });
    Item& item = items_[n];
    if (const auto* query = std::get_if<Query>(&item.submission.what)) {
      item.reply = engine_.answer(*query);
      statistics_.queries.add();
      continue;
    }
    const auto first_event = effects_.events.size();
    const auto& command = std::get<Command>(item.submission.what);
    apply_command(command, item.reply);
    if (item.submission.card_token.empty()) continue;
    if (std::holds_alternative<StartPayment>(command))
      keep_card_token(std::move(item.submission.card_token), first_event);
    item.submission.card_token.clear();
  }
}

void Group::release(std::vector<Outlet>& outlets) {
  for (std::size_t n = 0; n < item_count_; ++n) {
    Item& item = items_[n];
    if (item.outlet == nobody) continue;
    outlets[item.outlet].send_answer({item.submission.correlation, std::move(item.reply)});
  }
  if (!effects_.events.empty()) release_events(outlets);
  if (!effects_.facts.empty()) release_facts(outlets);
  for (Outlet& outlet : outlets) outlet.notify();
  if (effects_.events.capacity() > kept_events_max) effects_ = Effects{};
}

void Group::release_events(std::vector<Outlet>& outlets) {
  std::size_t token = 0;
  for (std::size_t n = 0; n < effects_.events.size(); ++n) {
    Event& event = effects_.events[n];
    if (!is_for_payments(event)) {
      for (Outlet& outlet : outlets)
        if (outlet.channel().subscription().fans) outlet.send_fan_event(event);
      continue;
    }
    std::string card_token;
    if (token < card_tokens_.size() && card_tokens_[token].event == n)
      card_token = std::move(card_tokens_[token++].token);
    for (Outlet& outlet : outlets) {
      if (!outlet.channel().subscription().payments) continue;
      outlet.send_payment_event(std::move(event), std::move(card_token));
      break;
    }
  }
}

void Group::release_facts(std::vector<Outlet>& outlets) {
  for (Outlet& outlet : outlets) {
    if (!outlet.channel().subscription().facts) continue;
    outlet.send_facts(std::exchange(effects_.facts, {}));
    return;
  }
}

void Group::trim() {
  block_.trim();
  items_ = {};
  item_count_ = 0;
  effects_ = Effects{};
}

}  // namespace frontrow
