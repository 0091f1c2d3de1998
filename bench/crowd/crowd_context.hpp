// What all fans of one worker share. Used on the worker's thread alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "crowd/catalogue.hpp"
#include "crowd/clock.hpp"
#include "crowd/options.hpp"
#include "crowd/records.hpp"
#include "crowd/stream.hpp"
#include "crowd/tally.hpp"

namespace frontrow::crowd {

/// How many fans are where, for the progress line.
struct Gauges {
  std::int64_t waiting = 0;
  std::int64_t shopping = 0;
  std::int64_t fans = 0;  ///< Whose visit has not ended.
};

struct CrowdContext {
  boost::asio::io_context& io;
  /// Solves proofs of work, so that one fan's sums do not hold up another's answers.
  boost::asio::thread_pool& solver;
  const Options& options;
  const Catalogue& catalogue;
  const Endpoint& endpoint;
  std::string run_tag;  ///< Makes idempotency keys differ from those of any other run.
  Moment start;
  Moment sale_deadline;

  Tally tally{};
  Gauges gauges{};
  std::vector<FanRecord> records{};  ///< Of fans who were given orders and have gone.

  bool over() const { return Clock::now() >= sale_deadline; }
};

}  // namespace frontrow::crowd
