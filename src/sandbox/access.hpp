// Who may call. For this folder; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sandbox/exchange.hpp"

namespace frontrow::sandbox {

/// What the caller gave as its key: the token of `Bearer`, or the name of `Basic`; empty where
/// there is none.
std::string key_of(const Request& request, bool bearer, bool basic);
/// In constant time; an empty `secret` fits nothing.
bool fits(std::string_view given, std::string_view secret);

}  // namespace frontrow::sandbox
