// From the journal's first command to an engine: what every command that reads a journal needs.
#pragma once

#include "sequencer/recovery.hpp"

namespace frontrow::cli {

/// Parses the definition in `OpenRound` and checks that this program knows its rules.
EngineMaker engine_from_definition();

}  // namespace frontrow::cli
