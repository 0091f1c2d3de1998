#include "audit/public_json.hpp"

#include <fstream>
#include <system_error>

#include "base/encoding.hpp"

namespace frontrow::audit {

void fill_from_hex(const Json& value, const std::string& name, std::span<std::uint8_t> out) {
  const auto* text = value.get_ptr<const std::string*>();
  // Upper case would be a second way of writing the same file.
  if (text == nullptr || text->find_first_of("ABCDEF") != std::string::npos ||
      !from_hex(*text, out)) {
    throw Malformed(name + " is not " + std::to_string(out.size()) + " bytes in lower-case hex");
  }
}

const Json& member(const Json& object, const std::string& name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Malformed(name + " is missing");
  return *found;
}

const Json* optional_member(const Json& object, const std::string& name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return nullptr;
  if (found->is_string() && found->get_ref<const std::string&>().empty()) return nullptr;
  return &*found;
}

std::uint64_t whole_number(const Json& object, const std::string& name) {
  const Json& value = member(object, name);
  if (!value.is_number_unsigned()) throw Malformed(name + " is not a whole number");
  return value.get<std::uint64_t>();
}

std::string optional_text(const Json& object, const std::string& name) {
  const Json* value = optional_member(object, name);
  if (value == nullptr) return {};
  if (!value->is_string()) throw Malformed(name + " is not a text");
  return value->get<std::string>();
}

Bytes32 bytes32(const Json& object, const std::string& name) {
  Bytes32 out{};
  fill_from_hex(member(object, name), name, out);
  return out;
}

std::optional<std::uint64_t> optional_number(const Json& object, const std::string& name) {
  if (optional_member(object, name) == nullptr) return std::nullopt;
  return whole_number(object, name);
}

std::optional<Bytes32> optional_bytes32(const Json& object, const std::string& name) {
  if (optional_member(object, name) == nullptr) return std::nullopt;
  return bytes32(object, name);
}

std::vector<std::uint8_t> optional_bytes(const Json& object, const std::string& name) {
  const std::string text = optional_text(object, name);
  if (text.size() % 2 != 0) throw Malformed(name + " is not hex");
  std::vector<std::uint8_t> bytes(text.size() / 2);
  if (!text.empty()) fill_from_hex(object[name], name, bytes);
  return bytes;
}

PublicEntry entry_of(const Json& value, const std::string& where) {
  if (!value.is_object()) throw Malformed(where + " is no object");
  PublicEntry entry;
  fill_from_hex(value.contains("entry") ? value["entry"] : Json(), where + ".entry", entry.entry);
  const Json& tier = value.contains("tier") ? value["tier"] : Json();
  if (!tier.is_number_unsigned() || tier.get<std::uint64_t>() > 255) {
    throw Malformed(where + ".tier is not a number from 0 to 255");
  }
  entry.tier = static_cast<std::uint8_t>(tier.get<unsigned>());
  const Json& rank = value.contains("rank") ? value["rank"] : Json();
  if (!rank.is_number_unsigned()) throw Malformed(where + ".rank is not a whole number");
  entry.rank = rank.get<std::uint64_t>();
  return entry;
}

std::optional<std::string> read_public_file(const std::filesystem::path& path,
                                            std::string& problem) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    problem = path.string() + ": " + error.message();
    return std::nullopt;
  }
  if (size > public_file_bytes_max) {
    problem = path.string() + ": larger than any draw";
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
    problem = path.string() + ": cannot be read";
    return std::nullopt;
  }
  return text;
}

bool is_late_file(std::string_view text) {
  struct Known {
    bool late;
  };
  const auto look = [](int depth, Json::parse_event_t event, Json& parsed) {
    if (event != Json::parse_event_t::key || depth != 1) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    if (key == "windows") throw Known{true};
    if (key == "entries") throw Known{false};
    return true;
  };
  try {
    // What is not JSON is no late file: the other reader says what is wrong with it.
    return Json::parse(text, look, false).contains("windows");
  } catch (const Known& known) {
    return known.late;
  }
}

}  // namespace frontrow::audit
