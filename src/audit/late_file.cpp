#include "audit/late_file.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "audit/public_json.hpp"
#include "base/instant_text.hpp"

namespace frontrow::audit {
namespace {

/// Windows up to here end inside our range of instants, whatever their length.
constexpr std::uint64_t window_number_max = 1'000'000'000;
constexpr std::uint64_t window_seconds_max = 3'600;

/// Takes the entries out of the windows as the parser meets them, so that they are not kept as
/// JSON.
class Entries {
 public:
  bool take(int depth, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::key && depth == 1) in_windows_ = parsed == "windows";
    if (!in_windows_) return true;
    if (event == Event::object_start && depth == 1) throw Malformed("windows is not a list");
    if (event == Event::array_start && depth == 1) {
      if (std::exchange(seen_windows_, true)) throw Malformed("windows stands there twice");
    }
    if (event == Event::object_start && depth == 2) {
      of_windows_.emplace_back();
      in_entries_ = has_entries_ = false;
    }
    if (event == Event::key && depth == 3) in_entries_ = parsed == "entries";
    if (event == Event::object_end && depth == 2) {
      if (!has_entries_) throw Malformed(where() + ".entries is missing or not a list");
      in_entries_ = false;
    }
    if (!in_entries_) return true;
    if (event == Event::object_start && depth == 3)
      throw Malformed(where() + ".entries is missing or not a list");
    if (event == Event::array_start && depth == 3) {
      if (std::exchange(has_entries_, true)) throw Malformed(where() + ".entries is there twice");
    }
    const bool whole =
        event == Event::object_end || event == Event::array_end || event == Event::value;
    if (depth != 4 || !whole) return true;
    auto& entries = of_windows_.back();
    entries.push_back(
        entry_of(parsed, where() + ".entries[" + std::to_string(entries.size()) + "]"));
    return false;
  }

  std::vector<std::vector<PublicEntry>>& of_windows() { return of_windows_; }

 private:
  std::string where() const { return "windows[" + std::to_string(of_windows_.size() - 1) + "]"; }

  std::vector<std::vector<PublicEntry>> of_windows_;
  bool in_windows_ = false, seen_windows_ = false, in_entries_ = false, has_entries_ = false;
};

LateWindowFile window_of(const Json& object, const std::string& where) {
  if (!object.is_object()) throw Malformed(where + " is no object");
  LateWindowFile window;
  window.n = whole_number(object, "n");
  if (window.n > window_number_max) throw Malformed(where + ".n is larger than any window's");
  window.window_secret = bytes32(object, "window_secret");
  window.window_root = bytes32(object, "window_root");
  window.seed = bytes32(object, "seed");
  window.beacon_round = optional_number(object, "beacon_round");
  window.beacon = optional_bytes32(object, "beacon");
  window.beacon_signature = optional_bytes(object, "beacon_signature");
  return window;
}

LateFile file_of(const Json& object, std::vector<std::vector<PublicEntry>>& entries) {
  if (!object.is_object()) throw Malformed("the file is not a JSON object");
  LateFile file;
  file.algorithm = optional_text(object, "algorithm");
  file.late_commitment = optional_bytes32(object, "late_commitment");
  file.late_secret = optional_bytes32(object, "late_secret");
  file.beacon_chain = optional_text(object, "beacon_chain");
  file.lobby_count = optional_number(object, "lobby_count");
  if (const std::string text = optional_text(object, "draw_at"); !text.empty()) {
    file.draw_at = parse_rfc3339(text);
    if (!file.draw_at) throw Malformed("draw_at is no instant");
  }
  if (const auto length = optional_number(object, "window_seconds")) {
    if (*length == 0 || *length > window_seconds_max)
      throw Malformed("window_seconds is no window's length");
    file.window_length = seconds(static_cast<std::int64_t>(*length));
  }
  const Json& windows = member(object, "windows");
  if (!windows.is_array()) throw Malformed("windows is not a list");
  for (std::size_t n = 0; n < windows.size(); ++n) {
    file.windows.push_back(window_of(windows[n], "windows[" + std::to_string(n) + "]"));
    // A window that is no object has been refused, so that the two lists run in step.
    file.windows.back().entries = std::move(entries[n]);
  }
  return file;
}

}  // namespace

std::optional<LateFile> parse_late_file(std::string_view text, std::string& problem) {
  Entries entries;
  try {
    const Json object = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
      return entries.take(depth, event, parsed);
    });
    return file_of(object, entries.of_windows());
  } catch (const Malformed& malformed) {
    problem = malformed.what();
  } catch (const Json::exception&) {
    problem = "the file is not JSON";
  }
  return std::nullopt;
}

}  // namespace frontrow::audit
