// One fan's calls: sends, tries again where that is right, and keeps the tally. Used on its
// worker's thread alone; one call at a time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <string>

#include "crowd/crowd_context.hpp"
#include "crowd/http_client.hpp"
#include "crowd/random.hpp"
#include "crowd/tally.hpp"

namespace frontrow::crowd {

struct Answer {
  unsigned status = 0;  ///< 0: no answer; `code` says why.
  std::string code;     ///< Of the problem; empty where all is well.
  std::string body;
  bool ok() const { return status >= 200 && status < 300; }
  bool is(const char* problem) const { return code == problem; }
};

/// The `code` of a problem's body, or "http:STATUS" where it has none.
std::string problem_code(unsigned status, const std::string& body);

class ApiClient {
 public:
  ApiClient(CrowdContext& context, std::uint32_t source, Random& random);

  /// Carries the call through: connections that break are made anew and the same request, with
  /// the same key, is sent again; 429 and 503 are waited out as `Retry-After` says. All a
  /// bounded number of times and until the sale's deadline. The latency runs from `decided`.
  boost::asio::awaitable<Answer> call(Call call, HttpRequest request, Moment decided);

  void close() { http_.close(); }
  void drop() { http_.drop(); }

 private:
  enum class Next : std::uint8_t { kDone, kAgain };
  boost::asio::awaitable<Next> judge(Call call, HttpResponse& response, Answer& answer);
  boost::asio::awaitable<void> pause(double pause_seconds);

  CrowdContext& context_;
  Random& random_;
  HttpClient http_;
  boost::asio::steady_timer timer_;
  std::uint32_t connections_counted_ = 0;
  std::uint32_t broken_ = 0;  ///< Of the call under way.
  std::uint32_t waits_ = 0;
};

}  // namespace frontrow::crowd
