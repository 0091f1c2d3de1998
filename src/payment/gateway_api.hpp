// A gateway's HTTP API as its adapter sees it: a request goes out, and what comes back is a JSON
// object that says yes, a JSON object that says no, or nothing that can be relied on. Whatever
// else a server may send (no JSON, half of it, a redirection, too much, too late, over a
// connection that is not to be trusted) is nothing: the caller has to ask again.
//
// Belongs to the payment thread. Callbacks come from the loop, never from within a call, and none
// comes once this is gone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontrow/gateway.hpp"
#include "frontrow/time.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::payment {

using Json = nlohmann::json;

enum class Answered : std::uint8_t {
  kYes,      ///< 2xx and an object without an error in it.
  kNo,       ///< 4xx and an object: this request was judged, and nothing was done.
  kNothing,  ///< Nothing is known.
};

struct ApiAnswer {
  Answered answered = Answered::kNothing;
  unsigned status = 0;
  /// With `kNothing`: the gateway may have got the request. False: surely not.
  bool sent = false;
  const Json* body = nullptr;  ///< With `kYes` and `kNo`; lives as long as the callback runs.
};

/// Why there is no page of a list in `answer`, for a log.
std::string why_no_list(const ApiAnswer& answer);

struct ApiRequest {
  std::string method = "GET";
  std::string path;  ///< With its query; begins with '/'.
  std::string content_type;
  std::string body;
  std::string idempotency_key;
  /// May be sent once more where a kept connection turns out to have been closed meanwhile.
  bool repeatable = true;
  bool long_answer = false;  ///< A page of a list: a larger answer is taken.
};

/// Bytes of an answer that are read, of a page and of any other.
inline constexpr std::size_t page_bytes_max = std::size_t{8} << 20;
inline constexpr std::size_t answer_bytes_max = std::size_t{256} << 10;

class GatewayApi {
 public:
  struct Settings {
    std::string name;                                          ///< For the log.
    std::string url;                                           ///< Without a '/' at its end.
    std::vector<std::pair<std::string, std::string>> headers;  ///< Sent with every request.
    std::filesystem::path authorities;
    std::size_t connections_max = 128;
    Duration deadline = seconds(10);
    std::function<void(const std::string& line)> log;
  };
  using Done = std::function<void(const ApiAnswer&)>;

  /// Throws `std::runtime_error` where the authorities cannot be read.
  GatewayApi(boost::asio::io_context& context, Settings settings);
  ~GatewayApi();
  GatewayApi(const GatewayApi&) = delete;
  GatewayApi& operator=(const GatewayApi&) = delete;

  void send(ApiRequest request, Done done);
  /// Answers a call of the port from the loop.
  void answer_later(Gateway::Callback done, ChargeOutcome outcome);
  /// A line for operators. The same few words come at most every `complaint_every`.
  void complain(const std::string& words);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// `application/x-www-form-urlencoded`, field by field.
class FormBody {
 public:
  FormBody& add(std::string_view key, std::string_view value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};
/// As it may stand in a path or a query.
std::string percent_encoded(std::string_view text);

/// Of a member: the text, or empty where it is none; the whole number, or -1; the member, or null.
std::string_view text_in(const Json& object, std::string_view key);
std::int64_t number_in(const Json& object, std::string_view key);
bool flag_in(const Json& object, std::string_view key);
const Json& member_in(const Json& object, std::string_view key);

/// `next_action` as the API has it; empty where the parts cannot be shown to a fan.
std::string redirect_action(std::string_view url);
std::string qr_action(std::string_view data, std::string_view image, Instant expires_at);

}  // namespace frontrow::payment
