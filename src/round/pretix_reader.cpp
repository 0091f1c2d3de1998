// Reading a plan of pretix: mistakes do not stop it, so that one run names them all. Keys that the
// format does not have, or that mean nothing here, are noted and skipped.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "frontrow/limits.hpp"
#include "round/pretix_areas.hpp"
#include "round/pretix_plan.hpp"
#include "round/venue_values.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t name_bytes_max = 200;
/// Places that are named of a guid that several seats have.
constexpr std::size_t places_named_max = 5;

std::string color_of(const std::string& text) {
  const auto hex = [&](std::size_t size) {
    return text.size() == size && text[0] == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
  };
  if (hex(7)) return text;
  if (hex(4)) return {'#', text[1], text[1], text[2], text[2], text[3], text[3]};
  return {};
}

/// Where a seat stands in the file; a path of text for each of a million would be too much.
struct Place {
  std::uint32_t zone = 0, row = 0, seat = 0;
  std::string text() const { return fmt::format("zones[{}].rows[{}].seats[{}]", zone, row, seat); }
};

/// A name that several places share, or that is not there: in the order of the first of them.
class Sightings {
 public:
  struct Name {
    std::string name;
    std::vector<Place> places;  ///< The first few.
    std::uint64_t count = 0;
  };
  void add(const std::string& name, Place place) {
    const auto [found, is_new] = index_.try_emplace(name, names_.size());
    if (is_new) names_.push_back({name, {}, 0});
    Name& its = names_[found->second];
    if (its.places.size() < places_named_max) its.places.push_back(place);
    ++its.count;
  }
  const std::vector<Name>& names() const { return names_; }

 private:
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<Name> names_;
};

class PretixReader {
 public:
  PretixReader(const Json& plan, const JsonPath& root, Remarks& mistakes, ImportNotes& notes)
      : root_(root), mistakes_(mistakes), notes_(notes), object_(&plan, root, mistakes) {}

  PretixPlan read();

 private:
  /// The member `key`, an array of at most `most`; null where it is none.
  const Json* array(ObjectReader& object, std::string_view key, std::size_t most);
  void read_size();
  void read_category(const Json& value, const JsonPath& path);
  void read_zone(const Json& value, const JsonPath& path, Place place);
  void read_areas(const Json& areas, const JsonPath& path, PretixPoint origin, PretixZone& zone);
  void read_row(const Json& value, const JsonPath& path, Place place, PretixPoint origin,
                PretixZone& zone);
  void read_seat(const Json& value, const JsonPath& path, Place place, PretixPoint origin,
                 PretixRow& row);
  /// A text or a whole number, not empty; empty where it is wrong.
  std::string label(ObjectReader& object, std::string_view key);
  void refuse_misplaced(ObjectReader& object, std::string_view key, std::string_view message);
  void tell_of_guids();
  void tell_of_categories();

  const JsonPath& root_;
  Remarks& mistakes_;
  ImportNotes& notes_;
  ObjectReader object_;
  PretixPlan plan_;
  std::unordered_map<std::string, std::uint32_t> category_by_name_;
  std::vector<std::uint64_t> seats_of_category_;
  std::unordered_map<std::string, Place> guids_;
  Sightings repeated_guids_, unknown_categories_;
  std::size_t areas_ = 0;
};

const Json* PretixReader::array(ObjectReader& object, std::string_view key, std::size_t most) {
  const Json* value = object.require(key);
  if (value == nullptr) return nullptr;
  if (value->is_array() && value->size() <= most) return value;
  object.mistake(key, value->is_array() ? fmt::format("holds more than {}", most)
                                        : std::string("must be an array"));
  return nullptr;
}

PretixPlan PretixReader::read() {
  if (!object_.is_object()) return {};
  if (const Json* name = object_.take("name"))
    plan_.name =
        read_text(*name, root_.at("name"), mistakes_, name_bytes_max).value_or(std::string());
  read_size();
  if (const Json* categories = array(object_, "categories", limits::categories_max)) {
    const JsonPath path = root_.at("categories");
    for (std::size_t n = 0; n < categories->size(); ++n)
      read_category((*categories)[n], path.at(n));
  }
  seats_of_category_.resize(plan_.categories.size());
  if (const Json* zones = array(object_, "zones", limits::zones_max)) {
    const JsonPath path = root_.at("zones");
    for (std::size_t n = 0; n < zones->size(); ++n)
      read_zone((*zones)[n], path.at(n), {static_cast<std::uint32_t>(n), 0, 0});
  }
  refuse_misplaced(object_, "rows", "hold rows that stand outside any zone");
  refuse_misplaced(object_, "seats", "hold seats that stand outside any row");
  note_unknown(object_, "", notes_);
  tell_of_guids();
  tell_of_categories();
  if (plan_.zones.empty() && mistakes_.count() == 0)
    mistakes_.add(root_.at("zones"), "hold no seats");
  return std::move(plan_);
}

