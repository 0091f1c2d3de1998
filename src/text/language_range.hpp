// Accept-Language as a client sent it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace frontrow::text {

/// One range of an Accept-Language header: "th-th" with its quality in thousandths.
struct LanguageRange {
  std::string tag;  ///< Lower case, or "*".
  int quality = 1'000;
};

/// The ranges in the order of the header. What cannot be read is left out, as the RFC lets a
/// server do; only the bytes and ranges that `messages.hpp` names are looked at.
std::vector<LanguageRange> parse_accept_language(std::string_view header);

}  // namespace frontrow::text
