// The sandbox's own API, `/sandbox/v1`. Documented in docs/sandbox.md. Belongs to the server's
// thread.
#pragma once

#include <string>

#include "sandbox/exchange.hpp"
#include "sandbox/json_text.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

/// {"error": {"code", "message"}}
Answer own_error(unsigned status, const char* code, const std::string& message);

class OwnApi {
 public:
  /// `ledger` and `links` outlive it.
  OwnApi(Ledger& ledger, const PayLinks& links, std::string secret)
      : ledger_(ledger), links_(links), secret_(std::move(secret)) {}

  /// Of a path that begins with "sandbox".
  Answer answer(const Request& request);

 private:
  Answer create(const Request& request);
  Answer cancel(const std::string& reference);
  Answer refund(const std::string& reference, const Request& request);
  Answer list(const Request& request);
  Answer told(unsigned status, const Charge& charge) const;

  Ledger& ledger_;
  const PayLinks& links_;
  const std::string secret_;
};

}  // namespace frontrow::sandbox
