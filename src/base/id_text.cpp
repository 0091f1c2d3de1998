#include "base/id_text.hpp"

#include <charconv>

namespace frontrow {
namespace {

template <class Id>
std::optional<Id> parse(std::string_view text, char prefix) {
  if (text.size() < 2 || text[0] != prefix) return std::nullopt;
  if (text[1] == '0' && text.size() > 2) return std::nullopt;
  typename Id::Value value{};
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const Id id{value};
  return id.exists() ? std::optional(id) : std::nullopt;
}

}  // namespace

std::string to_text(FanId fan) { return "f" + std::to_string(fan.value); }
std::string to_text(OrderId order) { return "o" + std::to_string(order.value); }
std::optional<FanId> parse_fan(std::string_view text) { return parse<FanId>(text, 'f'); }
std::optional<OrderId> parse_order(std::string_view text) { return parse<OrderId>(text, 'o'); }

}  // namespace frontrow
