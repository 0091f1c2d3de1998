#include "round/seating_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/names.hpp"
#include "frontrow/limits.hpp"

namespace frontrow::round {
namespace {

constexpr std::array withholding_reasons{BlockReason::kProduction, BlockReason::kSponsor,
                                         BlockReason::kSightLine, BlockReason::kOther};
constexpr std::size_t name_bytes_max = 300;

void read_orphan_rule(const Json& value, const JsonPath& path, const Plan* plan, Remarks& mistakes,
                      SeatingRules& rules) {
  if (value.is_boolean()) {
    if (!value.get<bool>() && plan != nullptr) rules.orphan_rule.assign(plan->zones.size(), 0);
    return;
  }
  if (!value.is_object()) {
    mistakes.add(path, "must be true, false, or an object of true and false by zone");
    return;
  }
  if (plan != nullptr) rules.orphan_rule.assign(plan->zones.size(), 1);
  for (const auto& [name, holds] : value.items()) {
    const JsonPath step = path.at(name);
    const ZoneIndex zone = plan != nullptr ? plan->find_zone(name) : ZoneIndex::none();
    if (!holds.is_boolean())
      mistakes.add(step, "must be true or false");
    else if (plan != nullptr && !zone.exists())
      mistakes.add(step, "is no zone of the venue");
    else if (zone.exists())
      rules.orphan_rule[zone.value] = holds.get<bool>() ? 1 : 0;
  }
}

/// The names in `value`, one by one, with the path of each.
template <class Take>
void each_name(const Json* value, const JsonPath& path, Remarks& mistakes, Take&& take) {
  if (value == nullptr) return;
  if (!value->is_array() || value->size() > limits::seats_max) {
    mistakes.add(path, "must be an array of names");
    return;
  }
  for (std::size_t n = 0; n < value->size(); ++n) {
    const JsonPath step = path.at(n);
    if (const auto name = read_text((*value)[n], step, mistakes, name_bytes_max)) take(*name, step);
  }
}

class WithheldReader {
 public:
  WithheldReader(const Plan* plan, Remarks& mistakes) : plan_(plan), mistakes_(mistakes) {
    if (plan != nullptr) reason_of_.resize(plan->capacity(), 0);
  }

  void read(const Json& value, const JsonPath& path) {
    ObjectReader object(&value, path, mistakes_);
    const std::string name =
        object.one_of("reason", {"other", "production", "sponsor", "sight-line"});
    BlockReason reason = BlockReason::kOther;
    for (const BlockReason one : withholding_reasons)
      if (name_of(one) == name) reason = one;
    const JsonPath seats = path.at("seats"), zones = path.at("zones");
    each_name(object.take("seats"), seats, mistakes_,
              [&](const std::string& seat, const JsonPath& step) {
                const SeatIndex index = plan_ ? plan_->find_seat(seat) : SeatIndex::none();
                if (index.exists())
                  withhold(index, reason, step);
                else if (plan_ != nullptr)
                  mistakes_.add(step, "is no seat of the venue");
              });
    each_name(object.take("zones"), zones, mistakes_,
              [&](const std::string& zone, const JsonPath& step) {
                const ZoneIndex index = plan_ ? plan_->find_zone(zone) : ZoneIndex::none();
                if (!index.exists()) {
                  if (plan_ != nullptr) mistakes_.add(step, "is no zone of the venue");
                  return;
                }
                const PlanZone& its = plan_->zone(index);
                for (std::uint32_t n = 0; n < its.seat_count; ++n)
                  withhold(SeatIndex{its.first_seat.value + n}, reason, step);
              });
    object.refuse_unknown();
  }

  std::vector<SeatingRules::Withheld> take() const {
    std::vector<SeatingRules::Withheld> lists;
    for (const BlockReason reason : withholding_reasons) {
      SeatingRules::Withheld list{reason, {}};
      for (std::uint32_t n = 0; n < reason_of_.size(); ++n)
        if (reason_of_[n] == static_cast<std::uint8_t>(reason) + 1)
          list.seats.push_back(SeatIndex{n});
      if (!list.seats.empty()) lists.push_back(std::move(list));
    }
    return lists;
  }

 private:
  void withhold(SeatIndex seat, BlockReason reason, const JsonPath& step) {
    std::uint8_t& known = reason_of_[seat.value];
    if (known != 0)
      mistakes_.add(step,
                    fmt::format("names a seat that is withheld already: {}", plan_->seat(seat).id));
    known = static_cast<std::uint8_t>(static_cast<std::uint8_t>(reason) + 1);
  }

  const Plan* plan_;
  Remarks& mistakes_;
  std::vector<std::uint8_t> reason_of_;  ///< By seat: 0, or one more than the reason.
};

}  // namespace

void read_seating(ObjectReader& root, Source source, const Plan* plan, Remarks& mistakes,
                  BoundDraft& draft) {
  SeatingRules& rules = draft.definition.seating;
  const JsonPath path = root.path().at("seating");
  ObjectReader object(root.take("seating"), path, mistakes);
  if (const Json* rule = object.take("orphan_rule")) {
    const JsonPath step = path.at("orphan_rule");
    read_orphan_rule(*rule, step, plan, mistakes, rules);
  }
  if (const Json* opens = object.take("companions_open_at");
      opens != nullptr && !opens->is_null()) {
    const std::string* text = opens->get_ptr<const std::string*>();
    draft.companions_open_at =
        text == nullptr ? std::nullopt : parse_instant_rule(*text, source == Source::kJournal);
    if (!draft.companions_open_at)
      object.mistake("companions_open_at", "must be an instant as sale.closes_at is, or null");
  }
  if (const Json* lists = object.take("withheld")) {
    const JsonPath step = path.at("withheld");
    WithheldReader reader(plan, mistakes);
    if (!lists->is_array() || lists->size() > limits::zones_max) {
      mistakes.add(step, "must be an array of {\"reason\", \"seats\", \"zones\"}");
    } else {
      for (std::size_t n = 0; n < lists->size(); ++n) {
        const JsonPath one = step.at(n);
        reader.read((*lists)[n], one);
      }
      rules.withheld = reader.take();
    }
  }
  object.refuse_unknown();
}

void write_seating(JsonWriter& out, const BoundDraft& draft) {
  const SeatingRules& rules = draft.definition.seating;
  const Plan& plan = *draft.definition.plan;
  out.key("seating").open('{').key("orphan_rule").open('{');
  for (std::size_t n = 0; n < rules.orphan_rule.size(); ++n)
    if (rules.orphan_rule[n] == 0) out.key(plan.zones[n].id).raw("false");
  out.close('}').key("companions_open_at");
  if (draft.companions_open_at)
    out.text(draft.companions_open_at->text());
  else
    out.null();
  out.key("withheld").open('[');
  for (const auto& list : rules.withheld) {
    out.open('{').key("reason").text(name_of(list.reason)).key("seats").open('[');
    for (const SeatIndex seat : list.seats) out.text(plan.seat(seat).id);
    out.close(']').close('}');
  }
  out.close(']').close('}');
}

}  // namespace frontrow::round
