#include "audit/command_fields.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "audit/names.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/id_text.hpp"
#include "base/instant_text.hpp"

namespace frontrow::audit {
namespace {

using Fields = nlohmann::ordered_json;

Fields seconds_text(Duration duration) {
  return static_cast<double>(duration.microseconds) / 1'000'000;
}

/// Where a name was unknown, as it arrived: null.
Fields id(SeatIndex seat, const Plan& plan) {
  return seat.value < plan.seats.size() ? Fields(plan.seat(seat).id) : Fields(nullptr);
}
Fields id(ZoneIndex zone, const Plan& plan) {
  return zone.value < plan.zones.size() ? Fields(plan.zone(zone).id) : Fields(nullptr);
}
Fields id(CategoryIndex category, const Plan& plan) {
  return category.value < plan.categories.size() ? Fields(plan.categories[category.value].id)
                                                 : Fields(nullptr);
}

template <class List>
Fields ids(const List& list, const Plan& plan) {
  Fields names = Fields::array();
  for (const auto& one : list) names.push_back(id(one, plan));
  return names;
}

/// Fields of one command. What many have (fan, order, operator, idempotency key) is put in by
/// `with_common`; the overloads add the rest.
struct Describe {
  const RoundDefinition& round;
  const Plan& plan = *round.plan;
  Fields out = Fields::object();

  template <class Kind>
  void with_common(const Kind& command) {
    if constexpr (requires { command.operator_name; }) out["operator"] = command.operator_name;
    if constexpr (requires { command.fan; }) out["fan"] = to_text(command.fan);
    if constexpr (requires { command.order; }) out["order"] = to_text(command.order);
    if constexpr (requires { command.attempt; }) out["attempt"] = command.attempt;
    add(command);
    if constexpr (requires { command.reason; }) out["reason"] = command.reason;
    if constexpr (requires { command.idempotency; }) {
      if (command.idempotency.given()) out["idempotency_key"] = to_hex(command.idempotency.key);
    }
  }

