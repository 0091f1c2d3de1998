// The public files of the draw, contract section 6. Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "frontrow/round_definition.hpp"
#include "frontrow/view.hpp"

namespace frontrow::http {

std::string draw_json(const DrawRecord& record, const RoundDefinition& round);
/// What the file of the late windows tells beside them.
struct LateFacts {
  Instant draw_at;
  std::uint32_t lobby_count = 0;  ///< Drawn before them; the ranks go on from there.
  bool closed = false;            ///< The secret behind the windows is public.
};
std::string late_json(const std::vector<std::shared_ptr<const LateWindowRecord>>& windows,
                      const RoundDefinition& round, const LateFacts& facts);

}  // namespace frontrow::http
