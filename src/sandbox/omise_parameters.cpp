#include "sandbox/omise_parameters.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/instant_text.hpp"
#include "sandbox/omise_objects.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

OmiseError bad(const std::string& message) { return {400, "bad_request", message}; }

Instant instant_of(const Json& parameters, const char* name, Instant absent) {
  const std::string text = text_of(parameters, name);
  if (text.empty()) return absent;
  const auto instant = parse_rfc3339(text);
  if (!instant) throw bad(std::string(name) + " is not an instant");
  return *instant;
}

}  // namespace

Amount omise_amount(const Json& parameters, const char* name) {
  const auto amount = whole_number_of(parameters, name);
  if (!amount || *amount < 1 || *amount > limits::amount_max)
    throw OmiseError{400, "invalid_amount", std::string(name) + " must be a positive integer"};
  return {*amount};
}

std::string omise_currency(const Json& parameters) {
  std::string currency = text_of(parameters, "currency");
  for (char& c : currency)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
  const bool good =
      currency.size() == 3 &&
      std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!good) throw bad("currency is not supported");
  return currency;
}

std::string omise_metadata(const Json& parameters) {
  const auto found = parameters.find("metadata");
  if (found == parameters.end() || found->is_null()) return {};
  if (!found->is_object()) throw bad("metadata is not an object");
  std::string text = to_text(*found);
  if (text.size() > limits::metadata_bytes_max) throw bad("metadata is too large");
  return text;
}

std::string omise_reference(const Json& parameters) {
  const auto found = parameters.find("metadata");
  if (found == parameters.end()) return {};
  std::string reference = text_of(*found, "reference");
  if (reference.size() > limits::reference_bytes_max) throw bad("metadata.reference is too long");
  return reference;
}

bool omise_truth(const Json& parameters, const char* name, bool absent) {
  const auto found = parameters.find(name);
  if (found == parameters.end() || found->is_null()) return absent;
  if (found->is_boolean()) return found->get<bool>();
  if (*found == "true") return true;
  if (*found == "false") return false;
  throw bad(std::string(name) + " is neither true nor false");
}

OmisePage omise_page(const Json& parameters) {
  OmisePage page;
  if (parameters.contains("offset")) {
    const auto offset = whole_number_of(parameters, "offset").value_or(-1);
    if (offset < 0) throw bad("offset is invalid");
    page.offset = static_cast<std::size_t>(offset);
  }
  if (parameters.contains("limit")) {
    const auto limit = whole_number_of(parameters, "limit").value_or(0);
    if (limit < 1 || limit > 100) throw bad("limit must be from 1 to 100");
    page.limit = static_cast<std::size_t>(limit);
  }
  page.newest_first = text_of(parameters, "order") == "reverse_chronological";
  page.from = instant_of(parameters, "from", {});
  page.to = instant_of(parameters, "to", {INT64_MAX});
  return page;
}

}  // namespace frontrow::sandbox
