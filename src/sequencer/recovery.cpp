#include "sequencer/recovery.hpp"

#include <fmt/format.h>

#include <cstring>

#include "sequencer/look_ahead.hpp"
#include "sequencer/start_commands.hpp"

namespace frontrow {

using journal::error_at;
using journal::Fault;

Bytes16 journaled_state_hash(const StateHash& hash) {
  Bytes16 bytes;
  std::memcpy(bytes.data(), &hash.low, sizeof hash.low);
  std::memcpy(bytes.data() + sizeof hash.low, &hash.high, sizeof hash.high);
  return bytes;
}

Replayer::Replayer(EngineMaker make_engine, RecoveryOptions options)
    : make_engine_(std::move(make_engine)), options_(std::move(options)) {}

journal::Result<void> Replayer::open_round(const journal::Block& block) {
  const auto* open = std::get_if<OpenRound>(&block.commands.front());
  if (open == nullptr)
    return error_at(Fault::kFirstCommand, block.first, "the journal does not begin with OpenRound");
  if (open->rules_version != Engine::rules_version)
    return error_at(Fault::kFirstCommand, block.first,
                    fmt::format("the round has rules version {}, this program has {}",
                                open->rules_version, Engine::rules_version));
  auto made = make_engine_(*open);
  if (made.has_error()) return error_at(Fault::kFirstCommand, block.first, made.error());
  recovered_.engine = std::move(*made);
  recovered_.definition = open->definition;
  return {};
}

journal::Result<void> Replayer::apply(const journal::Block& block) {
  if (block.first > options_.to) return {};
  if (!recovered_.engine) {
    if (auto opened = open_round(block); opened.has_error()) return opened;
  }
  Engine& engine = *recovered_.engine;
  if (journaled_state_hash(engine.state_hash()) != block.state_hash)
    return error_at(Fault::kState, block.first,
                    "the state hash recorded before it is not that of the replayed state");
  for (std::size_t n = 0; n < block.commands.size(); ++n) {
    const Sequence sequence = block.first + n;
    if (sequence > options_.to) break;
    look_ahead(engine, n, block.commands.size(),
               [&](std::size_t at) { return &block.commands[at]; });
    const Command& command = block.commands[n];
    const Reply reply = engine.apply(sequence, block.time, command, effects_);
    ++recovered_.commands;
    if (reply.rejection != Rejection::kNone) ++recovered_.refused;
    if (const auto* set = std::get_if<SetAdmission>(&command);
        set != nullptr && set->operator_name == config_operator)
      recovered_.configured = set->rules;
    if (options_.on_command) options_.on_command(sequence, block.time, command, reply, engine);
  }
  if (options_.on_facts && !effects_.facts.empty()) options_.on_facts(effects_.facts);
  effects_.clear();
  return {};
}

Recovered Replayer::finish(const journal::Summary& summary) && {
  recovered_.summary = summary;
  return std::move(recovered_);
}

journal::Result<Recovered> recover(journal::JournalReader& reader, const EngineMaker& make_engine,
                                   const RecoveryOptions& options) {
  Replayer replayer(make_engine, options);
  const auto visited =
      reader.visit([&](const journal::Block& block) { return replayer.apply(block); }, options.to);
  if (visited.has_error()) return visited.error();
  return std::move(replayer).finish(*visited);
}

}  // namespace frontrow
