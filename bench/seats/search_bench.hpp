// How long does a search for the best seats take, by itself and as a whole command?
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "frontrow/plan.hpp"

namespace frontrow::bench {

struct SearchSettings {
  std::uint32_t seeds = 3;    ///< Random fills of each degree.
  std::uint32_t repeats = 7;  ///< Timings of each case, of which the least counts.
};

/// One object for each fill: `search` and `command` as `json_of` gives them. Throws where a search
/// finds what it should not, or misses what is there.
nlohmann::json bench_search(const std::shared_ptr<const Plan>& plan,
                            const SearchSettings& settings);

}  // namespace frontrow::bench
