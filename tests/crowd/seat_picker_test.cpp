#include "crowd/seat_picker.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.hpp"

using namespace frontrow;
using namespace frontrow::crowd;

namespace {

CatalogueZone zone_of_rows(const std::vector<std::uint32_t>& counts) {
  CatalogueZone zone;
  zone.id = "A1";
  for (const std::uint32_t count : counts) {
    zone.rows.push_back({static_cast<std::uint32_t>(zone.seats.size()), count});
    for (std::uint32_t n = 0; n < count; ++n)
      zone.seats.push_back(std::to_string(zone.seats.size()));
  }
  return zone;
}

// '1' is free; spaces are for the reader.
ZoneView view_of(const std::string& bits) {
  std::vector<std::uint8_t> bytes;
  std::size_t seats = 0;
  for (const char bit : bits) {
    if (bit == ' ') continue;
    if (seats % 8 == 0) bytes.push_back(0);
    if (bit == '1') bytes.back() = static_cast<std::uint8_t>(bytes.back() | (1U << (seats % 8)));
    ++seats;
  }
  ZoneView view;
  REQUIRE(view.take_snapshot(to_base64(bytes), 1, seats));
  return view;
}

}  // namespace

TEST_CASE("a bitmap is read from its least significant bit on") {
  ZoneView view;
  REQUIRE(view.take_snapshot("BQI=", 9, 10));  // 0000'0101, 0000'0010
  for (std::size_t seat = 0; seat < 10; ++seat) {
    CAPTURE(seat);
    CHECK(view.is_free(seat) == (seat == 0 || seat == 2 || seat == 9));
  }
  CHECK(view.count_free() == 3);
  CHECK(view.builds_on(9));
  CHECK_FALSE(view.builds_on(8));
}

TEST_CASE("a bitmap of the wrong length, alphabet or filling is refused") {
  ZoneView view;
  CHECK_FALSE(view.take_snapshot("BQI=", 1, 17));
  CHECK_FALSE(view.take_snapshot("BQI=", 1, 8));
  CHECK_FALSE(view.take_snapshot("BQI", 1, 10));
  CHECK_FALSE(view.take_snapshot("BQQ=", 1, 10));  // Bit 10 is set, of seats 0 to 9.
  CHECK_FALSE(view.known());
}

TEST_CASE("changes move single seats, and a forgotten map builds on nothing") {
  ZoneView view = view_of("1111");
  view.set_free(2, false);
  view.set_free(99, true);
  view.set_version(5);
  CHECK(view.count_free() == 3);
  CHECK(view.builds_on(5));
  view.forget();
  CHECK_FALSE(view.builds_on(5));
}

TEST_CASE("picked seats are free, side by side in one row where a row has them") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<std::uint32_t> counts;
    for (std::size_t row = 0; row <= random.below(6); ++row)
      counts.push_back(static_cast<std::uint32_t>(1 + random.below(12)));
    const CatalogueZone zone = zone_of_rows(counts);
    std::string bits;
    for (std::size_t n = 0; n < zone.seats.size(); ++n) bits += random.chance(0.4) ? '1' : '0';
    const ZoneView view = view_of(bits);
    const std::size_t wanted = 1 + random.below(4);

    bool run_exists = false;
    for (const auto& row : zone.rows)
      run_exists |=
          bits.substr(row.first, row.count).find(std::string(wanted, '1')) != std::string::npos;
    const auto picked = pick_seats(zone, view, wanted, random);
    CHECK(picked.size() == std::min(wanted, view.count_free()));
    for (const auto seat : picked) CHECK(bits[seat] == '1');
    CHECK(std::set<std::uint32_t>(picked.begin(), picked.end()).size() == picked.size());
    if (!run_exists || picked.empty()) continue;
    CHECK(picked.back() - picked.front() + 1 == wanted);
    const auto row = std::ranges::find_if(zone.rows, [&](const CatalogueRow& one) {
      return picked.front() >= one.first && picked.back() < one.first + one.count;
    });
    CHECK(row != zone.rows.end());
  }
}

TEST_CASE("every place that fits is picked by someone") {
  const CatalogueZone zone = zone_of_rows({4, 4});
  const ZoneView view = view_of("1101 1111");
  std::set<std::uint32_t> starts;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    starts.insert(pick_seats(zone, view, 2, random).front());
  }
  CHECK(starts == std::set<std::uint32_t>{0, 4, 5, 6});
}

TEST_CASE("nothing is picked where nothing is free or the map is of another zone") {
  Random random(1);
  const CatalogueZone zone = zone_of_rows({4});
  CHECK(pick_seats(zone, view_of("0000"), 2, random).empty());
  CHECK(pick_seats(zone, view_of("11111"), 2, random).empty());
  CHECK(pick_seats(zone, ZoneView(), 2, random).empty());
}

TEST_CASE("the catalogue keeps the order of the venue") {
  const auto venue = nlohmann::json::parse(R"({"zones": [
    {"id": "F", "kind": "standing", "category": "vip",
     "rows": [{"id": "F-1", "seats": [{"id": "F-1-1"}, {"id": "F-1-2"}]}]},
    {"id": "A1", "kind": "seated", "category": "cat1",
     "rows": [{"id": "A1-1", "seats": [{"id": "A1-1-1"}]},
              {"id": "A1-2", "seats": [{"id": "A1-2-1"}, {"id": "A1-2-2"}]}]}]})");
  const Catalogue catalogue = Catalogue::from_venue(venue);
  CHECK(catalogue.capacity() == 5);
  REQUIRE(catalogue.zones().size() == 2);
  CHECK(catalogue.zones()[0].standing);
  CHECK(catalogue.zones()[1].rows[1].first == 1);
  CHECK(catalogue.zones()[1].rows[1].count == 2);
  const auto place = catalogue.find_seat("A1-2-1");
  REQUIRE(place);
  CHECK(place->zone == 1);
  CHECK(place->seat == 1);
  CHECK_FALSE(catalogue.find_seat("A1-9-9"));
  CHECK(catalogue.zone_named("A1") == 1);
  CHECK(catalogue.zone_named("Z") == 2);
}
