#include "cli/opening.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/digest.hpp"
#include "cli/engine_maker.hpp"
#include "observe/log.hpp"
#include "proof/transparency_log.hpp"
#include "round/plan_losses.hpp"
#include "sequencer/start_commands.hpp"

namespace frontrow::cli {
namespace {

using Failure = std::string;
template <class T>
using Outcome = boost::system::result<T, Failure>;

struct Found {
  Recovered recovered;  ///< No engine: the directory holds no journal yet.
  std::deque<FactNote> facts;
  double seconds = 0;
};

Outcome<Found> recover_from(const std::filesystem::path& data) {
  const auto began = std::chrono::steady_clock::now();
  journal::JournalReader::Options options;
  options.notice = [](const std::string& line) { observe::log_warning(line); };
  auto reader = journal::JournalReader::open(data, options);
  if (!reader) {
    if (reader.error().fault == journal::Fault::kNoJournal) return Found{};
    return reader.error().message;
  }
  std::deque<FactNote> facts;
  RecoveryOptions recovery;
  recovery.on_facts = [&facts](std::vector<FactNote> notes) {
    proof::put_in_leaf_order(notes);
    facts.insert(facts.end(), notes.begin(), notes.end());
  };
  auto recovered = recover(**reader, engine_from_definition(), recovery);
  if (!recovered) return recovered.error().message;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return Found{std::move(*recovered), std::move(facts), took.count()};
}

Outcome<std::unique_ptr<Engine>> first_engine(const round::RoundFile& file,
                                              std::string& definition) {
  DrawSecrets secrets;
  random_bytes(secrets.secret);
  random_bytes(secrets.late_secret);
  definition = round::write_definition(file, secrets);
  std::string problem;
  auto parsed = round::parse_definition(definition, problem);
  if (!parsed) return problem;
  return std::make_unique<Engine>(std::move(*parsed));
}

Failure differences(const std::filesystem::path& data, const std::vector<std::string>& lines) {
  Failure text =
      fmt::format("data directory {} belongs to a round with other rules:", data.string());
  for (const auto& line : lines)
    text += fmt::format("{}{}", lines.size() == 1 ? " " : "\n  ", line);
  return text;
}

/// What the file's plan would do to seats that fans have.
std::vector<std::string> seats_lost(const Engine& engine, const round::RoundFile& file) {
  return round::plan_losses(*engine.definition().plan, *file.definition.plan, [&](SeatIndex seat) {
    switch (engine.seat_state(seat)) {
      case Engine::SeatState::kHeld:
        return round::SeatUse::kHeld;
      case Engine::SeatState::kSold:
        return round::SeatUse::kSold;
      default:
        return round::SeatUse::kNobody;
    }
  });
}

}  // namespace

std::optional<Instant> first_start_in(const std::filesystem::path& data) {
  auto reader = journal::JournalReader::open(data, {});
  if (!reader) return std::nullopt;
  std::optional<Instant> first_start;
  const auto visited = (*reader)->visit(
      [&](const journal::Block& block) -> journal::Result<void> {
        if (const auto* open = std::get_if<OpenRound>(&block.commands.front()))
          first_start = round::first_start_of(open->definition);
        return {};
      },
      1);
  return visited ? first_start : std::nullopt;
}

boost::system::result<OpenedRound, std::string> open_round(const std::filesystem::path& data,
                                                           const round::RoundFile& file,
                                                           Instant now) {
  auto directory = journal::DataDirectory::lock(data);
  if (!directory) return directory.error().message;
  auto found = recover_from(data);
  if (!found) return found.error();
  Recovered& recovered = found->recovered;

  OpenedRound opened{std::move(*directory), nullptr,       nullptr, {}, std::move(found->facts),
                     recovered.commands,    found->seconds};
  if (recovered.engine) {
    auto lines = round::bound_differences(recovered.definition, file);
    if (!lines.empty()) {
      const auto losses = seats_lost(*recovered.engine, file);
      lines.insert(lines.end(), losses.begin(), losses.end());
      return differences(data, lines);
    }
    opened.engine = std::move(recovered.engine);
    opened.start_commands =
        later_start_commands(*opened.engine, now, recovered.configured, file.admission);
  } else {
    std::string definition;
    auto engine = first_engine(file, definition);
    if (!engine) return engine.error();
    opened.engine = std::move(*engine);
    opened.start_commands = first_start_commands(std::move(definition), file.admission);
  }

  journal::WriterOptions options;
  options.sync = file.journal_sync;
  options.notice = [](const std::string& line) { observe::log_warning(line); };
  auto writer = journal::RocksJournal::open(data, recovered.summary.head, options);
  if (!writer) return writer.error().message;
  opened.journal = std::move(*writer);
  return opened;
}

}  // namespace frontrow::cli
