// The dialect of Stripe, `/v1`: payment intents, payment methods, charges, refunds, events. What of
// it is not here is in docs/sandbox.md. Belongs to the server's thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "sandbox/event_store.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/instrument_store.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

class StripeApi {
 public:
  /// `ledger`, `links` and `events` outlive it.
  StripeApi(Ledger& ledger, const PayLinks& links, EventStore& events, std::string secret)
      : ledger_(ledger), links_(links), events_(events), secret_(std::move(secret)) {}

  /// Of a path that begins with "v1".
  Answer answer(const Request& request);
  /// What a change is told as: JSON texts of events, which can be fetched back.
  std::vector<std::string> events_of(const Charge& charge, Ledger::Change change);

 private:
  struct Remembered {
    std::string digest;
    Answer answer;
  };

  Answer remembered_or_new(const Request& request, const Json& parameters);
  /// What was made under the key before this process began, as it stands now.
  Answer replayed(const Book::KeyUse& use) const;
  void remember(const RequestKey& key, const Answer& answer);

  Answer route(const Request& request, const Json& parameters, const RequestKey& key);
  Answer payment_intents(const Request& request, const Json& parameters, const RequestKey& key);
  Answer create_intent(const Json& parameters, const RequestKey& key);
  Answer confirm_intent(const Charge& charge, const Json& parameters);
  Answer capture_intent(const Charge& charge, const Json& parameters);
  Answer cancel_intent(const Charge& charge, const Json& parameters);
  Answer list_intents(const Json& parameters) const;
  Answer search_intents(const Json& parameters) const;
  Answer payment_methods(const Request& request, const Json& parameters);
  Answer charges(const Request& request) const;
  Answer refunds(const Request& request, const Json& parameters, const RequestKey& key);
  Answer create_refund(const Json& parameters, const RequestKey& key);
  Answer list_refunds(const Json& parameters) const;
  Answer event(const Request& request) const;

  const Charge& intent(const std::string& id, const std::string& param) const;
  /// The charge whose intent or charge the parameters of a refund name.
  const Charge& refunded_charge(const Json& parameters) const;
  /// 402 where its attempt has failed, else the intent.
  Answer outcome_of(const Charge& charge, const Json& parameters) const;
  Json shown(const Charge& charge, const Json& parameters) const;

  Ledger& ledger_;
  const PayLinks& links_;
  EventStore& events_;
  const std::string secret_;
  InstrumentStore instruments_;
  std::map<std::string, Remembered, std::less<>> answers_;
  std::deque<std::string> answer_order_;
};

}  // namespace frontrow::sandbox
