// The sandbox without its sockets: requests are handed to its desk, and the loop is run by hand.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/form.hpp"
#include "sandbox/front_desk.hpp"

namespace frontrow::sandbox::test {

using nlohmann::json;

/// No test waits longer; reaching it is a failure.
constexpr auto patience = std::chrono::seconds(20);
constexpr const char* secret = "the secret of this test";

struct Told {
  unsigned status = 0;  ///< 0: the connection was closed without an answer.
  std::string text;
  std::vector<std::pair<std::string, std::string>> headers;

  json body() const { return json::parse(text); }
  std::string header(const std::string& name) const {
    for (const auto& [known, value] : headers)
      if (known == name) return value;
    return {};
  }
};

class Desk {
 public:
  explicit Desk(SandboxSettings settings = {}) : settings_(std::move(settings)) {
    if (settings_.secret.empty()) settings_.secret = secret;
    open();
  }

  /// The process ends and another begins on the same book.
  void restart() {
    desk_.reset();
    context_.reset();
    open();
  }
  boost::asio::io_context& context() { return *context_; }
  FrontDesk& desk() { return *desk_; }

  template <class Condition>
  bool run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      context_->restart();
      context_->run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  Told send(Request request) {
    std::optional<Told> told;
    desk_->take(std::move(request), [&](std::optional<Answer> answer) {
      told.emplace();
      if (!answer) return;
      told->status = answer->status;
      told->text = std::move(answer->body);
      told->headers = std::move(answer->headers);
    });
    if (!run_until([&] { return told.has_value(); })) throw std::runtime_error("no answer came");
    return std::move(*told);
  }

  /// Of the own API, its pages and switches; `target` as a browser would write it.
  Told ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    Request request = request_for(method, target, body);
    request.authorization = std::string("Bearer ") + secret;
    return send(std::move(request));
  }
  /// Of Stripe's dialect.
  Told stripe(const std::string& method, const std::string& target, const std::string& form = {},
              const std::string& key = {}) {
    Request request = request_for(method, target, form);
    request.authorization = std::string("Bearer ") + secret;
    request.content_type = "application/x-www-form-urlencoded";
    request.idempotency_key = key;
    return send(std::move(request));
  }
  /// Of Omise's dialect.
  Told omise(const std::string& method, const std::string& target, const json& body = {}) {
    Request request = request_for(method, target, body.is_null() ? "" : body.dump());
    request.authorization = "Basic " + to_base64(as_bytes(std::string(secret) + ":"));
    request.content_type = "application/json";
    return send(std::move(request));
  }

  Told charge(const std::string& reference, const std::string& token = "tok_ok",
              std::int64_t amount = 450'000) {
    return ask("POST", "/sandbox/v1/charges",
               json{{"reference", reference},
                    {"amount", amount},
                    {"currency", "THB"},
                    {"method", "card"},
                    {"token", token}}
                   .dump());
  }
  Told qr(const std::string& reference) {
    return ask("POST", "/sandbox/v1/charges",
               json{{"reference", reference},
                    {"amount", 99'900},
                    {"currency", "THB"},
                    {"method", "promptpay"}}
                   .dump());
  }
  json look(const std::string& reference) {
    return ask("GET", "/sandbox/v1/charges/" + reference).body();
  }
  /// Waits until it is in that state.
  bool reaches(const std::string& reference, const std::string& state) {
    return run_until([&] { return look(reference).at("state") == state; });
  }
  void faults(const json& changed) {
    if (ask("PUT", "/faults", changed.dump()).status != 200)
      throw std::runtime_error("the faults were refused");
  }

  static Request request_for(const std::string& method, const std::string& target,
                             const std::string& body) {
    Request request;
    request.method = method;
    const auto question = target.find('?');
    if (question != std::string::npos) request.query = target.substr(question + 1);
    std::string path = target.substr(1, question == std::string::npos ? question : question - 1);
    for (std::size_t begin = 0; begin < path.size();) {
      const auto end = std::min(path.find('/', begin), path.size());
      request.path.push_back(percent_decoded(path.substr(begin, end - begin), false).value());
      begin = end + 1;
    }
    request.body = body;
    return request;
  }

 private:
  void open() {
    context_ = std::make_unique<boost::asio::io_context>();
    desk_ = std::make_unique<FrontDesk>(*context_, settings_, [](const std::string&) {});
    desk_->open("http://127.0.0.1:4000");
  }

  SandboxSettings settings_;
  std::unique_ptr<boost::asio::io_context> context_;
  std::unique_ptr<FrontDesk> desk_;
};

}  // namespace frontrow::sandbox::test
