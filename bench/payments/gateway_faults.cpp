#include "payments/gateway_faults.hpp"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

namespace frontrow::bench {

void set_faults(const std::string& url, const std::string& secret, const std::string& faults) {
  namespace asio = boost::asio;
  const std::string authority = url.substr(url.find("://") + 3);
  const auto colon = authority.rfind(':');
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  asio::connect(socket, asio::ip::tcp::resolver(io).resolve(authority.substr(0, colon),
                                                            authority.substr(colon + 1)));
  const std::string request =
      fmt::format(
          "PUT /faults HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
          "Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
          authority, secret, faults.size()) +
      faults;
  asio::write(socket, asio::buffer(request));
  std::string answer;
  boost::system::error_code end;
  asio::read(socket, asio::dynamic_buffer(answer, std::size_t{64} << 10), end);
  if (answer.find(" 200 ") == std::string::npos)
    throw std::runtime_error("the gateway refused its faults: " + answer.substr(0, 200));
}

}  // namespace frontrow::bench
