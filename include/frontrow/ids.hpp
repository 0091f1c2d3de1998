// Identifiers that cross borders between folders. Each is a type of its own, so that a seat
// cannot be passed where a fan is meant.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace frontrow {

/// A number with a meaning. `Tag` tells the meanings apart; the value is dense, from 0, unless
/// the alias below says otherwise. `none()` is the largest value and names nothing.
template <class Tag, class Rep>
struct Id {
  using Value = Rep;
  Rep value = std::numeric_limits<Rep>::max();

  constexpr Id() = default;
  constexpr explicit Id(Rep number) : value(number) {}

  static constexpr Id none() { return Id{}; }
  constexpr bool exists() const { return value != std::numeric_limits<Rep>::max(); }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

/// A fan of this round: the index of the join that made it, from 0.
using FanId = Id<struct FanTag, std::uint32_t>;
/// An order of this round: from 0, in the order of their making; never used twice.
using OrderId = Id<struct OrderTag, std::uint32_t>;
/// A seat of the plan: its place in the order of `GET /venue` (zones, rows, seats), from 0.
using SeatIndex = Id<struct SeatTag, std::uint32_t>;
/// A row of the plan, in the same order, from 0.
using RowIndex = Id<struct RowTag, std::uint32_t>;
/// A zone of the plan, in the same order, from 0.
using ZoneIndex = Id<struct ZoneTag, std::uint16_t>;
/// A price category of the plan, in the order in which the venue file lists them, from 0.
using CategoryIndex = Id<struct CategoryTag, std::uint16_t>;
/// A place in the line after the draw; see `src/queue/line.hpp`.
using LineSlot = Id<struct LineSlotTag, std::uint32_t>;

/// The number of a command in the journal, from 1, without gaps. 0 is "before the first".
using Sequence = std::uint64_t;

}  // namespace frontrow

template <class Tag, class Rep>
struct std::hash<frontrow::Id<Tag, Rep>> {
  std::size_t operator()(const frontrow::Id<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
