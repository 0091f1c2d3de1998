// Text inside markup: HTML and SVG alike. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace frontrow {

/// Appends `text` with the four characters escaped that mean something in elements and in
/// attributes between double quotes.
void append_markup_escaped(std::string& out, std::string_view text);

}  // namespace frontrow
