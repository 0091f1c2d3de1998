// The whole run: looks at the round, lets the crowd loose, compares, reports. Library of the
// command `frontrow crowd`; the caller has no other thread.
#pragma once

#include <cstdio>

#include "crowd/options.hpp"

namespace frontrow::crowd {

/// 0 where all was well, 1 where not; the report goes to `out` (and the options' file), words
/// about progress and failures to `err`. `options` has no mistakes.
int run_crowd(const Options& options, std::FILE* out, std::FILE* err);

}  // namespace frontrow::crowd