void PretixReader::read_size() {
  const Json* value = object_.take("size");
  if (value == nullptr || value->is_null()) return;
  const JsonPath path = root_.at("size");
  ObjectReader size(value, path, mistakes_);
  if (!size.is_object()) return;
  const auto length = [&](std::string_view key) {
    const Json* its = size.require(key);
    const auto units = its != nullptr && its->is_number() ? its->get<double>() : -1;
    if (its != nullptr && !(units > 0 && units <= pretix_units_max))
      size.mistake(key, fmt::format("must be a number above 0, at most {}", pretix_units_max));
    return units;
  };
  const double width = length("width"), height = length("height");
  plan_.size = PretixPoint{width, height};
  note_unknown(size, "size", notes_);
}

void PretixReader::read_category(const Json& value, const JsonPath& path) {
  ObjectReader category(&value, path, mistakes_);
  const std::string name = category.required_text("name", name_bytes_max);
  const Json* color = category.take("color");
  const std::string text = color != nullptr && color->is_string() ? color->get<std::string>() : "";
  std::string known_color = color_of(text);
  if (color != nullptr && known_color.empty())
    notes_.skipped("categories[].color that is not as #1a2b3c");
  category.take("uuid");
  note_unknown(category, "categories[]", notes_);
  if (name.empty()) return;
  const auto index = static_cast<std::uint32_t>(plan_.categories.size());
  if (!category_by_name_.emplace(name, index).second) {
    category.mistake("name", fmt::format("{} is given twice", in_quotes(name)));
    return;
  }
  plan_.categories.push_back({name, std::move(known_color)});
}

void PretixReader::read_zone(const Json& value, const JsonPath& path, Place place) {
  ObjectReader object(&value, path, mistakes_);
  if (!object.is_object()) return;
  PretixZone zone;
  zone.name = object.text("name", "", name_bytes_max);
  zone.id = object.text("zone_id", "", name_bytes_max);
  object.take("uuid");
  PretixPoint origin;
  if (const Json* position = object.require("position"))
    origin = read_pretix_position(*position, path.at("position"), mistakes_, notes_, {})
                 .value_or(PretixPoint{});
  if (const Json* areas = object.take("areas"); areas != nullptr && !areas->is_null()) {
    const JsonPath areas_path = path.at("areas");
    read_areas(*areas, areas_path, origin, zone);
  }
  if (const Json* rows = array(object, "rows", limits::seats_max)) {
    const JsonPath rows_path = path.at("rows");
    for (std::size_t n = 0; n < rows->size(); ++n) {
      place.row = static_cast<std::uint32_t>(n);
      read_row((*rows)[n], rows_path.at(n), place, origin, zone);
    }
  }
  refuse_misplaced(object, "seats", "hold seats that stand outside any row");
  note_unknown(object, "zones[]", notes_);
  if (zone.rows.empty()) {
    const std::string& known = zone.name.empty() ? zone.id : zone.name;
    notes_.say(fmt::format("zones[{}]{} has no seats and is skipped", place.zone,
                           known.empty() ? "" : " " + in_quotes(known)));
    return;
  }
  plan_.zones.push_back(std::move(zone));
}

void PretixReader::read_areas(const Json& areas, const JsonPath& path, PretixPoint origin,
                              PretixZone& zone) {
  if (!areas.is_array()) {
    mistakes_.add(path, "must be an array");
    return;
  }
  for (std::size_t n = 0; n < areas.size(); ++n) {
    if (++areas_ > pretix_areas_max) {
      notes_.skipped(fmt::format("zones[].areas[] after the first {}", pretix_areas_max));
      continue;
    }
    PretixArea area = read_pretix_area(areas[n], path.at(n), mistakes_, notes_, origin);
    if (!area.text.empty())
      notes_.say(fmt::format("the text {} at {},{} is skipped", in_quotes(area.text), area.at.x,
                             area.at.y));
    if (!area.outline.empty()) zone.areas.push_back(std::move(area.outline));
  }
}

