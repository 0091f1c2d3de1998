#include "sandbox/pay_links.hpp"

#include <array>
#include <string_view>

namespace frontrow::sandbox {
namespace {

std::size_t decimals_of(std::string_view currency) {
  static constexpr std::array<std::string_view, 16> none{"BIF", "CLP", "DJF", "GNF", "JPY", "KMF",
                                                         "KRW", "MGA", "PYG", "RWF", "UGX", "VND",
                                                         "VUV", "XAF", "XOF", "XPF"};
  static constexpr std::array<std::string_view, 7> three{"BHD", "IQD", "JOD", "KWD",
                                                         "LYD", "OMR", "TND"};
  for (const auto& one : none)
    if (one == currency) return 0;
  for (const auto& one : three)
    if (one == currency) return 3;
  return 2;
}

/// Everything but letters, digits and what needs no care in a path.
std::string path_escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

}  // namespace

std::string PayLinks::path(const Charge& charge) {
  const bool own = charge.dialect == Dialect::kOwn;
  return "/pay/" + path_escaped(own ? charge.reference : charge.id);
}

std::string money_text(Amount amount, const std::string& currency) {
  std::string digits = std::to_string(amount.minor);
  const std::size_t decimals = decimals_of(currency);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - decimals;
  std::string text;
  for (std::size_t n = 0; n < whole; ++n) {
    if (n > 0 && (whole - n) % 3 == 0) text += ',';
    text += digits[n];
  }
  if (decimals > 0) text += "." + digits.substr(whole);
  return currency + " " + text;
}

}  // namespace frontrow::sandbox
