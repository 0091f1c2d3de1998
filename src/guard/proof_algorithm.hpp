// The key derivations of the proof-of-work protocol that OpenSSL provides. For this folder and
// its tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace frontrow::guard {

/// Bytes of a derived key at most, and of a nonce and of a salt.
inline constexpr std::size_t proof_key_bytes_max = 64;
inline constexpr std::size_t proof_nonce_bytes_max = 64;

bool is_proof_algorithm(std::string_view name);

/// Derives the keys of one challenge, counter by counter. One thread.
///
/// password = nonce || counter as 32 bits, big-endian. SHA-*: H(salt || password), hashed again
/// until `cost` rounds are done, then cut to the key's length. PBKDF2/SHA-*: RFC 8018 with
/// `cost` iterations.
class ProofKeyDeriver {
 public:
  /// Nothing for an algorithm that is not known, or a size or cost out of bounds.
  static std::optional<ProofKeyDeriver> make(std::string_view algorithm, ByteView nonce,
                                             ByteView salt, std::uint32_t cost,
                                             std::size_t key_bytes);
  ProofKeyDeriver(ProofKeyDeriver&&) noexcept;
  ~ProofKeyDeriver();

  /// The key; lasts until the next call.
  ByteView derive(std::uint32_t counter);

 private:
  struct State;
  explicit ProofKeyDeriver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::guard
