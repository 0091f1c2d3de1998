// Sends notices of what has happened: signed, tried again for a while, and out of order or twice
// where the faults say so. Belongs to the server's thread.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "frontrow/time.hpp"
#include "outbound/http_client.hpp"
#include "sandbox/fault_dice.hpp"
#include "sandbox/sandbox_server.hpp"

namespace frontrow::sandbox {

struct NoticeSettings {
  std::string url;  ///< Empty: none are sent.
  NoticeDialect dialect = NoticeDialect::kOwn;
  std::vector<std::string> secrets;  ///< None: not signed.
  std::filesystem::path authorities;
};

/// The header fields that a notice is signed with. Pure.
std::vector<outbound::OutboundHeader> notice_signature(NoticeDialect dialect,
                                                       const std::vector<std::string>& secrets,
                                                       Instant now, const std::string& body);

class NoticeSender {
 public:
  /// `context` and `dice` outlive it. `in_outage`: a gateway that is away sends nothing either.
  /// Throws `std::runtime_error` where the authorities cannot be read.
  NoticeSender(boost::asio::io_context& context, NoticeSettings settings, FaultDice& dice,
               std::function<bool()> in_outage, Log log);
  NoticeSender(const NoticeSender&) = delete;
  NoticeSender& operator=(const NoticeSender&) = delete;

  NoticeDialect dialect() const { return settings_.dialect; }
  void set_url(std::string url) { settings_.url = std::move(url); }
  void send(std::string body);

 private:
  struct Notice {
    std::string url, body;
    unsigned tries = 0;
  };
  void queue_after(Duration delay, Notice notice);
  void send_next();
  void sent(Notice notice, const outbound::OutboundOutcome& outcome);

  boost::asio::io_context& context_;
  NoticeSettings settings_;
  FaultDice& dice_;
  const std::function<bool()> in_outage_;
  const Log log_;
  outbound::HttpClient client_;
  std::deque<Notice> ready_;
  std::size_t kept_ = 0;  ///< Ready, under way and waiting to be ready.
  std::size_t under_way_ = 0;
  bool looking_ = false;  ///< For the end of an outage.
  bool overflow_told_ = false;
};

}  // namespace frontrow::sandbox
