// What the journal's first command binds, as values: the round, its plan, prices and rules.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontrow/money.hpp"
#include "frontrow/plan.hpp"
#include "frontrow/time.hpp"

namespace frontrow {

using Bytes16 = std::array<std::uint8_t, 16>;
using Bytes32 = std::array<std::uint8_t, 32>;

struct OtherRound {
  LocalizedText title;
  std::string url;
};

struct SaleRules {
  Instant lobby_opens_at, draw_at, closes_at, returns_until;
  std::uint32_t max_seats_per_fan = 4;
  std::uint32_t max_seats_per_order = 4;  ///< At most `max_seats_per_fan`.
  std::uint32_t max_open_orders_per_fan = 4;
  bool waitlist_always = false;  ///< It may be joined though what is asked for is free.
  Duration hold = seconds(300);
  Duration payment = seconds(300);
  /// By which a payment is prolonged at most for an outage of its gateway; 0: never.
  Duration payment_outage = seconds(120);
  Duration waitlist_offer = seconds(600);
};

/// Why a seat is not for sale; the numbers are permanent.
enum class BlockReason : std::uint8_t {
  kOther = 0,
  kProduction = 1,
  kSponsor = 2,
  kSightLine = 3,
  kZoneClosed = 4,  ///< Not said by anybody: the seat came free, or was, when its zone was closed.
};

/// How seats may be chosen.
struct SeatingRules {
  std::vector<std::uint8_t> orphan_rule;  ///< By `ZoneIndex`: 0 where it does not hold.
  /// Until then a companion seat goes only with its accessible place. Nothing: always free to all.
  std::optional<Instant> companions_open_at;
  struct Withheld {
    BlockReason reason = BlockReason::kOther;
    std::vector<SeatIndex> seats;
  };
  std::vector<Withheld> withheld;  ///< Blocked from the beginning. Each seat once.

  bool orphan_rule_in(ZoneIndex zone) const {
    return zone.value >= orphan_rule.size() || orphan_rule[zone.value] != 0;
  }
};

struct BeaconRule {
  std::string chain;  ///< Hex of the drand chain's hash.
  std::uint64_t round = 0;
  std::string url;  ///< Empty: the value is handed in by an operator.
  Duration wait = seconds(120);
};

struct DrawRules {
  std::optional<BeaconRule> beacon;
  Duration late_window = seconds(10);
};

/// Made when the round is first opened; journaled, and public once drawn and closed.
struct DrawSecrets {
  Bytes32 secret{};
  Bytes32 late_secret{};
};

struct AdmissionRules {
  std::uint32_t max_shoppers = 5'000;
  std::uint32_t per_second = 500;  ///< Calls a second; 0 calls nobody.
  Duration enter = seconds(120);
  Duration shopping = seconds(600);
  std::uint32_t missed_turn_places = 500;
  bool pinned = false;  ///< These numbers alone count; the admission controller keeps still.
  friend bool operator==(const AdmissionRules&, const AdmissionRules&) = default;
};

enum class IdentityMode : std::uint8_t { kOpen, kPass };

struct RoundDefinition {
  std::string id;
  LocalizedText title;
  Instant starts_at;
  std::string time_zone;  ///< IANA name.
  std::string currency;   ///< ISO 4217, upper case.
  std::vector<OtherRound> other_rounds;
  std::shared_ptr<const Plan> plan;
  std::vector<Amount> price_by_category;  ///< By `CategoryIndex`.
  SaleRules sale;
  SeatingRules seating;
  DrawRules draw;
  IdentityMode identity_mode = IdentityMode::kOpen;
  DrawSecrets secrets;
  Instant first_start;  ///< What relative instants of the round file were counted from.

  Amount price_of(CategoryIndex category) const { return price_by_category[category.value]; }
};

}  // namespace frontrow
