// The public file of the late windows (`GET /audit/late`), read strictly into values. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/public_entry.hpp"
#include "frontrow/time.hpp"

namespace frontrow::audit {

struct LateWindowFile {
  std::uint64_t n = 0;
  Bytes32 window_secret{}, window_root{}, seed{};
  std::optional<std::uint64_t> beacon_round;
  std::optional<Bytes32> beacon;  ///< Nothing: it went without one.
  std::vector<std::uint8_t> beacon_signature;
  std::vector<PublicEntry> entries;
};

struct LateFile {
  std::string algorithm;  ///< Empty where the file names none.
  std::optional<Bytes32> late_commitment;
  std::optional<Bytes32> late_secret;  ///< Public once the round is closed.
  std::string beacon_chain;            ///< Hex, or empty: the windows have no beacons.
  std::optional<Instant> draw_at;
  std::optional<Duration> window_length;
  std::optional<std::uint64_t> lobby_count;
  std::vector<LateWindowFile> windows;
};

/// Nothing, and `problem` in one line, where the text is no such file.
std::optional<LateFile> parse_late_file(std::string_view text, std::string& problem);

}  // namespace frontrow::audit
