// What the public files of the draw and of the late windows have in common, and their text as it is
// read from a disk. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "frontrow/round_definition.hpp"

namespace frontrow::audit {

/// A round of `limits::fans_max` makes a file of about 320 MB.
inline constexpr std::uintmax_t public_file_bytes_max = std::uintmax_t{512} << 20;

struct PublicEntry {
  Bytes16 entry{};
  std::uint8_t tier = 0;
  std::uint64_t rank = 0;
};

/// Nothing, and `problem` in one line, where it cannot be read or is too large.
std::optional<std::string> read_public_file(const std::filesystem::path& path,
                                            std::string& problem);

/// Whether it is the file of the late windows (`GET /audit/late`) and not the draw's: told by its
/// `windows`. Reads no further than it must.
bool is_late_file(std::string_view text);

}  // namespace frontrow::audit
