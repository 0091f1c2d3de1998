// Operators take seats out of the sale, put them back, and move them to other price categories.
#include "base/names.hpp"
#include "frontrow/limits.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

/// The seats that a body names, and those of them that the venue does not have.
struct NamedSeats {
  std::vector<SeatIndex> seats;
  std::vector<std::string> unknown;
};

NamedSeats find_seats(const Plan& plan, const std::vector<std::string>& names) {
  NamedSeats found;
  for (const std::string& name : names) {
    found.seats.push_back(plan.find_seat(name));
    if (!found.seats.back().exists() && found.unknown.size() < limits::seats_named_max)
      found.unknown.push_back(name);
  }
  return found;
}

void submit(RequestContext& context, Command&& command, std::vector<std::string>&& unknown) {
  context.submit(std::move(command), answer_sequence(),
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

void post_seats_block(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto names = body.required_names("seats", frontrow::limits::seats_per_command_max);
  const auto why = body.optional_text("why", limits::reason_bytes_max);
  const auto reason = body.optional_text("reason", limits::reason_bytes_max);
  BlockSeats block{context.account->name, {}, BlockReason::kOther, reason.value_or("")};
  bool known = !why.has_value();
  for (const BlockReason one : {BlockReason::kOther, BlockReason::kProduction,
                                BlockReason::kSponsor, BlockReason::kSightLine}) {
    if (why != name_of(one)) continue;
    block.why = one;
    known = true;
  }
  if (!known) body.refuse("why");
  if (!context.accept(body)) return;
  NamedSeats named = find_seats(context.plan(), names);
  block.seats = std::move(named.seats);
  submit(context, std::move(block), std::move(named.unknown));
}

void post_seats_unblock(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto names = body.required_names("seats", frontrow::limits::seats_per_command_max);
  if (!context.accept(body)) return;
  NamedSeats named = find_seats(context.plan(), names);
  submit(context, UnblockSeats{context.account->name, std::move(named.seats)},
         std::move(named.unknown));
}

void post_seats_category(RequestContext& context) {
  BodyReader body(context.request.body);
  const auto names = body.required_names("seats", frontrow::limits::seats_per_command_max);
  const std::string category = body.required_text("category", limits::body_bytes_max);
  const auto reason = body.optional_text("reason", limits::reason_bytes_max);
  if (!context.accept(body)) return;
  NamedSeats named = find_seats(context.plan(), names);
  submit(context,
         MoveCategory{context.account->name, std::move(named.seats),
                      context.plan().find_category(category), reason.value_or("")},
         std::move(named.unknown));
}

}  // namespace frontrow::http
