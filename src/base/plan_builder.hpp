// Puts a plan together in the order of the venue file and works out indices, words and look-ups.
#pragma once

#include <memory>
#include <string>

#include "frontrow/plan.hpp"

namespace frontrow {

class PlanBuilder {
 public:
  PlanBuilder(std::string name, float width, float height);

  void set_stage(PlanStage stage);
  CategoryIndex add_category(std::string id, LocalizedText name, std::string color = {});
  /// Opens a zone; rows and seats that follow belong to it. Row and seat ids are the caller's
  /// affair; duplicates are an assertion: the reader of the venue file has refused them before.
  ZoneIndex open_zone(std::string id, LocalizedText name, ZoneKind kind, CategoryIndex category);
  PlanZone& zone();  ///< The open one: outline and focal point may be set.
  RowIndex open_row(std::string id, std::string label);
  PlanRow& row();  ///< The open one: breaks may be set.
  /// Row, zone and (unless `has_own_category`) category of `seat` are filled in.
  SeatIndex add_seat(PlanSeat seat);

  std::shared_ptr<const Plan> build() &&;

 private:
  std::unique_ptr<Plan> plan_;
};

}  // namespace frontrow
