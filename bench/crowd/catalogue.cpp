#include "crowd/catalogue.hpp"

#include <nlohmann/json.hpp>

namespace frontrow::crowd {

Catalogue Catalogue::from_venue(const nlohmann::json& venue) {
  Catalogue catalogue;
  for (const auto& zone : venue.at("zones")) {
    CatalogueZone made;
    made.id = zone.at("id").get<std::string>();
    made.category = zone.value("category", std::string());
    made.standing = zone.value("kind", std::string()) == "standing";
    for (const auto& row : zone.at("rows")) {
      CatalogueRow place{static_cast<std::uint32_t>(made.seats.size()), 0};
      for (const auto& seat : row.at("seats")) {
        auto id = seat.at("id").get<std::string>();
        catalogue.places_.emplace(id, Place{static_cast<std::uint32_t>(catalogue.zones_.size()),
                                            static_cast<std::uint32_t>(made.seats.size())});
        made.seats.push_back(std::move(id));
        ++place.count;
      }
      made.rows.push_back(place);
    }
    catalogue.zones_.push_back(std::move(made));
  }
  return catalogue;
}

std::size_t Catalogue::zone_named(std::string_view id) const {
  std::size_t zone = 0;
  while (zone < zones_.size() && zones_[zone].id != id) ++zone;
  return zone;
}

std::optional<Catalogue::Place> Catalogue::find_seat(const std::string& id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

}  // namespace frontrow::crowd
