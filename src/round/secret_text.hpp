// Texts that the round file may keep elsewhere: {"env": "NAME"} or {"file": "PATH"} in place of
// the text itself. What was read is never put into a message.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

/// The text, or what the variable or file holds (a line's end at its end is dropped). Relative
/// paths count from `directory`, the round file's. Nothing, and a mistake, where it cannot be had.
std::optional<std::string> read_secret_text(const Json& value, const JsonPath& path,
                                            const std::filesystem::path& directory,
                                            Remarks& mistakes);

}  // namespace frontrow::round
