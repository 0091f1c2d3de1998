#include "round/bound_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/encoding.hpp"
#include "frontrow/limits.hpp"
#include "round/currencies.hpp"
#include "round/drand_chains.hpp"
#include "round/url_text.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t other_rounds_max = 100;
constexpr Range day_in_seconds{1, 86'400};
constexpr Duration returns_before_start = seconds(7 * 86'400);

/// Letters, digits, "-", "_", "." after a letter or digit: it stands in payment references.
bool is_round_id(const std::string& id) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && plain(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) {
    return plain(c) || c == '-' || c == '_' || c == '.';
  });
}

/// Looks like a name of the IANA time zone data, and is there where this machine has the data.
bool is_time_zone(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.back() == '/' ||
      name.find("..") != std::string::npos || name.find("//") != std::string::npos)
    return false;
  const bool characters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '/';
  });
  if (!characters) return false;
  std::error_code error;
  const std::filesystem::path data = "/usr/share/zoneinfo";
  if (!std::filesystem::is_directory(data, error)) return true;
  return std::filesystem::is_regular_file(data / name, error);
}

InstantRule read_instant(ObjectReader& object, std::string_view key, Source source,
                         InstantRule otherwise, bool& good) {
  const Json* value = object.take(key);
  if (value == nullptr) return otherwise;
  const std::string* text = value->get_ptr<const std::string*>();
  const auto rule =
      text == nullptr ? std::nullopt : parse_instant_rule(*text, source == Source::kJournal);
  if (rule) return *rule;
  object.mistake(key,
                 "must be an instant as \"2027-02-13T19:00:00+07:00\", or as \"+90s\", \"+5m\", "
                 "\"+2h\" after the first start");
  good = false;
  return otherwise;
}

void read_round(const Json* value, const JsonPath& path, Source source, Remarks& mistakes,
                BoundDraft& draft) {
  RoundDefinition& definition = draft.definition;
  ObjectReader object(value, path, mistakes);
  definition.id = object.required_text("id", 64);
  if (!definition.id.empty() && !is_round_id(definition.id))
    object.mistake("id",
                   "must be letters, digits, \"-\", \"_\" and \".\", a letter or digit first");
  definition.title = object.required_localized("title");
  if (object.require("starts_at") == nullptr) draft.instants_good = false;
  draft.starts_at = read_instant(object, "starts_at", source, {}, draft.instants_good);
  definition.time_zone = object.required_text("time_zone", 64);
  // The journal's round was checked when it was opened, perhaps on another machine.
  if (source == Source::kRoundFile && !definition.time_zone.empty() &&
      !is_time_zone(definition.time_zone))
    object.mistake("time_zone", fmt::format("{} is no time zone; an IANA name as Asia/Bangkok is "
                                            "asked for",
                                            in_quotes(definition.time_zone)));
  definition.currency = object.required_text("currency");
  if (!definition.currency.empty() && !currency_decimals(definition.currency))
    object.mistake("currency", fmt::format("{} is no currency of ISO 4217; a code as THB is asked "
                                           "for",
                                           in_quotes(definition.currency)));
  if (const Json* others = object.take("other_rounds")) {
    const JsonPath others_path = path.at("other_rounds");
    if (!others->is_array() || others->size() > other_rounds_max) {
      mistakes.add(others_path, fmt::format("must be an array of at most {}", other_rounds_max));
    } else {
      for (std::size_t n = 0; n < others->size(); ++n) {
        const JsonPath step = others_path.at(n);
        ObjectReader other(&(*others)[n], step, mistakes);
        OtherRound round;
        round.title = other.required_localized("title");
        round.url = other.required_text("url", url_bytes_max);
        if (!round.url.empty() && !is_web_url(round.url))
          other.mistake("url", "must be an address as https://…");
        other.refuse_unknown();
        definition.other_rounds.push_back(std::move(round));
      }
    }
  }
  object.refuse_unknown();
}

