// The draw of the lobby and the shuffle of the late windows: pure functions over entries, secrets
// and beacon, as `docs/fairness.md` tells anyone who wants to check them.
//
// Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "frontrow/round_definition.hpp"

namespace frontrow::queue {

/// One entry as it is drawn.
struct DrawTicket {
  Bytes16 entry{};
  std::uint8_t tier = 1;
};

/// RFC 6962 tree hash over the entries sorted bytewise, each leaf the entry and its tier.
Bytes32 draw_root(std::span<const DrawTicket> tickets);

/// `beacon` is empty or 32 raw bytes.
Bytes32 draw_seed(const Bytes32& secret, const Bytes32& root, std::string_view beacon);

Bytes32 late_window_secret(const Bytes32& late_secret, std::uint64_t window);
Bytes32 late_seed(std::uint64_t window, const Bytes32& window_secret, const Bytes32& root,
                  std::string_view beacon);

/// Indices into `tickets` in the order of their ranks: by tier, then by key bytewise ascending.
/// Equal entries, which chance does not make, stand in the order given.
std::vector<std::uint32_t> draw_order(std::span<const DrawTicket> tickets, const Bytes32& seed);

}  // namespace frontrow::queue
