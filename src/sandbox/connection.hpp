// One connection of the listener: reads a request, hands it over, writes the answer, and again.
// Inside this folder alone: it names Boost.Beast's types. Belongs to the io_context's thread.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>

#include "frontrow/time.hpp"
#include "sandbox/exchange.hpp"

namespace frontrow::sandbox {

struct ConnectionSettings {
  boost::asio::ssl::context* tls = nullptr;  ///< Null: plain.
  Duration header_time;
  Handler handler;
};

/// Goes on by itself until it ends; `settings` outlives it, `ended` is called once when it is gone.
void serve_connection(boost::beast::tcp_stream stream,
                      std::shared_ptr<const ConnectionSettings> settings,
                      std::function<void()> ended);

}  // namespace frontrow::sandbox
