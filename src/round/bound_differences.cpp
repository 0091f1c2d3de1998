// Where a round file differs from what its journal binds, a line for each path.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>

#include "round/free_memory.hpp"
#include "round/json_text.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t venue_lines_max = 10;
constexpr std::size_t value_bytes_max = 100;

std::string shown(const Json* value) {
  if (value == nullptr) return "nothing";
  std::string text = value->dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= value_bytes_max) return text;
  std::size_t end = value_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

/// Lines, of which only so many are kept.
class Lines {
 public:
  explicit Lines(std::size_t most) : most_(most) {}
  void add(const std::string& path, const Json* journal, const Json* file) {
    if (lines_.size() < most_)
      lines_.push_back(fmt::format("{}: the journal says {}, the round file {}", path,
                                   shown(journal), shown(file)));
    else
      ++more_;
  }
  std::vector<std::string> take(const std::string& path) && {
    if (more_ > 0) lines_.push_back(fmt::format("{}: and {} more", path, more_));
    return std::move(lines_);
  }

 private:
  std::size_t most_;
  std::size_t more_ = 0;
  std::vector<std::string> lines_;
};

const Json* member(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

void compare(const std::string& path, const Json& journal, const Json& file, Lines& out);

/// The members of two objects, those of `journal` first; `except` was looked at already.
void compare_objects(const std::string& path, const Json& journal, const Json& file, Lines& out,
                     const std::string& except = {}) {
  for (const auto& [key, value] : journal.items()) {
    if (key == except) continue;
    const std::string step = path.empty() ? key : path + "." + key;
    if (const Json* other = member(file, key))
      compare(step, value, *other, out);
    else
      out.add(step, &value, nullptr);
  }
  for (const auto& [key, value] : file.items())
    if (key != except && !journal.contains(key))
      out.add(path.empty() ? key : path + "." + key, nullptr, &value);
}

void compare(const std::string& path, const Json& journal, const Json& file, Lines& out) {
  if (journal == file) return;
  if (journal.is_object() && file.is_object()) {
    compare_objects(path, journal, file, out);
  } else if (journal.is_array() && file.is_array() && journal.size() == file.size()) {
    for (std::size_t n = 0; n < journal.size(); ++n)
      compare(fmt::format("{}[{}]", path, n), journal[n], file[n], out);
  } else {
    out.add(path, &journal, &file);
  }
}

/// Two arrays whose elements have names: told of by name, not by place. `deeper` compares two
/// elements of one name that differ.
template <class NameOf, class Deeper>
void compare_named(const std::string& path, const Json& journal, const Json& file, Lines& out,
                   NameOf&& name_of, Deeper&& deeper) {
  std::unordered_map<std::string, const Json*> in_file;
  for (const Json& one : file) in_file.emplace(name_of(one), &one);
  bool same_order = journal.size() == file.size();
  for (std::size_t n = 0; n < journal.size(); ++n) {
    const std::string name = name_of(journal[n]);
    const std::string step = fmt::format("{}[{}]", path, name);
    same_order = same_order && name_of(file[n]) == name;
    const auto found = in_file.find(name);
    if (found == in_file.end()) {
      out.add(step, &journal[n], nullptr);
      continue;
    }
    if (journal[n] != *found->second) deeper(step, journal[n], *found->second);
    in_file.erase(found);
  }
  const bool all_found = in_file.empty() && journal.size() == file.size();
  for (const Json& one : file)
    if (in_file.contains(name_of(one)))
      out.add(fmt::format("{}[{}]", path, name_of(one)), nullptr, &one);
  if (all_found && !same_order) {
    const Json first = name_of(journal[0]), second = "the same in another order";
    out.add(path, &first, &second);
  }
}

/// By its own id where it has one: numbers and labels may then stand twice.
std::string name_in(const Json& object, const char* label) {
  const Json& name = object.contains("id") ? object["id"] : object[label];
  return name.is_string() ? name.get<std::string>() : name.dump();
}
std::string seat_name(const Json& seat) {
  if (!seat.is_array()) return name_in(seat, "number");
  return seat[0].is_string() ? seat[0].get<std::string>() : seat[0].dump();
}
std::string row_name(const Json& row) { return name_in(row, "label"); }

std::vector<std::string> compare_venues(const Json& journal, const Json& file) {
  Lines out(venue_lines_max);
  compare_objects("venue", journal, file, out, "zones");
  const auto compare_seats = [&](const std::string& path, const Json& a, const Json& b) {
    out.add(path, &a, &b);
  };
  const auto compare_rows = [&](const std::string& path, const Json& a, const Json& b) {
    compare_objects(path, a, b, out, "seats");
    compare_named(path + ".seats", a["seats"], b["seats"], out, seat_name, compare_seats);
  };
  const auto compare_zones = [&](const std::string& path, const Json& a, const Json& b) {
    compare_objects(path, a, b, out, "rows");
    if (a.contains("rows") && b.contains("rows"))
      compare_named(path + ".rows", a["rows"], b["rows"], out, row_name, compare_rows);
  };
  compare_named(
      "venue.zones", journal["zones"], file["zones"], out,
      [](const Json& zone) { return zone["id"].get<std::string>(); }, compare_zones);
  return std::move(out).take("venue");
}

std::vector<std::string> compare_bound(const std::string& definition_text,
                                       const std::string& bound_text) {
  Remarks mistakes;
  const JsonPath root;
  Json definition, file;
  if (!parse_json(definition_text, root, mistakes, definition) || !definition.is_object() ||
      !definition.contains("bound") || !definition["bound"].is_object())
    return {"the journal's first command holds no round that this program can read"};
  if (!parse_json(bound_text, root, mistakes, file)) return {"the round file is not loaded"};
  const Json& journal = definition["bound"];
  constexpr std::size_t lines_max = 100;
  Lines out(lines_max);
  compare_objects("", journal, file, out, "venue");
  std::vector<std::string> lines = std::move(out).take("round");
  if (journal["venue"] != file["venue"])
    for (std::string& line : compare_venues(journal["venue"], file["venue"]))
      lines.push_back(std::move(line));
  return lines;
}

}  // namespace

std::vector<std::string> bound_differences(const std::string& definition_text,
                                           const RoundFile& file) {
  // The usual case: the same text, which the definition holds as it is.
  if (definition_text.find("\"bound\":" + file.bound + ",\"secrets\":") != std::string::npos)
    return {};
  std::vector<std::string> lines = compare_bound(definition_text, file.bound);
  return_free_memory();
  return lines;
}

}  // namespace frontrow::round
