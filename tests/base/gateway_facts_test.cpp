#include "base/gateway_facts.hpp"

#include <catch2/catch.hpp>

#include "base/names.hpp"

namespace frontrow {

TEST_CASE("amounts are written as each gateway counts, and refused where it cannot take them") {
  struct Row {
    const char* gateway;
    const char* currency;
    std::int64_t minor;
    std::int64_t number;  ///< -1: refused.
  };
  const Row row = GENERATE(values<Row>({
      {"stripe", "THB", 450'000, 450'000},
      {"stripe", "JPY", 12'800, 12'800},
      {"stripe", "KRW", 99'000, 99'000},
      {"stripe", "KWD", 12'340, 12'340},
      {"stripe", "KWD", 12'345, -1},  // tens of fils alone
      {"stripe", "ISK", 5'000, 500'000},
      {"stripe", "UGX", 20'000, 2'000'000},
      {"stripe", "MGA", 450'000, 4'500},
      {"stripe", "MGA", 450'050, -1},
      {"stripe", "IQD", 1'000, -1},
      {"stripe", "THB", 99'999'999, 99'999'999},
      {"stripe", "THB", 100'000'000, -1},
      {"stripe", "IDR", 100'000'000, 100'000'000},
      {"stripe", "ISK", 999'999, 99'999'900},
      {"stripe", "ISK", 1'000'000, -1},
      {"stripe", "THB", 0, -1},
      {"stripe", "THB", -1, -1},
      {"omise", "THB", 450'000, 450'000},
      {"omise", "JPY", 12'800, 12'800},
      {"omise", "KRW", 99'000, -1},
      {"omise", "KWD", 12'340, -1},
      {"omise", "THB", 0, -1},
      {"sandbox", "THB", 450'000, 450'000},
      {"sandbox", "JPY", 12'800, 12'800},
      {"sandbox", "KRW", 99'000, 99'000},
      {"sandbox", "KWD", 12'345, 12'345},
      {"sandbox", "KWD", 0, -1},
      {"nobody", "THB", 1, -1},
      {"stripe", "", 1, 1},
  }));
  CAPTURE(row.gateway, row.currency, row.minor);
  const auto number = to_gateway_amount(row.gateway, {row.minor}, row.currency);
  CHECK(number.value_or(-1) == row.number);
  if (number) CHECK(from_gateway_amount(row.gateway, *number, row.currency) == Amount{row.minor});
}

TEST_CASE("a number that a gateway cannot mean is no amount") {
  CHECK_FALSE(from_gateway_amount("stripe", 12'345, "ISK"));
  CHECK_FALSE(from_gateway_amount("stripe", -1, "THB"));
  CHECK_FALSE(from_gateway_amount("stripe", INT64_MAX, "MGA"));
  CHECK_FALSE(from_gateway_amount("omise", 100, "KRW"));
  CHECK(from_gateway_amount("stripe", 0, "THB") == Amount{});
}

TEST_CASE("gateways are known by their names, with the methods that they have") {
  CHECK(gateway_names() == std::vector<std::string>{"sandbox", "stripe", "omise"});
  CHECK(is_gateway("omise"));
  CHECK_FALSE(is_gateway("nobody"));
  CHECK(gateway_methods("nobody").empty());
  CHECK(gateway_methods("stripe").size() == 2);
  CHECK(gateway_methods("omise").size() == payment_method_count);
  CHECK(gateway_methods("sandbox").size() == payment_method_count);
  CHECK(method_takes_currency(PaymentMethod::kCard, "KWD"));
  CHECK(method_takes_currency(PaymentMethod::kPromptPay, "THB"));
  CHECK_FALSE(method_takes_currency(PaymentMethod::kShopeePay, "JPY"));
}

}  // namespace frontrow
