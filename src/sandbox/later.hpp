// Something to do later on an io_context. For this folder; called on the io_context's thread.
#pragma once

#include <functional>

#include "frontrow/time.hpp"

namespace boost::asio {
class io_context;
}

namespace frontrow::sandbox {

/// Runs `action` from the io_context's loop, never from within this call; dropped with the context.
void later(boost::asio::io_context& context, Duration delay, std::function<void()> action);

/// The wall's time.
Instant wall_now();

}  // namespace frontrow::sandbox
