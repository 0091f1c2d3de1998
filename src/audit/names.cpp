#include "audit/names.hpp"

namespace frontrow::audit {

std::string_view name_of(Engine::SeatState state) {
  switch (state) {
    case Engine::SeatState::kFree:
      return "free";
    case Engine::SeatState::kHeld:
      return "held";
    case Engine::SeatState::kSold:
      return "sold";
    case Engine::SeatState::kBlocked:
      return "blocked";
  }
  return "unknown";
}

}  // namespace frontrow::audit
