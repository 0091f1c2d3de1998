#include "round/plan_losses.hpp"

#include <fmt/format.h>

namespace frontrow::round {
namespace {

void say_move(std::string& moves, const char* what, const std::string& from,
              const std::string& to) {
  if (from == to) return;
  moves += fmt::format("{}from {} {} to {}", moves.empty() ? "" : ", ", what, from, to);
}

/// Empty where the seat is the same in both plans to whoever has its ticket.
std::string fate_of(const Plan& journal, const PlanSeat& seat, const Plan& file) {
  const SeatIndex index = file.find_seat(seat.id);
  if (!index.exists()) return "is not in the new plan";
  const PlanSeat& other = file.seat(index);
  std::string moves;
  say_move(moves, "zone", journal.zone(seat.zone).id, file.zone(other.zone).id);
  say_move(moves, "category", journal.categories[seat.category.value].id,
           file.categories[other.category.value].id);
  say_move(moves, "row", journal.row(seat.row).label, file.row(other.row).label);
  say_move(moves, "number", seat.number, other.number);
  return moves.empty() ? moves : "moves " + moves;
}

}  // namespace

std::vector<std::string> plan_losses(const Plan& journal, const Plan& file,
                                     const std::function<SeatUse(SeatIndex)>& use_of) {
  std::vector<std::string> lines{""};
  std::size_t held = 0, sold = 0;
  for (std::uint32_t n = 0; n < journal.capacity(); ++n) {
    const SeatUse use = use_of(SeatIndex{n});
    if (use == SeatUse::kNobody) continue;
    const PlanSeat& seat = journal.seat(SeatIndex{n});
    const std::string fate = fate_of(journal, seat, file);
    if (fate.empty()) continue;
    ++(use == SeatUse::kHeld ? held : sold);
    if (held + sold <= plan_losses_named_max)
      lines.push_back(fmt::format("venue: seat {}, {}, {}", seat.id,
                                  use == SeatUse::kHeld ? "held" : "sold", fate));
  }
  if (held + sold == 0) return {};
  lines.front() =
      fmt::format("venue: the new plan would drop or move {} held and {} sold seats", held, sold);
  if (held + sold > plan_losses_named_max)
    lines.push_back(
        fmt::format("venue: and {} more held or sold seats", held + sold - plan_losses_named_max));
  return lines;
}

}  // namespace frontrow::round
