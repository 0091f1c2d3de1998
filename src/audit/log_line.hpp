// One line of `frontrow log`. Any thread.
#pragma once

#include <string>

#include "audit/command_fields.hpp"

namespace frontrow::audit {

/// "12 2027-02-13T12:00:00.000Z PlaceHold fan=f3 seats=A1-3-12,A1-3-13 -> accepted order=o7".
/// A text that holds more than a name could is quoted, so that nothing in it can forge a line.
std::string readable_line(const Carried& carried);
/// An object with `sequence`, `time`, `command`, `outcome`, `code` where refused, and the fields.
std::string json_line(const Carried& carried);

}  // namespace frontrow::audit
