#include "sequencer/start_commands.hpp"

#include <algorithm>

namespace frontrow {

std::vector<Command> first_start_commands(std::string definition, const AdmissionRules& admission) {
  return {OpenRound{Engine::rules_version, std::move(definition)},
          SetAdmission{config_operator, admission}};
}

std::vector<Command> later_start_commands(const Engine& recovered, Instant now,
                                          const AdmissionRules& configured,
                                          const AdmissionRules& admission) {
  // A clock that was set back since must not let the sale's time run backwards.
  const Duration gap = std::max(now - recovered.time(), Duration{});
  std::vector<Command> commands{Resume{gap}};
  if (configured != admission) commands.push_back(SetAdmission{config_operator, admission});
  return commands;
}

}  // namespace frontrow
