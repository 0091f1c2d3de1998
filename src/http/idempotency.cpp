#include "http/idempotency.hpp"

#include <cstring>

#include "base/digest.hpp"
#include "http/http_limits.hpp"

namespace frontrow::http {

namespace {
constexpr std::uint8_t separator[1] = {0};
}  // namespace

KeyHeader parse_idempotency_key(std::string_view header, bool present) {
  if (!present) return {};
  while (!header.empty() && (header.front() == ' ' || header.front() == '\t'))
    header.remove_prefix(1);
  while (!header.empty() && (header.back() == ' ' || header.back() == '\t'))
    header.remove_suffix(1);
  constexpr KeyHeader invalid{.valid = false, .key = std::nullopt};
  std::string key;
  if (header.size() >= 2 && header.front() == '"') {
    if (header.back() != '"') return invalid;
    const std::string_view inside = header.substr(1, header.size() - 2);
    for (std::size_t n = 0; n < inside.size(); ++n) {
      if (inside[n] == '"') return invalid;
      if (inside[n] == '\\') {
        if (n + 1 == inside.size() || (inside[n + 1] != '"' && inside[n + 1] != '\\'))
          return invalid;
        ++n;
      }
      key += inside[n];
    }
  } else {
    key = header;
    if (key.find('"') != std::string::npos) return invalid;
  }
  if (key.empty() || key.size() > limits::idempotency_key_characters_max) return invalid;
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e)
      return invalid;
  return {.valid = true, .key = std::move(key)};
}

Idempotency make_idempotency(std::string_view call, std::string_view key, std::string_view object,
                             std::string_view body) {
  Idempotency result;
  const Bytes32 of_key = sha256({as_bytes(call), separator, as_bytes(key)});
  std::memcpy(result.key.data(), of_key.data(), result.key.size());
  const Bytes32 of_request = sha256({as_bytes(object), separator, as_bytes(body)});
  std::memcpy(&result.request, of_request.data(), sizeof result.request);
  return result;
}

std::size_t KeysInProgress::Hash::operator()(const Entry& entry) const {
  // The key is a digest already: any part of it is spread well.
  std::size_t part = 0;
  std::memcpy(&part, entry.key.data(), sizeof part);
  return part ^ entry.fan;
}

}  // namespace frontrow::http
