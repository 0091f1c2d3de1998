// A command and its outcome as named fields, readable without this program: seats, fans and orders
// by their public ids, instants as RFC 3339, money in minor units, digests in hex. Any thread.
//
// The draw's secrets stand in the first command; they are never among its fields. The drawn
// secret is a field of the outcome of `DrawLine`, with which it becomes public.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/engine.hpp"

namespace frontrow::audit {

/// One command as it was carried out; `engine` stands right after it.
struct Carried {
  Sequence sequence = 0;
  Instant time;
  const Command& command;
  const Reply& reply;
  const Engine& engine;
};

/// What was asked.
nlohmann::ordered_json command_fields(const Carried& carried);
/// What came of it beyond accepted or refused: the order made, the seats found, those in the way.
nlohmann::ordered_json outcome_fields(const Carried& carried);
/// "accepted", "repeated" (an Idempotency-Key that had succeeded before) or "refused".
const char* outcome_name(const Reply& reply);

}  // namespace frontrow::audit
