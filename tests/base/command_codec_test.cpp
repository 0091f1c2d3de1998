#include "base/command_codec.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "base/command_samples.hpp"
#include "base/encoding.hpp"
#include "frontrow/limits.hpp"

namespace frontrow {
namespace {

using test::command_samples;

std::vector<std::uint8_t> encoded(const Command& command) {
  std::vector<std::uint8_t> out;
  encode_command(command, out);
  return out;
}

std::optional<Command> decoded(std::span<const std::uint8_t> bytes) {
  auto command = decode_command(bytes);
  if (!bytes.empty()) return std::nullopt;
  return command;
}

std::vector<std::uint8_t> from_text(const std::string& hex) {
  auto bytes = from_hex(hex);
  REQUIRE(bytes);
  return *bytes;
}

TEST_CASE("there is a sample of every kind of command") {
  std::set<std::size_t> kinds;
  for (const auto& sample : command_samples()) kinds.insert(sample.command.index());
  CHECK(kinds.size() == std::variant_size_v<Command>);
}

TEST_CASE("every command has the bytes that it has always had") {
  for (const auto& sample : command_samples()) {
    INFO(command_name(sample.command));
    CHECK(to_hex(encoded(sample.command)) == sample.hex);
  }
}

TEST_CASE("every command comes back from its bytes") {
  for (const auto& sample : command_samples()) {
    INFO(command_name(sample.command));
    const auto back = decoded(from_text(sample.hex));
    REQUIRE(back);
    CHECK(back->index() == sample.command.index());
    // Equal bytes are equal fields, because the golden bytes above cover each of them.
    CHECK(to_hex(encoded(*back)) == sample.hex);
  }
}

TEST_CASE("commands are read one after another from one run of bytes") {
  std::vector<std::uint8_t> all;
  for (const auto& sample : command_samples()) encode_command(sample.command, all);
  std::span<const std::uint8_t> rest = all;
  for (const auto& sample : command_samples()) {
    const auto back = decode_command(rest);
    REQUIRE(back);
    CHECK(back->index() == sample.command.index());
  }
  CHECK(rest.empty());
}

TEST_CASE("a command cut short anywhere is refused") {
  for (const auto& sample : command_samples()) {
    const auto bytes = from_text(sample.hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      std::span<const std::uint8_t> cut(bytes.data(), size);
      INFO(command_name(sample.command) << " cut to " << size);
      CHECK_FALSE(decode_command(cut));
    }
  }
}

TEST_CASE("a body that is longer than its fields is refused") {
  for (const auto& sample : command_samples()) {
    auto bytes = from_text(sample.hex);
    bytes.push_back(0);
    std::uint32_t size = 0;
    std::memcpy(&size, bytes.data() + 2, sizeof size);
    ++size;
    std::memcpy(bytes.data() + 2, &size, sizeof size);
    INFO(command_name(sample.command));
    CHECK_FALSE(decoded(bytes));
  }
}

TEST_CASE("bytes that are not a known command are refused") {
  const auto hex = GENERATE(as<std::string>{},
                            "000000000000",  // number 0
                            "080000000000",  // between known numbers
                            "3c0000000000",  // behind the last one
                            "ffff00000000",  // far behind it
                            "0300ffffffff",  // a length past everything
                            "320004000000"
                            "0000000003",  // SetPhase cut by its length
                            "320005000000"
                            "0000000003",  // a phase that does not exist
                            "20000900"
                            "00000000000000000000ff",  // a failure that does not exist
                            "16000900"
                            "0000010000000100000000",  // ReleaseOrder with a byte more
                            "150022000000"
                            "03000000"  // PlaceBestHold: a flag of 2
                            "000000000000000000000000000000000000000000000000"
                            "02"
                            "0400"
                            "ffff"
                            "02000000"
                            "00");
  INFO(hex);
  CHECK_FALSE(decoded(from_text(hex)));
}

TEST_CASE("counts and lengths that memory could not bear are refused before it is asked for") {
  // BlockSeats by "" with 2^32 - 1 seats, RecordRefund with a text of 2 GB, PostNotice with 2^32 -
  // 1 languages.
  for (const char* hex : {"350008000000"
                          "00000000ffffffff",
                          "210008000000"
                          "00000000ffffff7f",
                          "3a0008000000"
                          "00000000ffffffff"}) {
    INFO(hex);
    CHECK_FALSE(decoded(from_text(hex)));
  }
}

TEST_CASE("a notice has one encoding: its languages ascend") {
  const PostNotice notice{"", {{"en", "a"}, {"th", "b"}}};
  auto bytes = encoded(notice);
  REQUIRE(decoded(bytes));
  // Both languages begin with their length, so exchanging the letters exchanges their order.
  const std::size_t first = 6 + 4 + 4 + 4;
  const std::size_t second = first + 2 + 4 + 1 + 4;
  std::swap_ranges(bytes.begin() + first, bytes.begin() + first + 2, bytes.begin() + second);
  CHECK_FALSE(decoded(bytes));
  std::copy_n(bytes.begin() + second, 2, bytes.begin() + first);
  CHECK_FALSE(decoded(bytes));  // the same language twice
}

TEST_CASE("a text of the greatest length comes back, a longer one does not") {
  const BanFan ban{"ops", FanId{1}, std::string(limits::text_bytes_max, 'x')};
  auto bytes = encoded(ban);
  const auto back = decoded(bytes);
  REQUIRE(back);
  CHECK(std::get<BanFan>(*back).reason == ban.reason);
  bytes.push_back('x');
  for (const std::size_t length_at : {std::size_t{2}, std::size_t{6 + 4 + 3 + 4}}) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + length_at, sizeof length);
    ++length;
    std::memcpy(bytes.data() + length_at, &length, sizeof length);
  }
  CHECK_FALSE(decoded(bytes));
}

TEST_CASE("whatever the bytes, decoding ends, and what it accepts encodes to the same bytes") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto samples = command_samples();
  std::size_t accepted = 0;
  for (int n = 0; n < 200'000; ++n) {
    auto bytes = from_text(samples[random() % samples.size()].hex);
    for (auto changes = random() % 3; changes-- > 0;)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    const auto command = decoded(bytes);
    if (!command) continue;
    ++accepted;
    if (encoded(*command) != bytes) FAIL("another encoding of " << to_hex(bytes));
  }
  CHECK(accepted > 1'000);
}

TEST_CASE("numbers and names of commands fit together") {
  CHECK(command_name(Command{PlaceHold{}}) == "PlaceHold");
  CHECK(command_number(Command{PlaceHold{}}) == 20);
  CHECK(command_name_of_number(1) == "OpenRound");
  CHECK(command_name_of_number(59) == "ErasePersonalData");
  CHECK(command_name_of_number(0).empty());
  CHECK(command_name_of_number(62).empty());
  CHECK(command_name_of_number(65'535).empty());
}

TEST_CASE("the page of the journal's format lists every command with its number") {
  std::ifstream in(FRONTROW_SOURCE_DIR "/docs/journal-format.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  for (const auto& sample : command_samples()) {
    const auto row = "| " + std::to_string(command_number(sample.command)) + " | " +
                     std::string(command_name(sample.command)) + " | ";
    INFO(row);
    CHECK(page.find(row) != std::string::npos);
  }
}

}  // namespace
}  // namespace frontrow
