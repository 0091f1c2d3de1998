#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace frontrow {

void assert_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "frontrow: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace frontrow
