// Tells a card's number from a gateway's token. Pure; any thread.
#pragma once

#include <string_view>

namespace frontrow::http {

/// 12 to 19 digits, spaces and dashes aside, with a right check digit (Luhn).
bool looks_like_card_number(std::string_view text);

}  // namespace frontrow::http
