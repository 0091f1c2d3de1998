// POST /queue: a new place in the waiting room, or one that was there before, found again by a
// pass or a recovery code. With it comes the receipt for the place, which can be had again.
#include "base/digest.hpp"
#include "base/id_text.hpp"
#include "guard/fan_token.hpp"
#include "guard/proof_of_work.hpp"
#include "guard/recovery_code.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/log_json.hpp"
#include "proof/transparency_log.hpp"

namespace frontrow::http {
namespace {

RequestContext::OnReply answer_joined(Front& front) {
  return [&front](Reply& reply, const Responder& to) {
    const auto* joined = std::get_if<JoinedView>(&reply.body);
    const auto view = joined != nullptr ? front.queue_view(joined->fan, wall_now()) : std::nullopt;
    if (!view) {
      to.send(Problem(Fault::kInternal));
      return;
    }
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field("token", front.shared().services.tokens->issue(joined->fan));
    json.field("fan", to_text(joined->fan));
    write_queue_members(json, *view);
    if (const auto* log = front.shared().services.log)
      if (const auto receipt = log->sign_receipt_of(joined->fan))
        write_receipt(json.key("receipt"), proof::to_fields(*receipt));
    json.end_object();
    to.send(json_response(joined->created ? 201 : 200, std::move(out)));
  };
}

void redeem(RequestContext& context, const std::string& code) {
  const Bytes16 digest = guard::recovery_digest(context.shared().services.recovery_key, code);
  context.submit(Command(RedeemRecovery{digest}), answer_joined(context.front));
}

}  // namespace

void get_queue_receipt(RequestContext& context) {
  const auto* log = context.shared().services.log;
  const auto receipt = log != nullptr ? log->sign_receipt_of(context.fan) : std::nullopt;
  if (!receipt) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  std::string out;
  JsonWriter json(out);
  write_receipt(json, proof::to_fields(*receipt));
  context.respond(json_response(200, std::move(out)));
}

void post_queue(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto altcha = body.optional_text("altcha", limits::proof_bytes_max);
  const auto pass = body.optional_text("pass", limits::pass_bytes_max);
  const auto recovery = body.optional_text("recovery", limits::recovery_code_bytes_max);
  if (!context.accept(body)) return;
  if (recovery) {
    redeem(context, *recovery);
    return;
  }
  const FrontServices& services = context.shared().services;
  JoinQueue join;
  join.entry = random_array<Bytes16>();
  if (services.proof_of_work != nullptr) {
    const auto checked = altcha ? services.proof_of_work->check(*altcha, context.now)
                                : guard::ProofOfWork::Checked{};
    // Before the lobby opens and after the close no proof helps: that comes first.
    if (!checked.good) {
      const RoundStatus status = context.shared().published.read_status();
      if (status.phase == Phase::kClosed)
        context.respond(Problem(Rejection::kRoundClosed));
      else if (context.now < status.lobby_opens_at)
        context.respond(Problem(Rejection::kLobbyNotOpen));
      else
        context.respond(Problem(Fault::kProofOfWorkFailed));
      return;
    }
    join.proof = checked.digest;
  }
  if (context.round().identity_mode == IdentityMode::kPass) {
    const auto identity =
        pass && services.passes ? services.passes(*pass, context.now) : std::nullopt;
    if (!identity) {
      context.respond(Problem(Fault::kPassRefused));
      return;
    }
    join.subject = identity->subject;
    join.tier = identity->tier;
    join.seats_elsewhere = identity->seats_elsewhere;
  }
  context.submit_with_key(
      "POST /queue", {}, body,
      [&join](const Idempotency& idempotency) {
        join.key = idempotency.key;
        return Command(join);
      },
      answer_joined(context.front));
}

}  // namespace frontrow::http
