// The addresses of the pages on which people approve charges. For this folder; any thread.
#pragma once

#include <string>

#include "sandbox/charge.hpp"

namespace frontrow::sandbox {

struct PayLinks {
  std::string base;  ///< "http://127.0.0.1:4000"

  /// By its own name where another API than ours made it: there two may have one reference.
  static std::string path(const Charge& charge);
  std::string page(const Charge& charge) const { return base + path(charge); }
  std::string picture(const Charge& charge) const { return page(charge) + "/picture.svg"; }
};

/// "THB 4,500.00", for people.
std::string money_text(Amount amount, const std::string& currency);

}  // namespace frontrow::sandbox
