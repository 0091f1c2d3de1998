#include "sandbox/access.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::sandbox {
namespace {

constexpr std::size_t credentials_bytes_max = 4'096;

/// Behind "Basic " and the like, whose case does not matter.
std::optional<std::string_view> behind(std::string_view field, std::string_view scheme) {
  if (field.size() <= scheme.size() || field[scheme.size()] != ' ') return std::nullopt;
  for (std::size_t n = 0; n < scheme.size(); ++n)
    if ((field[n] | 0x20) != scheme[n]) return std::nullopt;
  return field.substr(scheme.size() + 1);
}

}  // namespace

std::string key_of(const Request& request, bool bearer, bool basic) {
  const std::string_view field = request.authorization;
  if (field.size() > credentials_bytes_max) return {};
  if (bearer) {
    if (const auto token = behind(field, "bearer")) return std::string(*token);
  }
  if (basic) {
    if (const auto credentials = behind(field, "basic")) {
      const auto bytes = from_base64(*credentials);
      if (!bytes) return {};
      std::string name(bytes->begin(), bytes->end());
      return name.substr(0, name.find(':'));
    }
  }
  return {};
}

bool fits(std::string_view given, std::string_view secret) {
  return !secret.empty() && equal_in_constant_time(as_bytes(given), as_bytes(secret));
}

}  // namespace frontrow::sandbox