void read_sale(const Json* value, const JsonPath& path, Source source, Remarks& mistakes,
               BoundDraft& draft) {
  SaleRules& sale = draft.definition.sale;
  ObjectReader object(value, path, mistakes);
  const auto instant = [&](std::string_view key, InstantRule otherwise) {
    return read_instant(object, key, source, otherwise, draft.instants_good);
  };
  draft.lobby_opens_at = instant("lobby_opens_at", InstantRule::after_first_start(seconds(0)));
  draft.draw_at = instant("draw_at", InstantRule::after_first_start(seconds(60)));
  draft.closes_at = instant("closes_at", InstantRule::after_first_start(seconds(7'200)));
  sale.max_seats_per_fan = object.count("max_seats_per_fan", {1, limits::seats_per_fan_max}, 4);
  sale.max_open_orders_per_fan =
      object.count("max_open_orders_per_fan", {1, limits::open_orders_per_fan_max}, 4);
  sale.max_seats_per_order =
      object.count("max_seats_per_order", {1, sale.max_seats_per_fan}, sale.max_seats_per_fan);
  sale.waitlist_always = object.one_of("waitlist", {"when-needed", "always"}) == "always";
  sale.hold = seconds(object.whole_number("hold_seconds", day_in_seconds, 300));
  sale.payment = seconds(object.whole_number("payment_seconds", day_in_seconds, 300));
  sale.payment_outage = seconds(object.whole_number("payment_outage_seconds", {0, 3'600}, 120));
  sale.waitlist_offer = seconds(object.whole_number("waitlist_offer_seconds", {1, 604'800}, 600));
  InstantRule week_before = draft.starts_at;
  week_before.microseconds -= returns_before_start.microseconds;
  draft.returns_until = instant("returns_until", week_before);
  object.refuse_unknown();
}

void read_draw(const Json* value, const JsonPath& path, Remarks& mistakes, BoundDraft& draft) {
  DrawRules& draw = draft.definition.draw;
  ObjectReader object(value, path, mistakes);
  draw.late_window = seconds(object.whole_number("late_window_seconds", {1, 3'600}, 10));
  const Json* beacon = object.take("beacon");
  if (beacon != nullptr && !beacon->is_null()) {
    const JsonPath beacon_path = path.at("beacon");
    ObjectReader reader(beacon, beacon_path, mistakes);
    BeaconRule rule;
    rule.chain = reader.required_text("chain");
    std::transform(rule.chain.begin(), rule.chain.end(), rule.chain.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    const auto hash = from_hex(rule.chain);
    if (!rule.chain.empty() && (!hash || hash->size() != 32))
      reader.mistake("chain", "must be the 64 hex digits of a drand chain's hash");
    reader.require("round");
    rule.round = static_cast<std::uint64_t>(reader.whole_number("round", {1, drand_round_max}, 0));
    rule.url = reader.text("url", "", url_bytes_max);
    if (!rule.url.empty() && !is_web_url(rule.url))
      reader.mistake("url", "must be an address as https://…, or empty");
    rule.wait = seconds(reader.whole_number("wait_seconds", {0, 86'400}, 120));
    reader.refuse_unknown();
    draw.beacon = std::move(rule);
  }
  object.refuse_unknown();
}

}  // namespace

void read_bound_sections(ObjectReader& root, Source source, Remarks& mistakes, BoundDraft& draft) {
  const JsonPath round_path = root.path().at("round");
  read_round(root.require("round"), round_path, source, mistakes, draft);
  const JsonPath sale_path = root.path().at("sale");
  read_sale(root.take("sale"), sale_path, source, mistakes, draft);
  const JsonPath draw_path = root.path().at("draw");
  read_draw(root.take("draw"), draw_path, mistakes, draft);
}

void read_prices(ObjectReader& root, const std::vector<std::string>& category_ids,
                 Remarks& mistakes, BoundDraft& draft) {
  const Json* prices = root.require("prices");
  if (prices == nullptr) return;
  const JsonPath path = root.path().at("prices");
  if (!prices->is_object()) {
    mistakes.add(path, "must be an object of prices by category");
    return;
  }
  auto& by_category = draft.definition.price_by_category;
  by_category.assign(category_ids.size(), Amount{});
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t n = 0; n < category_ids.size(); ++n) index.emplace(category_ids[n], n);
  for (const auto& [category, price] : prices->items()) {
    const JsonPath step = path.at(category);
    const auto minor = read_whole_number(price, step, mistakes, {0, limits::price_minor_max});
    const auto found = index.find(category);
    // Where the venue has no categories at all, that is the venue's mistake.
    if (found == index.end() && !category_ids.empty())
      mistakes.add(step, "is no category of the venue");
    if (found != index.end() && minor) by_category[found->second] = Amount{*minor};
  }
  for (const std::string& category : category_ids)
    if (!prices->contains(category))
      mistakes.add(path.at(category), "is missing: the venue has this category");
}

void resolve_instants(BoundDraft& draft, Instant first_start) {
  RoundDefinition& definition = draft.definition;
  definition.first_start = first_start;
  definition.starts_at = draft.starts_at.resolve(first_start);
  definition.sale.lobby_opens_at = draft.lobby_opens_at.resolve(first_start);
  definition.sale.draw_at = draft.draw_at.resolve(first_start);
  definition.sale.closes_at = draft.closes_at.resolve(first_start);
  definition.sale.returns_until = draft.returns_until.resolve(first_start);
  if (draft.companions_open_at)
    definition.seating.companions_open_at = draft.companions_open_at->resolve(first_start);
}

}  // namespace frontrow::round
