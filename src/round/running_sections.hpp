// The sections of the round file that may change at each start: admission, guard, identity's
// particulars, payment, tickets, http, journal, operators.
#pragma once

#include <filesystem>

#include "round/object_reader.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {

/// Reads them all into `file`. Relative paths count from `directory`, the round file's.
void read_running_sections(ObjectReader& root, const std::filesystem::path& directory,
                           Remarks& mistakes, RoundFile& file);

/// What of the whole file is legal but unwise.
void warn_of_the_unwise(const RoundFile& file, Remarks& warnings);

}  // namespace frontrow::round
