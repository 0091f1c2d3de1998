// One process's share of the crowd: its fans, one thread, one io_context.
#pragma once

#include <cstdint>
#include <functional>

#include "crowd/catalogue.hpp"
#include "crowd/clock.hpp"
#include "crowd/options.hpp"
#include "crowd/report.hpp"
#include "crowd/stream.hpp"

namespace frontrow::crowd {

/// A glance at a worker, for the line that is printed each second.
struct Progress {
  std::uint64_t arrived = 0, paid = 0, seats = 0, errors = 0;
  std::int64_t waiting = 0, shopping = 0, fans = 0;
};

/// What every worker is given; made before the workers are.
struct WorkerPlan {
  const Options& options;
  const Catalogue& catalogue;
  Endpoint endpoint;
  std::string run_tag;
  Moment start;
  std::uint32_t processes = 1;
};

class Worker {
 public:
  /// Fans `index`, `index + processes`, …
  Worker(const WorkerPlan& plan, std::uint32_t index);

  /// Until the last fan's visit has ended. `report` is called once a second.
  void sell(const std::function<void(const Progress&)>& report);
  /// Compares with the server's books; after `sell`, once all other workers have sold too.
  void verify();
  Result take_result() { return std::move(result_); }

 private:
  const WorkerPlan& plan_;
  const std::uint32_t index_;
  std::vector<FanRecord> records_;
  Result result_;
};

}  // namespace frontrow::crowd
