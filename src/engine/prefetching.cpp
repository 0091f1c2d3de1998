// Fetching what the next commands will touch. A round's fans do not fit into a core's cache, so
// that without it every command would wait for memory once or twice.
#include "engine/state.hpp"

namespace frontrow {

using namespace engine;

namespace {

inline void fetch(const void* address) { __builtin_prefetch(address, 1, 3); }

}  // namespace

void Engine::State::prefetch(const Command& command) const {
  std::visit(
      [&](const auto& kind) {
        if constexpr (requires { kind.order; })
          if (exists(kind.order)) fetch(&orders_[kind.order.value]);
        if constexpr (requires { kind.fan; })
          if (exists(kind.fan)) fetch(&fans_[kind.fan.value]);
      },
      command);
}

void Engine::State::prefetch_more(const Command& command) const {
  std::visit(
      [&](const auto& kind) {
        if constexpr (requires { kind.order; })
          if (exists(kind.order)) {
            const OrderRecord& order = orders_[kind.order.value];
            fetch(order_seats_.data() + order.first_seat);
            fetch(&fans_[order.fan.value]);
            if (order.timer.previous != no_index) fetch(&orders_[order.timer.previous]);
            if (order.timer.next != no_index) fetch(&orders_[order.timer.next]);
          }
        if constexpr (requires { kind.idempotency; })
          if (!is_zero(kind.idempotency.key) && exists(kind.fan))
            keys_.prefetch(fans_[kind.fan.value]);
      },
      command);
}

}  // namespace frontrow
