// What the journal's first command binds: read from a round file, or from the journal's own text,
// with the same eyes, and written in one form.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "round/instant_rule.hpp"
#include "round/object_reader.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {

/// A definition in the making: its instants are still rules.
struct BoundDraft {
  RoundDefinition definition;
  InstantRule starts_at, lobby_opens_at, draw_at, closes_at, returns_until;
  std::optional<InstantRule> companions_open_at;
  bool instants_good = true;  ///< False: one could not be read, so their order says nothing.
};

enum class Source { kRoundFile, kJournal };

/// The members "round", "sale", "draw" of `root`. Identity, venue and prices are read apart.
void read_bound_sections(ObjectReader& root, Source source, Remarks& mistakes, BoundDraft& draft);

/// The member "prices": one price for each category, and no other.
void read_prices(ObjectReader& root, const std::vector<std::string>& category_ids,
                 Remarks& mistakes, BoundDraft& draft);

/// Turns the rules into instants.
void resolve_instants(BoundDraft& draft, Instant first_start);

/// Order of the instants, the beacon's time; and what is legal but unwise.
void check_schedule(const BoundDraft& draft, Instant first_start, Remarks& mistakes,
                    Remarks& warnings);

/// All of it as JSON text, defaults filled in: equal rounds, equal texts.
std::string write_bound(const BoundDraft& draft);

}  // namespace frontrow::round
