#include "http/zone_feed.hpp"

#include <bit>

#include "http/bitmap.hpp"
#include "http/http_limits.hpp"
#include "http/json_writer.hpp"

namespace frontrow::http {

void ZoneFeed::restart(const Published& published) {
  const auto [version, free] = published.read_zone(zone_, words_);
  version_ = looked_ = version;
  free_ = free;
  change_ = snapshot_ = nullptr;
}

bool ZoneFeed::refresh(const Published& published) {
  if (published.zone_version(zone_) == looked_) return false;
  const auto [version, free] = published.read_zone(zone_, read_);
  looked_ = version;
  // What cancelled itself out is left out: the version moves with the next message.
  if (read_ == words_) return false;
  const Plan& plan = published.plan();
  const std::uint32_t first_word = plan.zone(zone_).first_word;
  std::size_t count = 0;
  for (std::size_t n = 0; n < read_.size(); ++n)
    count += static_cast<std::size_t>(std::popcount(read_[n] ^ words_[n]));
  change_ = nullptr;
  if (count <= limits::changes_per_message_max) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field("type", "availability");
    json.field("zone", plan.zone(zone_).id);
    json.field("version", version);
    json.field("previous", version_);
    json.key("changes").begin_array();
    for (std::size_t n = 0; n < read_.size(); ++n) {
      for (std::uint64_t changed = read_[n] ^ words_[n]; changed != 0; changed &= changed - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(changed));
        const SeatIndex seat = plan.seat_at(first_word + static_cast<std::uint32_t>(n), bit);
        json.begin_object();
        json.field("seat", plan.seat(seat).id);
        json.field("free", (read_[n] >> bit & 1) != 0);
        json.end_object();
      }
    }
    json.end_array().end_object();
    change_ = share(std::move(out));
  }
  change_previous_ = version_;
  version_ = version;
  free_ = free;
  words_.swap(read_);
  snapshot_ = nullptr;
  return true;
}

SharedText ZoneFeed::snapshot(const Plan& plan) {
  if (snapshot_ != nullptr) return snapshot_;
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("type", "snapshot");
  json.field("zone", plan.zone(zone_).id);
  json.field("version", version_);
  json.field("free", free_);
  json.field("bitmap", bitmap_text(plan, zone_, words_));
  json.end_object();
  return snapshot_ = share(std::move(out));
}

}  // namespace frontrow::http
