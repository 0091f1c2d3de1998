// `GET /round` and the live socket's `round`. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"
#include "http/http_settings.hpp"
#include "http/json_writer.hpp"
#include "http/response.hpp"

namespace frontrow::http {

std::string_view phase_name(Phase phase);
void write_totals(JsonWriter& json, const RoundStatus& status);
std::string round_json(const RoundDefinition& round, const PaymentFacts& payment,
                       const Published& published, Instant now);

/// One thread's copy, made again when it is too old.
class RoundDocument {
 public:
  SharedText text(const RoundDefinition& round, const PaymentFacts& payment,
                  const Published& published, Instant now);

 private:
  SharedText text_;
  Instant made_at_;
};

}  // namespace frontrow::http
