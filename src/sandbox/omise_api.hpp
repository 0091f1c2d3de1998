// The dialect of Omise (Opn Payments): tokens, sources, charges, refunds, events. What of it is not
// here is in docs/sandbox.md. Belongs to the server's thread.
#pragma once

#include <string>
#include <vector>

#include "sandbox/event_store.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/instrument_store.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

class OmiseApi {
 public:
  /// `ledger`, `links` and `events` outlive it.
  OmiseApi(Ledger& ledger, const PayLinks& links, EventStore& events, std::string secret,
           std::string public_key)
      : ledger_(ledger),
        links_(links),
        events_(events),
        secret_(std::move(secret)),
        public_key_(std::move(public_key)) {}

  Answer answer(const Request& request);
  /// What a change is told as: JSON texts of events, which can be fetched back.
  std::vector<std::string> events_of(const Charge& charge, Ledger::Change change);

 private:
  void authenticate(const Request& request) const;
  Answer route(const Request& request, const Json& parameters);
  Answer charges(const Request& request, const Json& parameters);
  Answer tokens(const Request& request, const Json& parameters);
  Answer sources(const Request& request, const Json& parameters);
  Answer create_charge(const Json& parameters);
  Answer capture(const Charge& charge, const Json& parameters);
  Answer reverse(const Charge& charge);
  Answer expire(const Charge& charge);
  Answer refunds(const Request& request, const Charge& charge, const Json& parameters);
  Answer list_charges(const Json& parameters) const;
  Answer search(const Json& parameters) const;
  Answer event(const Request& request) const;

  void pay_with(Charge& charge, Attempt& attempt, const Json& parameters);
  Instrument& new_source(const Json& parameters);
  const Charge& charge_named(const std::string& id) const;
  Answer told(const Charge& charge) const;

  Ledger& ledger_;
  const PayLinks& links_;
  EventStore& events_;
  const std::string secret_, public_key_;
  InstrumentStore instruments_;
};

}  // namespace frontrow::sandbox
