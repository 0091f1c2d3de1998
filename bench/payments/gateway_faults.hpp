// Switches of a sandbox's faults while it serves. Blocks; throws where it is refused.
#pragma once

#include <string>

namespace frontrow::bench {

/// `faults` is the JSON object that `PUT /faults` takes.
void set_faults(const std::string& url, const std::string& secret, const std::string& faults);

}  // namespace frontrow::bench
