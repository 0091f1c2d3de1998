// The catalogues as they lie in config/locales, written into the program by the build.
#pragma once

#include <string_view>
#include <vector>

namespace frontrow::text {

struct EmbeddedCatalogue {
  std::string_view tag;   ///< The file's name: "en", "zh-Hant".
  std::string_view json;  ///< The file's text.
};

const std::vector<EmbeddedCatalogue>& embedded_catalogues();

}  // namespace frontrow::text
