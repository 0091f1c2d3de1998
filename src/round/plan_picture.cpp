#include "round/plan_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
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
constexpr float row_label_size = 0.35F;
/// How wide a letter is, on average, in sizes of the text.
constexpr float letter_width = 0.6F;
constexpr std::size_t legend_letters_max = 40;
constexpr std::size_t legend_columns_max = 4;
/// Below this share of the common size a label would be lost: it goes above its zone instead.
constexpr float smallest_label = 0.6F;
/// A zone whose middle is this far from its nearest seat is bent round it, not only parted by a
/// way.
constexpr float outside_metres = 6;

std::string escaped(std::string_view text) {
  std::string out;
  append_markup_escaped(out, text);
  return out;
}

bool begins_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80; }

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_letter));
}

std::string cut_to(const std::string& text, std::size_t letters_max) {
  std::size_t letters = 0;
  for (std::size_t n = 0; n < text.size(); ++n)
    if (begins_letter(text[n]) && ++letters > letters_max) return text.substr(0, n) + "…";
  return text;
}

const std::string& english(const LocalizedText& text, const std::string& otherwise) {
  const auto found = text.find("en");
  return found == text.end() ? otherwise : found->second;
}

std::string color_of(const Plan& plan, CategoryIndex category) {
  const std::string& own = plan.categories[category.value].color;
  return own.empty() ? spare_colors[category.value % spare_colors.size()] : own;
}

struct Box {
  float left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
  void take(float x, float y) {
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
  float middle() const { return (left + right) / 2; }
};

/// Text in a halo, its middle at (x, y).
void draw_text(Out out, std::string_view text, float x, float y, float size,
               std::string_view fill = "#111", std::string_view halo = "#fff") {
  fmt::format_to(out,
                 "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" text-anchor=\"middle\" "
                 "fill=\"{}\" stroke=\"{}\" stroke-width=\"{:.2f}\" paint-order=\"stroke\">{}"
                 "</text>\n",
                 x, y + size * 0.36F, size, fill, halo, size / 5, escaped(text));
}

void draw_polygon(Out out, const std::vector<std::pair<float, float>>& points,
                  std::string_view style) {
  fmt::format_to(out, "<polygon {} points=\"", style);
  for (const auto& [x, y] : points) fmt::format_to(out, "{:.2f},{:.2f} ", x, y);
  fmt::format_to(out, "\"/>\n");
}

// The marks of the kinds of seats: on the plan, and, larger, in the legend.
void draw_accessible(Out out, float x, float y, float scale) {
  fmt::format_to(out,
                 R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="#0b3ea8"/>)",
                 x - 0.3F * scale, y - 0.3F * scale, 0.6F * scale, 0.6F * scale);
}
void draw_companion(Out out, float x, float y, float scale) {
  fmt::format_to(out, R"(<circle cx="{:.2f}" cy="{:.2f}" r="{:.2f}" fill="#5fa8ff"/>)", x, y,
                 0.25F * scale);
}
void draw_restricted(Out out, float x, float y, float scale, const std::string& color) {
  fmt::format_to(out,
                 R"(<circle cx="{:.2f}" cy="{:.2f}" r="{:.2f}" fill="none" stroke="{}" )"
                 R"(stroke-width="{:.2f}"/>)",
                 x, y, 0.15F * scale, color, 0.1F * scale);
}

void draw_seat(Out out, const Plan& plan, const PlanSeat& seat, bool standing) {
  if (seat.accessible) {
    draw_accessible(out, seat.x, seat.y, 1);
  } else if (seat.companion) {
    draw_companion(out, seat.x, seat.y, 1);
  } else if (seat.restricted_view) {
    draw_restricted(out, seat.x, seat.y, 1, color_of(plan, seat.category));
  } else {
    fmt::format_to(out, R"(<circle cx="{:.2f}" cy="{:.2f}" r="{}" fill="{}"/>)", seat.x, seat.y,
                   standing ? standing_radius : seat_radius, color_of(plan, seat.category));
  }
  fmt::format_to(out, "\n");
}

/// Before the row's first seat, in the row's direction.
void draw_row_label(Out out, const Plan& plan, const PlanRow& row) {
  const PlanSeat& first = plan.seat(row.first_seat);
  float x = -1, y = 0;
  if (row.seat_count > 1) {
    const PlanSeat& second = plan.seat(SeatIndex{row.first_seat.value + 1});
    const float length = std::hypot(first.x - second.x, first.y - second.y);
    if (length > 0) {
      x = (first.x - second.x) / length;
      y = (first.y - second.y) / length;
    }
  }
  const float reach =
      0.35F + row_label_size * letter_width * static_cast<float>(letters_in(row.label)) / 2;
  fmt::format_to(out,
                 "<text class=\"row\" x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{}\" "
                 "text-anchor=\"middle\" fill=\"#555\">{}</text>\n",
                 first.x + x * reach, first.y + y * reach + row_label_size * 0.36F, row_label_size,
                 escaped(row.label));
}

