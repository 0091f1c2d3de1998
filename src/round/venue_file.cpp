#include "round/venue_file.hpp"

#include <nlohmann/json.hpp>

#include "frontrow/limits.hpp"
#include "round/json_text.hpp"

namespace frontrow::round {

VenueRead load_venue_file(const std::filesystem::path& path, Remarks& mistakes,
                          std::string& unreadable) {
  const std::string file_name = path.filename().string();
  const JsonPath root = JsonPath::of_file(file_name);
  Json venue;
  {
    const auto text = read_file(path, limits::venue_file_bytes_max, unreadable);
    if (!text || !parse_json(*text, root, mistakes, venue, {"seats", limits::seats_max})) return {};
  }
  return read_venue(venue, root, mistakes);
}

std::string default_row_id(const std::string& zone_id, const std::string& label) {
  return zone_id + "-" + label;
}

std::string default_seat_id(const std::string& zone_id, const std::string& row_label,
                            const std::string& number) {
  return zone_id + "-" + row_label + "-" + number;
}

}  // namespace frontrow::round
