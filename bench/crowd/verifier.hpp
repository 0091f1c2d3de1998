// After the sale: asks the server for the orders and tickets of every fan who was given any, and
// has them compared with the fans' own records. Used on its worker's thread alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crowd/clock.hpp"
#include "crowd/records.hpp"
#include "crowd/stream.hpp"

namespace frontrow::crowd {

/// Runs an io_context of its own until all are compared or `deadline`. Fans for whom there was
/// no answer are counted as unverified.
void verify_all(const Endpoint& endpoint, const std::vector<FanRecord>& records, Moment deadline,
                Findings& findings, std::vector<TicketRecord>& tickets);

}  // namespace frontrow::crowd
