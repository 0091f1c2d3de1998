// The gateway that moves no money: an HTTP server with a book of charges, a small API of its own
// and the dialects of Stripe and Omise on the same listener. Documented in docs/sandbox.md.
//
// Made, started and stopped by one thread; runs on a thread of its own. `url` and
// `set_notify_url` may be called from any thread after `start`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/faults.hpp"

namespace frontrow::sandbox {

/// In which form notices are sent and signed.
enum class NoticeDialect : std::uint8_t { kOwn, kStripe, kOmise };

struct SandboxSettings {
  std::string listen = "127.0.0.1:0";  ///< ADDRESS:PORT, [ADDRESS]:PORT; 0: any free port.
  std::filesystem::path book;          ///< Empty: charges are forgotten with the process.
  /// What callers authenticate with: Bearer in the own API, Bearer or Basic in Stripe's, Basic in
  /// Omise's. Must not be empty.
  std::string secret;
  std::string public_key = "pkey_test_sandbox";  ///< Makes tokens and sources, and nothing else.
  /// Signs notices; in Omise's dialect it is base64. Empty: notices are not signed.
  std::string notice_secret;
  /// Signs beside it, as while secrets are being changed.
  std::vector<std::string> more_notice_secrets;
  std::string notify_url;  ///< Empty: no notices.
  NoticeDialect notice_dialect = NoticeDialect::kOwn;
  std::filesystem::path notify_authorities;        ///< PEM; empty: the operating system's.
  std::filesystem::path tls_certificate, tls_key;  ///< PEM, both or none: plain HTTP.
  /// Where people reach the page that approves, "https://pay.example"; empty: `url()`.
  std::string public_url;
  Faults faults;
};

/// Told, on the server's thread or in `start`, what an operator should see. One line.
using Log = std::function<void(const std::string& line)>;

class SandboxServer {
 public:
  SandboxServer(SandboxSettings settings, Log log);
  /// Stops it.
  ~SandboxServer();
  SandboxServer(const SandboxServer&) = delete;
  SandboxServer& operator=(const SandboxServer&) = delete;

  /// Reads the book, listens, and serves. What went wrong, in one line.
  std::optional<std::string> start();
  /// After `start`: "http://127.0.0.1:40123".
  std::string url() const;
  /// Notices of what happens from now on go there; empty: none are sent.
  void set_notify_url(std::string url);
  /// What is under way is dropped, as a gateway that goes away drops it.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::sandbox
