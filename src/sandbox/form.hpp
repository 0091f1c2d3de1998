// Form-encoded texts with brackets, as Stripe's clients write them. For this folder; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sandbox/json_text.hpp"

namespace frontrow::sandbox {

/// "a[b]=1&a[c]=2&list[]=x&list[]=y" as an object of texts and objects; the entries of a list are
/// named by their numbers. Nothing where it contradicts itself or passes its bounds.
std::optional<Json> parse_form(std::string_view text);

/// Nothing where a percent sign is not followed by two hex digits. `plus_is_space` as in forms.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

}  // namespace frontrow::sandbox
