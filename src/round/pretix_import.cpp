#include "round/pretix_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

#include "base/plan_builder.hpp"
#include "frontrow/limits.hpp"
#include "round/free_memory.hpp"
#include "round/json_text.hpp"
#include "round/pretix_layout.hpp"
#include "round/pretix_plan.hpp"
#include "round/venue_file.hpp"
#include "round/venue_values.hpp"

namespace frontrow::round {
namespace {

constexpr double margin_metres = 2;
/// Bytes of an id that is made from a name: with a row's label behind it, it still is one.
constexpr std::size_t made_id_bytes_max = 50;

/// The name with all but letters, digits, "_", "." and what is not ASCII turned into "-".
std::string id_from(const std::string& name, bool lower_case) {
  std::string id;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                       c == '.' || static_cast<unsigned char>(c) >= 0x80;
    if (plain)
      id += upper && lower_case ? static_cast<char>(c + 32) : c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  std::size_t end = std::min(id.size(), made_id_bytes_max);
  while (end < id.size() && (static_cast<unsigned char>(id[end]) & 0xc0U) == 0x80) --end;
  while (end > 0 && id[end - 1] == '-') --end;
  return id.substr(0, end);
}

/// Names given once; the second time with a number behind them.
class UniqueNames {
 public:
  std::string claim(const std::string& name, const char* before, const char* after) {
    std::string unique = name;
    std::uint32_t& last = last_number_.try_emplace(name, 1).first->second;
    while (!taken_.insert(unique).second)
      unique = fmt::format("{}{}{}{}", name, before, ++last, after);
    return unique;
  }

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::uint32_t> last_number_;
};

struct Box {
  PretixPoint least{INFINITY, INFINITY}, most{-INFINITY, -INFINITY};
  void take(PretixPoint point) {
    least = {std::min(least.x, point.x), std::min(least.y, point.y)};
    most = {std::max(most.x, point.x), std::max(most.y, point.y)};
  }
};

/// From the plan's units to metres in the venue.
struct Frame {
  PretixPoint origin;
  double scale = 0;
  float width = 0, height = 0;

  static float millimetres(double metres) {
    return static_cast<float>(std::round(metres * 1'000) / 1'000);
  }
  PlanPoint place(PretixPoint point) const {
    return {std::clamp(millimetres((point.x - origin.x) * scale), 0.0F, width),
            std::clamp(millimetres((point.y - origin.y) * scale), 0.0F, height)};
  }
};

class Importer {
 public:
  Importer(PretixPlan&& source, const PretixOptions& options, const JsonPath& root,
           Remarks& mistakes, ImportNotes& notes)
      : source_(std::move(source)),
        options_(options),
        root_(root),
        mistakes_(mistakes),
        notes_(notes) {}

  std::shared_ptr<const Plan> run() {
    order_rows();
    if (!find_scale()) return nullptr;
    find_outlines();
    if (!find_frame()) return nullptr;
    return build();
  }

 private:
  void order_rows();
  bool find_scale();
  void find_outlines();
  bool find_frame();
  std::shared_ptr<const Plan> build();
  void build_zone(PlanBuilder& builder, std::size_t index);
  CategoryIndex main_category(const PretixZone& zone) const;

