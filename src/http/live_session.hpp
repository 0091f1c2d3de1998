// One live socket over a connection that has asked for it. Lives on its thread.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string_view>

#include "http/stream_types.hpp"

namespace frontrow::http {

class FrontThread;
using UpgradeRequest = beast::http::request<beast::http::string_body>;

/// Takes the stream over and accepts the handshake. `language` lasts as long as the program.
void start_live(FrontThread& thread, PlainStream&& stream, const UpgradeRequest& request,
                std::string_view language);
void start_live(FrontThread& thread, TlsStream&& stream, const UpgradeRequest& request,
                std::string_view language);

}  // namespace frontrow::http
