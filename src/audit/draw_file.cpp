#include "audit/draw_file.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>

#include "base/encoding.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;

/// What a person is told; never leaves this file.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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

/// Nothing where it is absent, null or empty.
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

PublicEntry entry_of(const Json& value, std::size_t index) {
  const std::string where = "entries[" + std::to_string(index) + "].";
  if (!value.is_object()) throw Malformed("entries[" + std::to_string(index) + "] is no object");
  PublicEntry entry;
  fill_from_hex(value.contains("entry") ? value["entry"] : Json(), where + "entry", entry.entry);
  const Json& tier = value.contains("tier") ? value["tier"] : Json();
  if (!tier.is_number_unsigned() || tier.get<std::uint64_t>() > 255) {
    throw Malformed(where + "tier is not a number from 0 to 255");
  }
  entry.tier = static_cast<std::uint8_t>(tier.get<unsigned>());
  const Json& rank = value.contains("rank") ? value["rank"] : Json();
  if (!rank.is_number_unsigned()) throw Malformed(where + "rank is not a whole number");
  entry.rank = rank.get<std::uint64_t>();
  return entry;
}

DrawFile file_of(const Json& object, std::vector<PublicEntry> entries, bool has_entries) {
  if (!object.is_object()) throw Malformed("the file is not a JSON object");
  DrawFile file;
  file.algorithm = optional_text(object, "algorithm");
  file.commitment = bytes32(object, "commitment");
  if (!object.contains("secret")) throw Malformed("secret is missing: the draw is not made yet");
  file.secret = bytes32(object, "secret");
  file.lobby_root = bytes32(object, "lobby_root");
  file.count = whole_number(object, "count");
  file.seed = bytes32(object, "seed");
  if (optional_member(object, "beacon_round") != nullptr) {
    file.beacon_round = whole_number(object, "beacon_round");
  }
  file.beacon_chain = optional_text(object, "beacon_chain");
  if (const Json* beacon = optional_member(object, "beacon")) {
    fill_from_hex(*beacon, "beacon", file.beacon.emplace());
  }
  const std::string signature = optional_text(object, "beacon_signature");
  file.beacon_signature.resize(signature.size() / 2);
  if (signature.size() % 2 != 0) throw Malformed("beacon_signature is not hex");
  if (!signature.empty()) {
    fill_from_hex(object["beacon_signature"], "beacon_signature", file.beacon_signature);
  }
  if (!has_entries) throw Malformed("entries is missing or not a list");
  file.entries = std::move(entries);
  return file;
}

}  // namespace

std::optional<DrawFile> parse_draw_file(std::string_view text, std::string& problem) {
  // Entries are taken as the parser meets them and not kept as JSON: a million of them would
  // need half a gigabyte.
  std::vector<PublicEntry> entries;
  std::string key;
  bool has_entries = false;
  const auto take = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1) key = parsed.get<std::string>();
    if (key != "entries") return true;
    if (event == Json::parse_event_t::array_start && depth == 1) {
      if (has_entries) throw Malformed("entries stands there twice");
      has_entries = true;
    }
    const bool whole = event == Json::parse_event_t::object_end ||
                       event == Json::parse_event_t::array_end ||
                       event == Json::parse_event_t::value;
    if (depth != 2 || !whole) return true;
    entries.push_back(entry_of(parsed, entries.size()));
    return false;
  };
  try {
    const Json object = Json::parse(text, take);
    return file_of(object, std::move(entries), has_entries);
  } catch (const Malformed& malformed) {
    problem = malformed.what();
  } catch (const Json::exception&) {
    problem = "the file is not JSON";
  }
  return std::nullopt;
}

std::optional<DrawFile> read_draw_file(const std::filesystem::path& path, std::string& problem) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    problem = path.string() + ": " + error.message();
    return std::nullopt;
  }
  if (size > draw_file_bytes_max) {
    problem = path.string() + ": larger than any draw";
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) {
    problem = path.string() + ": cannot be read";
    return std::nullopt;
  }
  return parse_draw_file(text, problem);
}

}  // namespace frontrow::audit
