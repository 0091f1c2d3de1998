// Reading a data directory's journal from its first command, for the commands that show it: the
// directory is only read, also while a server writes to it.
#pragma once

#include <filesystem>
#include <string>

#include "sequencer/recovery.hpp"

namespace frontrow::cli {

/// Verifies and re-runs the journal; progress goes to standard error where that is a terminal. The
/// error is one line.
boost::system::result<Recovered, std::string> read_journal(const std::filesystem::path& data,
                                                           RecoveryOptions options);

}  // namespace frontrow::cli
