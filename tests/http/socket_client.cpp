#include "socket_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace frontrow::test {

struct SocketClient::State {
  int socket = -1;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;
  bool connected = false;
};

SocketClient::SocketClient(std::uint16_t port, bool tls, int receive_buffer)
    : state_(std::make_unique<State>()) {
  std::signal(SIGPIPE, SIG_IGN);
  state_->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{20, 0};
  setsockopt(state_->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(state_->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (receive_buffer > 0)
    setsockopt(state_->socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(state_->socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  if (tls) {
    state_->context = SSL_CTX_new(TLS_client_method());
    state_->tls = SSL_new(state_->context);
    SSL_set_fd(state_->tls, state_->socket);
    if (SSL_connect(state_->tls) != 1) return;
  }
  state_->connected = true;
}

SocketClient::~SocketClient() {
  SSL_free(state_->tls);
  SSL_CTX_free(state_->context);
  close(state_->socket);
}

bool SocketClient::connected() const { return state_->connected; }

bool SocketClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = state_->tls != nullptr
                          ? SSL_write(state_->tls, bytes.data(), static_cast<int>(bytes.size()))
                          : ::send(state_->socket, bytes.data(), bytes.size(), 0);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void SocketClient::finish_sending() {
  if (state_->tls != nullptr) SSL_shutdown(state_->tls);
  shutdown(state_->socket, SHUT_WR);
}

bool SocketClient::fill() {
  char chunk[16'384];
  const auto got = state_->tls != nullptr ? SSL_read(state_->tls, chunk, sizeof chunk)
                                          : recv(state_->socket, chunk, sizeof chunk, 0);
  if (got <= 0) return false;
  input_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

bool SocketClient::need(std::size_t bytes) {
  while (input_.size() < bytes)
    if (!fill()) return false;
  return true;
}

bool SocketClient::ended() {
  while (fill()) input_.clear();
  return true;
}

std::optional<HttpAnswer> SocketClient::receive(bool head_only) {
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return std::nullopt;
  const std::string head = input_.substr(0, end + 2);
  input_.erase(0, end + 4);
  HttpAnswer answer;
  answer.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const auto line_end = head.find("\r\n", at);
    const auto colon = head.find(':', at);
    std::string name = head.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    answer.headers[name] = head.substr(colon + 2, line_end - colon - 2);
    at = line_end + 2;
  }
  const auto length = answer.headers.find("content-length");
  if (head_only || length == answer.headers.end()) return answer;
  const std::size_t size = std::stoul(length->second);
  if (!need(size)) return std::nullopt;
  answer.body = input_.substr(0, size);
  input_.erase(0, size);
  return answer;
}

bool SocketClient::upgrade(std::string_view extra_headers) {
  send(
      "GET /api/v1/live HTTP/1.1\r\nHost: round.example\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      std::string(extra_headers) + "\r\n");
  const auto answer = receive(true);
  return answer && answer->status == 101 &&
         answer->headers.at("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
}

bool SocketClient::send_frame(int opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65'536) {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size());
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>(payload.size() >> shift);
  }
  frame += std::string(4, '\0');  // a mask of zeros is a mask
  frame += payload;
  return send(frame);
}

std::optional<SocketClient::Frame> SocketClient::receive_frame() {
  if (!need(2)) return std::nullopt;
  Frame frame;
  frame.opcode = input_[0] & 15;
  std::size_t size = input_[1] & 127;
  std::size_t head = 2;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (more > 0) {
    if (!need(head + more)) return std::nullopt;
    size = 0;
    for (std::size_t n = 0; n < more; ++n)
      size = size * 256 + static_cast<unsigned char>(input_[head + n]);
    head += more;
  }
  if (!need(head + size)) return std::nullopt;
  frame.payload = input_.substr(head, size);
  input_.erase(0, head + size);
  return frame;
}

std::optional<nlohmann::json> SocketClient::receive_message(std::string_view type) {
  while (const auto frame = receive_frame()) {
    if (frame->opcode == 8) return std::nullopt;
    if (frame->opcode != 1) continue;
    auto message = frame->json();
    if (message["type"] == type) return message;
  }
  return std::nullopt;
}

int SocketClient::receive_close() {
  while (const auto frame = receive_frame())
    if (frame->opcode == 8) return frame->close_code();
  return 0;
}

}  // namespace frontrow::test
