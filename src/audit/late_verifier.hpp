// Checks the late windows from their public file alone. Written a second time after
// docs/fairness.md, apart from what the engine does. Any thread.
#pragma once

#include "audit/draw_verifier.hpp"
#include "audit/late_file.hpp"

namespace frontrow::audit {

/// Steps, each over all windows: algorithm, late_commitment, windows, window_secret, window_root,
/// beacon, beacon_round, seed, ranks. What the file does not tell yet is in `not_told`.
DrawVerdict verify_late(const LateFile& file);

}  // namespace frontrow::audit