  void add(const OpenRound& command) {
    out["rules_version"] = command.rules_version;
    out["round"] = round.id;
    out["capacity"] = plan.capacity();
    out["lobby_opens_at"] = to_rfc3339(round.sale.lobby_opens_at);
    out["draw_at"] = to_rfc3339(round.sale.draw_at);
    out["closes_at"] = to_rfc3339(round.sale.closes_at);
    out["commitment"] = to_hex(sha256(round.secrets.secret));
    out["late_commitment"] = to_hex(sha256(round.secrets.late_secret));
  }
  void add(const Resume& command) { out["gap_seconds"] = seconds_text(command.gap); }
  void add(const Tick&) {}
  void add(const CloseLobby& command) {
    out["lobby_root"] = to_hex(command.lobby_root);
    out["count"] = command.count;
  }
  void add(const SetBeacon& command) {
    out["round"] = command.round;
    out["randomness"] = to_hex(command.randomness);
    out["signature"] = to_hex(as_bytes(command.signature));
  }
  void add(const DrawLine&) {}
  void add(const CloseLateWindow& command) {
    out["window"] = command.window;
    out["beacon_round"] = command.beacon_round;
    out["beacon"] = to_hex(as_bytes(command.beacon));
    out["beacon_signature"] = to_hex(as_bytes(command.beacon_signature));
  }
  void add(const SetPace& command) {
    out["calls_per_second"] = command.pace.calls_per_second;
    out["outstanding_max"] = command.pace.outstanding_max;
    out["why"] = name_of(command.pace.reason);
    out["measured"] = command.measured;
  }
  void add(const JoinQueue& command) {
    out["entry"] = to_hex(command.entry);
    out["tier"] = command.tier;
    if (command.seats_elsewhere != 0) out["seats_elsewhere"] = command.seats_elsewhere;
    if (command.subject != Bytes16{}) out["subject"] = to_hex(command.subject);
    if (command.proof != Bytes16{}) out["proof"] = to_hex(command.proof);
    if (command.key != Bytes16{}) out["idempotency_key"] = to_hex(command.key);
  }
  void add(const EnterShop&) {}
  void add(const LeaveQueue&) {}
  // A recovery code's digest opens nothing, but it is nobody's business either.
  void add(const CreateRecovery&) {}
  void add(const RedeemRecovery&) {}
  void add(const PlaceHold& command) { out["seats"] = ids(command.seats, plan); }
  void add(const PlaceBestHold& command) {
    if (command.by_zone)
      out["zone"] = id(command.zone, plan);
    else
      out["category"] = id(command.category, plan);
    out["quantity"] = command.quantity;
    if (command.together == Together::kPreferred)
      out["together"] = "prefer";
    else
      out["together"] = command.together == Together::kRequired;
  }
  void add(const ReleaseOrder&) {}
  void add(const StartPayment& command) {
    out["method"] = name_of(command.method);
    out["accept_alternative"] = command.accept_alternative;
  }
  void add(const ReturnOrder&) {}
  void add(const RecordPaymentAction& command) { out["action"] = command.action; }
  void add(const RecordPaymentSuccess& command) {
    out["amount"] = command.amount.minor;
    out["gateway_reference"] = command.gateway_reference;
  }
  void add(const RecordPaymentFailure& command) { out["failure"] = name_of(command.failure); }
  void add(const RecordRefund& command) { out["gateway_reference"] = command.gateway_reference; }
  void add(const RecordGatewayHealth& command) {
    out["method"] = name_of(command.method);
    out["health"] = name_of(command.health);
    out["gateway"] = command.gateway;
  }
  void add(const JoinWaitlist& command) {
    out["zones"] = ids(command.zones, plan);
    out["quantity"] = command.quantity;
    out["together"] = command.together;
    if (!command.categories.empty()) out["categories"] = ids(command.categories, plan);
  }
  void add(const LeaveWaitlist&) {}
  void add(const SetPhase& command) { out["phase"] = name_of(command.phase); }
  void add(const SetSchedule& command) {
    out["lobby_opens_at"] = to_rfc3339(command.lobby_opens_at);
    out["draw_at"] = to_rfc3339(command.draw_at);
    out["closes_at"] = to_rfc3339(command.closes_at);
  }
  void add(const SetAdmission& command) {
    out["max_shoppers"] = command.rules.max_shoppers;
    out["per_second"] = command.rules.per_second;
    out["enter_seconds"] = seconds_text(command.rules.enter);
    out["shopping_seconds"] = seconds_text(command.rules.shopping);
    out["missed_turn_places"] = command.rules.missed_turn_places;
    out["pinned"] = command.rules.pinned;
  }
  void add(const BlockSeats& command) {
    out["seats"] = ids(command.seats, plan);
    out["why"] = name_of(command.why);
  }
  void add(const UnblockSeats& command) { out["seats"] = ids(command.seats, plan); }
  void add(const BanFan&) {}
  void add(const UnbanFan&) {}
  void add(const RefundOrder&) {}
  void add(const PostNotice& command) { out["text"] = command.text; }
  void add(const ErasePersonalData&) {}
  void add(const SetZoneOpen& command) {
    out["zone"] = id(command.zone, plan);
    out["open"] = command.open;
  }
  void add(const MoveCategory& command) {
    out["seats"] = ids(command.seats, plan);
    out["category"] = id(command.category, plan);
  }
};

}  // namespace

Fields command_fields(const Carried& carried) {
  Describe describe{carried.engine.definition()};
  std::visit([&](const auto& command) { describe.with_common(command); }, carried.command);
  return std::move(describe.out);
}

Fields outcome_fields(const Carried& carried) {
  const Plan& plan = *carried.engine.definition().plan;
  Fields out = Fields::object();
  if (const auto* joined = std::get_if<JoinedView>(&carried.reply.body)) {
    out["fan"] = to_text(joined->fan);
  } else if (const auto* order = std::get_if<OrderView>(&carried.reply.body)) {
    out["order"] = to_text(order->id);
    out["state"] = name_of(order->state);
    if (std::holds_alternative<PlaceBestHold>(carried.command)) {
      out["seats"] = ids(order->seats, plan);
    }
    if (std::holds_alternative<StartPayment>(carried.command)) {
      out["attempt"] = order->payment.attempt;
    }
  } else if (const auto* conflict = std::get_if<ConflictView>(&carried.reply.body)) {
    out["in_the_way"] = ids(conflict->seats, plan);
  }
  const bool accepted = carried.reply.rejection == Rejection::kNone;
  if (accepted && std::holds_alternative<DrawLine>(carried.command)) {
    const DrawRecord record = carried.engine.draw_record();
    out["secret"] = to_hex(record.secret);
    out["beacon"] = to_hex(as_bytes(record.beacon));
    out["seed"] = to_hex(record.seed);
  }
  return out;
}

const char* outcome_name(const Reply& reply) {
  if (reply.rejection != Rejection::kNone) return "refused";
  return reply.repeated ? "repeated" : "accepted";
}

}  // namespace frontrow::audit
