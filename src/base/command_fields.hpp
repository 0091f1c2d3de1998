// What stands in the body of each command, in order: one list a command, walked by the passes of
// the codec (measuring, writing, reading), so that the writer and the reader of the journal
// cannot drift apart. For command_codec.cpp alone.
//
// A pass has `raw(pointer, size)`, `require(condition)`, `reads`, and `Of<T>`, which is `T` for
// the one that reads and `const T` for the others.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "frontrow/command.hpp"
#include "frontrow/limits.hpp"

namespace frontrow::codec {

template <class Pass, class T>
using Of = typename Pass::template Of<T>;

// --- kinds of fields ----------------------------------------------------------------------

template <class Pass, class T>
requires(std::is_integral_v<std::remove_const_t<T>> &&
         !std::is_same_v<std::remove_const_t<T>, bool>) void field(Pass& pass, T& value) {
  pass.raw(&value, sizeof value);
}

template <class Pass>
void flag(Pass& pass, Of<Pass, bool>& value) {
  std::uint8_t byte = value ? 1 : 0;
  pass.raw(&byte, 1);
  pass.require(byte <= 1);
  if constexpr (Pass::reads) value = byte == 1;
}

/// An enumeration of one byte whose largest known value is `last`.
template <class Pass, class Enum>
void choice(Pass& pass, Enum& value, std::remove_const_t<Enum> last) {
  static_assert(sizeof(Enum) == 1);
  auto byte = static_cast<std::uint8_t>(value);
  pass.raw(&byte, 1);
  pass.require(byte <= static_cast<std::uint8_t>(last));
  if constexpr (Pass::reads) value = static_cast<Enum>(byte);
}

template <class Pass, class Identifier>
requires requires(Identifier id) { std::remove_const_t<Identifier>::none(); }
void field(Pass& pass, Identifier& id) { pass.raw(&id.value, sizeof id.value); }

template <class Pass>
void field(Pass& pass, Of<Pass, Bytes16>& bytes) {
  pass.raw(bytes.data(), bytes.size());
}
template <class Pass>
void field(Pass& pass, Of<Pass, Bytes32>& bytes) {
  pass.raw(bytes.data(), bytes.size());
}
template <class Pass>
void field(Pass& pass, Of<Pass, Duration>& duration) {
  field(pass, duration.microseconds);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Instant>& instant) {
  field(pass, instant.microseconds);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Amount>& amount) {
  field(pass, amount.minor);
}
template <class Pass>
void field(Pass& pass, Of<Pass, Idempotency>& idempotency) {
  field(pass, idempotency.key);
  field(pass, idempotency.request);
}

/// Length (32 bits) and bytes.
template <class Pass>
void text(Pass& pass, Of<Pass, std::string>& value, std::size_t max = limits::text_bytes_max) {
  auto size = static_cast<std::uint32_t>(value.size());
  pass.require(value.size() <= max);
  field(pass, size);
  if constexpr (Pass::reads) {
    pass.require(size <= max && size <= pass.remaining());
    if (pass.failed()) return;
    value.resize(size);
  }
  pass.raw(value.data(), size);
}

/// Count (32 bits) and the values of the identifiers.
template <class Pass, class List>
void list(Pass& pass, List& values, std::size_t max) {
  using Identifier = typename std::remove_const_t<List>::value_type;
  static_assert(sizeof(Identifier) == sizeof(typename Identifier::Value));
  auto count = static_cast<std::uint32_t>(values.size());
  pass.require(values.size() <= max);
  field(pass, count);
  if constexpr (Pass::reads) {
    pass.require(count <= max && count <= pass.remaining() / sizeof(Identifier));
    if (pass.failed()) return;
    values.resize(count);
  }
  if (count > 0) pass.raw(values.data(), count * sizeof(Identifier));
}

/// Count (32 bits), then language and text, ascending by language: one text, one encoding.
template <class Pass>
void field(Pass& pass, Of<Pass, LocalizedText>& by_language) {
  auto count = static_cast<std::uint32_t>(by_language.size());
  field(pass, count);
  pass.require(count <= limits::languages_max);
  if constexpr (Pass::reads) {
    for (std::uint32_t n = 0; n < count && !pass.failed(); ++n) {
      std::string language;
      std::string words;
      text(pass, language, limits::language_tag_bytes_max);
      text(pass, words);
      pass.require(by_language.empty() || by_language.rbegin()->first < language);
      by_language.emplace_hint(by_language.end(), std::move(language), std::move(words));
    }
  } else {
    for (const auto& [language, words] : by_language) {
      text(pass, language, limits::language_tag_bytes_max);
      text(pass, words);
    }
  }
}

template <class Pass>
void field(Pass& pass, Of<Pass, AdmissionRules>& rules) {
  field(pass, rules.max_shoppers);
  field(pass, rules.per_second);
  field(pass, rules.enter);
  field(pass, rules.shopping);
  field(pass, rules.missed_turn_places);
  flag(pass, rules.pinned);
}

template <class Pass, class... Parts>
void fields(Pass& pass, Parts&... parts) {
  (field(pass, parts), ...);
}

// --- the commands -------------------------------------------------------------------------

template <class Pass>
void body(Pass& pass, Of<Pass, OpenRound>& command) {
  field(pass, command.rules_version);
  text(pass, command.definition, limits::definition_bytes_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, Resume>& command) {
  field(pass, command.gap);
}
template <class Pass>
void body(Pass&, Of<Pass, Tick>&) {}
template <class Pass>
void body(Pass& pass, Of<Pass, CloseLobby>& command) {
  fields(pass, command.lobby_root, command.count);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetBeacon>& command) {
  text(pass, command.operator_name);
  fields(pass, command.round, command.randomness);
  text(pass, command.signature);
}
template <class Pass>
void body(Pass&, Of<Pass, DrawLine>&) {}
template <class Pass>
void body(Pass& pass, Of<Pass, CloseLateWindow>& command) {
  fields(pass, command.window, command.beacon_round);
  text(pass, command.beacon);
  text(pass, command.beacon_signature);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetPace>& command) {
  fields(pass, command.pace.calls_per_second, command.pace.outstanding_max);
  choice(pass, command.pace.reason, PaceReason::kSeatsSpokenFor);
  text(pass, command.measured);
}

template <class Pass>
void body(Pass& pass, Of<Pass, JoinQueue>& command) {
  fields(pass, command.entry, command.tier, command.subject, command.proof, command.key,
         command.seats_elsewhere);
}
template <class Pass>
void body(Pass& pass, Of<Pass, EnterShop>& command) {
  field(pass, command.fan);
}
template <class Pass>
void body(Pass& pass, Of<Pass, LeaveQueue>& command) {
  field(pass, command.fan);
}
template <class Pass>
void body(Pass& pass, Of<Pass, CreateRecovery>& command) {
  fields(pass, command.fan, command.code);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RedeemRecovery>& command) {
  field(pass, command.code);
}

template <class Pass>
void body(Pass& pass, Of<Pass, PlaceHold>& command) {
  fields(pass, command.fan, command.idempotency);
  list(pass, command.seats, limits::seats_per_command_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, PlaceBestHold>& command) {
  fields(pass, command.fan, command.idempotency);
  flag(pass, command.by_zone);
  fields(pass, command.zone, command.category, command.quantity);
  choice(pass, command.together, Together::kPreferred);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ReleaseOrder>& command) {
  fields(pass, command.fan, command.order);
}
template <class Pass>
void body(Pass& pass, Of<Pass, StartPayment>& command) {
  fields(pass, command.fan, command.order, command.idempotency);
  choice(pass, command.method, PaymentMethod::kShopeePay);
  flag(pass, command.accept_alternative);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ReturnOrder>& command) {
  fields(pass, command.fan, command.order, command.idempotency);
}

template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentAction>& command) {
  fields(pass, command.order, command.attempt);
  text(pass, command.action);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentSuccess>& command) {
  fields(pass, command.order, command.attempt, command.amount);
  text(pass, command.gateway_reference);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordPaymentFailure>& command) {
  fields(pass, command.order, command.attempt);
  choice(pass, command.failure, PaymentFailure::kInvalidToken);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordRefund>& command) {
  field(pass, command.order);
  text(pass, command.gateway_reference);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RecordGatewayHealth>& command) {
  choice(pass, command.method, PaymentMethod::kShopeePay);
  choice(pass, command.health, GatewayHealth::kTrying);
  text(pass, command.gateway, limits::gateway_name_bytes_max);
}

template <class Pass>
void body(Pass& pass, Of<Pass, JoinWaitlist>& command) {
  fields(pass, command.fan, command.idempotency);
  list(pass, command.zones, limits::waitlist_zones_max);
  field(pass, command.quantity);
  flag(pass, command.together);
  list(pass, command.categories, limits::waitlist_zones_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, LeaveWaitlist>& command) {
  field(pass, command.fan);
}

template <class Pass>
void body(Pass& pass, Of<Pass, SetPhase>& command) {
  text(pass, command.operator_name);
  choice(pass, command.phase, RequestedPhase::kClosed);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetSchedule>& command) {
  text(pass, command.operator_name);
  fields(pass, command.lobby_opens_at, command.draw_at, command.closes_at);
}
template <class Pass>
void body(Pass& pass, Of<Pass, SetAdmission>& command) {
  text(pass, command.operator_name);
  field(pass, command.rules);
}
template <class Pass>
void body(Pass& pass, Of<Pass, BlockSeats>& command) {
  text(pass, command.operator_name);
  list(pass, command.seats, limits::seats_per_command_max);
  choice(pass, command.why, BlockReason::kZoneClosed);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, UnblockSeats>& command) {
  text(pass, command.operator_name);
  list(pass, command.seats, limits::seats_per_command_max);
}
template <class Pass>
void body(Pass& pass, Of<Pass, BanFan>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, UnbanFan>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, RefundOrder>& command) {
  text(pass, command.operator_name);
  field(pass, command.order);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, PostNotice>& command) {
  text(pass, command.operator_name);
  field(pass, command.text);
}
template <class Pass>
void body(Pass& pass, Of<Pass, ErasePersonalData>& command) {
  text(pass, command.operator_name);
  field(pass, command.fan);
}

template <class Pass>
void body(Pass& pass, Of<Pass, SetZoneOpen>& command) {
  text(pass, command.operator_name);
  field(pass, command.zone);
  flag(pass, command.open);
  text(pass, command.reason);
}
template <class Pass>
void body(Pass& pass, Of<Pass, MoveCategory>& command) {
  text(pass, command.operator_name);
  list(pass, command.seats, limits::seats_per_command_max);
  field(pass, command.category);
  text(pass, command.reason);
}

}  // namespace frontrow::codec
