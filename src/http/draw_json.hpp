// The public files of the draw, contract section 6. Pure; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "frontrow/round_definition.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

std::string draw_json(const DrawRecord& record, const RoundDefinition& round);
/// `with_secret`: the round is closed, the secret behind the windows is public.
std::string late_json(const std::vector<std::shared_ptr<const LateWindowRecord>>& windows,
                      const RoundDefinition& round, bool with_secret);

}  // namespace frontrow::http
