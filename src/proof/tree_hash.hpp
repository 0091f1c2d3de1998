// The two hashes of an RFC 6962 tree that base/digest.hpp does not name. Pure; any thread.
#pragma once

#include "base/digest.hpp"

namespace frontrow::proof {

/// RFC 6962 section 2.1: H(0x01 || left || right).
inline Bytes32 merkle_node(const Bytes32& left, const Bytes32& right) {
  static constexpr std::uint8_t prefix = 0x01;
  return sha256({ByteView(&prefix, 1), left, right});
}

/// The root of a tree without leaves: H("").
inline Bytes32 merkle_empty_root() { return sha256(ByteView{}); }

}  // namespace frontrow::proof
