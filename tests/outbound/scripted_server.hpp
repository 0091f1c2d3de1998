// A server on 127.0.0.0/8 that says exactly what a test tells it to, plain or over TLS, each
// connection in a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace frontrow::test {

/// The server's end of one connection. Blocking; everything fails once the server ends.
class Peer {
 public:
  virtual ~Peer() = default;
  /// The next request, head and body, as it came; nothing where the other side has closed.
  std::optional<std::string> request();
  virtual bool write(const std::string& bytes) = 0;
  /// Returns once the other side has closed.
  void wait_for_end();
  /// The name that the client asked for; empty without TLS.
  virtual std::string server_name() const { return {}; }
  int number = 0;  ///< From 1, in the order of accepting.

 protected:
  /// 0 or less: the end.
  virtual long read(char* into, std::size_t size) = 0;

 private:
  std::string input_;
};

struct ServerCertificate {
  std::filesystem::path certificate, key;
};

class ScriptedServer {
 public:
  /// The connection is closed when `script` returns.
  using Script = std::function<void(Peer&)>;
  explicit ScriptedServer(Script script, std::optional<ServerCertificate> tls = {});
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return accepted_.load(); }

 private:
  void accept_all();
  void serve(int descriptor, int number);

  const Script script_;
  std::shared_ptr<void> tls_;  ///< SSL_CTX
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// An answer with a body of that length.
inline std::string answer(const std::string& body, const std::string& more_headers = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "\r\n" + body;
}

}  // namespace frontrow::test