class Picture {
 public:
  explicit Picture(const Plan& plan)
      : plan_(plan), size_(std::min(3.0F, std::max(plan.width, plan.height) / 40)) {}

  std::string draw();

 private:
  void draw_stage();
  void draw_zone(const PlanZone& zone);
  void draw_zone_label(const PlanZone& zone);
  void plan_legend();
  void draw_legend();
  float legend_x(std::size_t n) const {
    return size_ + static_cast<float>(n % columns_) * plan_.width / static_cast<float>(columns_);
  }
  float legend_y(std::size_t n) const {
    return plan_.height + size_ * 1.8F * (static_cast<float>(n / columns_) + 1);
  }

  enum class Mark { kCategory, kAccessible, kCompanion, kRestricted };
  struct LegendLine {
    Mark mark;
    CategoryIndex category;
    std::string text;
  };

  const Plan& plan_;
  const float size_;  ///< Of what is written large; the rest goes by it.
  std::vector<LegendLine> legend_;
  std::size_t columns_ = 1;
  std::string labels_;  ///< Over all else.
  std::string text_;
};

void Picture::draw_stage() {
  const Out out(text_);
  const PlanStage& stage = *plan_.stage;
  const float size = size_ * 1.5F;
  if (stage.outline.empty()) {
    // Nothing is known but a point: a sign on it, inside the picture.
    const float width = size * 5, height = size * 1.8F;
    const float x = std::clamp(stage.x, width / 2 - size, plan_.width - width / 2 + size);
    const float y = std::clamp(stage.y, height / 2 - size, plan_.height - height / 2 + size);
    fmt::format_to(out,
                   "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" "
                   "rx=\"{:.2f}\" fill=\"#222\"/>\n",
                   x - width / 2, y - height / 2, width, height, size / 4);
    draw_text(Out(labels_), "STAGE", x, y, size, "#fff", "#222");
    return;
  }
  draw_polygon(out, stage.outline, "fill=\"#222\"");
  draw_text(Out(labels_), "STAGE", stage.x, stage.y - size, size, "#fff", "#222");
}

void Picture::draw_zone_label(const PlanZone& zone) {
  Box box;
  double sum_x = 0, sum_y = 0;
  for (std::uint32_t n = 0; n < zone.seat_count; ++n) {
    const PlanSeat& seat = plan_.seats[zone.first_seat.value + n];
    box.take(seat.x, seat.y);
    sum_x += static_cast<double>(seat.x);
    sum_y += static_cast<double>(seat.y);
  }
  if (zone.seat_count == 0) return;
  for (const auto& [x, y] : zone.outline) box.take(x, y);
  auto x = static_cast<float>(sum_x / zone.seat_count);
  auto y = static_cast<float>(sum_y / zone.seat_count);
  // The middle of a bent zone is not in it: then the seat nearest to there is.
  const PlanSeat* nearest = &plan_.seat(zone.first_seat);
  for (std::uint32_t n = 0; n < zone.seat_count; ++n) {
    const PlanSeat& seat = plan_.seats[zone.first_seat.value + n];
    if (std::hypot(seat.x - x, seat.y - y) < std::hypot(nearest->x - x, nearest->y - y))
      nearest = &seat;
  }
  if (std::hypot(nearest->x - x, nearest->y - y) > outside_metres) {
    x = nearest->x;
    y = nearest->y;
  }
  const float letters = static_cast<float>(std::max<std::size_t>(1, letters_in(zone.id)));
  const float fitting = std::min(
      {size_, (box.right - box.left) / (letters * letter_width), (box.bottom - box.top) / 2.5F});
  const Out out(labels_);
  if (fitting >= size_ * smallest_label)
    draw_text(out, zone.id, x, y, fitting);
  else
    draw_text(out, zone.id, box.middle(), box.top - size_ * smallest_label, size_ * smallest_label);
}

