// The workers as processes: forked before there is any thread, each joined to the parent by one
// socket, over which lines of JSON go up and single bytes go down.
#pragma once

#include <cstdint>
#include <functional>

#include "crowd/report.hpp"
#include "crowd/worker.hpp"

namespace frontrow::crowd {

/// Runs all workers to their end and merges what they bring home. `show` is called about once a
/// second with the sum of all workers' progress. Workers that die, or are not back in time, are
/// counted in the result. Uses poll(2) alone; the caller has no other thread.
Result run_workers(const WorkerPlan& plan, const std::function<void(const Progress&)>& show);

}  // namespace frontrow::crowd
