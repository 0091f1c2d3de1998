// Operators' acts on the round as a whole.
#include "base/encoding.hpp"
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void post_phase(RequestContext& context) {
  BodyReader body(context.request.body);
  const std::string phase = body.required_choice("phase", {"paused", "onsale", "closed"});
  if (!context.accept(body)) return;
  const RequestedPhase wanted = phase == "paused"   ? RequestedPhase::kPaused
                                : phase == "onsale" ? RequestedPhase::kOnSale
                                                    : RequestedPhase::kClosed;
  context.submit(Command(SetPhase{context.account->name, wanted}), answer_sequence());
}

void put_schedule(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto lobby = body.optional_instant("lobby_opens_at");
  const auto draw = body.optional_instant("draw_at");
  const auto closes = body.optional_instant("closes_at");
  if (!context.accept(body)) return;
  const RoundStatus status = context.shared().published.read_status();
  context.submit(
      Command(SetSchedule{context.account->name, lobby.value_or(status.lobby_opens_at),
                          draw.value_or(status.draw_at), closes.value_or(status.closes_at)}),
      answer_sequence());
}

void post_beacon(RequestContext& context) {
  BodyReader body(context.request.body);
  SetBeacon beacon;
  beacon.operator_name = context.account->name;
  beacon.round = body.required_long_number("round");
  const std::string randomness = body.required_text("randomness", 64);
  const std::string signature =
      body.required_text("signature", limits::beacon_signature_bytes_max * 2);
  if (!from_hex(randomness, beacon.randomness)) body.refuse("randomness");
  const auto bytes = from_hex(signature);
  if (bytes)
    beacon.signature.assign(bytes->begin(), bytes->end());
  else
    body.refuse("signature");
  if (!context.accept(body)) return;
  context.submit(Command(std::move(beacon)), answer_sequence());
}

void put_admission(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto per_second = body.optional_number("per_second");
  const auto max_shoppers = body.optional_count("max_shoppers");
  const auto pinned = body.optional_boolean("pinned");
  if (!context.accept(body)) return;
  AdmissionRules rules = context.shared().published.read_status().admission;
  if (per_second) rules.per_second = *per_second;
  if (max_shoppers) rules.max_shoppers = *max_shoppers;
  if (pinned) rules.pinned = *pinned;
  context.submit(Command(SetAdmission{context.account->name, rules}), answer_sequence());
}

void post_notice(RequestContext& context) {
  BodyReader body(context.request.body);
  LocalizedText text = body.required_localized("text", limits::notice_languages_max,
                                               frontrow::limits::text_bytes_max);
  if (!context.accept(body)) return;
  context.submit(Command(PostNotice{context.account->name, std::move(text)}), answer_sequence());
}

}  // namespace frontrow::http
