// What the log and the export call things: the words of base/names.hpp, and those of the engine's
// own states. Any thread.
#pragma once

#include <string_view>

#include "base/names.hpp"
#include "engine/engine.hpp"

namespace frontrow::audit {

using frontrow::name_of;
std::string_view name_of(Engine::SeatState state);

}  // namespace frontrow::audit
