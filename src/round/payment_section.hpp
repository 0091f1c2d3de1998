// The section `payment` of the round file, and whether the gateways that it names can take the
// round's prices.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "round/object_reader.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {

/// Relative paths count from `directory`, the round file's. No secret gets into a message.
PaymentRules read_payment(const Json* value, const JsonPath& path,
                          const std::filesystem::path& directory, Remarks& mistakes);

/// Once currency and prices are known: the methods that are left to their default, and what of
/// methods and prices a gateway cannot take.
void check_payment(PaymentRules& rules, const RoundDefinition& definition,
                   const std::vector<std::string>& category_ids, const JsonPath& root,
                   Remarks& mistakes);

void warn_of_payment(const PaymentRules& rules, const JsonPath& root, Remarks& warnings);

}  // namespace frontrow::round
