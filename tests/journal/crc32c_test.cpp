#include "journal/crc32c.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "base/digest.hpp"

namespace frontrow::journal {
namespace {

TEST_CASE("CRC32C agrees with the examples of RFC 3720") {
  CHECK(crc32c(as_bytes("123456789")) == 0xe3069283);
  CHECK(crc32c(std::vector<std::uint8_t>(32, 0x00)) == 0x8a9136aa);
  CHECK(crc32c(std::vector<std::uint8_t>(32, 0xff)) == 0x62a8ab43);
  CHECK(crc32c({}) == 0);
}

TEST_CASE("the table and the processor agree on every length and alignment") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(300);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (std::size_t from = 0; from < 9; ++from)
    for (std::size_t size = 0; from + size <= bytes.size(); ++size) {
      const auto part = std::span<const std::uint8_t>(bytes).subspan(from, size);
      REQUIRE(crc32c(part) == crc32c_by_table(part));
    }
}

}  // namespace
}  // namespace frontrow::journal
