// What a request to Omise's API asks for, checked; form-encoded or JSON. Everything here throws
// OmiseError. For this folder; any thread.
#pragma once

#include <cstddef>
#include <string>

#include "frontrow/money.hpp"
#include "frontrow/time.hpp"
#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {

/// 1 and more.
Amount omise_amount(const Json& parameters, const char* name);
/// In capitals.
std::string omise_currency(const Json& parameters);
/// JSON text, or empty where there is none.
std::string omise_metadata(const Json& parameters);
/// `metadata.reference`, or empty.
std::string omise_reference(const Json& parameters);
bool omise_truth(const Json& parameters, const char* name, bool absent);

struct OmisePage {
  std::size_t offset = 0, limit = 20;
  bool newest_first = false;
  Instant from, to;
};
OmisePage omise_page(const Json& parameters);

}  // namespace frontrow::sandbox
