// A gateway that answers when and what the test says. One thread.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::payment {

class FakeGateway final : public Gateway {
 public:
  struct Call {
    std::string name, reference, card_token;
    Amount amount;
    Callback done;
  };

  void create(const ChargeRequest& request, Callback done) override {
    calls.push_back(
        {"create", request.reference, request.card_token, request.amount, std::move(done)});
  }
  void look_up(const PaymentReference& reference, Callback done) override {
    calls.push_back({"look_up", reference, {}, {}, std::move(done)});
  }
  void cancel(const PaymentReference& reference, Callback done) override {
    calls.push_back({"cancel", reference, {}, {}, std::move(done)});
  }
  void refund(const PaymentReference& reference, Amount amount, Callback done) override {
    calls.push_back({"refund", reference, {}, amount, std::move(done)});
  }

  void list(std::string from, PageCallback done) override {
    pages.emplace_back(std::move(from), std::move(done));
  }
  void confirm(const GatewayNotice& notice, Callback done) override {
    calls.push_back({"confirm", notice.reference, {}, {}, std::move(done)});
  }

  const Call& last() const {
    REQUIRE(!calls.empty());
    return calls.back();
  }
  void answer(const ChargeOutcome& outcome) {
    REQUIRE(!calls.empty());
    // A copy: the answer may make the next call at once.
    const Callback done = calls.back().done;
    done(outcome);
  }

  std::vector<Call> calls;
  std::vector<std::pair<std::string, PageCallback>> pages;
};

inline ChargeOutcome outcome(ChargeState state, PaymentFailure failure = PaymentFailure::kNone) {
  ChargeOutcome made;
  made.state = state;
  made.failure = failure;
  if (state == ChargeState::kCaptured) {
    made.amount = {450'000};
    made.gateway_reference = "charge-at-gateway";
  }
  if (state == ChargeState::kAction) made.action = R"({"type":"qr","data":"scan me"})";
  return made;
}

}  // namespace frontrow::payment
