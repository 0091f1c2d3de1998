// How far ahead of `Engine::apply` its hints are given, in commands: far enough that memory has
// answered, near enough that the caches still hold it.
#pragma once

#include <cstddef>

namespace frontrow {

inline constexpr std::size_t look_ahead_far = 8;
inline constexpr std::size_t look_ahead_near = 4;

/// Before command `n` of `count` is applied; `command_at(n)` is a pointer to it, or null.
template <class Engine, class CommandAt>
void look_ahead(const Engine& engine, std::size_t n, std::size_t count,
                const CommandAt& command_at) {
  if (n + look_ahead_far < count)
    if (const auto* command = command_at(n + look_ahead_far)) engine.prefetch(*command);
  if (n + look_ahead_near < count)
    if (const auto* command = command_at(n + look_ahead_near)) engine.prefetch_more(*command);
}

}  // namespace frontrow
