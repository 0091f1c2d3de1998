#include "payment/settling.hpp"

#include <limits>
#include <utility>

namespace frontrow::payment {

void Settling::begin() {
  if (under_way_) return;
  under_way_ = true;
  ask_(ListUnsettled{});
}

void Settling::answered(Reply&& reply) {
  for (const UnsettledOrder& order : std::exchange(told_, {})) settle_(order);
  auto* view = std::get_if<UnsettledView>(&reply.body);
  if (view == nullptr) {
    under_way_ = false;
    return;
  }
  told_ = std::move(view->orders);
  if (view->more)
    ask_(ListUnsettled{view->next_captures, view->next_from});
  else if (!told_.empty())
    ask_(ListUnsettled{true, std::numeric_limits<std::uint32_t>::max()});  // names nothing more
  else
    under_way_ = false;
}

}  // namespace frontrow::payment
