// What may stand in a signed note, and in a key's name. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace frontrow::proof {

/// Bytes of a key's name.
inline constexpr std::size_t key_name_bytes_max = 16'384;

/// Valid UTF-8 without ASCII control characters other than newline.
bool is_note_text(std::string_view text);

/// Valid UTF-8, not empty, without Unicode spaces, plus and ASCII control characters.
bool is_key_name(std::string_view name);

}  // namespace frontrow::proof
