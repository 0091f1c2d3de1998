#include "crowd/arrival_plan.hpp"

#include <cmath>

#include "base/assert.hpp"
#include "crowd/random.hpp"

namespace frontrow::crowd {
namespace {
// Tells this stream of chance from those that the fans' behaviour is drawn from.
constexpr std::uint64_t arrival_stream = 0xA331'7A1ULL << 32;
}  // namespace

std::int64_t arrival_microseconds(const Options& options, std::uint32_t fan) {
  FRONTROW_ASSERT(fan < options.fans);
  Random random(options.seed, arrival_stream | fan);
  const double chance = random.unit();
  double moment = 0;  // As a share of the whole span.
  switch (options.arrival_shape) {
    case ArrivalShape::kEven:
      moment = (static_cast<double>(fan) + chance) / static_cast<double>(options.fans);
      break;
    case ArrivalShape::kRandom:
      moment = chance;
      break;
    case ArrivalShape::kRush:
      // Half of the crowd in the first eighth of the span.
      moment = chance * chance * chance;
      break;
  }
  return static_cast<std::int64_t>(std::floor(moment * options.arrive_over_seconds * 1e6));
}

}  // namespace frontrow::crowd
