// What a request to Stripe's API asks for, checked. Everything here throws StripeError. For this
// folder; the server's thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/charge.hpp"
#include "sandbox/instrument_store.hpp"
#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {

/// Refuses every parameter that is not among them, as Stripe does.
void allow_parameters(const Json& parameters, std::initializer_list<const char*> known);
/// 1 and more; nothing where it is absent.
std::optional<std::int64_t> stripe_amount(const Json& parameters, const char* name);
bool truth_of(const Json& parameters, const char* name, bool absent);
/// The values of a list "name[]" or "name[0]".
std::vector<std::string> list_of(const Json& parameters, const char* name);
bool expands(const Json& parameters, const char* path);
/// 1 to 100; 10 where it is absent.
std::size_t page_limit(const Json& parameters);
/// "created[gte]" and its like.
bool created_within(const Json& parameters, Instant made_at);

/// A payment intent without its attempt; `detail` holds what is particular to Stripe.
Charge intent_wanted(const Json& parameters);
/// The method that `payment_method` or `payment_method_data` names; nothing where neither is there.
std::optional<Attempt> attempt_wanted(const Json& parameters, InstrumentStore& instruments);
/// A payment method out of its own parameters: `type`, `card`. `where` is the prefix in messages.
Instrument instrument_wanted(const Json& parameters, const std::string& where);
/// Refuses a method that the intent does not take.
void allow_method(const Charge& charge, const Attempt& attempt);

}  // namespace frontrow::sandbox
