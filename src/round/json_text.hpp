// JSON text to values, strictly: no comments, no key twice in one object, a bounded depth, valid
// UTF-8. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

/// Objects and arrays inside one another; our files need nine.
inline constexpr std::size_t json_depth_max = 32;

/// Values of one text, those inside others included. A full venue needs fourteen million; without
/// a bound some bytes of text could ask for twenty times their number of memory.
inline constexpr std::size_t json_values_max = 20'000'000;

/// Elements that all arrays of one member name may hold together: past it reading ends at once,
/// before their memory is taken.
struct CountedArrays {
  std::string_view key;
  std::size_t most = 0;
};

/// False, with a mistake at `root` or below, where the text is not one strict JSON value. A key
/// given twice is a mistake as well, but reading goes on, so that others are found in one run.
bool parse_json(std::string_view text, const JsonPath& root, Remarks& mistakes, Json& out,
                CountedArrays counted = {});

/// The bytes of a regular file of at most `bytes_max`; else nothing, and `problem` says why.
std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max,
                                     std::string& problem);

bool is_valid_utf8(std::string_view text);

}  // namespace frontrow::round
