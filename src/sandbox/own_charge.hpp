// A charge as the own API tells of it. For this folder; the server's thread.
#pragma once

#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

Json own_charge(const Charge& charge, const Ledger& ledger, const PayLinks& links);

}  // namespace frontrow::sandbox
