// A fan's place in the waiting room.
#include "guard/recovery_code.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

void answer_place(Front& front, FanId fan, const Responder& to) {
  const auto view = front.queue_view(fan, wall_now());
  if (view)
    to.send(json_response(200, queue_json(*view)));
  else
    to.send(Problem(Fault::kInternal));
}

}  // namespace

void get_queue(RequestContext& context) {
  const auto view = context.front.queue_view(context.fan, context.now);
  if (!view) {
    context.respond(Problem(Fault::kInternal));
    return;
  }
  // For those who cannot hold a socket: when asking again is worth while.
  context.respond(json_response(200, queue_json(*view))
                      .with("Retry-After", std::to_string(view->next_update_seconds)));
}

void post_queue_enter(RequestContext& context) {
  if (!context.accept_no_body()) return;
  context.submit(Command(EnterShop{context.fan}),
                 [&front = context.front, fan = context.fan](Reply&, const Responder& to) {
                   answer_place(front, fan, to);
                 });
}

void delete_queue(RequestContext& context) {
  if (!context.accept_no_body()) return;
  context.submit(Command(LeaveQueue{context.fan}), answer_empty(204));
}

void post_queue_recovery(RequestContext& context) {
  if (!context.accept_no_body()) return;
  const std::string code = guard::make_recovery_code();
  const Bytes16 digest = guard::recovery_digest(context.shared().services.recovery_key, code);
  context.submit(Command(CreateRecovery{context.fan, digest}), [code](Reply&, const Responder& to) {
    std::string out;
    JsonWriter json(out);
    json.begin_object().field("code", code);
    json.end_object();
    to.send(json_response(201, std::move(out)));
  });
}

}  // namespace frontrow::http
