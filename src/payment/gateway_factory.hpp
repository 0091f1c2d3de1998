// The payment gateways there are, by the name that a round file gives. Adding one is a folder
// beside this file and a line in gateway_factory.cpp. Any thread; the maker runs on the payment
// thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "payment/payment_worker.hpp"

namespace frontrow::payment {

struct GatewaySettings {
  std::filesystem::path data_directory;
  Duration sandbox_delay = milliseconds(300);
};

/// What `GET /round` tells: "card", "promptpay". Empty where there is no such gateway.
std::vector<std::string> payment_methods(std::string_view gateway);
/// For a message about a name that is none of them.
std::vector<std::string> gateway_names();
/// Nothing callable where there is no such gateway.
GatewayMaker gateway_maker(std::string_view gateway, GatewaySettings settings);

}  // namespace frontrow::payment
