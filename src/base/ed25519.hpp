// Ed25519 (RFC 8032) over OpenSSL: the same signature for the same key and message, always. Any
// thread may sign with one key at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/digest.hpp"

struct evp_pkey_st;

namespace frontrow {

using Signature64 = std::array<std::uint8_t, 64>;

class Ed25519Key {
 public:
  explicit Ed25519Key(const Bytes32& seed);
  const Bytes32& public_key() const { return public_key_; }
  Signature64 sign(ByteView message) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  Bytes32 public_key_{};
};

bool ed25519_verify(const Bytes32& public_key, ByteView message, const Signature64& signature);

}  // namespace frontrow