  PretixPlan source_;
  const PretixOptions& options_;
  const JsonPath& root_;
  Remarks& mistakes_;
  ImportNotes& notes_;
  double usual_units_ = 0;
  Frame frame_;
  PlanPoint focal_;
  std::vector<std::optional<std::vector<PretixPoint>>> outlines_;
  UniqueNames zone_ids_, zone_names_, row_ids_;
  std::uint64_t shared_labels_ = 0;
};

void Importer::order_rows() {
  std::uint64_t ordered = 0, stacked = 0;
  std::vector<double> distances;
  for (PretixZone& zone : source_.zones) {
    for (PretixRow& row : zone.rows) {
      ordered += put_in_order(row) ? 1 : 0;
      for (const double one : neighbour_distances(row)) {
        distances.push_back(one);
        stacked += one > 0 ? 0 : 1;
      }
    }
  }
  usual_units_ = median_distance(std::move(distances));
  if (ordered > 0)
    notes_.say(fmt::format("the seats of {} were put into the order in which they stand",
                           counted(ordered, "row")));
  if (stacked > 0)
    notes_.say(
        fmt::format("{} on the very place of the one before in the row",
                    stacked == 1 ? "1 seat stands" : fmt::format("{} seats stand", stacked)));
}

bool Importer::find_scale() {
  if (options_.metres_per_unit) {
    frame_.scale = *options_.metres_per_unit;
    return true;
  }
  if (!(usual_units_ > 0)) {
    mistakes_.add(root_,
                  "no two seats stand side by side: --scale must say how many metres a unit "
                  "is");
    return false;
  }
  // Four digits, as it is told: a little bend of the rows shall not make crooked numbers.
  frame_.scale = std::stod(fmt::format("{:.4g}", usual_seat_metres / usual_units_));
  notes_.say(
      fmt::format("one unit is taken for {:.4g} m, as neighbours in a row are mostly {:.4g} "
                  "units apart, and people sit {} m apart; --scale says otherwise",
                  frame_.scale, usual_units_, usual_seat_metres));
  return true;
}

void Importer::find_outlines() {
  std::uint64_t unused = 0;
  for (const PretixZone& zone : source_.zones) {
    outlines_.push_back(outline_of(zone));
    unused += zone.areas.size() - (outlines_.back() ? 1 : 0);
  }
  if (unused > 0)
    notes_.say(fmt::format("{} that no zone has for an outline: skipped", counted(unused, "area")));
}

bool Importer::find_frame() {
  Box box;
  for (const PretixZone& zone : source_.zones)
    for (const PretixRow& row : zone.rows)
      for (const PretixSeat& seat : row.seats) box.take(seat.at);
  for (const auto& outline : outlines_)
    if (outline)
      for (const PretixPoint point : *outline) box.take(point);
  if (options_.stage) box.take({options_.stage->first, options_.stage->second});

  const double scale = frame_.scale;
  const double most = static_cast<double>(plan_metres_max);
  const auto metres = [&](double units) { return std::ceil(units * scale * 100) / 100; };
  const auto fits = [&](double width, double height) { return width <= most && height <= most; };
  const auto& size = source_.size;
  double width = 0, height = 0;
  if (size && box.least.x >= 0 && box.least.y >= 0 && box.most.x <= size->x &&
      box.most.y <= size->y && fits(metres(size->x), metres(size->y))) {
    width = metres(size->x);
    height = metres(size->y);
  } else {
    if (size) notes_.say("not all lies inside the plan's own size: the venue's is worked out anew");
    frame_.origin = {box.least.x - margin_metres / scale, box.least.y - margin_metres / scale};
    width = metres(box.most.x - box.least.x) + 2 * margin_metres;
    height = metres(box.most.y - box.least.y) + 2 * margin_metres;
  }
  if (!fits(width, height)) {
    mistakes_.add(root_, fmt::format("would be {:.0f} by {:.0f} m, which is more than {}: --scale "
                                     "must say how many metres a unit is",
                                     width, height, plan_metres_max));
    return false;
  }
  frame_.width = static_cast<float>(std::max(1.0, width));
  frame_.height = static_cast<float>(std::max(1.0, height));
  focal_ = options_.stage ? frame_.place({options_.stage->first, options_.stage->second})
                          : PlanPoint{frame_.width / 2, 0.0F};
  if (!options_.stage)
    notes_.say(
        "every zone looks at the middle of the upper edge; --stage X,Y, in the plan's "
        "units, says where the stage is");
  return true;
}

CategoryIndex Importer::main_category(const PretixZone& zone) const {
  std::vector<std::uint64_t> count(source_.categories.size());
  for (const PretixRow& row : zone.rows)
    for (const PretixSeat& seat : row.seats) ++count[seat.category];
  const auto most = std::max_element(count.begin(), count.end()) - count.begin();
  return CategoryIndex{static_cast<std::uint16_t>(most)};
}

void Importer::build_zone(PlanBuilder& builder, std::size_t index) {
  const PretixZone& zone = source_.zones[index];
  std::string id = id_from(zone.id.empty() ? zone.name : zone.id, false);
  if (id.empty()) id = fmt::format("zone-{}", index + 1);
  id = zone_ids_.claim(id, "-", "");
  const std::string& name = !zone.name.empty() ? zone.name : !zone.id.empty() ? zone.id : id;
  const CategoryIndex category = main_category(zone);
  builder.open_zone(id, {{"en", zone_names_.claim(name, " (", ")")}}, ZoneKind::kSeated, category);
  builder.zone().focal_x = focal_.first;
  builder.zone().focal_y = focal_.second;
  if (outlines_[index])
    for (const PretixPoint point : *outlines_[index])
      builder.zone().outline.push_back(frame_.place(point));
  for (const PretixRow& row : zone.rows) {
    const std::string row_id = default_row_id(id, row.label);
    const std::string unique = row_ids_.claim(row_id, "-", "");
    if (unique != row_id) ++shared_labels_;
    builder.open_row(unique, row.label);
    for (const std::uint32_t before : gaps_of(row, usual_units_))
      builder.row().breaks.push_back(before - 1);
    for (const PretixSeat& source : row.seats) {
      PlanSeat seat;
      seat.id = source.guid;
      seat.number = source.number;
      std::tie(seat.x, seat.y) = frame_.place(source.at);
      seat.category = CategoryIndex{static_cast<std::uint16_t>(source.category)};
      seat.has_own_category = seat.category != category;
      builder.add_seat(std::move(seat));
    }
  }
}

std::shared_ptr<const Plan> Importer::build() {
  std::string name = source_.name;
  if (name.empty()) {
    name = "Venue";
    notes_.say("the plan has no name; the venue is called \"Venue\"");
  }
  PlanBuilder builder(std::move(name), frame_.width, frame_.height);
  if (options_.stage) builder.set_stage({focal_.first, focal_.second, {}});
  UniqueNames category_ids;
  for (std::size_t n = 0; n < source_.categories.size(); ++n) {
    const PretixCategory& category = source_.categories[n];
    std::string id = id_from(category.name, true);
    if (id.empty()) id = fmt::format("category-{}", n + 1);
    builder.add_category(category_ids.claim(id, "-", ""), {{"en", category.name}}, category.color);
  }
  for (std::size_t n = 0; n < source_.zones.size(); ++n) build_zone(builder, n);
  if (shared_labels_ > 0)
    notes_.say(fmt::format("{} with the label of another one of the zone: ids were made unique",
                           counted(shared_labels_, "row")));
  return std::move(builder).build();
}

}  // namespace

PretixImport import_pretix(const std::filesystem::path& path, const PretixOptions& options) {
  PretixImport result;
  const std::string file_name = path.filename().string();
  const JsonPath root = JsonPath::of_file(file_name);
  Remarks mistakes(PretixImport::mistakes_named_max);
  ImportNotes notes;
  PretixPlan source;
  {
    std::string unreadable;
    const auto text = read_file(path, limits::venue_file_bytes_max, unreadable);
    Json document;
    if (!text)
      mistakes.add(root, unreadable);
    else if (parse_json(*text, root, mistakes, document, {"seats", limits::seats_max}))
      source = read_pretix_plan(document, root, mistakes, notes);
  }
  return_free_memory();
  if (mistakes.count() == 0)
    result.plan = Importer(std::move(source), options, root, mistakes, notes).run();
  if (result.plan != nullptr) result.venue = write_venue(*result.plan, VenueLayout::kRowALine);
  result.mistakes = std::move(mistakes).take();
  result.notes = std::move(notes).take();
  return result;
}

}  // namespace frontrow::round
