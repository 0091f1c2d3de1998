// A front thread without its sockets: takes a request, finds out who asks and what is wrong, in
// the order of contract section 3, and calls the handler. Used by its thread alone; `FrontShared`
// is shared and read only, but for what its members allow.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/published.hpp"
#include "guard/rate_limiter.hpp"
#include "http/availability.hpp"
#include "http/documents.hpp"
#include "http/http_settings.hpp"
#include "http/idempotency.hpp"
#include "http/place_teller.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/request_context.hpp"
#include "http/round_json.hpp"
#include "http/router.hpp"
#include "http/submitter.hpp"

namespace frontrow::http {

/// Connections there are now, by kind; told by metrics and to operators.
struct ConnectionCounts {
  std::atomic<std::int64_t> open{0};
  std::atomic<std::int64_t> live{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
};

/// What the threads have in common.
struct FrontShared {
  FrontShared(HttpSettings its_settings, FrontServices its_services,
              std::shared_ptr<const RoundDefinition> its_round, const Published& its_published);

  const HttpSettings settings;
  const FrontServices services;
  const std::shared_ptr<const RoundDefinition> round;
  const Published& published;
  Documents documents;
  const Instant started_at;
  const std::shared_ptr<ConnectionCounts> connections = std::make_shared<ConnectionCounts>();
  guard::RateLimiter request_rates{limits::rate_entries_max};
  guard::RateLimiter join_rates{limits::rate_entries_max};
};

/// The wall's clock.
Instant wall_now();

class Front {
 public:
  Front(FrontShared& shared, Channel& channel);

  /// Answers through `sink`, now or later.
  void handle(const Request& request, const std::shared_ptr<ResponseSink>& sink);
  /// How much of a body is worth reading, by the head alone.
  std::size_t body_bytes_max(const Request& head);
  /// Whether this is a request for a live socket, and what is wrong with it where something is.
  bool is_live_target(const Request& head) const;
  std::optional<Response> refuse_live(const Request& head);

  /// The fan whose good token this is.
  std::optional<FanId> fan_of_token(std::string_view token, Instant now) const;
  /// Nothing for a fan that there is not.
  std::optional<QueueView> queue_view(FanId fan, Instant now);

  FrontShared& shared() { return shared_; }
  Submitter& submitter() { return submitter_; }
  Availability& availability() { return availability_; }
  RoundDocument& round_document() { return round_document_; }
  KeysInProgress& keys_in_progress() { return keys_in_progress_; }

 private:
  /// Retry-After in seconds where the caller has asked too often; 0 otherwise.
  std::uint32_t over_rate(const Request& request, const Route* route, std::optional<FanId> fan,
                          Instant now);
  const OperatorAccount* find_operator(std::string_view token) const;
  /// What is wrong with the caller: 401, 403 forbidden or banned. Fills in who they are.
  std::optional<Problem> refuse_caller(const Route& route, RequestContext& context) const;

  FrontShared& shared_;
  Submitter submitter_;
  Availability availability_;
  RoundDocument round_document_;
  KeysInProgress keys_in_progress_;
  PlaceTeller place_teller_;
};

}  // namespace frontrow::http
