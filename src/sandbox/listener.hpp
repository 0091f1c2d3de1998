// The small HTTP/1.1 server: accepts, reads whole requests within their bounds, hands them over one
// after another of each connection. Plain or TLS. Belongs to the io_context's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "frontrow/time.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::sandbox {

struct ListenerSettings {
  std::string listen;
  std::filesystem::path tls_certificate, tls_key;  ///< Both or none.
  Duration header_time = limits::header_time;
};

class Listener {
 public:
  /// `handler` may be called until the io_context is run no more.
  Listener(boost::asio::io_context& context, ListenerSettings settings, Handler handler);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds and begins to accept. What went wrong, in one line.
  std::optional<std::string> start();
  /// After `start`: "https://127.0.0.1:8443".
  std::string url() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace frontrow::sandbox
