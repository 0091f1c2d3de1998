// Which seats a fan clicks on. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "crowd/catalogue.hpp"
#include "crowd/random.hpp"
#include "crowd/zone_view.hpp"

namespace frontrow::crowd {

/// `wanted` free seats of `zone`: side by side at a random place where some row has that many,
/// else any at random, else as many as there are. Indices within the zone, each once, rising.
std::vector<std::uint32_t> pick_seats(const CatalogueZone& zone, const ZoneView& view,
                                      std::size_t wanted, Random& random);

}  // namespace frontrow::crowd
