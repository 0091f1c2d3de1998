// What a drand relay answers to "which value has round n?", read strictly. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontrow/round_definition.hpp"

namespace frontrow::control {

/// An answer is about 400 bytes; longer ones are not read.
inline constexpr std::size_t drand_answer_bytes_max = 8'192;
/// Signatures of today's chains have 48 and 96 bytes.
inline constexpr std::size_t drand_signature_bytes_max = 256;

struct DrandValue {
  std::uint64_t round = 0;
  Bytes32 randomness{};
  std::string signature;  ///< Raw bytes; its SHA-256 is `randomness`.
};

enum class DrandFault : std::uint8_t {
  kNone = 0,
  kNotReadable,  ///< No JSON object, or a field is missing or of another kind.
  kOtherRound,
  kNotItsHash,  ///< The randomness is not the SHA-256 of the signature.
};
inline constexpr std::size_t drand_fault_count = 4;
std::string_view describe(DrandFault fault);

/// `GET {url}/{chain}/public/{round}`: the address to ask for it.
std::string drand_address(std::string_view url, std::string_view chain, std::uint64_t round);

/// The value of `round`, or nothing and what is wrong. That drand made the signature is not checked
/// here: it needs BLS12-381, and anyone can compare with another relay.
std::optional<DrandValue> read_drand_answer(std::string_view body, std::uint64_t round,
                                            DrandFault& fault);

}  // namespace frontrow::control
