// Files bent at random: whatever the bytes, loading ends with a round or with named mistakes.
#include <catch2/catch.hpp>

#include <random>

#include "round/round_fixture.hpp"

namespace frontrow::round {
namespace {

/// Changes, drops, doubles or inserts a few bytes.
std::string bent(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t most) { return random() % most; };
  static const std::string spice = "{}[]\",:0-1e9.nulltrue\\u0000\xff\xc3 \n/";
  for (std::size_t times = below(4) + 1; times > 0 && !text.empty(); --times) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = spice[below(spice.size())];
        break;
      case 1:
        text.erase(at, below(8) + 1);
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      default:
        text.insert(at, 1, spice[below(spice.size())]);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a round file bent at random is loaded or refused with a reason") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Loader load;
  load.directory.write("hall.json", load.venue.dump());
  std::size_t refused = 0;
  for (int n = 0; n < 1'000; ++n) {
    const auto path = load.directory.write("bent.json", bent(small_round().dump(1), random));
    const LoadResult result = load_round_file(path, {}, test_start);
    REQUIRE(result.file.has_value() == result.mistakes.empty());
    refused += result.mistakes.empty() ? 0 : 1;
  }
  CHECK(refused > 500);
}

TEST_CASE("a venue bent at random gives a plan that reads back, or a reason") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Loader load;
  const auto path = load.directory.write("round.json", small_round().dump());
  for (int n = 0; n < 1'000; ++n) {
    load.directory.write("hall.json", bent(load.venue.dump(1), random));
    const LoadResult result = load_round_file(path, {}, test_start);
    REQUIRE(result.file.has_value() == result.mistakes.empty());
    if (!result.file) continue;
    std::string problem;
    const auto parsed = parse_definition(write_definition(*result.file, {}), problem);
    INFO(problem);
    REQUIRE(parsed);
    REQUIRE(parsed->plan->capacity() == result.file->definition.plan->capacity());
  }
}

}  // namespace frontrow::round
