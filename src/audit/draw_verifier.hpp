// Checks a draw from its public file alone. Written a second time after docs/fairness.md, apart
// from the draw that the engine makes, so that a mistake there is not repeated here. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/draw_file.hpp"

namespace frontrow::audit {

struct DrawVerdict {
  /// Steps that hold, in their order: algorithm, commitment, count, lobby_root, beacon, seed,
  /// ranks.
  std::vector<std::string> passed;
  struct Failure {
    std::string step;
    std::string what;
  };
  /// The first step that does not hold; later ones have not been looked at.
  std::optional<Failure> failure;
  /// Of these, what the file does not tell yet, so that there was nothing to look at.
  std::vector<std::string> not_told;
  /// What a reader must know even though every step holds.
  std::vector<std::string> remarks;
};

DrawVerdict verify_draw(const DrawFile& file);

}  // namespace frontrow::audit
