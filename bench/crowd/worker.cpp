#include "crowd/worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crowd/crowd_context.hpp"
#include "crowd/fan.hpp"
#include "crowd/verifier.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;

/// After the deadline, answers under way get their grace and sockets their goodbyes.
constexpr double cleanup_seconds = 5;

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

Progress progress_of(const CrowdContext& context) {
  const Tally& tally = context.tally;
  return {tally.count(Counter::kArrived),
          tally.count(Counter::kOrdersPaid),
          tally.count(Counter::kSeatsBought),
          tally.errors(),
          context.gauges.waiting,
          context.gauges.shopping,
          context.gauges.fans};
}

asio::awaitable<void> tell(CrowdContext& context,
                           const std::function<void(const Progress&)>& report) {
  asio::steady_timer second(context.io);
  while (context.gauges.fans > 0) {
    second.expires_after(std::chrono::seconds(1));
    co_await second.async_wait(asio::as_tuple(asio::use_awaitable));
    report(progress_of(context));
  }
}

}  // namespace

Worker::Worker(const WorkerPlan& plan, std::uint32_t index) : plan_(plan), index_(index) {}

void Worker::sell(const std::function<void(const Progress&)>& report) {
  const Options& options = plan_.options;
  asio::io_context io(1);
  asio::thread_pool solver(1);
  CrowdContext context{io,
                       solver,
                       options,
                       plan_.catalogue,
                       plan_.endpoint,
                       plan_.run_tag,
                       plan_.start,
                       plan_.start + seconds(sale_seconds(options))};
  for (std::uint32_t number = index_; number < options.fans; number += plan_.processes) {
    auto fan = std::make_shared<Fan>(context, number);
    ++context.gauges.fans;
    asio::co_spawn(io, fan->run(), [fan](std::exception_ptr failure) { rethrow(failure); });
  }
  asio::co_spawn(io, tell(context, report), rethrow);
  // The bound is a safety net: every wait of a fan ends at the deadline by itself.
  io.run_until(context.sale_deadline + seconds(cleanup_seconds));
  for (std::int64_t left = context.gauges.fans; left > 0; --left)
    context.tally.end(Outcome::kUnfinished);
  solver.stop();
  solver.join();
  report(progress_of(context));
  result_.tally = std::move(context.tally);
  records_ = std::move(context.records);
}

void Worker::verify() {
  const Moment deadline = plan_.start + seconds(plan_.options.deadline_seconds);
  verify_all(plan_.endpoint, records_, deadline, result_.findings, result_.tickets);
}

}  // namespace frontrow::crowd
