// The order of a round's instants, and the beacon's time against the draw's.
#include <fmt/format.h>

#include "base/instant_text.hpp"
#include "round/bound_sections.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::round {
namespace {

/// Contract section 6: so long after the lobby's close nobody could have known the beacon.
constexpr Duration beacon_after_draw = seconds(30);

void check_beacon(const BeaconRule& beacon, Instant draw_at, const JsonPath& path,
                  Remarks& mistakes, Remarks& warnings) {
  if (beacon.round == 0) return;  // There is none that could be read, which has been named.
  const auto time = drand_round_time(beacon.chain, beacon.round);
  if (!time) {
    warnings.add(path.at("chain"),
                 "is no chain that is known here: whether the round's time is at least 30 s after "
                 "draw_at could not be checked");
    return;
  }
  const Instant earliest = draw_at + beacon_after_draw;
  if (*time >= earliest) {
    if (*time > draw_at + beacon.wait)
      warnings.add(path.at("round"),
                   fmt::format("is made at {}, later than wait_seconds after draw_at: the draw "
                               "would be made without it",
                               to_rfc3339(*time)));
    return;
  }
  mistakes.add(path.at("round"),
               fmt::format("is made at {}, and must be at least 30 s after draw_at: round {} or "
                           "later",
                           to_rfc3339(*time), drand_round_at(beacon.chain, earliest).value_or(0)));
}

}  // namespace

void check_schedule(const BoundDraft& draft, Instant first_start, Remarks& mistakes,
                    Remarks& warnings) {
  const JsonPath root;
  const Instant draw_at = draft.draw_at.resolve(first_start);
  if (draft.instants_good) {
    const JsonPath sale = root.at("sale");
    const Instant closes_at = draft.closes_at.resolve(first_start);
    const Instant starts_at = draft.starts_at.resolve(first_start);
    if (draw_at < draft.lobby_opens_at.resolve(first_start))
      mistakes.add(sale.at("draw_at"), "must not be before lobby_opens_at");
    if (closes_at <= draw_at) mistakes.add(sale.at("closes_at"), "must be after draw_at");
    if (closes_at > starts_at)
      warnings.add(sale.at("closes_at"), "is after the show starts (round.starts_at)");
  }
  const JsonPath draw = root.at("draw");
  const JsonPath beacon = draw.at("beacon");
  if (!draft.definition.draw.beacon)
    warnings.add(beacon, "there is none: the operator could have chosen the draw's result");
  else if (draft.instants_good)
    check_beacon(*draft.definition.draw.beacon, draw_at, beacon, mistakes, warnings);
}

}  // namespace frontrow::round
