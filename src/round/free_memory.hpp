// The JSON of a venue takes ten times the room of its plan. Called after it was let go.
#pragma once

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace frontrow::round {

/// Gives free pages back to the system, where the C library keeps them otherwise.
inline void return_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace frontrow::round
