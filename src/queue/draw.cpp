#include "queue/draw.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/digest.hpp"

namespace frontrow::queue {
namespace {

/// The first eight bytes as a number that compares as the bytes do.
std::uint64_t leading(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return __builtin_bswap64(value);
}

std::array<std::uint8_t, 8> big_endian(std::uint64_t value) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t n = 0; n < 8; ++n) bytes[n] = static_cast<std::uint8_t>(value >> (56 - 8 * n));
  return bytes;
}

/// A name, and the zero byte that ends it.
ByteView label(std::string_view text_with_zero) { return as_bytes(text_with_zero); }

/// What is sorted: small, so that sorting a million stays in the caches; most comparisons are
/// decided by `leading_bytes` and never look at the whole key.
struct Sorted {
  std::uint64_t leading_bytes;
  std::uint32_t index;
  std::uint32_t tier;
};

}  // namespace

Bytes32 draw_root(std::span<const DrawTicket> tickets) {
  std::vector<Sorted> order(tickets.size());
  for (std::uint32_t n = 0; n < order.size(); ++n)
    order[n] = {leading(tickets[n].entry.data()), n, tickets[n].tier};
  std::sort(order.begin(), order.end(), [&](const Sorted& a, const Sorted& b) {
    if (a.leading_bytes != b.leading_bytes) return a.leading_bytes < b.leading_bytes;
    const int entries =
        std::memcmp(tickets[a.index].entry.data(), tickets[b.index].entry.data(), sizeof(Bytes16));
    if (entries != 0) return entries < 0;
    return a.tier != b.tier ? a.tier < b.tier : a.index < b.index;
  });
  std::vector<Bytes32> leaves;
  leaves.reserve(order.size());
  for (const Sorted& item : order) {
    std::array<std::uint8_t, sizeof(Bytes16) + 1> data{};
    std::memcpy(data.data(), tickets[item.index].entry.data(), sizeof(Bytes16));
    data.back() = tickets[item.index].tier;
    leaves.push_back(merkle_leaf(data));
  }
  return merkle_root(std::move(leaves));
}

Bytes32 draw_seed(const Bytes32& secret, const Bytes32& root, std::string_view beacon) {
  static constexpr std::string_view name("frontrow/draw/v1\0", 17);
  return sha256({label(name), secret, root, as_bytes(beacon)});
}

Bytes32 late_window_secret(const Bytes32& late_secret, std::uint64_t window) {
  return hmac_sha256(late_secret, big_endian(window));
}

Bytes32 late_seed(std::uint64_t window, const Bytes32& window_secret, const Bytes32& root,
                  std::string_view beacon) {
  static constexpr std::string_view name("frontrow/late/v1\0", 17);
  return sha256({label(name), big_endian(window), window_secret, root, as_bytes(beacon)});
}

std::vector<std::uint32_t> draw_order(std::span<const DrawTicket> tickets, const Bytes32& seed) {
  HmacSha256 key_of(seed);
  std::vector<Bytes32> keys(tickets.size());
  std::vector<Sorted> order(tickets.size());
  for (std::uint32_t n = 0; n < order.size(); ++n) {
    keys[n] = key_of(tickets[n].entry);
    order[n] = {leading(keys[n].data()), n, tickets[n].tier};
  }
  std::sort(order.begin(), order.end(), [&](const Sorted& a, const Sorted& b) {
    if (a.tier != b.tier) return a.tier < b.tier;
    if (a.leading_bytes != b.leading_bytes) return a.leading_bytes < b.leading_bytes;
    const int whole = std::memcmp(keys[a.index].data(), keys[b.index].data(), sizeof(Bytes32));
    return whole != 0 ? whole < 0 : a.index < b.index;
  });
  std::vector<std::uint32_t> indices(order.size());
  for (std::size_t n = 0; n < order.size(); ++n) indices[n] = order[n].index;
  return indices;
}

}  // namespace frontrow::queue
