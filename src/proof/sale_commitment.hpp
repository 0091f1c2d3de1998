// The commitment by which a sale of a seat stands in the log without its buyer. Whoever is given
// the salt and the order's id can check that this sale is theirs; nobody else can tell which
// order it was, nor which seats were bought together. Pure; any thread.
#pragma once

#include <string_view>

#include "base/digest.hpp"

namespace frontrow::proof {

/// HMAC-SHA-256(key, "frontrow/sale-salt/v1" || 0x00 || order || 0x00 || seat), ids as in the API:
/// the same after a restart, another one for each seat. `key` is secret and of this round alone.
Bytes32 sale_salt(ByteView key, std::string_view order, std::string_view seat);

/// SHA-256("frontrow/sale/v1" || 0x00 || salt || order || 0x00 || seat).
Bytes32 sale_commitment(const Bytes32& salt, std::string_view order, std::string_view seat);

}  // namespace frontrow::proof
