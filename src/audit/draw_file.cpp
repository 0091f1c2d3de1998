#include "audit/draw_file.hpp"

#include <nlohmann/json.hpp>

#include "audit/public_json.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;

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
  file.beacon = optional_bytes32(object, "beacon");
  file.beacon_signature = optional_bytes(object, "beacon_signature");
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
    entries.push_back(entry_of(parsed, "entries[" + std::to_string(entries.size()) + "]"));
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
  const auto text = read_public_file(path, problem);
  return text ? parse_draw_file(*text, problem) : std::nullopt;
}

}  // namespace frontrow::audit
