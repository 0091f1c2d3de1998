#include "crowd/crowd.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "crowd/http_client.hpp"
#include "crowd/process_pool.hpp"
#include "crowd/tls_context.hpp"

namespace frontrow::crowd {
namespace {

namespace asio = boost::asio;

/// The venue of a million seats, with room.
constexpr std::size_t body_bytes_max = std::size_t{512} << 20;
constexpr double look_seconds = 20;
/// Between making the plan and the first planned arrival: the workers' time to get ready.
constexpr double start_seconds = 0.5;
/// `GET /round` is allowed to be a second old.
constexpr double settle_seconds = 1.2;

struct Fetched {
  nlohmann::json json;
  std::string failure;  ///< Empty: there was an answer.
};

// One GET, before or after the crowd; nothing else is under way then.
Fetched fetch(const Endpoint& endpoint, const std::string& path) {
  Fetched fetched;
  asio::io_context io(1);
  HttpClient client(io, endpoint, 0, body_bytes_max);
  const HttpRequest request{Method::kGet, path, {}, {}, {}};
  HttpResponse response;
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        response = co_await client.send(request, Clock::now() + seconds(look_seconds));
      },
      [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
      });
  io.run();
  client.close();
  if (response.error != TransportError::kNone)
    fetched.failure = "GET " + path + ": " + std::string(to_text(response.error));
  else if (response.status != 200)
    fetched.failure = "GET " + path + ": status " + std::to_string(response.status);
  else if (fetched.json = nlohmann::json::parse(response.body, nullptr, false);
           fetched.json.is_discarded())
    fetched.failure = "GET " + path + ": the answer is no JSON";
  return fetched;
}

std::optional<ServerTotals> totals_after(const Endpoint& endpoint, std::FILE* err) {
  asio::io_context io(1);
  asio::steady_timer settle(io, seconds(settle_seconds));
  settle.wait();
  const Fetched round = fetch(endpoint, "/api/v1/round");
  if (round.failure.empty()) return totals_of_round(round.json);
  std::fprintf(err, "crowd: %s\n", round.failure.c_str());
  return std::nullopt;
}

void show(const Progress& progress, double at_seconds, std::FILE* err) {
  std::fprintf(err,
               "%7.1f s  arrived %llu  waiting %lld  shopping %lld  paid %llu  seats %llu  "
               "errors %llu  still here %lld\n",
               at_seconds, static_cast<unsigned long long>(progress.arrived),
               static_cast<long long>(progress.waiting), static_cast<long long>(progress.shopping),
               static_cast<unsigned long long>(progress.paid),
               static_cast<unsigned long long>(progress.seats),
               static_cast<unsigned long long>(progress.errors),
               static_cast<long long>(progress.fans));
  std::fflush(err);
}

bool write_report(const Report& report, const std::string& path, std::FILE* out, std::FILE* err) {
  const std::string& text = report.json;
  bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  written = std::fflush(out) == 0 && written;
  if (!path.empty()) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    bool saved = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr) saved = std::fclose(file) == 0 && saved;
    if (!saved) std::fprintf(err, "crowd: %s: the report cannot be written\n", path.c_str());
    written = written && saved;
  }
  return written;
}

}  // namespace

int run_crowd(const Options& options, std::FILE* out, std::FILE* err) {
  FRONTROW_ASSERT(mistakes(options).empty());
  Endpoint endpoint;
  endpoint.target = std::get<Target>(parse_target(options.url));
  TlsContext tls;
  if (endpoint.target.tls) {
    std::string failure;
    tls = make_tls_context(options.ca_file, failure);
    if (!tls) {
      std::fprintf(err, "crowd: %s\n", failure.c_str());
      return 1;
    }
    endpoint.tls = tls.get();
    endpoint.verify_name = !options.ca_file.empty();
  }

  const Fetched round = fetch(endpoint, "/api/v1/round");
  const Fetched venue =
      round.failure.empty() ? fetch(endpoint, "/api/v1/venue") : Fetched{{}, round.failure};
  Catalogue catalogue;
  std::string failure = venue.failure;
  try {
    if (failure.empty()) catalogue = Catalogue::from_venue(venue.json);
  } catch (const nlohmann::json::exception& problem) {
    failure = std::string("GET /api/v1/venue: ") + problem.what();
  }
  if (failure.empty() && catalogue.capacity() == 0) failure = "the venue has no seats";
  if (!failure.empty()) {
    std::fprintf(err, "crowd: %s: %s\n", options.url.c_str(), failure.c_str());
    return 1;
  }

  const auto tag = random_array<std::array<std::uint8_t, 8>>();
  const WorkerPlan plan{options,
                        catalogue,
                        endpoint,
                        to_hex(tag),
                        Clock::now() + seconds(start_seconds),
                        process_count(options)};
  Result result = run_workers(plan, [&](const Progress& progress) {
    show(progress, static_cast<double>(microseconds_between(plan.start, Clock::now())) / 1e6, err);
  });
  result.totals_before = totals_of_round(round.json);
  result.totals_after = totals_after(endpoint, err);
  const Report report = make_report(options, std::move(result));
  const bool written = write_report(report, options.json_file, out, err);
  for (const std::string& line : report.failures) std::fprintf(err, "crowd: %s\n", line.c_str());
  return report.passed && written ? 0 : 1;
}

}  // namespace frontrow::crowd
