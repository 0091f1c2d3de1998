#include "round/plan_picture.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

#include "base/markup.hpp"

namespace frontrow::round {
namespace {

using Out = std::back_insert_iterator<std::string>;

constexpr std::array<const char*, 8> spare_colors{"#d00000", "#f3722c", "#f9c74f", "#90be6d",
                                                  "#43aa8b", "#277da1", "#7b2cbf", "#8d99ae"};
constexpr float seat_radius = 0.2F, standing_radius = 0.12F;
constexpr float legend_line = 6, legend_columns = 3;

std::string escaped(std::string_view text) {
  std::string out;
  append_markup_escaped(out, text);
  return out;
}

const std::string& english(const LocalizedText& text, const std::string& otherwise) {
  const auto found = text.find("en");
  return found == text.end() ? otherwise : found->second;
}

std::string color_of(const Plan& plan, CategoryIndex category) {
  const std::string& own = plan.categories[category.value].color;
  return own.empty() ? spare_colors[category.value % spare_colors.size()] : own;
}

void draw_polygon(Out out, const std::vector<std::pair<float, float>>& points,
                  std::string_view style) {
  fmt::format_to(out, "<polygon {} points=\"", style);
  for (const auto& [x, y] : points) fmt::format_to(out, "{:.2f},{:.2f} ", x, y);
  fmt::format_to(out, "\"/>\n");
}

void draw_seat(Out out, const Plan& plan, const PlanSeat& seat, bool standing) {
  const std::string color = color_of(plan, seat.category);
  if (seat.accessible) {
    fmt::format_to(out, R"(<rect x="{:.2f}" y="{:.2f}" width=".8" height=".8" fill="#0b3ea8"/>)",
                   seat.x - 0.4F, seat.y - 0.4F);
  } else if (seat.companion) {
    fmt::format_to(out, R"(<circle cx="{:.2f}" cy="{:.2f}" r=".3" fill="#5fa8ff"/>)", seat.x,
                   seat.y);
  } else if (seat.restricted_view) {
    fmt::format_to(out,
                   R"(<circle cx="{:.2f}" cy="{:.2f}" r=".15" fill="none" stroke="{}" )"
                   R"(stroke-width=".1"/>)",
                   seat.x, seat.y, color);
  } else {
    fmt::format_to(out, R"(<circle cx="{:.2f}" cy="{:.2f}" r="{}" fill="{}"/>)", seat.x, seat.y,
                   standing ? standing_radius : seat_radius, color);
  }
  fmt::format_to(out, "\n");
}

void draw_zone(Out out, const Plan& plan, const PlanZone& zone) {
  const std::string color = color_of(plan, zone.category);
  fmt::format_to(out, "<g id=\"{}\">\n", escaped(zone.id));
  if (!zone.outline.empty())
    draw_polygon(out, zone.outline,
                 fmt::format(R"(fill="{}" fill-opacity=".14" stroke="{}" stroke-width=".15")",
                             color, color));
  double sum_x = 0, sum_y = 0;
  for (std::uint32_t n = 0; n < zone.seat_count; ++n) {
    const PlanSeat& seat = plan.seats[zone.first_seat.value + n];
    draw_seat(out, plan, seat, zone.kind == ZoneKind::kStanding);
    sum_x += static_cast<double>(seat.x);
    sum_y += static_cast<double>(seat.y);
  }
  if (zone.seat_count > 0) {
    const double size = std::min(3.0, static_cast<double>(plan.width) / 25);
    fmt::format_to(out,
                   "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" text-anchor=\"middle\" "
                   "fill=\"#111\" stroke=\"#fff\" stroke-width=\"{:.2f}\" "
                   "paint-order=\"stroke\">{}</text>\n",
                   sum_x / zone.seat_count, sum_y / zone.seat_count + size / 3, size, size / 5,
                   escaped(zone.id));
  }
  fmt::format_to(out, "</g>\n");
}

void draw_legend(Out out, const Plan& plan) {
  const float size = std::min(3.0F, plan.width / 40);
  const float step = size * legend_line / 4;
  for (std::size_t n = 0; n < plan.categories.size(); ++n) {
    const PlanCategory& category = plan.categories[n];
    const float column = std::fmod(static_cast<float>(n), legend_columns);
    const float line = std::floor(static_cast<float>(n) / legend_columns);
    const float x = size + column * plan.width / legend_columns;
    const float y = plan.height + step * (line + 1.5F);
    fmt::format_to(out,
                   "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\"/>"
                   "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\">{}</text>\n",
                   x, y, size / 2, color_of(plan, CategoryIndex{static_cast<std::uint16_t>(n)}),
                   x + size, y + size / 3, size, escaped(english(category.name, category.id)));
  }
}

}  // namespace

std::string plan_picture(const Plan& plan) {
  std::string text;
  const Out out(text);
  const float size = std::min(3.0F, plan.width / 40);
  const float legend_lines =
      std::ceil(static_cast<float>(plan.categories.size()) / legend_columns) + 1.5F;
  const float height = plan.height + size * legend_line / 4 * legend_lines;
  fmt::format_to(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.2f} {:.2f}\" "
                 "font-family=\"sans-serif\">\n<title>{}</title>\n"
                 "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
                 plan.width, height, escaped(plan.name));
  if (plan.stage) {
    if (!plan.stage->outline.empty()) draw_polygon(out, plan.stage->outline, "fill=\"#222\"");
    fmt::format_to(out,
                   "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" text-anchor=\"middle\" "
                   "fill=\"#fff\" stroke=\"#222\" stroke-width=\"{:.2f}\" "
                   "paint-order=\"stroke\">STAGE</text>\n",
                   plan.stage->x, plan.stage->y - size, size * 1.5F, size / 5);
  }
  for (const PlanZone& zone : plan.zones) draw_zone(out, plan, zone);
  draw_legend(out, plan);
  fmt::format_to(out, "</svg>\n");
  return text;
}

}  // namespace frontrow::round
