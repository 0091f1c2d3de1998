// What the adapters of the gateways are told. Values; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "frontrow/time.hpp"

namespace frontrow::payment {

struct SandboxAccess {
  std::string url, secret;
};
struct StripeAccess {
  std::string url = "https://api.stripe.com", secret_key;
  std::filesystem::path authorities;  ///< Empty: the operating system's.
  /// Cards are authorised first and captured right after, unless the payment is to be cancelled by
  /// then: what is not captured costs the fan nothing, not even for a day.
  bool manual_capture = false;
  std::string promptpay_email;  ///< Stripe asks for one beside a PromptPay charge.
};
struct OmiseAccess {
  std::string url = "https://api.omise.co", secret_key;
  std::filesystem::path authorities;
  bool manual_capture = false;  ///< As above.
};

struct GatewaySettings {
  std::string round_id;
  std::string currency;
  Duration payment_time = seconds(300);  ///< How long a fan may take to pay.
  /// Connections to the gateway, and so requests under way at a time.
  std::size_t connections_max = 1'024;
  Duration request_deadline = seconds(10);
  std::function<void(const std::string& line)> log;
  SandboxAccess sandbox;
  StripeAccess stripe;
  OmiseAccess omise;
};

}  // namespace frontrow::payment
