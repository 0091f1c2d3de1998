// What a handler gets, and the ways in which it answers. Lives on the stack of `Front::handle`:
// a continuation takes along what it needs, never the context itself.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/channel.hpp"
#include "frontrow/round_definition.hpp"
#include "http/body_reader.hpp"
#include "http/http_settings.hpp"
#include "http/problem.hpp"
#include "http/queue_view.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/router.hpp"

namespace frontrow::http {

class Front;
struct FrontShared;

/// Where an answer goes: a session, or a test.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// Once a request. One that comes when nobody waits any more is dropped.
  virtual void respond(Response&& response) = 0;
};

/// Hands one answer over and counts it. Copied into continuations.
class Responder {
 public:
  Responder(std::shared_ptr<ResponseSink> sink, observe::Metrics* metrics, std::string_view route,
            std::string_view language);
  void send(Response&& response) const;
  void send(const Problem& problem) const { send(problem.response(language_)); }
  std::string_view language() const { return language_; }

 private:
  std::shared_ptr<ResponseSink> sink_;
  observe::Metrics* metrics_;
  std::string_view route_;     // a pattern of the table
  std::string_view language_;  // lasts as long as the program
  std::int64_t started_at_nanoseconds_;
};

struct RequestContext {
  using OnReply = std::function<void(Reply&, const Responder&)>;

  Front& front;
  const Request& request;
  const Target& target;
  std::string_view parameter;                ///< What stands for {id} in the path.
  FanId fan;                                 ///< Of a fan's call.
  const OperatorAccount* account = nullptr;  ///< Of an operator's call.
  Instant now;
  Responder responder;

  FrontShared& shared() const;
  const RoundDefinition& round() const;
  const Plan& plan() const { return *round().plan; }

  void respond(Response&& response) const { responder.send(std::move(response)); }
  void respond(const Problem& problem) const { responder.send(problem); }
  /// After the body's last field: false, and answered 400, where something was wrong.
  bool accept(BodyReader& body) const;
  /// For calls whose body has no fields.
  bool accept_no_body() const;

  /// Sends to the sequencer. A refusal is answered as the table says, unless `on_refusal` does it.
  /// 503 where the ring is full or the round does not take commands.
  void submit(std::variant<Command, Query>&& what, OnReply on_success, OnReply on_refusal = {},
              std::string card_token = {}) const;
  /// The same for a call with an Idempotency-Key: `call` names it, `object` is the path's id,
  /// `make` makes the command. False, and answered, where the header is wrong.
  bool submit_with_key(std::string_view call, std::string_view object, const BodyReader& body,
                       const std::function<Command(const Idempotency&)>& make, OnReply on_success,
                       OnReply on_refusal = {}, std::string card_token = {}) const;
};

/// The problem that a refusal is, with the seats that it names.
Problem problem_of(const Reply& reply, const Plan& plan);

/// Continuations that many handlers share.
RequestContext::OnReply answer_empty(int status);
RequestContext::OnReply answer_order(int status, const FrontShared& shared);
/// 200 with the sequence number of the operator's act.
RequestContext::OnReply answer_sequence();

}  // namespace frontrow::http
