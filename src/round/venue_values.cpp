#include "round/venue_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace frontrow::round {
namespace {

constexpr std::int64_t label_number_max = 999'999;

std::optional<SeatText> read_compact_seat(const Json& value, const JsonPath& path,
                                          Remarks& mistakes, PlanSize size) {
  if (value.size() < 3 || value.size() > 5) {
    mistakes.add(path,
                 "must be [number, x, y], [number, x, y, flags] or "
                 "[number, x, y, flags, category]");
    return std::nullopt;
  }
  const auto before = mistakes.count();
  SeatText seat;
  seat.number = read_label(value[0], path.at(std::size_t{0}), mistakes);
  read_metres(value[1], path.at(std::size_t{1}), mistakes, 0, size.width, seat.x);
  read_metres(value[2], path.at(std::size_t{2}), mistakes, 0, size.height, seat.y);
  if (value.size() > 3) {
    const std::string* flags = value[3].get_ptr<const std::string*>();
    bool good = flags != nullptr;
    for (const char flag : good ? *flags : std::string()) {
      bool* const of_seat = flag == 'a'   ? &seat.accessible
                            : flag == 'c' ? &seat.companion
                            : flag == 'r' ? &seat.restricted_view
                                          : nullptr;
      good = good && of_seat != nullptr && !*of_seat;
      if (of_seat != nullptr) *of_seat = true;
    }
    if (!good)
      mistakes.add(path.at(std::size_t{3}),
                   R"(must be a text of "a" (accessible), "c" (companion), "r" (restricted view))");
  }
  if (value.size() > 4)
    seat.category =
        read_text(value[4], path.at(std::size_t{4}), mistakes, id_bytes_max).value_or("");
  return mistakes.count() == before ? std::optional(std::move(seat)) : std::nullopt;
}

}  // namespace

bool read_metres(const Json& value, const JsonPath& path, Remarks& mistakes, float least,
                 float most, float& out) {
  if (value.is_number()) {
    const auto metres = value.get<double>();
    // Compared as floats: the limit itself is one, and is allowed.
    if (metres >= -1e6 && metres <= 1e6 && static_cast<float>(metres) >= least &&
        static_cast<float>(metres) <= most) {
      out = static_cast<float>(metres);
      return true;
    }
  }
  mistakes.add(path, fmt::format("must be a number from {} to {}", least, most));
  return false;
}

std::optional<PlanPoint> read_point(const Json& value, const JsonPath& path, Remarks& mistakes,
                                    PlanSize size) {
  if (!value.is_array() || value.size() != 2) {
    mistakes.add(path, "must be a point [x, y]");
    return std::nullopt;
  }
  PlanPoint point;
  const bool good_x =
      read_metres(value[0], path.at(std::size_t{0}), mistakes, 0, size.width, point.first);
  const bool good_y =
      read_metres(value[1], path.at(std::size_t{1}), mistakes, 0, size.height, point.second);
  return good_x && good_y ? std::optional(point) : std::nullopt;
}

std::vector<PlanPoint> read_outline(ObjectReader& object, std::string_view key, Remarks& mistakes,
                                    PlanSize size) {
  const Json* value = object.take(key);
  if (value == nullptr) return {};
  const JsonPath path = object.path().at(key);
  if (!value->is_array() || value->size() < 3 || value->size() > outline_points_max) {
    mistakes.add(path, fmt::format("must be an array of 3 to {} points", outline_points_max));
    return {};
  }
  std::vector<PlanPoint> outline;
  for (std::size_t n = 0; n < value->size(); ++n)
    if (const auto point = read_point((*value)[n], path.at(n), mistakes, size))
      outline.push_back(*point);
  return outline;
}

std::string read_id(ObjectReader& object, std::string_view key, Remarks& mistakes) {
  const Json* value = object.take(key);
  if (value == nullptr) return {};
  const JsonPath path = object.path().at(key);
  const auto id = read_text(*value, path, mistakes, id_bytes_max);
  if (id && id->empty()) mistakes.add(path, "must not be empty");
  return id.value_or("");
}

std::string read_label(const Json& value, const JsonPath& path, Remarks& mistakes) {
  if (value.is_number()) {
    const auto number = read_whole_number(value, path, mistakes, {0, label_number_max});
    return number ? std::to_string(*number) : std::string();
  }
  const auto text = read_text(value, path, mistakes, label_bytes_max);
  if (text && text->empty()) mistakes.add(path, "must not be empty");
  return text.value_or("");
}

std::optional<SeatText> read_seat(const Json& value, const JsonPath& path, Remarks& mistakes,
                                  PlanSize size) {
  if (value.is_array()) return read_compact_seat(value, path, mistakes, size);
  if (!value.is_object()) {
    mistakes.add(path, "must be an object or an array [number, x, y]");
    return std::nullopt;
  }
  const auto before = mistakes.count();
  ObjectReader object(&value, path, mistakes);
  SeatText seat;
  if (const Json* number = object.require("number"))
    seat.number = read_label(*number, path.at("number"), mistakes);
  if (const Json* x = object.require("x"))
    read_metres(*x, path.at("x"), mistakes, 0, size.width, seat.x);
  if (const Json* y = object.require("y"))
    read_metres(*y, path.at("y"), mistakes, 0, size.height, seat.y);
  seat.id = read_id(object, "id", mistakes);
  seat.category = read_id(object, "category", mistakes);
  seat.accessible = object.boolean("accessible", false);
  seat.companion = object.boolean("companion", false);
  seat.restricted_view = object.boolean("restricted_view", false);
  object.refuse_unknown();
  return mistakes.count() == before ? std::optional(std::move(seat)) : std::nullopt;
}

}  // namespace frontrow::round
