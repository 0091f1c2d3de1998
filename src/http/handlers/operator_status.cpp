// GET /admin/v1/status: everything about the round in one answer.
#include "base/names.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/order_json.hpp"

namespace frontrow::http {
namespace {

/// 32 hex digits, the high half first: the form in which `frontrow replay` prints it.
std::string state_hash_text(const RoundStatus& status) {
  std::string text;
  for (const std::uint64_t half : {status.state_hash[1], status.state_hash[0]})
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[half >> shift & 15];
  return text;
}

/// The pace in force: while the admission is pinned, the rules' own.
void write_pace(JsonWriter& json, const RoundStatus& status) {
  const AdmissionPace pace = status.admission.pinned ? AdmissionPace{} : status.pace;
  json.key("pace").begin_object();
  if (pace.calls_per_second < status.admission.per_second)
    json.field("calls_per_second", pace.calls_per_second);
  else
    json.null_field("calls_per_second");
  json.field("outstanding_max",
             pace.outstanding_max == 0 ? status.admission.max_shoppers : pace.outstanding_max);
  json.field("reason", name_of(pace.reason));
  json.end_object();
}

void write_counts(JsonWriter& json, const SaleCounts& counts) {
  json.key("counts").begin_object();
  json.field("called", counts.called);
  json.field("entered", counts.entered);
  json.field("missed", counts.missed);
  json.field("entering_seconds", counts.entering_microseconds / 1'000'000);
  json.field("turns_ended", counts.turns_ended);
  json.field("turn_seconds", counts.turn_microseconds / 1'000'000);
  json.field("turn_seats", counts.turn_seats);
  json.field("payments_started", counts.payments_started);
  json.field("payments_succeeded", counts.payments_succeeded);
  json.field("payments_failed", counts.payments_failed);
  json.field("payments_answered", counts.payments_answered);
  json.field("payments_unanswered", counts.payments_unanswered);
  json.field("payment_seconds", counts.payment_microseconds / 1'000'000);
  json.end_object();
}

void write_payment_health(JsonWriter& json, const FrontShared& shared) {
  json.key("payment").begin_object();
  json.field("gateway", shared.settings.payment.gateway);
  json.key("breakers").begin_array();
  if (shared.services.payment_health) {
    for (const PaymentHealth& health : shared.services.payment_health()) {
      json.begin_object();
      json.field("gateway", health.gateway);
      json.field("stands_in", health.stands_in);
      json.field("method", health.method);
      json.field("state", health.breaker);
      json.field("calls", health.calls);
      json.field("unanswered", health.unanswered);
      json.field("refused", health.refused);
      json.field("times_opened", health.times_opened);
      json.end_object();
    }
  }
  json.end_array().end_object();
}

}  // namespace

void get_operator_status(RequestContext& context) {
  const FrontShared& shared = context.shared();
  const RoundStatus status = shared.published.read_status();
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("round", shared.round->id);
  json.field("phase", phase_name(status.phase));
  json.field("now", context.now);
  json.field("ready", shared.published.ready.load(std::memory_order_acquire));
  json.field("drawn", status.drawn);
  json.field("sequence", status.sequence);
  json.field("state_hash", state_hash_text(status));
  json.field("uptime_seconds", (context.now - shared.started_at).microseconds / 1'000'000);
  json.field("lobby_opens_at", status.lobby_opens_at);
  json.field("draw_at", status.draw_at);
  json.field("closes_at", status.closes_at);
  if (status.paused_at.microseconds != 0)
    json.field("paused_at", status.paused_at);
  else
    json.null_field("paused_at");
  json.key("totals");
  write_totals(json, status);
  json.key("fans").begin_object();
  json.field("total", shared.published.fan_count());
  for (std::size_t n = 0; n < fan_state_count; ++n)
    json.field(name_of(static_cast<FanState>(n)), status.fans_by_state[n]);
  json.field("banned", status.banned);
  json.field("late_waiting", status.late_waiting);
  json.end_object();
  json.key("orders").begin_object();
  for (std::size_t n = 0; n < std::size(status.orders_by_state); ++n)
    json.field(name_of(static_cast<OrderState>(n)), status.orders_by_state[n]);
  json.end_object();
  json.field("waitlist", status.waitlist_entries);
  json.key("admission").begin_object();
  json.field("max_shoppers", status.admission.max_shoppers);
  json.field("per_second", status.admission.per_second);
  json.field("enter_seconds", status.admission.enter.microseconds / 1'000'000);
  json.field("shopping_seconds", status.admission.shopping.microseconds / 1'000'000);
  json.field("missed_turn_places", status.admission.missed_turn_places);
  json.field("pinned", status.admission.pinned);
  write_pace(json, status);
  write_counts(json, status.counts);
  json.end_object();
  write_payment_health(json, shared);
  json.key("revenue").money(status.revenue, shared.round->currency);
  json.key("connections").begin_object();
  json.field("open", shared.connections->open.load(std::memory_order_relaxed));
  json.field("live", shared.connections->live.load(std::memory_order_relaxed));
  json.end_object();
  json.end_object();
  context.respond(json_response(200, std::move(out)));
}

}  // namespace frontrow::http
