// Reading a venue: the file's order is the plan's, and mistakes do not stop it, so that one run
// names them all. The plan is built only where there are none.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "base/plan_builder.hpp"
#include "frontrow/limits.hpp"
#include "round/venue_file.hpp"
#include "round/venue_values.hpp"

namespace frontrow::round {
namespace {

bool is_color(const std::string& text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

class VenueReader {
 public:
  VenueReader(const Json& venue, const JsonPath& root, Remarks& mistakes)
      : root_(root), mistakes_(mistakes), venue_(&venue, root, mistakes) {}

  VenueRead read();

 private:
  /// The member `key` of `object`: an array of 1 to `most`; null where it is none.
  const Json* array(ObjectReader& object, std::string_view key, std::size_t most);
  void read_size();
  void read_stage();
  void read_category(const Json& value, const JsonPath& path);
  void read_zone(const Json& value, const JsonPath& path);
  void read_rows(ObjectReader& zone);
  void read_row(const Json& value, const JsonPath& path);
  void read_breaks(ObjectReader& row, std::size_t seat_count);
  void read_standing(ObjectReader& zone);
  void add_seat(SeatText&& text, const std::string& row_label, const JsonPath& path);
  CategoryIndex category_named(const std::string& id, const JsonPath& path);
  /// False, and a mistake, where `id` was there before. An empty one is some other mistake's
  /// consequence and claims nothing.
  bool claim(std::unordered_set<std::string>& ids, const std::string& id, const JsonPath& path);
  bool within_capacity(std::size_t more);

  const JsonPath& root_;
  Remarks& mistakes_;
  ObjectReader venue_;
  PlanSize size_;
  PlanPoint focal_;
  std::optional<PlanBuilder> builder_;
  std::vector<std::string> category_ids_;
  std::unordered_map<std::string, CategoryIndex> category_by_id_;
  std::unordered_set<std::string> zone_ids_, row_ids_, seat_ids_;
  std::size_t seats_ = 0;
  bool capacity_told_ = false;
};

VenueRead VenueReader::read() {
  const auto before = mistakes_.count();
  std::string name = venue_.required_text("name");
  read_size();
  focal_ = {size_.width / 2, 0};
  builder_.emplace(std::move(name), size_.width, size_.height);
  read_stage();
  if (const Json* categories = array(venue_, "categories", limits::categories_max)) {
    const JsonPath path = root_.at("categories");
    for (std::size_t n = 0; n < categories->size(); ++n)
      read_category((*categories)[n], path.at(n));
  }
  if (const Json* zones = array(venue_, "zones", limits::zones_max)) {
    const JsonPath path = root_.at("zones");
    for (std::size_t n = 0; n < zones->size(); ++n) read_zone((*zones)[n], path.at(n));
  }
  venue_.refuse_unknown();
  VenueRead result;
  result.category_ids = std::move(category_ids_);
  if (mistakes_.count() == before) result.plan = std::move(*builder_).build();
  return result;
}

const Json* VenueReader::array(ObjectReader& object, std::string_view key, std::size_t most) {
  const Json* value = object.require(key);
  if (value == nullptr) return nullptr;
  if (value->is_array() && !value->empty() && value->size() <= most) return value;
  object.mistake(key, fmt::format("must be an array of 1 to {}", most));
  return nullptr;
}

void VenueReader::read_size() {
  const JsonPath path = root_.at("size");
  ObjectReader size(venue_.require("size"), path, mistakes_);
  // Where the size is wrong, no coordinate can be right: they are measured by the largest.
  size_ = {plan_metres_max, plan_metres_max};
  if (const Json* width = size.require("width"))
    read_metres(*width, path.at("width"), mistakes_, 1, plan_metres_max, size_.width);
  if (const Json* height = size.require("height"))
    read_metres(*height, path.at("height"), mistakes_, 1, plan_metres_max, size_.height);
  size.refuse_unknown();
}

void VenueReader::read_stage() {
  const Json* value = venue_.take("stage");
  if (value == nullptr) return;
  const JsonPath path = root_.at("stage");
  ObjectReader object(value, path, mistakes_);
  PlanStage stage;
  if (const Json* x = object.require("x"))
    read_metres(*x, path.at("x"), mistakes_, 0, size_.width, stage.x);
  if (const Json* y = object.require("y"))
    read_metres(*y, path.at("y"), mistakes_, 0, size_.height, stage.y);
  stage.outline = read_outline(object, "outline", mistakes_, size_);
  object.refuse_unknown();
  focal_ = {stage.x, stage.y};
  builder_->set_stage(std::move(stage));
}

void VenueReader::read_category(const Json& value, const JsonPath& path) {
  ObjectReader object(&value, path, mistakes_);
  object.require("id");
  const std::string id = read_id(object, "id", mistakes_);
  LocalizedText name = object.required_localized("name");
  std::string color = object.text("color", "");
  if (!color.empty() && !is_color(color)) object.mistake("color", "must be a colour as #1a2b3c");
  object.refuse_unknown();
  if (id.empty()) return;
  if (!category_by_id_.emplace(id, CategoryIndex{static_cast<std::uint16_t>(category_ids_.size())})
           .second) {
    object.mistake("id", fmt::format("{} is given twice", in_quotes(id)));
    return;
  }
  category_ids_.push_back(id);
  builder_->add_category(id, std::move(name), std::move(color));
}

CategoryIndex VenueReader::category_named(const std::string& id, const JsonPath& path) {
  const auto found = category_by_id_.find(id);
  if (found != category_by_id_.end()) return found->second;
  // Where there are no categories at all, that is the one mistake.
  if (!category_by_id_.empty())
    mistakes_.add(path, fmt::format("{} is no category of this venue", in_quotes(id)));
  return CategoryIndex{0};
}

bool VenueReader::claim(std::unordered_set<std::string>& ids, const std::string& id,
                        const JsonPath& path) {
  if (id.empty() || ids.insert(id).second) return true;
  mistakes_.add(path, fmt::format("{} is given twice", in_quotes(id)));
  return false;
}

void VenueReader::read_zone(const Json& value, const JsonPath& path) {
  ObjectReader zone(&value, path, mistakes_);
  zone.require("id");
  std::string id = read_id(zone, "id", mistakes_);
  // The rows and seats of a zone whose name is taken would all be named twice: told once.
  if (!claim(zone_ids_, id, path.at("id"))) id.clear();
  LocalizedText name = zone.required_localized("name");
  zone.require("kind");
  const bool standing = zone.one_of("kind", {"seated", "standing"}) == "standing";
  zone.require("category");
  const std::string category = read_id(zone, "category", mistakes_);
  const CategoryIndex category_index =
      category.empty() ? CategoryIndex{0} : category_named(category, path.at("category"));
  builder_->open_zone(std::move(id), std::move(name),
                      standing ? ZoneKind::kStanding : ZoneKind::kSeated, category_index);
  PlanZone& open = builder_->zone();
  open.focal_x = focal_.first;
  open.focal_y = focal_.second;
  if (const Json* focal = zone.take("focal")) {
    const JsonPath focal_path = path.at("focal");
    ObjectReader point(focal, focal_path, mistakes_);
    if (const Json* x = point.require("x"))
      read_metres(*x, focal_path.at("x"), mistakes_, 0, size_.width, open.focal_x);
    if (const Json* y = point.require("y"))
      read_metres(*y, focal_path.at("y"), mistakes_, 0, size_.height, open.focal_y);
    point.refuse_unknown();
  }
  open.outline = read_outline(zone, "outline", mistakes_, size_);
  if (standing)
    read_standing(zone);
  else
    read_rows(zone);
  zone.refuse_unknown();
}

bool VenueReader::within_capacity(std::size_t more) {
  seats_ += more;
  if (seats_ <= limits::seats_max) return true;
  if (!capacity_told_)
    mistakes_.add(root_.at("zones"), fmt::format("hold more than {} seats", limits::seats_max));
  capacity_told_ = true;
  return false;
}

void VenueReader::read_standing(ObjectReader& zone) {
  if (zone.require("capacity") == nullptr) return;
  const auto mistakes_before = mistakes_.count();
  const std::uint32_t capacity =
      zone.count("capacity", {1, std::int64_t{limits::seats_in_row_max}}, 1);
  PlanZone& open = builder_->zone();
  if (mistakes_.count() != mistakes_before || !within_capacity(capacity)) return;
  if (open.outline.empty()) {
    zone.mistake("outline", "is needed: the places of a standing zone are spread over it");
    return;
  }
  const auto places = standing_places(open.outline, capacity, open.focal_y);
  if (!places) {
    zone.mistake("capacity", fmt::format("{} places find no room in the outline", capacity));
    return;
  }
  const std::string label = "1";
  const std::string row_id = open.id.empty() ? "" : default_row_id(open.id, label);
  claim(row_ids_, row_id, zone.path());
  builder_->open_row(row_id, label);
  for (std::size_t n = 0; n < places->size(); ++n) {
    SeatText text;
    text.number = std::to_string(n + 1);
    text.x = (*places)[n].first;
    text.y = (*places)[n].second;
    add_seat(std::move(text), label, zone.path());
  }
}

void VenueReader::read_rows(ObjectReader& zone) {
  const Json* rows = array(zone, "rows", limits::seats_max);
  if (rows == nullptr) return;
  const JsonPath path = zone.path().at("rows");
  for (std::size_t n = 0; n < rows->size(); ++n) read_row((*rows)[n], path.at(n));
}

void VenueReader::read_row(const Json& value, const JsonPath& path) {
  ObjectReader row(&value, path, mistakes_);
  std::string label;
  if (const Json* given = row.require("label"))
    label = read_label(*given, path.at("label"), mistakes_);
  std::string id = read_id(row, "id", mistakes_);
  const std::string& zone_id = builder_->zone().id;
  if (id.empty() && !zone_id.empty() && !label.empty()) id = default_row_id(zone_id, label);
  if (!claim(row_ids_, id, path)) label.clear();  // its seats' names as well: told once
  builder_->open_row(std::move(id), label);
  const Json* seats = array(row, "seats", limits::seats_in_row_max);
  if (seats != nullptr && within_capacity(seats->size())) {
    const JsonPath seats_path = path.at("seats");
    for (std::size_t n = 0; n < seats->size(); ++n) {
      const JsonPath seat_path = seats_path.at(n);
      if (auto text = read_seat((*seats)[n], seat_path, mistakes_, size_))
        add_seat(std::move(*text), label, seat_path);
    }
  }
  read_breaks(row, seats == nullptr ? 0 : seats->size());
  row.refuse_unknown();
}

void VenueReader::read_breaks(ObjectReader& row, std::size_t seat_count) {
  const Json* breaks = row.take("breaks");
  if (breaks == nullptr) return;
  bool good = breaks->is_array();
  std::uint64_t last = 0;
  for (std::size_t n = 0; good && n < breaks->size(); ++n) {
    const Json& one = (*breaks)[n];
    good = one.is_number_unsigned() && one.get<std::uint64_t>() > last &&
           one.get<std::uint64_t>() < seat_count;
    if (!good) break;
    last = one.get<std::uint64_t>();
    // The file counts the seats before the gap; the plan names the last of them, from 0.
    builder_->row().breaks.push_back(static_cast<std::uint32_t>(last - 1));
  }
  if (!good)
    row.mistake("breaks",
                "must be an array of whole numbers, ascending: how many of the row's seats come "
                "before each gap");
}

void VenueReader::add_seat(SeatText&& text, const std::string& row_label, const JsonPath& path) {
  PlanSeat seat;
  const std::string& zone_id = builder_->zone().id;
  seat.id = std::move(text.id);
  if (seat.id.empty() && !zone_id.empty() && !row_label.empty())
    seat.id = default_seat_id(zone_id, row_label, text.number);
  claim(seat_ids_, seat.id, path);
  seat.number = std::move(text.number);
  seat.x = text.x;
  seat.y = text.y;
  seat.accessible = text.accessible;
  seat.companion = text.companion;
  seat.restricted_view = text.restricted_view;
  if (!text.category.empty()) {
    seat.category = category_named(text.category, path);
    seat.has_own_category = true;
  }
  builder_->add_seat(std::move(seat));
}

}  // namespace

VenueRead read_venue(const Json& venue, const JsonPath& root, Remarks& mistakes) {
  return VenueReader(venue, root, mistakes).read();
}

}  // namespace frontrow::round
