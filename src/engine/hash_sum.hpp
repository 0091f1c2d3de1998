// The state hash as a sum: each entity's hash is added when it comes to be and taken out when it
// changes. The order of additions does not matter, so the sum is the same for the same state.
//
// Private to src/engine. Finds divergence; it is no defence against one who wants to collide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/engine.hpp"

namespace frontrow::engine {

/// Which kind of entity a hash is of, so that equal numbers of two kinds do not cancel out.
enum class HashKind : std::uint64_t {
  kSeat = 1,
  kFan = 2,
  kFanBackground = 3,
  kOrder = 4,
  kOrderAction = 5,
  kKey = 6,
  kProof = 7,
  kJoinKey = 8,
  kWaitlistEntry = 9,
  kExtraCapture = 10,
  kLateWindow = 11,
  kRound = 12,
  kSeatCategory = 13,
  kHoldAccount = 14,
  kZone = 15,
  kGatewayHealth = 16,
  kGatewayOutage = 17,
};

namespace hash_detail {
__extension__ using Wide = unsigned __int128;

inline constexpr std::uint64_t salts[] = {
    0x9e3779b97f4a7c15, 0xd1b54a32d192ed03, 0x8cb92ba72f3d8dd7, 0xabc98388fb8fac03,
    0xf4f7d8b1c2a65e39, 0xc5a1d3e7b9f20d4b, 0xe7037ed1a0b428db, 0x589965cc75374cc3,
    0x1d8e4e27c47d124f, 0xeb44accab455d165, 0x76e15d3efefdcbbf, 0x2d358dccaa6c78a5};

inline Wide multiply(std::uint64_t a, std::uint64_t b) { return static_cast<Wide>(a) * b; }
}  // namespace hash_detail

/// Mixes up to twelve words. Pairs are multiplied side by side, which a processor does at once.
template <class... Words>
inline StateHash hash_words(HashKind kind, Words... words) {
  using namespace hash_detail;
  constexpr std::size_t count = sizeof...(Words);
  constexpr std::size_t pairs = (count + 1) / 2;
  static_assert(count >= 1 && pairs * 2 <= sizeof(salts) / sizeof(salts[0]));
  const std::uint64_t in[pairs * 2] = {static_cast<std::uint64_t>(words)...};
  Wide sum = multiply(static_cast<std::uint64_t>(kind) ^ salts[1], salts[0]);
  for (std::size_t n = 0; n < pairs; ++n)
    sum += multiply(in[2 * n] ^ salts[2 * n], in[2 * n + 1] ^ salts[2 * n + 1]);
  const auto low = static_cast<std::uint64_t>(sum);
  const auto high = static_cast<std::uint64_t>(sum >> 64);
  const Wide mixed = multiply(low ^ salts[2], high ^ salts[5]);
  return {static_cast<std::uint64_t>(mixed) ^ high, static_cast<std::uint64_t>(mixed >> 64) + low};
}

/// Folds bytes of any length into a word.
inline std::uint64_t fold_bytes(const void* data, std::size_t size) {
  using namespace hash_detail;
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t folded = size * salts[0];
  while (size > 0) {
    std::uint64_t word = 0;
    const std::size_t taken = size < sizeof word ? size : sizeof word;
    std::memcpy(&word, bytes, taken);
    const Wide product = multiply(folded ^ word ^ salts[3], salts[4]);
    folded = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    bytes += taken;
    size -= taken;
  }
  return folded;
}

/// The two halves of sixteen bytes.
inline std::uint64_t low_word(const Bytes16& bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}
inline std::uint64_t high_word(const Bytes16& bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + 8, sizeof word);
  return word;
}

/// As `==`, without a call.
inline bool same(const Bytes16& a, const Bytes16& b) {
  return ((low_word(a) ^ low_word(b)) | (high_word(a) ^ high_word(b))) == 0;
}
inline bool is_zero(const Bytes16& bytes) { return (low_word(bytes) | high_word(bytes)) == 0; }

class HashSum {
 public:
  void add(const StateHash& hash) {
    sum_.low += hash.low;
    sum_.high += hash.high;
  }
  void remove(const StateHash& hash) {
    sum_.low -= hash.low;
    sum_.high -= hash.high;
  }
  const StateHash& value() const { return sum_; }

 private:
  StateHash sum_;
};

}  // namespace frontrow::engine
