// Which pages may open a live socket. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace frontrow::http {

/// `origin` is of the host that was asked, or one of `allowed`. "null" never is.
bool origin_allowed(std::string_view origin, std::string_view host,
                    const std::vector<std::string>& allowed);

}  // namespace frontrow::http
