// A round as it is published, written by hand: what the control thread sees of it.
#pragma once

#include <memory>
#include <utility>

#include "base/published.hpp"
#include "support/small_round.hpp"

namespace frontrow::test {

/// drand's quicknet: a round every 3 s.
inline constexpr const char* quicknet =
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

inline SmallRound with_beacon(const std::string& chain, std::uint64_t round) {
  SmallRound small;
  small.beacon = BeaconRule{chain, round, "http://127.0.0.1:1/relay/", seconds(120)};
  return small;
}

class PublishedRound {
 public:
  explicit PublishedRound(const SmallRound& small = {})
      : definition(small.definition()), published(definition.plan) {
    status.draw_at = definition.sale.draw_at;
    status.phase = Phase::kLobby;
    published.write_status(status);
    write_draw([](DrawRecord&) {});
  }

  template <class Change>
  void write_draw(Change change) {
    change(draw);
    published.write_draw(std::make_shared<DrawRecord>(draw));
  }
  template <class Change>
  void write_status(Change change) {
    change(status);
    published.write_status(status);
  }
  void close_lobby(std::uint32_t count) {
    for (std::uint32_t n = 0; n < count; ++n) join(definition.sale.draw_at - seconds(10));
    write_draw([&](DrawRecord& record) {
      record.lobby_closed = true;
      record.count = count;
    });
  }
  void draw_it(const std::string& beacon = {}) {
    write_draw([&](DrawRecord& record) {
      record.drawn = true;
      record.beacon = beacon;
    });
    write_status([](RoundStatus& changed) {
      changed.drawn = true;
      changed.phase = Phase::kOnSale;
    });
  }
  void join(Instant at) {
    FanView view;
    view.entry = bytes_of(fans);
    view.state = draw.lobby_closed ? FanState::kWaiting : FanState::kLobby;
    view.joined_at = at;
    published.write_fan(FanId{fans++}, view);
  }
  void close_window(std::uint64_t window, std::uint32_t fans_in_it, const std::string& beacon) {
    auto record = std::make_shared<LateWindowRecord>();
    record->window = window;
    record->beacon = beacon;
    record->entries.resize(fans_in_it);
    published.add_late_window(std::move(record));
  }
  /// `length` after the draw's time.
  Instant after_draw(Duration length) const { return status.draw_at + length; }

  RoundDefinition definition;
  Published published;
  RoundStatus status;
  DrawRecord draw;
  std::uint32_t fans = 0;
};

}  // namespace frontrow::test
