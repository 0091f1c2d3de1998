#include "cli/journal_reading.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <vector>

#include "cli/engine_maker.hpp"

namespace frontrow::cli {
namespace {

/// "read 1200000 commands", renewed in place every half second. Leaves no trace.
class Progress {
 public:
  void step(Sequence sequence) {
    // The clock costs as much as a command.
    if (sequence % 4'096 != 0) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_at_ < std::chrono::milliseconds(500)) return;
    shown_at_ = now;
    shown_ = true;
    fmt::print(stderr, "\rread {} commands", sequence);
    std::fflush(stderr);
  }
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\033[K");
  }

 private:
  std::chrono::steady_clock::time_point shown_at_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

}  // namespace

boost::system::result<Recovered, std::string> read_journal(const std::filesystem::path& data,
                                                           RecoveryOptions options) {
  Progress progress;
  // On a terminal that the command's own lines go to as well, they are progress enough.
  if (isatty(STDERR_FILENO) != 0 && (isatty(STDOUT_FILENO) == 0 || !options.on_command)) {
    options.on_command = [&progress, inner = std::move(options.on_command)](
                             Sequence sequence, Instant time, const Command& command,
                             const Reply& reply, const Engine& engine) {
      progress.step(sequence);
      if (inner) inner(sequence, time, command, reply, engine);
    };
  }
  journal::JournalReader::Options reading;
  // Told where the reading succeeds alone: a failure says all there is in its one line.
  std::vector<std::string> notices;
  reading.notice = [&notices](const std::string& line) { notices.push_back(line); };
  auto reader = journal::JournalReader::open(data, reading);
  if (reader.has_error()) return reader.error().message;
  auto recovered = recover(**reader, engine_from_definition(), options);
  if (recovered.has_error()) return recovered.error().message;
  for (const auto& line : notices) fmt::print(stderr, "frontrow: {}\n", line);
  if (!recovered->engine) return fmt::format("{}: the journal is empty", data.string());
  return std::move(*recovered);
}

}  // namespace frontrow::cli
