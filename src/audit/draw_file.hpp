// The public file of a draw (`GET /audit/draw`), read strictly into values. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/public_entry.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::audit {

struct DrawFile {
  std::string algorithm;  ///< Empty where the file names none.
  Bytes32 commitment{}, lobby_root{}, secret{}, seed{};
  std::uint64_t count = 0;
  std::optional<std::uint64_t> beacon_round;
  std::string beacon_chain;       ///< Hex, or empty.
  std::optional<Bytes32> beacon;  ///< Nothing: drawn without one.
  std::vector<std::uint8_t> beacon_signature;
  std::vector<PublicEntry> entries;
};

/// Nothing, and `problem` in one line, where the text is no such file or not of a finished draw.
std::optional<DrawFile> parse_draw_file(std::string_view text, std::string& problem);
std::optional<DrawFile> read_draw_file(const std::filesystem::path& path, std::string& problem);

}  // namespace frontrow::audit
