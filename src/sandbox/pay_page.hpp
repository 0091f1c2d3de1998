// The page on which a person approves or declines a charge: plain HTML that works without a script.
// It moves no money, so that it asks for no password. Belongs to the server's thread.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/ledger.hpp"
#include "sandbox/pay_links.hpp"

namespace frontrow::sandbox {

class PayPage {
 public:
  /// `ledger` and `links` outlive it.
  PayPage(Ledger& ledger, const PayLinks& links) : ledger_(ledger), links_(links) {}

  /// Of "/pay/NAME", "/pay/NAME/approve", "/pay/NAME/decline" and "/pay/NAME/picture.svg"; NAME is
  /// a reference or a charge's own name.
  Answer answer(const Request& request);

 private:
  Answer decided(const Charge& charge, bool approved);
  Answer shown(const Charge& charge) const;
  Answer picture(const Charge& charge) const;

  Ledger& ledger_;
  const PayLinks& links_;
};

}  // namespace frontrow::sandbox
