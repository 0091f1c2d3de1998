// The payment gateways there are, by the name that a round file gives. Adding one is a folder
// beside this file, a line in gateway_factory.cpp and its facts in base/gateway_facts.cpp. Any
// thread; what a maker makes belongs to the payment thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "payment/gateway_health.hpp"
#include "payment/gateway_settings.hpp"
#include "payment/payment_worker.hpp"

namespace frontrow::payment {

/// One gateway as it is, without a breaker: for who only reads its record. Nothing callable where
/// there is no such gateway.
GatewayMaker gateway_maker(std::string_view gateway, GatewaySettings settings);

/// The gateways of `board`, the second standing in for the first, with their breakers. What becomes
/// of these is told to the maker's `tell_health`. Nothing callable where a name is none of ours.
GatewayMaker guarded_gateway_maker(std::shared_ptr<GatewayHealthBoard> board,
                                   GatewaySettings settings, BreakerRules rules = {});

/// Reads the notices that the gateway sends; null where there is no such gateway. Without secrets
/// every notice is refused.
std::unique_ptr<NoticeReader> notice_reader(std::string_view gateway,
                                            const std::vector<std::string>& secrets);

}  // namespace frontrow::payment
