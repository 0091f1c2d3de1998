// The round file and its venue: read, checked with every mistake named, and turned into values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontrow/command.hpp"
#include "frontrow/round_definition.hpp"

namespace frontrow::round {

/// One mistake or warning: where (a JSON path such as "sale.hold_seconds") and what.
struct Remark {
  std::string path;
  std::string message;
};

struct GuardRules {
  bool proof_of_work = true;
  std::string algorithm = "SHA-256";
  std::uint32_t cost = 1'000;
  std::uint32_t requests_per_second = 20;           ///< 0: no limit.
  std::uint32_t joins_per_address_per_minute = 60;  ///< 0: no limit.
};
struct PassRules {
  std::string issuer, audience;
  std::filesystem::path jwks;
};
struct Tls {
  std::filesystem::path certificate, key;  ///< Both empty: self-signed, made on first start.
};
struct HttpRules {
  std::string listen = "0.0.0.0:8443";
  std::string operator_listen;            ///< Empty: on the same address.
  std::string public_host = "localhost";  ///< By which the public knows it: in the log's name.
  std::uint32_t threads = 0;              ///< 0: one for each core but one, at least one.
  std::optional<Tls> tls = Tls{};
};
struct OperatorAccount {
  std::string name, role;  ///< Role: viewer, operator, admin.
  Bytes32 token_sha256{};
};
/// How to reach a gateway that is elsewhere. The secrets are the values themselves.
struct GatewayRules {
  std::string url;
  std::string secret_key, public_key;
  std::vector<std::string> webhook_secrets;
  std::filesystem::path authorities;  ///< PEM; empty: the operating system's.
  bool manual_capture = false;
  std::string promptpay_email;  ///< Stripe's alone.
  std::string vault_url;        ///< Omise's alone: where pages make card tokens.
};
struct SandboxRules {
  std::uint32_t delay_milliseconds = 300;
  std::string url;  ///< Empty: `serve` starts one inside.
  std::string secret;
  std::vector<std::string> notice_secrets;
};
struct PaymentRules {
  std::string gateway = "sandbox";
  std::string fallback;  ///< Empty: none.
  std::vector<PaymentMethod> methods;
  bool methods_given = false;  ///< Else what the gateway has by default.
  std::string return_url;
  std::uint32_t connections_max = 512;
  SandboxRules sandbox;
  GatewayRules stripe, omise;
  bool uses(std::string_view name) const { return gateway == name || fallback == name; }
};

/// A checked round file. `definition` has no secrets and no resolved instants yet.
struct RoundFile {
  RoundDefinition definition;
  AdmissionRules admission;
  GuardRules guard;
  PassRules pass;
  PaymentRules payment;
  HttpRules http;
  bool tickets_rotating = true;
  bool journal_sync = true;
  std::vector<OperatorAccount> operators;
  /// What the journal's first command binds, as JSON text (without secrets and instants).
  std::string bound;
};

struct LoadResult {
  std::optional<RoundFile> file;  ///< Nothing where there are mistakes.
  std::vector<Remark> mistakes;
  std::vector<Remark> warnings;
  std::string round_id;  ///< Also where there are mistakes, if it could be read.
};

/// Reads the round file, applies `sets` ("key.path=value") in order, reads the venue beside it.
/// Relative instants ("+90s") are resolved against `first_start`.
LoadResult load_round_file(const std::filesystem::path& path, const std::vector<std::string>& sets,
                           Instant first_start);

/// The text for `OpenRound::definition`.
std::string write_definition(const RoundFile& file, const DrawSecrets& secrets);
/// Back from the journal. Nothing where the text is not one that `write_definition` made.
std::optional<RoundDefinition> parse_definition(const std::string& text, std::string& problem);
/// The instant that relative times of this journal count from.
std::optional<Instant> first_start_of(const std::string& definition_text);
/// Where the file at this start differs from what the journal binds: a line for each path, both
/// values.
std::vector<std::string> bound_differences(const std::string& definition_text,
                                           const RoundFile& file);

}  // namespace frontrow::round
