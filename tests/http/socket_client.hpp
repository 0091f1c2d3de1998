// A client that says exactly what a test tells it to, plain or over TLS, byte by byte, and a
// WebSocket client on top that can break the rules. Blocking, with a bound on every wait.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace frontrow::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
  nlohmann::json json() const { return nlohmann::json::parse(body); }
};

class SocketClient {
 public:
  /// `receive_buffer`: bytes the system may keep for us; 0 leaves it to the system.
  SocketClient(std::uint16_t port, bool tls, int receive_buffer = 0);
  ~SocketClient();
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  bool connected() const;
  /// False where the other side no longer takes it.
  bool send(std::string_view bytes);
  /// The next answer; nothing where the connection ended before it was whole.
  std::optional<HttpAnswer> receive(bool head_only = false);
  std::optional<HttpAnswer> ask(std::string_view request, bool head_only = false) {
    send(request);
    return receive(head_only);
  }
  /// True once the other side has ended the connection, whatever it sent before.
  bool ended();
  /// Half-closes.
  void finish_sending();

  struct Frame {
    int opcode = 0;
    std::string payload;
    nlohmann::json json() const { return nlohmann::json::parse(payload); }
    int close_code() const {
      return payload.size() < 2 ? 0
                                : static_cast<unsigned char>(payload[0]) * 256 +
                                      static_cast<unsigned char>(payload[1]);
    }
  };
  bool upgrade(std::string_view extra_headers = {});
  bool send_frame(int opcode, std::string_view payload);
  bool say(const nlohmann::json& message) { return send_frame(1, message.dump()); }
  std::optional<Frame> receive_frame();
  /// Reads on until a message of this type, answering nothing; nothing where the end comes first.
  std::optional<nlohmann::json> receive_message(std::string_view type);
  /// Reads on until a close frame; 0 where the connection ends without one.
  int receive_close();

 private:
  bool fill();
  bool need(std::size_t bytes);
  struct State;
  std::unique_ptr<State> state_;
  std::string input_;
};

}  // namespace frontrow::test
