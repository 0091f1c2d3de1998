// Operators' acts on one fan.
#include "base/id_text.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

template <class Act>
void act_with_reason(RequestContext& context) {
  BodyReader body(context.request.body);
  std::string reason = body.required_text("reason", limits::reason_bytes_max);
  if (!context.accept(body)) return;
  const auto fan = parse_fan(context.parameter);
  if (!fan) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.submit(Command(Act{context.account->name, *fan, std::move(reason)}), answer_sequence());
}

}  // namespace

void post_fan_ban(RequestContext& context) { act_with_reason<BanFan>(context); }
void post_fan_unban(RequestContext& context) { act_with_reason<UnbanFan>(context); }

void delete_fan_personal_data(RequestContext& context) {
  if (!context.accept_no_body()) return;
  const auto fan = parse_fan(context.parameter);
  if (!fan) {
    context.respond(Problem(Fault::kNotFound));
    return;
  }
  context.submit(Command(ErasePersonalData{context.account->name, *fan}), answer_empty(204));
}

}  // namespace frontrow::http
