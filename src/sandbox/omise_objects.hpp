// The objects and errors of Omise's API, as JSON. For this folder; the server's thread.
#pragma once

#include <string>

#include "sandbox/exchange.hpp"
#include "sandbox/instrument_store.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

/// Thrown inside the dialect and answered at its border.
struct OmiseError {
  unsigned status = 400;
  std::string code, message;
};
Answer answer_of(const OmiseError& error);

/// "pending", "successful" and so on.
std::string omise_status(const Charge& charge);
Json omise_charge(const Charge& charge, const Ledger& ledger, const PayLinks& links);
Json omise_refund(const Charge& charge, const Refund& refund);
Json omise_token(const Instrument& instrument);
Json omise_source(const Instrument& instrument);
Json omise_event(const std::string& id, const char* key, Json data);
Json omise_list(const std::string& location, Json data, std::size_t offset, std::size_t limit,
                std::size_t total, bool newest_first);

}  // namespace frontrow::sandbox
