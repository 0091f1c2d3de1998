#include "http/card_number.hpp"

namespace frontrow::http {

bool looks_like_card_number(std::string_view text) {
  int digits = 0;
  int sum = 0;
  for (std::size_t n = text.size(); n-- > 0;) {
    const char c = text[n];
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return false;
    int digit = c - '0';
    if (digits++ % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits >= 12 && digits <= 19 && sum % 10 == 0;
}

}  // namespace frontrow::http
