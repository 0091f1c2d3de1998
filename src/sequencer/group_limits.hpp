// Bounds of the sequencer's loop, all in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace frontrow::group_limits {

/// Commands and queries of one group taken from the channels.
inline constexpr std::size_t submissions_max = 4'096;
/// Once a group has this many encoded bytes nothing more is taken into it.
inline constexpr std::size_t bytes_max = std::size_t{1} << 20;
/// Taken from one channel before the next one's turn.
inline constexpr std::size_t submissions_per_visit = 32;
/// Commands of the engine's own (`Engine::due`) at the head of one group; what is still due then
/// comes with the next.
inline constexpr std::size_t due_commands_max = 256;
/// Groups up to this many bytes are written on the sequencer's own thread: waking another
/// thread would cost more than applying the group at the same time saves.
inline constexpr std::size_t inline_bytes_max = 16'384;
/// Events for a front thread that does not take them: beyond this they are dropped and counted.
inline constexpr std::size_t events_held_back_max = 8'192;
/// Longest sleep without work, microseconds: the clock may jump while nothing is due.
inline constexpr std::int64_t sleep_microseconds_max = 1'000'000;
/// Longest sleep while a channel's answers wait for room in its ring: its thread wakes nobody.
inline constexpr std::int64_t sleep_held_back_microseconds_max = 500;
/// Turns of the loop after `stop()` in which the rings are emptied.
inline constexpr std::size_t turns_after_stop_max = 1'024;

}  // namespace frontrow::group_limits
