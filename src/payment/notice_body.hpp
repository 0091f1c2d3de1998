// A notice's body, once its signature was found good: the event's name and our reference in it.
// Pure; any thread.
#pragma once

#include <functional>
#include <string_view>

#include "payment/gateway_api.hpp"

namespace frontrow::payment {

/// Malformed where it is no JSON object with an `id`, or a name in it is too long. `reference_in`
/// finds ours in the event; empty where there is none.
NoticeReading read_notice_body(
    std::string_view body, const std::function<std::string_view(const Json& event)>& reference_in);

}  // namespace frontrow::payment
