// The objects of Stripe's API, as JSON. For this folder; the server's thread.
#pragma once

#include <string>

#include "sandbox/instrument_store.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

/// "requires_action", "succeeded" and so on.
std::string stripe_status(const Charge& charge);
/// "ch_…" of "pi_…".
std::string stripe_charge_id(const Charge& charge);
/// "pi_…" of "ch_…".
std::string intent_id_of(const std::string& stripe_charge_id);

/// `expanded`: `latest_charge` is the object in place of its name.
Json payment_intent(const Charge& charge, const PayLinks& links, bool expanded);
Json stripe_charge(const Charge& charge);
Json stripe_refund(const Charge& charge, const Refund& refund);
Json payment_method(const Instrument& instrument);
Json stripe_event(const std::string& id, const char* type, Json object);

}  // namespace frontrow::sandbox
