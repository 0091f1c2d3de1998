#include "proof/sale_commitment.hpp"

#include <string>

namespace frontrow::proof {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view salt_domain = "frontrow/sale-salt/v1\0"sv;
constexpr std::string_view sale_domain = "frontrow/sale/v1\0"sv;

}  // namespace

Bytes32 sale_salt(ByteView key, std::string_view order, std::string_view seat) {
  std::string message(salt_domain);
  message.append(order).append(1, '\0').append(seat);
  return hmac_sha256(key, as_bytes(message));
}

Bytes32 sale_commitment(const Bytes32& salt, std::string_view order, std::string_view seat) {
  return sha256({as_bytes(sale_domain), salt, as_bytes(order), as_bytes("\0"sv), as_bytes(seat)});
}

}  // namespace frontrow::proof
