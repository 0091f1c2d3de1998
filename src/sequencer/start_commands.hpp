// The commands that every start journals before anyone is served.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace frontrow {

/// Name of the operator under which a start journals what the round file changed.
inline constexpr const char* config_operator = "config";

/// Of a first start: the round, as its definition's text, and its admission.
std::vector<Command> first_start_commands(std::string definition, const AdmissionRules& admission);

/// Of every other: the time that the sale stood still since the journal's last command, and the
/// admission where the round file has another than at the start before (`configured`): what an
/// operator changed meanwhile outlives a start with the same file.
std::vector<Command> later_start_commands(const Engine& recovered, Instant now,
                                          const AdmissionRules& configured,
                                          const AdmissionRules& admission);

}  // namespace frontrow
