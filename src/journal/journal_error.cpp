#include "journal/journal_error.hpp"

#include <fmt/format.h>

#include "base/assert.hpp"

namespace frontrow::journal {

Error error_at(Fault fault, Sequence sequence, const std::string& what) {
  return {fault, sequence, fmt::format("sequence {}: {}", sequence, what)};
}

void throw_exception_from_error(const Error& error, const boost::source_location& location) {
  assert_failed(error.message.c_str(), location.file_name(), static_cast<int>(location.line()));
}

}  // namespace frontrow::journal
