#include "payment/payment_reference.hpp"

#include <charconv>
#include <string>

#include "base/id_text.hpp"

namespace frontrow::payment {

PaymentReference make_reference(std::string_view round_id, AttemptId attempt) {
  std::string reference(round_id);
  reference += '-';
  reference += to_text(attempt.order);
  reference += '-';
  reference += std::to_string(attempt.attempt);
  return reference;
}

std::optional<AttemptId> parse_reference(std::string_view round_id, std::string_view reference) {
  if (!reference.starts_with(round_id)) return std::nullopt;
  std::string_view rest = reference.substr(round_id.size());
  if (!rest.starts_with('-')) return std::nullopt;
  rest.remove_prefix(1);
  const std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto order = parse_order(rest.substr(0, dash));
  if (!order) return std::nullopt;
  const std::string_view digits = rest.substr(dash + 1);
  AttemptId attempt{*order, 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), attempt.attempt);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  // A leading zero would be a second name for the same attempt.
  if (make_reference(round_id, attempt) != reference) return std::nullopt;
  return attempt;
}

}  // namespace frontrow::payment
