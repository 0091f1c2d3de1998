// A request as it goes onto the wire, checked so that nothing in it can be read as anything else.
// Inside this folder alone: it names Boost.Beast's types.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

#include "outbound/outbound_call.hpp"
#include "outbound/target.hpp"

namespace frontrow::outbound {

using RequestMessage = boost::beast::http::request<boost::beast::http::string_body>;

/// Takes the body out of `request`. Nothing, and `problem`, where a method, a field or a size is
/// not what HTTP allows or `outbound_limits.hpp` bounds.
std::optional<RequestMessage> make_message(OutboundRequest& request, const Target& target,
                                           const std::string& user_agent, std::string& problem);

}  // namespace frontrow::outbound
