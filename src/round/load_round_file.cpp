#include <nlohmann/json.hpp>

#include "frontrow/limits.hpp"
#include "round/bound_sections.hpp"
#include "round/free_memory.hpp"
#include "round/json_text.hpp"
#include "round/payment_section.hpp"
#include "round/running_sections.hpp"
#include "round/seating_section.hpp"
#include "round/set_option.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

/// The round file as JSON with the sets applied; false where there is nothing to look at.
bool read_document(const std::filesystem::path& path, const std::vector<std::string>& sets,
                   Remarks& mistakes, Json& document) {
  const std::string name = path.string();
  const JsonPath whole = JsonPath::of_file(name);
  std::string problem;
  const auto text = read_file(path, limits::round_file_bytes_max, problem);
  if (!text) {
    mistakes.add(whole, problem);
    return false;
  }
  // Inside the file paths stand alone; what concerns the file as a whole names it.
  Remarks of_text;
  const JsonPath root;
  const bool good = parse_json(*text, root, of_text, document);
  for (Remark& remark : std::move(of_text).take()) {
    if (remark.path.empty()) remark.path = name;
    mistakes.add(std::move(remark));
  }
  if (!good) return false;
  if (!document.is_object()) {
    mistakes.add(whole, "must be an object");
    return false;
  }
  for (const std::string& set : sets) apply_set(set, document, mistakes);
  return true;
}

VenueRead read_venue_named(ObjectReader& root, const std::filesystem::path& directory,
                           Remarks& mistakes, Remarks& venue_mistakes) {
  const Json* value = root.require("venue");
  if (value == nullptr) return {};
  const JsonPath path = root.path().at("venue");
  const auto name = read_text(*value, path, mistakes, 4'096);
  if (!name) return {};
  if (name->empty()) {
    mistakes.add(path, "must not be empty");
    return {};
  }
  std::string unreadable;
  VenueRead venue = load_venue_file(directory / *name, venue_mistakes, unreadable);
  if (!unreadable.empty()) mistakes.add(path, in_quotes(*name) + " " + unreadable);
  return venue;
}

}  // namespace

LoadResult load_round_file(const std::filesystem::path& path, const std::vector<std::string>& sets,
                           Instant first_start) {
  Remarks mistakes, venue_mistakes, warnings;
  RoundFile file;
  BoundDraft draft;
  {
    Json document;
    if (read_document(path, sets, mistakes, document)) {
      const JsonPath root_path;
      ObjectReader root(&document, root_path, mistakes);
      const std::filesystem::path directory = path.parent_path();
      read_bound_sections(root, Source::kRoundFile, mistakes, draft);
      read_running_sections(root, directory, mistakes, file);
      VenueRead venue = read_venue_named(root, directory, mistakes, venue_mistakes);
      read_prices(root, venue.category_ids, mistakes, draft);
      check_payment(file.payment, draft.definition, venue.category_ids, root_path, mistakes);
      read_seating(root, Source::kRoundFile, venue.plan.get(), mistakes, draft);
      root.refuse_unknown();
      check_schedule(draft, first_start, mistakes, warnings);
      draft.definition.plan = std::move(venue.plan);
      draft.definition.identity_mode = file.definition.identity_mode;
    }
  }
  LoadResult result;
  result.round_id = draft.definition.id;
  const bool good = mistakes.count() + venue_mistakes.count() == 0;
  if (good) {
    resolve_instants(draft, first_start);
    file.bound = write_bound(draft);
    file.definition = std::move(draft.definition);
    warn_of_the_unwise(file, warnings);
    result.file = std::move(file);
  }
  result.mistakes = std::move(mistakes).take();
  for (Remark& remark : std::move(venue_mistakes).take())
    result.mistakes.push_back(std::move(remark));
  result.warnings = std::move(warnings).take();
  return_free_memory();
  return result;
}

}  // namespace frontrow::round
