#include "round/pretix_areas.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "round/venue_values.hpp"

namespace frontrow::round {
namespace {

constexpr int curve_points = 32;
constexpr double pi = 3.14159265358979323846;

std::optional<double> read_units(const Json& value, const JsonPath& path, Remarks& mistakes,
                                 double least) {
  if (value.is_number()) {
    const auto units = value.get<double>();
    if (std::isfinite(units) && units >= least && units <= pretix_units_max) return units;
  }
  mistakes.add(path, fmt::format("must be a number from {} to {}", least, pretix_units_max));
  return std::nullopt;
}

/// A length that must be there.
std::optional<double> read_length(ObjectReader& object, std::string_view key, Remarks& mistakes) {
  const Json* value = object.require(key);
  if (value == nullptr) return std::nullopt;
  const JsonPath path = object.path().at(key);
  return read_units(*value, path, mistakes, 0);
}

using Points = std::vector<PretixPoint>;

Points ellipse(double radius_x, double radius_y) {
  Points points;
  for (int n = 0; n < curve_points; ++n) {
    const double angle = 2 * pi * n / curve_points;
    points.push_back({radius_x * std::cos(angle), radius_y * std::sin(angle)});
  }
  return points;
}

Points rectangle(ObjectReader& object, Remarks& mistakes) {
  const auto width = read_length(object, "width", mistakes);
  const auto height = read_length(object, "height", mistakes);
  if (!width || !height) return {};
  return {{0, 0}, {*width, 0}, {*width, *height}, {0, *height}};
}

Points polygon(ObjectReader& object, Remarks& mistakes, ImportNotes& notes) {
  const Json* list = object.require("points");
  if (list == nullptr) return {};
  const JsonPath path = object.path().at("points");
  if (!list->is_array()) {
    mistakes.add(path, "must be an array of points");
    return {};
  }
  if (list->size() < 3 || list->size() > outline_points_max) {
    notes.skipped(fmt::format("zones[].areas[].polygon of fewer than 3 or more than {} points",
                              outline_points_max));
    return {};
  }
  Points points;
  for (std::size_t n = 0; n < list->size(); ++n)
    if (const auto point = read_pretix_position((*list)[n], path.at(n), mistakes, notes, {}))
      points.push_back(*point);
  return points;
}

/// The points of the shape, from the area's own position.
Points read_shape(ObjectReader& area, const std::string& shape, Remarks& mistakes,
                  ImportNotes& notes) {
  if (!area.is_object()) return {};
  // Files from before shapes had names: a rectangle, with its lengths beside the rest.
  if (shape.empty()) {
    if (area.take("width") != nullptr) return rectangle(area, mistakes);
    notes.skipped("zones[].areas[] without a shape");
    return {};
  }
  if (shape != "polygon" && shape != "rectangle" && shape != "ellipse" && shape != "circle") {
    notes.skipped(fmt::format("zones[].areas[] of shape {}", in_quotes(shape)));
    return {};
  }
  const Json* value = area.require(shape);
  if (value == nullptr) return {};
  const JsonPath path = area.path().at(shape);
  ObjectReader object(value, path, mistakes);
  if (!object.is_object()) return {};
  Points points;
  if (shape == "polygon") {
    points = polygon(object, mistakes, notes);
  } else if (shape == "rectangle") {
    points = rectangle(object, mistakes);
  } else if (shape == "circle") {
    if (const auto radius = read_length(object, "radius", mistakes))
      points = ellipse(*radius, *radius);
  } else if (const Json* radius = object.require("radius")) {
    const JsonPath radius_path = path.at("radius");
    ObjectReader both(radius, radius_path, mistakes);
    const auto x = read_length(both, "x", mistakes);
    const auto y = read_length(both, "y", mistakes);
    if (x && y) points = ellipse(*x, *y);
    note_unknown(both, "zones[].areas[].ellipse.radius", notes);
  }
  note_unknown(object, "zones[].areas[]." + shape, notes);
  return points;
}

/// What is written on the plan there; texts of any kind are taken, as nothing depends on them.
std::string text_of(const Json* text) {
  if (text != nullptr && text->is_object()) {
    const auto found = text->find("text");
    text = found == text->end() ? nullptr : &*found;
  }
  return text != nullptr && text->is_string() ? text->get<std::string>() : std::string();
}

}  // namespace

void note_unknown(const ObjectReader& object, const std::string& where, ImportNotes& notes) {
  for (const std::string_view key : object.unknown()) {
    const JsonPath root;
    const std::string step = root.at(key).text();
    notes.skipped(where.empty() ? step : where + (step.starts_with("[") ? "" : ".") + step);
  }
}

std::optional<PretixPoint> read_pretix_position(const Json& value, const JsonPath& path,
                                                Remarks& mistakes, ImportNotes& notes,
                                                PretixPoint origin) {
  ObjectReader object(&value, path, mistakes);
  if (!object.is_object()) return std::nullopt;
  const Json* x = object.require("x");
  const Json* y = object.require("y");
  if (x == nullptr || y == nullptr) return std::nullopt;
  const auto units_x = read_units(*x, path.at("x"), mistakes, -pretix_units_max);
  const auto units_y = read_units(*y, path.at("y"), mistakes, -pretix_units_max);
  note_unknown(object, "position", notes);
  if (!units_x || !units_y) return std::nullopt;
  return PretixPoint{origin.x + *units_x, origin.y + *units_y};
}

PretixArea read_pretix_area(const Json& value, const JsonPath& path, Remarks& mistakes,
                            ImportNotes& notes, PretixPoint origin) {
  PretixArea area;
  area.at = origin;
  ObjectReader object(&value, path, mistakes);
  const std::string shape = object.text("shape", "");
  if (const Json* position = object.take("position"))
    area.at = read_pretix_position(*position, path.at("position"), mistakes, notes, origin)
                  .value_or(origin);
  double degrees = 0;
  if (const Json* rotation = object.take("rotation"); rotation != nullptr && !rotation->is_null())
    degrees = read_units(*rotation, path.at("rotation"), mistakes, -pretix_units_max).value_or(0);
  // How it is painted, and the members of the shapes that it is not.
  for (const std::string_view key :
       {"color", "border_color", "uuid", "polygon", "rectangle", "ellipse", "circle"})
    object.take(key);
  const Json* text = object.take("text");
  if (shape == "text")
    area.text = text_of(text);
  else
    area.outline = read_shape(object, shape, mistakes, notes);
  if (shape != "text" && !text_of(text).empty()) notes.skipped("zones[].areas[].text");
  const double angle = std::fmod(degrees, 360.0) * pi / 180.0;
  for (PretixPoint& point : area.outline)
    point = {area.at.x + point.x * std::cos(angle) - point.y * std::sin(angle),
             area.at.y + point.x * std::sin(angle) + point.y * std::cos(angle)};
  note_unknown(object, "zones[].areas[]", notes);
  return area;
}

}  // namespace frontrow::round
