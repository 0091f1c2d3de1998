// SHA-256, HMAC-SHA-256 and the RFC 6962 tree hash over OpenSSL, with the algorithm fetched
// once: the one-shot call looks it up every time, at eight times the cost of a short hash.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/round_definition.hpp"

namespace frontrow {

using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// FIPS 180-4. Any thread; each thread keeps a context of its own.
Bytes32 sha256(ByteView data);
/// Over the parts as if they were one.
Bytes32 sha256(std::initializer_list<ByteView> parts);
/// RFC 2104.
Bytes32 hmac_sha256(ByteView key, ByteView message);

/// HMAC with one key over many messages: the key's two blocks are hashed once.
class HmacSha256 {
 public:
  explicit HmacSha256(ByteView key);
  ~HmacSha256();
  HmacSha256(const HmacSha256&) = delete;
  HmacSha256& operator=(const HmacSha256&) = delete;
  /// Any thread, several at once.
  Bytes32 operator()(ByteView message) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// RFC 6962 section 2.1: leaf = H(0x00 || data), node = H(0x01 || left || right).
Bytes32 merkle_leaf(ByteView data);
/// Tree hash over leaf hashes; of none: H(""). Works in place on its copy.
Bytes32 merkle_root(std::vector<Bytes32> leaf_hashes);

/// In time that does not depend on where the two differ. Unequal lengths: false.
bool equal_in_constant_time(ByteView a, ByteView b);

/// Fills with bytes of the operating system's generator. Aborts where there are none.
void random_bytes(std::span<std::uint8_t> out);
template <class Array>
Array random_array() {
  Array out{};
  random_bytes(out);
  return out;
}

}  // namespace frontrow
