// All charges that a gateway has of a round: asked of the gateway page by page, or read from the
// book of the sandbox. For the commands; blocks until it is done.
#pragma once

#include <boost/system/result.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/gateway.hpp"
#include "payment/gateway_settings.hpp"

namespace frontrow::cli {

/// Charges that are read at all.
inline constexpr std::size_t records_max = 20'000'000;

using RecordsResult = boost::system::result<std::vector<GatewayRecord>, std::string>;

/// Asks the gateway of that name.
RecordsResult ask_gateway(std::string_view name, const payment::GatewaySettings& settings);
/// Also while a sandbox writes to the book.
RecordsResult read_sandbox_book(const std::filesystem::path& book);

}  // namespace frontrow::cli
