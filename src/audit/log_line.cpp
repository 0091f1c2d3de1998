#include "audit/log_line.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "audit/names.hpp"
#include "base/command_codec.hpp"
#include "base/instant_text.hpp"

namespace frontrow::audit {
namespace {

using Fields = nlohmann::ordered_json;

/// Texts from outside may hold bytes that are no UTF-8.
std::string dump(const Fields& value) {
  return value.dump(-1, ' ', false, Fields::error_handler_t::replace);
}

bool is_plain(std::string_view text) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+";
  return !text.empty() && text.find_first_not_of(plain) == std::string_view::npos;
}

std::string readable(const Fields& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    return is_plain(*text) ? *text : dump(value);
  }
  if (!value.is_array()) return dump(value);
  std::string list;
  for (const auto& one : value) {
    if (!list.empty()) list += ',';
    list += readable(one);
  }
  return list.empty() ? "none" : list;
}

void append(std::string& line, const Fields& fields) {
  for (const auto& [name, value] : fields.items()) {
    line += fmt::format(" {}={}", name, readable(value));
  }
}

}  // namespace

std::string readable_line(const Carried& carried) {
  std::string line = fmt::format("{} {} {}", carried.sequence, to_rfc3339(carried.time),
                                 command_name(carried.command));
  append(line, command_fields(carried));
  line += fmt::format(" -> {}", outcome_name(carried.reply));
  if (carried.reply.rejection != Rejection::kNone) {
    line += fmt::format(": {}", name_of(carried.reply.rejection));
  }
  append(line, outcome_fields(carried));
  return line;
}

std::string json_line(const Carried& carried) {
  Fields line = {{"sequence", carried.sequence},
                 {"time", to_rfc3339(carried.time)},
                 {"command", command_name(carried.command)},
                 {"outcome", outcome_name(carried.reply)}};
  if (carried.reply.rejection != Rejection::kNone) {
    line["code"] = name_of(carried.reply.rejection);
  }
  line.update(command_fields(carried));
  line.update(outcome_fields(carried));
  return dump(line);
}

}  // namespace frontrow::audit