std::string PretixReader::label(ObjectReader& object, std::string_view key) {
  const Json* value = object.require(key);
  return value == nullptr ? "" : read_label(*value, object.path().at(key), mistakes_);
}

void PretixReader::read_row(const Json& value, const JsonPath& path, Place place,
                            PretixPoint origin, PretixZone& zone) {
  ObjectReader object(&value, path, mistakes_);
  if (!object.is_object()) return;
  PretixRow row;
  row.label = label(object, "row_number");
  for (const std::string_view key : {"uuid", "row_number_position"}) object.take(key);
  if (const Json* position = object.take("position"); position != nullptr && !position->is_null())
    origin = read_pretix_position(*position, path.at("position"), mistakes_, notes_, origin)
                 .value_or(origin);
  if (const Json* seats = array(object, "seats", limits::seats_in_row_max)) {
    const JsonPath seats_path = path.at("seats");
    row.seats.reserve(seats->size());
    for (std::size_t n = 0; n < seats->size(); ++n) {
      place.seat = static_cast<std::uint32_t>(n);
      read_seat((*seats)[n], seats_path.at(n), place, origin, row);
    }
    if (seats->empty()) notes_.skipped("zones[].rows[] without seats");
  }
  note_unknown(object, "zones[].rows[]", notes_);
  if (!row.seats.empty()) zone.rows.push_back(std::move(row));
}

void PretixReader::read_seat(const Json& value, const JsonPath& path, Place place,
                             PretixPoint origin, PretixRow& row) {
  ObjectReader object(&value, path, mistakes_);
  if (!object.is_object()) return;
  PretixSeat seat;
  object.require("seat_guid");
  seat.guid = read_id(object, "seat_guid", mistakes_);
  seat.number = label(object, "seat_number");
  if (const Json* position = object.require("position"))
    seat.at = read_pretix_position(*position, path.at("position"), mistakes_, notes_, origin)
                  .value_or(origin);
  for (const std::string_view key : {"uuid", "radius", "start_direction"}) object.take(key);
  if (const Json* category = object.require("category")) {
    if (const auto name = read_text(*category, path.at("category"), mistakes_, name_bytes_max)) {
      const auto found = category_by_name_.find(*name);
      if (found == category_by_name_.end())
        unknown_categories_.add(*name, place);
      else
        ++seats_of_category_[seat.category = found->second];
    }
  }
  note_unknown(object, "zones[].rows[].seats[]", notes_);
  if (!seat.guid.empty()) {
    const auto [first, is_new] = guids_.try_emplace(seat.guid, place);
    if (!is_new) repeated_guids_.add(seat.guid, place);
  }
  row.seats.push_back(std::move(seat));
}

void PretixReader::refuse_misplaced(ObjectReader& object, std::string_view key,
                                    std::string_view message) {
  const Json* value = object.take(key);
  if (value != nullptr && !value->empty()) object.mistake(key, std::string(message));
}

void PretixReader::tell_of_guids() {
  const std::string file = root_.text();
  for (const auto& [guid, places, count] : repeated_guids_.names()) {
    std::string others;
    for (const Place& place : places) others += (others.empty() ? "" : ", ") + place.text();
    if (count > places.size()) others += fmt::format(" and {} more", count - places.size());
    mistakes_.add(
        {file + guids_.at(guid).text(), fmt::format("the seat_guid {} is given {} times: also {}",
                                                    in_quotes(guid), count + 1, others)});
  }
}

void PretixReader::tell_of_categories() {
  const std::string file = root_.text();
  for (const auto& [name, places, count] : unknown_categories_.names())
    mistakes_.add({file + places.front().text() + ".category",
                   fmt::format("{} is no category of this plan; {} it", in_quotes(name),
                               count == 1 ? "1 seat names" : fmt::format("{} seats name", count))});
  for (std::size_t n = 0; n < seats_of_category_.size(); ++n)
    if (seats_of_category_[n] == 0 && mistakes_.count() == 0)
      notes_.say(fmt::format("no seat is of the category {}; it is kept, and needs a price",
                             in_quotes(plan_.categories[n].name)));
}

}  // namespace

PretixPlan read_pretix_plan(const Json& plan, const JsonPath& root, Remarks& mistakes,
                            ImportNotes& notes) {
  return PretixReader(plan, root, mistakes, notes).read();
}

}  // namespace frontrow::round
