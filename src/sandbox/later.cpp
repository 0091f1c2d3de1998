#include "sandbox/later.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <utility>

namespace frontrow::sandbox {

void later(boost::asio::io_context& context, Duration delay, std::function<void()> action) {
  if (delay <= Duration{}) return boost::asio::post(context, std::move(action));
  const auto timer = std::make_shared<boost::asio::steady_timer>(
      context, std::chrono::microseconds(delay.microseconds));
  timer->async_wait([timer, run = std::move(action)](const boost::system::error_code& error) {
    if (!error) run();
  });
}

Instant wall_now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

}  // namespace frontrow::sandbox
