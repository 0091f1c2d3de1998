// Where the crowd goes, and from which addresses its fans come. A crowd is let loose on this
// machine alone: any other target is refused, so that a wrong address can hurt nobody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace frontrow::crowd {

struct Target {
  bool tls = true;
  std::string host;         ///< As the URL names it: for the certificate.
  std::string address;      ///< Numeric, to connect to.
  std::string host_header;  ///< Host and port, as the Host field wants them.
  std::uint16_t port = 0;
  bool spread_sources = false;  ///< IPv4: fans bind addresses of their own in 127.0.0.0/8.
};

/// The target of an http or https URL without a path, or what is wrong with it.
std::variant<Target, std::string> parse_target(std::string_view url);

/// The IPv4 address, in host order, that fan number `fan` comes from: inside 127.0.0.0/8, never
/// 127.0.0.0/24 (which services of the machine use), `fans_per_address` fans to an address.
std::uint32_t source_address(std::uint32_t fan, std::uint32_t fans_per_address);

}  // namespace frontrow::crowd
