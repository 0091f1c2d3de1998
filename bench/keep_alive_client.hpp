// A keep-alive TLS client for benches: one request under way at a time.
#pragma once

#include <fmt/format.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace frontrow::bench {

namespace asio = boost::asio;

class KeepAliveClient {
 public:
  using Done = std::function<void(int status, std::string_view body)>;

  KeepAliveClient(asio::io_context& io, asio::ssl::context& tls,
                  const asio::ip::tcp::endpoint& server)
      : io_(io), stream_(io, tls) {
    stream_.next_layer().connect(server);
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
  }

  void request(std::string_view method, std::string_view path, std::string_view body, Done done) {
    out_ = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, path);
    if (!token.empty()) out_ += "Authorization: Bearer " + token + "\r\n";
    if (method != "GET") out_ += fmt::format("Content-Length: {}\r\n", body.size());
    out_ += "\r\n";
    out_ += body;
    done_ = std::move(done);
    asio::async_write(stream_, asio::buffer(out_),
                      [this](boost::system::error_code error, std::size_t) {
                        if (error) throw std::runtime_error("sending: " + error.message());
                        read();
                      });
  }

  /// Waits for the answer.
  std::pair<int, std::string> ask(std::string_view method, std::string_view path,
                                  std::string_view body = {}) {
    std::pair<int, std::string> answer{0, {}};
    request(method, path, body, [&](int status, std::string_view text) {
      answer = {status, std::string(text)};
    });
    io_.restart();
    while (answer.first == 0) io_.run_one();
    return answer;
  }

  /// Protocol and cipher that were agreed on.
  std::string tls() {
    SSL* const session = stream_.native_handle();
    return fmt::format("{} {}", SSL_get_version(session), SSL_get_cipher_name(session));
  }

  std::string token;

 private:
  void read() {
    if (const auto head = in_.find("\r\n\r\n"); head != std::string::npos) {
      const auto at = in_.find("Content-Length: ");
      const std::size_t length = at < head ? std::stoul(in_.substr(at + 16)) : 0;
      if (in_.size() >= head + 4 + length) {
        const int status = std::stoi(in_.substr(9, 3));
        const std::string answer = std::exchange(in_, {});
        const Done done = std::exchange(done_, nullptr);
        done(status, std::string_view(answer).substr(head + 4));
        return;
      }
    }
    stream_.async_read_some(asio::buffer(chunk_),
                            [this](boost::system::error_code error, std::size_t size) {
                              if (error) throw std::runtime_error("receiving: " + error.message());
                              in_.append(chunk_.data(), size);
                              read();
                            });
  }

  asio::io_context& io_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  std::string out_, in_;
  std::array<char, 16'384> chunk_{};
  Done done_;
};

}  // namespace frontrow::bench
