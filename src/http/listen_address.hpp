// HOST:PORT as the round file writes it. Called at start; looks names up.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>

namespace frontrow::http {

/// [HOST]:PORT for IPv6. Nothing, and one line in `problem`, where it is none.
std::optional<boost::asio::ip::tcp::endpoint> parse_listen_address(const std::string& text,
                                                                   std::string& problem);

/// Why that address cannot be had, in one line.
std::string listen_problem(const boost::asio::ip::tcp::endpoint& endpoint,
                           const boost::system::error_code& error);

}  // namespace frontrow::http
