// An order as fans and operators see it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"
#include "frontrow/view.hpp"
#include "http/json_writer.hpp"

namespace frontrow::http {

/// Nothing (255) where there is no such state.
std::uint8_t parse_order_state(std::string_view name);

/// Operators also see whose it is: `with_fan`. Why a payment failed is said in `language`.
void write_order(JsonWriter& json, const OrderView& order, const RoundDefinition& round,
                 const Published& published, std::string_view language, bool with_fan = false);
std::string order_json(const OrderView& order, const RoundDefinition& round,
                       const Published& published, std::string_view language);

}  // namespace frontrow::http