void Picture::draw_zone(const PlanZone& zone) {
  const Out out(text_);
  const std::string color = color_of(plan_, zone.category);
  const bool standing = zone.kind == ZoneKind::kStanding;
  fmt::format_to(out, "<g id=\"{}\" class=\"zone\"><title>{}, {} places</title>\n",
                 escaped(zone.id), escaped(english(zone.name, zone.id)), zone.seat_count);
  if (!zone.outline.empty())
    draw_polygon(out, zone.outline,
                 fmt::format(R"(fill="{}" fill-opacity=".14" stroke="{}" stroke-width="{:.2f}")",
                             color, color, size_ / 20));
  for (std::uint32_t n = 0; n < zone.seat_count; ++n)
    draw_seat(out, plan_, plan_.seats[zone.first_seat.value + n], standing);
  for (std::uint32_t n = 0; n < zone.row_count && !standing; ++n) {
    const PlanRow& row = plan_.rows[zone.first_row.value + n];
    if (row.seat_count > 0) draw_row_label(out, plan_, row);
  }
  fmt::format_to(out, "</g>\n");
  draw_zone_label(zone);
}

void Picture::plan_legend() {
  std::vector<std::uint32_t> places(plan_.categories.size());
  std::uint32_t accessible = 0, companions = 0, restricted = 0;
  for (const PlanSeat& seat : plan_.seats) {
    ++places[seat.category.value];
    accessible += seat.accessible ? 1 : 0;
    companions += seat.companion ? 1 : 0;
    restricted += seat.restricted_view ? 1 : 0;
  }
  for (std::size_t n = 0; n < plan_.categories.size(); ++n) {
    const PlanCategory& category = plan_.categories[n];
    legend_.push_back(
        {Mark::kCategory, CategoryIndex{static_cast<std::uint16_t>(n)},
         fmt::format("{}: {}", cut_to(english(category.name, category.id), legend_letters_max),
                     places[n])});
  }
  const auto add = [&](Mark mark, const char* what, std::uint32_t count) {
    if (count > 0) legend_.push_back({mark, {}, fmt::format("{}: {}", what, count)});
  };
  add(Mark::kAccessible, "wheelchair places", accessible);
  add(Mark::kCompanion, "companions' seats", companions);
  add(Mark::kRestricted, "restricted view", restricted);
  std::size_t longest = 1;
  for (const LegendLine& line : legend_) longest = std::max(longest, letters_in(line.text));
  const float column = size_ * (2.5F + letter_width * static_cast<float>(longest));
  columns_ = std::clamp(static_cast<std::size_t>(plan_.width / column), std::size_t{1},
                        legend_columns_max);
}

void Picture::draw_legend() {
  const Out out(text_);
  for (std::size_t n = 0; n < legend_.size(); ++n) {
    const LegendLine& line = legend_[n];
    const float x = legend_x(n), y = legend_y(n);
    switch (line.mark) {
      case Mark::kCategory:
        fmt::format_to(out, "<circle cx=\"{:.2f}\" cy=\"{:.2f}\" r=\"{:.2f}\" fill=\"{}\"/>", x, y,
                       size_ / 2, color_of(plan_, line.category));
        break;
      case Mark::kAccessible:
        draw_accessible(out, x, y, size_ * 1.4F);
        break;
      case Mark::kCompanion:
        draw_companion(out, x, y, size_ * 1.6F);
        break;
      case Mark::kRestricted:
        draw_restricted(out, x, y, size_ * 2, "#555");
        break;
    }
    fmt::format_to(out, "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\">{}</text>\n",
                   x + size_, y + size_ * 0.36F, size_, escaped(line.text));
  }
}

std::string Picture::draw() {
  plan_legend();
  const Out out(text_);
  const float margin = size_ * 1.5F, heading = size_ * 2;
  const float bottom = legend_y(legend_.size() - 1) + margin;
  fmt::format_to(
      out,
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{:.2f} {:.2f} {:.2f} {:.2f}\" "
      "font-family=\"sans-serif\">\n<title>{}</title>\n"
      "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      "<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.2f}\" font-weight=\"bold\">{}"
      "</text>\n",
      -margin, -margin - heading, plan_.width + 2 * margin, bottom + margin + heading,
      escaped(plan_.name), -margin, -margin - heading, 0.0F, -heading + size_ * 0.2F, size_ * 1.3F,
      escaped(plan_.name));
  if (plan_.stage) draw_stage();
  for (const PlanZone& zone : plan_.zones) draw_zone(zone);
  text_ += labels_;
  draw_legend();
  text_ += "</svg>\n";
  return std::move(text_);
}

}  // namespace

std::string plan_picture(const Plan& plan) { return Picture(plan).draw(); }

}  // namespace frontrow::round
