#include "http/listen_address.hpp"

#include <boost/asio/io_context.hpp>
#include <charconv>

namespace frontrow::http {

namespace asio = boost::asio;

std::optional<asio::ip::tcp::endpoint> parse_listen_address(const std::string& text,
                                                            std::string& problem) {
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  bool good = colon != std::string::npos && colon + 1 < text.size();
  if (good) {
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
    good = error == std::errc{} && stopped == end;
  }
  if (!good) {
    problem = "\"" + text + "\" is not HOST:PORT";
    return std::nullopt;
  }
  std::string host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto literal = asio::ip::make_address(host, error);
  if (!error) return asio::ip::tcp::endpoint(literal, port);
  asio::io_context io;
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, std::to_string(port), error);
  if (error || found.empty()) {
    problem = "\"" + host + "\" is not an address of this machine";
    return std::nullopt;
  }
  return found.begin()->endpoint();
}

std::string listen_problem(const asio::ip::tcp::endpoint& endpoint,
                           const boost::system::error_code& error) {
  return "cannot listen on " + endpoint.address().to_string() + ":" +
         std::to_string(endpoint.port()) + ": " + error.message();
}

}  // namespace frontrow::http
