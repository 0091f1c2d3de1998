// How likely seats of each price category are still free when a fan's turn comes: what those who
// stand before will take, against what is there. Made anew about once a second; a fan's answer is
// one row of a table. The law with its reasons is in docs/waiting.md.
//
// Pure: no clock, no chance of its own. Used by one thread; each front thread keeps its own.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "frontrow/plan.hpp"
#include "frontrow/view.hpp"
#include "http/response.hpp"

namespace frontrow::http {

class SeatChance {
 public:
  explicit SeatChance(const Plan& plan);

  /// What is known of those who buy.
  struct Demand {
    double turn_up = 0.9;
    double seats_a_turn = 2;
  };
  /// `category_free`: by category, free seats now.
  void observe(const RoundStatus& status, const std::vector<std::uint32_t>& category_free,
               const Demand& demand);

  /// In twentieths, 0 to 20, that a seat of the category is free at the turn of a fan before whom
  /// `ahead` others wait. Never grows with `ahead`.
  std::uint8_t twentieths(std::uint32_t ahead, CategoryIndex category) const;
  /// The JSON object of all categories. None before the first look.
  SharedText text(std::uint32_t ahead);

 private:
  static constexpr std::size_t rows = 128;
  std::size_t row_of(std::uint32_t ahead) const;

  std::vector<std::string> names_;  ///< Of the categories, as JSON.
  std::vector<double> capacity_;
  std::vector<std::uint8_t> table_;  ///< Row by row, a number a category.
  double row_step_ = 1;              ///< Fans from one row to the next.
  std::array<SharedText, rows> texts_;
};

}  // namespace frontrow::http
