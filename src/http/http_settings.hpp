// What the wiring hands to the front: how to listen, who may operate, and the services that it
// asks. Values are read at start; services outlive the server and may be used by any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/round_definition.hpp"
#include "http/http_limits.hpp"

namespace frontrow {
class Published;
}
namespace frontrow::guard {
class FanTokens;
class ProofOfWork;
class TicketSigner;
}  // namespace frontrow::guard
namespace frontrow::observe {
class Metrics;
}
namespace frontrow::proof {
class TransparencyLog;
}

namespace frontrow::http {

enum class OperatorRole : std::uint8_t { kViewer, kOperator, kAdmin };

struct OperatorAccount {
  std::string name;
  OperatorRole role = OperatorRole::kViewer;
  Bytes32 token_sha256{};  ///< Of the bearer token's text.
};

struct TlsFiles {
  std::filesystem::path certificate, key;  ///< PEM; the certificate with its chain.
};

/// What `GET /round` says of paying.
struct PaymentFacts {
  std::string gateway = "sandbox";
  std::vector<PaymentMethod> methods = {PaymentMethod::kCard, PaymentMethod::kPromptPay};
  std::string public_key;  ///< Empty: told as null.
};
/// How a gateway does by one of its methods, for operators.
struct PaymentHealth {
  std::string gateway;
  bool stands_in = false;  ///< It is asked where the first cannot be.
  std::string_view method, breaker;
  std::uint64_t calls = 0, unanswered = 0, refused = 0, times_opened = 0;
};

/// How long the live socket waits for whom; tests ask for less.
struct LivePatience {
  std::int64_t look_milliseconds = limits::look_milliseconds;
  std::int64_t ping_after_seconds = limits::ping_after_seconds;
  std::int64_t silent_seconds = limits::silent_seconds_max;
  std::int64_t unread_seconds = limits::unread_seconds_max;
};

struct HttpSettings {
  std::string listen = "0.0.0.0:8443";  ///< HOST:PORT; [HOST]:PORT for IPv6; port 0 picks one.
  std::string operator_listen;          ///< Empty: operators come by the same address as fans.
  std::optional<TlsFiles> tls;          ///< Nothing: plain HTTP.
  std::vector<OperatorAccount> operators;
  std::uint32_t requests_per_second = 20;           ///< 0: no limit.
  std::uint32_t joins_per_address_per_minute = 60;  ///< 0: no limit.
  bool tickets_rotating = true;
  PaymentFacts payment;
  /// Origins, such as "https://tickets.example", that may open live sockets beside our own.
  std::vector<std::string> allowed_origins;
  LivePatience live;
};

/// Who a pass is about. `subject` is a keyed hash of its `iss` and `sub`.
struct PassIdentity {
  Bytes16 subject{};
  std::uint8_t tier = 1;
  std::uint16_t seats_elsewhere = 0;  ///< In rounds that share the limit of seats.
};
/// Nothing: the pass is not good.
using PassVerifier = std::function<std::optional<PassIdentity>(std::string_view pass, Instant now)>;

enum class WebhookVerdict : std::uint8_t {
  kAccepted,
  kBadSignature,  ///< Or none, or too old.
  kMalformed,
  kUnknownGateway,
  kBusy,  ///< Nothing was taken: it is to be sent again.
};
struct Webhook {
  std::string_view gateway;
  std::function<std::string_view(std::string_view name)> header;
  std::string_view body;
};
/// Takes a gateway's notice: checks its signature and passes it on. Called by front threads.
using WebhookReceiver = std::function<WebhookVerdict(const Webhook&)>;

struct FrontServices {
  const guard::FanTokens* tokens = nullptr;
  const guard::ProofOfWork* proof_of_work = nullptr;  ///< None: joining asks for no proof.
  const guard::TicketSigner* tickets = nullptr;
  Bytes32 recovery_key{};
  PassVerifier passes;       ///< Asked in `pass` mode; empty refuses every pass.
  WebhookReceiver webhooks;  ///< Empty: no gateway of ours sends signed notices.
  /// Empty: none is told. Called by front threads.
  std::function<std::vector<PaymentHealth>()> payment_health;
  observe::Metrics* metrics = nullptr;  ///< None: nothing is counted.
  /// None: joining gives no receipt, and the log's calls are not found.
  const proof::TransparencyLog* log = nullptr;
};

}  // namespace frontrow::http
