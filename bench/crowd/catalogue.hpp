// The seats of the round as every fan knows them: read once for the whole crowd, before it
// starts, where real fans' browsers would each keep `GET /venue` in their cache. Read-only
// afterwards; workers share the parent's pages.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace frontrow::crowd {

/// Some seats side by side: indices into their zone's `seats`.
struct CatalogueRow {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct CatalogueZone {
  std::string id;
  std::string category;
  bool standing = false;
  std::vector<CatalogueRow> rows;
  std::vector<std::string> seats;  ///< Ids, in the order of the zone's bitmap.
};

class Catalogue {
 public:
  /// From the answer to `GET /venue`. Throws `nlohmann::json::exception` where it is not one.
  static Catalogue from_venue(const nlohmann::json& venue);

  const std::vector<CatalogueZone>& zones() const { return zones_; }
  std::size_t capacity() const { return places_.size(); }
  /// `zones().size()` where there is no such zone.
  std::size_t zone_named(std::string_view id) const;
  struct Place {
    std::uint32_t zone = 0;
    std::uint32_t seat = 0;  ///< Within the zone.
  };
  std::optional<Place> find_seat(const std::string& id) const;

 private:
  std::vector<CatalogueZone> zones_;
  std::unordered_map<std::string, Place> places_;
};

}  // namespace frontrow::crowd
