// The text of the journal's first command: what is bound, the first start, the draw's secrets.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/instant_text.hpp"
#include "round/bound_sections.hpp"
#include "round/free_memory.hpp"
#include "round/json_text.hpp"
#include "round/json_writer.hpp"
#include "round/seating_section.hpp"
#include "round/venue_file.hpp"

namespace frontrow::round {
namespace {

constexpr std::int64_t rules_version = 1;

void read_secrets(ObjectReader& root, Remarks& mistakes, DrawSecrets& secrets) {
  const JsonPath path = root.path().at("secrets");
  ObjectReader object(root.require("secrets"), path, mistakes);
  const auto read = [&](std::string_view key, Bytes32& out) {
    if (!from_hex(object.required_text(key), out)) object.mistake(key, "must be 64 hex digits");
  };
  read("secret", secrets.secret);
  read("late_secret", secrets.late_secret);
  object.refuse_unknown();
}

std::optional<Instant> read_first_start(ObjectReader& root) {
  const auto instant = parse_rfc3339(root.required_text("first_start"));
  if (!instant) root.mistake("first_start", "must be an instant");
  return instant;
}

IdentityMode read_identity_mode(ObjectReader& bound, Remarks& mistakes) {
  const JsonPath path = bound.path().at("identity");
  ObjectReader object(bound.require("identity"), path, mistakes);
  const bool pass = object.one_of("mode", {"open", "pass"}) == "pass";
  object.refuse_unknown();
  return pass ? IdentityMode::kPass : IdentityMode::kOpen;
}

RoundDefinition read_definition(const Json& document, Remarks& mistakes) {
  const JsonPath root_path;
  ObjectReader root(&document, root_path, mistakes);
  root.require("rules_version");
  root.whole_number("rules_version", {rules_version, rules_version}, rules_version);
  const auto first_start = read_first_start(root);
  BoundDraft draft;
  read_secrets(root, mistakes, draft.definition.secrets);
  const JsonPath bound_path = root_path.at("bound");
  ObjectReader bound(root.require("bound"), bound_path, mistakes);
  root.refuse_unknown();
  if (!bound.is_object()) return {};
  read_bound_sections(bound, Source::kJournal, mistakes, draft);
  draft.definition.identity_mode = read_identity_mode(bound, mistakes);
  if (const Json* venue = bound.require("venue")) {
    const JsonPath venue_path = bound_path.at("venue");
    VenueRead read = read_venue(*venue, venue_path, mistakes);
    draft.definition.plan = std::move(read.plan);
    read_prices(bound, read.category_ids, mistakes, draft);
    read_seating(bound, Source::kJournal, draft.definition.plan.get(), mistakes, draft);
  }
  bound.refuse_unknown();
  if (first_start) resolve_instants(draft, *first_start);
  return std::move(draft.definition);
}

}  // namespace

std::string write_definition(const RoundFile& file, const DrawSecrets& secrets) {
  JsonWriter out;
  out.open('{').key("rules_version").number(rules_version);
  out.key("first_start").text(to_exact_rfc3339(file.definition.first_start));
  out.key("bound").raw(file.bound);
  out.key("secrets").open('{').key("secret").text(to_hex(secrets.secret));
  out.key("late_secret").text(to_hex(secrets.late_secret)).close('}').close('}');
  return std::move(out).take();
}

std::optional<RoundDefinition> parse_definition(const std::string& text, std::string& problem) {
  std::optional<RoundDefinition> definition;
  Remarks mistakes;
  {
    Json document;
    const JsonPath root;
    if (parse_json(text, root, mistakes, document))
      definition = read_definition(document, mistakes);
  }
  return_free_memory();
  if (mistakes.count() == 0) return definition;
  const std::vector<Remark> remarks = std::move(mistakes).take();
  const std::string& path = remarks.front().path;
  problem = (path.empty() ? "" : path + ": ") + remarks.front().message;
  return std::nullopt;
}

std::optional<Instant> first_start_of(const std::string& definition_text) {
  Remarks mistakes;
  Json document;
  const JsonPath root_path;
  if (!parse_json(definition_text, root_path, mistakes, document)) return std::nullopt;
  ObjectReader root(&document, root_path, mistakes);
  return read_first_start(root);
}

}  // namespace frontrow::round
