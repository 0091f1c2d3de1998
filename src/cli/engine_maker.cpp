#include "cli/engine_maker.hpp"

#include <fmt/format.h>

#include "round/round_file.hpp"

namespace frontrow::cli {

EngineMaker engine_from_definition() {
  return [](const OpenRound& open) -> boost::system::result<std::unique_ptr<Engine>, std::string> {
    if (open.rules_version != Engine::rules_version)
      return fmt::format("the journal follows rules version {}, this program knows version {}",
                         open.rules_version, Engine::rules_version);
    std::string problem;
    auto definition = round::parse_definition(open.definition, problem);
    if (!definition) return problem;
    return std::make_unique<Engine>(std::move(*definition));
  };
}

}  // namespace frontrow::cli
