#include "payment/gateway_factory.hpp"

#include <utility>

#include "payment/sandbox/sandbox_gateway.hpp"

namespace frontrow::payment {
namespace {

struct Entry {
  std::string_view name;
  std::vector<std::string> methods;
  std::unique_ptr<Gateway> (*make)(const GatewaySettings&, boost::asio::io_context&);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
      {"sandbox", {"card", "promptpay"}, sandbox::make_sandbox_gateway},
  };
  return all;
}

const Entry* find(std::string_view name) {
  for (const Entry& entry : entries()) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> payment_methods(std::string_view gateway) {
  const Entry* entry = find(gateway);
  return entry != nullptr ? entry->methods : std::vector<std::string>{};
}

std::vector<std::string> gateway_names() {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) names.emplace_back(entry.name);
  return names;
}

GatewayMaker gateway_maker(std::string_view gateway, GatewaySettings settings) {
  const Entry* entry = find(gateway);
  if (entry == nullptr) return {};
  return [make = entry->make, settings = std::move(settings)](boost::asio::io_context& context) {
    return make(settings, context);
  };
}

}  // namespace frontrow::payment
