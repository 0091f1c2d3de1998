#include "http/availability.hpp"

#include "http/bitmap.hpp"
#include "http/json_writer.hpp"

namespace frontrow::http {

Availability::Availability(const Published& published)
    : published_(published), parts_(published.plan().zones.size()) {}

SharedText Availability::text() {
  const Plan& plan = published_.plan();
  bool changed = text_ == nullptr;
  for (std::size_t n = 0; n < parts_.size(); ++n) {
    const ZoneIndex zone{static_cast<ZoneIndex::Value>(n)};
    Part& part = parts_[n];
    if (!part.json.empty() && published_.zone_version(zone) == part.version) continue;
    const auto [version, free] = published_.read_zone(zone, words_);
    part.version = version;
    part.json.clear();
    JsonWriter json(part.json);
    json.begin_object();
    json.field("id", plan.zone(zone).id);
    json.field("version", version);
    json.field("free", free);
    json.field("bitmap", bitmap_text(plan, zone, words_));
    json.end_object();
    changed = true;
  }
  if (!changed) return text_;
  std::string all = "{\"zones\":[";
  std::size_t size = all.size() + 2;
  for (const Part& part : parts_) size += part.json.size() + 1;
  all.reserve(size);
  for (std::size_t n = 0; n < parts_.size(); ++n) {
    if (n > 0) all += ',';
    all += parts_[n].json;
  }
  all += "]}";
  return text_ = share(std::move(all));
}

}  // namespace frontrow::http
