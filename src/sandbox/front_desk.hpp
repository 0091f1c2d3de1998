// Where every request goes first: the faults, then the API or page that its path names; and where
// every change becomes a notice. Belongs to the server's thread.
#pragma once

#include <memory>
#include <string>

#include "sandbox/exchange.hpp"
#include "sandbox/fault_dice.hpp"
#include "sandbox/sandbox_server.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::sandbox {

class FrontDesk {
 public:
  /// Reads the book. Throws `std::runtime_error`, with what is wrong.
  FrontDesk(boost::asio::io_context& context, const SandboxSettings& settings, Log log);
  ~FrontDesk();
  FrontDesk(const FrontDesk&) = delete;
  FrontDesk& operator=(const FrontDesk&) = delete;

  /// What addresses begin with that people and clients are told: "http://127.0.0.1:4000". Outages
  /// count from here.
  void open(std::string base_url);
  void set_notify_url(std::string url);
  void take(Request request, Respond respond);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace frontrow::sandbox
