// Works out fans' places from what the sequencer has published: how many stand ahead, how long it
// will take, what will be left. One for each front thread; used by its thread alone.
#pragma once

#include <optional>
#include <vector>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"
#include "http/queue_view.hpp"
#include "http/seat_chance.hpp"
#include "http/wait_estimate.hpp"

namespace frontrow::http {

class PlaceTeller {
 public:
  PlaceTeller(const RoundDefinition& round, const Published& published);

  /// Nothing for a fan that there is not.
  std::optional<QueueView> view(FanId fan, Instant now);

 private:
  Standing standing_of(const FanView& fan, const RoundStatus& status, Instant now);
  Standing standing_in_window(const FanView& fan, const RoundStatus& status, Instant now);
  void look(const RoundStatus& status, Instant now);

  const RoundDefinition& round_;
  const Published& published_;
  WaitEstimate wait_;
  SeatChance chance_;
  std::vector<std::uint32_t> category_free_;
};

}  // namespace frontrow::http
