// Operators take seats out of the sale and put them back.
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

template <class Change>
void change_seats(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto names = body.required_names("seats", frontrow::limits::seats_per_command_max);
  if (!context.accept(body)) return;
  Change change{context.account->name, {}};
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    change.seats.push_back(context.plan().find_seat(name));
    if (!change.seats.back().exists() && unknown.size() < limits::seats_named_max)
      unknown.push_back(name);
  }
  context.submit(Command(std::move(change)), answer_sequence(),
                 [unknown = std::move(unknown), round = context.shared().round](
                     Reply& reply, const Responder& to) {
                   Problem problem = problem_of(reply, *round->plan);
                   if (reply.rejection == Rejection::kUnknownSeat) {
                     const std::vector<std::string_view> views(unknown.begin(), unknown.end());
                     std::move(problem).with_names("seats", views);
                   }
                   to.send(problem);
                 });
}

}  // namespace

void post_seats_block(RequestContext& context) { change_seats<BlockSeats>(context); }
void post_seats_unblock(RequestContext& context) { change_seats<UnblockSeats>(context); }

}  // namespace frontrow::http
