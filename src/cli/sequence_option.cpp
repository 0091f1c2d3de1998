#include "cli/sequence_option.hpp"

#include <charconv>

namespace frontrow::cli {

std::string sequence_problem(const std::string& text) {
  Sequence sequence = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, sequence);
  if (error == std::errc{} && stopped == end && sequence > 0) return {};
  return text + " is no sequence number: 1 is the first";
}

}  // namespace frontrow::cli
