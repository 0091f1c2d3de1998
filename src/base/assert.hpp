// FRONTROW_ASSERT: for our own mistakes. On in every build; prints what and where, then aborts.
#pragma once

namespace frontrow {

[[noreturn]] void assert_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace frontrow

#define FRONTROW_ASSERT(expression)                   \
  (__builtin_expect(static_cast<bool>(expression), 1) \
       ? static_cast<void>(0)                         \
       : ::frontrow::assert_failed(#expression, __FILE__, __LINE__))
