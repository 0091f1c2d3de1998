// A front that is asked without sockets: requests go in as values, answers come out as values.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "front_fixture.hpp"
#include "http/front.hpp"

namespace frontrow::test {

struct Answered {
  http::Response response;
  nlohmann::json json() const {
    return response.body ? nlohmann::json::parse(*response.body) : nlohmann::json();
  }
  std::string header(const std::string& name) const {
    for (const auto& [its_name, content] : response.headers)
      if (its_name == name) return content;
    return {};
  }
};

class KeptResponse final : public http::ResponseSink {
 public:
  void respond(http::Response&& response) override { kept = Answered{std::move(response)}; }
  std::optional<Answered> kept;
};

/// One thread is both front and sequencer: `ask` submits, answers and takes the answer.
struct DirectFront {
  /// Makes the transparency log of a test that has one; it belongs to the test.
  using MakeLog = std::function<const proof::TransparencyLog*(const PublishedRound&)>;

  explicit DirectFront(Answerer its_answer, http::HttpSettings settings = quiet_settings(),
                       const MakeLog& make_log = {}, const SmallRound& small = {},
                       http::PassVerifier passes = {}, http::WebhookReceiver webhooks = {})
      : answer(std::move(its_answer)),
        world(2, small),
        services(*world.round, std::move(passes)),
        shared(std::move(settings), services_with_log(make_log, std::move(webhooks)), world.round,
               world.published),
        front(shared, channel) {}

  http::FrontServices services_with_log(const MakeLog& make_log,
                                        http::WebhookReceiver webhooks) const {
    http::FrontServices handed = services.handed_over();
    handed.webhooks = std::move(webhooks);
    if (make_log) handed.log = make_log(world);
    return handed;
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;

  std::shared_ptr<KeptResponse> start(const std::string& method, const std::string& target,
                                      const std::string& body, const Headers& headers) {
    http::Request request;
    request.method = http::parse_method(method);
    request.target = target;
    request.body = body;
    for (const auto& [name, content] : headers) request.headers.emplace_back(name, content);
    request.address_key = 7;
    request.body_too_large = body_too_large;
    request.surface = surface;
    auto sink = std::make_shared<KeptResponse>();
    front.handle(request, sink);
    return sink;
  }
  void settle() {
    channel.drain(64, [this](Submission& submission) {
      last = submission.what;
      last_card_token = submission.card_token;
      ++submissions;
      REQUIRE(channel.try_send(Outgoing(Answer{submission.correlation, answer(submission.what)})));
    });
    channel.receive(64, [this](Outgoing& outgoing) {
      front.submitter().on_answer(std::get<Answer>(outgoing));
    });
  }
  Answered ask(const std::string& method, const std::string& target, const std::string& body = {},
               const Headers& headers = {}) {
    const auto sink = start(method, target, body, headers);
    settle();
    REQUIRE(sink->kept.has_value());
    return *sink->kept;
  }
  Headers as_fan(std::uint32_t fan, Headers headers = {}) const {
    headers.emplace_back("Authorization", "Bearer " + services.tokens.issue(FanId{fan}));
    return headers;
  }
  static Headers as_operator(const std::string& secret = operator_secret) {
    return {{"authorization", "bearer " + secret}};
  }
  template <class Asked>
  const Asked& last_command() const {
    return std::get<Asked>(std::get<Command>(last));
  }

  Answerer answer;
  PublishedRound world;
  Services services;
  Channel channel{16, Subscription{.fans = true, .payments = false}};
  http::FrontShared shared;
  http::Front front;
  What last;
  std::string last_card_token;
  std::size_t submissions = 0;
  bool body_too_large = false;
  http::Surface surface = http::Surface::kEverything;
};

}  // namespace frontrow::test
