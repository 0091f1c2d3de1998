#include "payment/gateway_factory.hpp"

#include <array>
#include <chrono>
#include <utility>

#include "payment/guarded_gateway.hpp"
#include "payment/omise/omise_adapter.hpp"
#include "payment/omise/omise_notices.hpp"
#include "payment/sandbox/sandbox_adapter.hpp"
#include "payment/sandbox/sandbox_notices.hpp"
#include "payment/stripe/stripe_adapter.hpp"
#include "payment/stripe/stripe_notices.hpp"

namespace frontrow::payment {
namespace {

template <class Reader>
std::unique_ptr<NoticeReader> make_reader(const std::vector<std::string>& secrets) {
  return std::make_unique<Reader>(secrets);
}

struct Entry {
  std::string_view name;
  std::unique_ptr<Gateway> (*make)(const GatewaySettings&, boost::asio::io_context&);
  std::unique_ptr<NoticeReader> (*reader)(const std::vector<std::string>&);
};
constexpr std::array entries = {
    Entry{"sandbox", make_sandbox_adapter, make_reader<SandboxNotices>},
    Entry{"stripe", make_stripe_adapter, make_reader<StripeNotices>},
    Entry{"omise", make_omise_adapter, make_reader<OmiseNotices>},
};

const Entry* find(std::string_view name) {
  for (const Entry& entry : entries) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

/// For the breakers: it never goes back.
Instant steady_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

}  // namespace

GatewayMaker gateway_maker(std::string_view gateway, GatewaySettings settings) {
  const Entry* entry = find(gateway);
  if (entry == nullptr) return {};
  return [make = entry->make, settings = std::move(settings)](const GatewayMeans& means) {
    return make(settings, means.context);
  };
}

GatewayMaker guarded_gateway_maker(std::shared_ptr<GatewayHealthBoard> board,
                                   GatewaySettings settings, BreakerRules rules) {
  std::vector<GatewayMaker> makers;
  for (const GatewayHealthRow& row : board->rows()) {
    makers.push_back(gateway_maker(row.name, settings));
    if (!makers.back()) return {};
  }
  return [board = std::move(board), settings = std::move(settings), rules,
          makers = std::move(makers)](const GatewayMeans& means) {
    std::vector<std::unique_ptr<Gateway>> gateways;
    for (const GatewayMaker& make : makers) gateways.push_back(make(means));
    GuardedGateway::Settings guarded;
    guarded.rules = rules;
    guarded.calls_max = settings.connections_max;
    guarded.now = steady_now;
    guarded.on_health = means.tell_health;
    guarded.log = settings.log;
    return std::make_unique<GuardedGateway>(std::move(gateways), board, means.context,
                                            std::move(guarded));
  };
}

std::unique_ptr<NoticeReader> notice_reader(std::string_view gateway,
                                            const std::vector<std::string>& secrets) {
  const Entry* entry = find(gateway);
  return entry == nullptr ? nullptr : entry->reader(secrets);
}

}  // namespace frontrow::payment
