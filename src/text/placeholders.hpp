// Texts with {name} in them. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frontrow::text {

/// The names in the order in which they stand; nothing where a brace has no partner or a name
/// is not of lower-case letters, digits and underscores.
std::optional<std::vector<std::string>> placeholders_of(std::string_view text);

/// The text with each {name} replaced by what `value_of` says. A value is never looked into for
/// further placeholders. A brace without a partner stands as it is.
std::string filled(std::string_view text,
                   const std::function<std::string(std::string_view name)>& value_of);

}  // namespace frontrow::text
