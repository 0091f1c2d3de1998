// A client that says exactly what a test tells it to, over a socket of 127.0.0.1. Blocking, with a
// bound on every wait.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace frontrow::sandbox::test {

class Socket {
 public:
  /// To the port at the end of "http://127.0.0.1:4000".
  explicit Socket(const std::string& url) {
    descriptor_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~Socket() { close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// False where the other side no longer takes it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// An answer, head and body by its Content-Length; what came where the connection ended before.
  std::string answer() {
    for (;;) {
      const auto head = input_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto field = input_.find("Content-Length: ");
        const std::size_t length = field < head ? std::stoul(input_.substr(field + 16)) : 0;
        const std::size_t size = head + 4 + length;
        if (input_.size() >= size) {
          std::string answer = input_.substr(0, size);
          input_.erase(0, size);
          return answer;
        }
      }
      if (!receive()) return std::exchange(input_, {});
    }
  }
  /// True once the other side has ended the connection.
  bool ended() {
    while (receive()) {
    }
    return ended_;
  }

 private:
  bool receive() {
    char part[4'096];
    const ssize_t got = recv(descriptor_, part, sizeof part, 0);
    // A connection that was reset has ended as well; a time-out has not.
    ended_ = got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
    if (got > 0) input_.append(part, static_cast<std::size_t>(got));
    return got > 0;
  }

  int descriptor_ = -1;
  bool ended_ = false;
  std::string input_;
};

}  // namespace frontrow::sandbox::test
