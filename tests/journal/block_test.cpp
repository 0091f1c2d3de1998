#include "journal/block.hpp"

#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "base/command_samples.hpp"
#include "base/encoding.hpp"
#include "journal/crc32c.hpp"
#include "journal/journal_fixture.hpp"

namespace frontrow::journal {
namespace {

std::vector<std::uint8_t> small_block(Sequence first = 7) {
  BlockBuilder block;
  block.begin(first, Instant{0x0102030405060708}, frontrow::test::bytes<16>(0xb0));
  block.add(Tick{});
  block.add(ReleaseOrder{FanId{3}, OrderId{12}});
  const auto value = block.seal(frontrow::test::bytes<32>(0x40));
  return {value.begin(), value.end()};
}

void write_checksum(std::vector<std::uint8_t>& value) {
  value.resize(value.size() - block_checksum_bytes);
  ByteWriter(value).integer(crc32c(value));
}

TEST_CASE("a block has the bytes that docs/journal-format.md says") {
  CHECK(to_hex(small_block()) ==
        "01000000"          // format version
        "02000000"          // count
        "0807060504030201"  // time
        "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
        "030000000000"  // Tick
        "160008000000"  // ReleaseOrder
        "030000000c000000"
        "a75f7e59");
}

TEST_CASE("a block's commands come back, all kinds of them") {
  BlockBuilder block;
  block.begin(1, Instant{5}, {});
  const auto samples = frontrow::test::command_samples();
  for (const auto& sample : samples) block.add(sample.command);
  const auto value = block.seal({});
  const auto view = open_block(1, value);
  REQUIRE(view.has_value());
  CHECK(view->count == samples.size());
  CHECK(view->time == Instant{5});
  std::vector<Command> commands;
  REQUIRE(decode_commands(1, *view, commands).has_value());
  REQUIRE(commands.size() == samples.size());
  for (std::size_t n = 0; n < samples.size(); ++n)
    CHECK(commands[n].index() == samples[n].command.index());
}

TEST_CASE("a builder begins anew each time") {
  BlockBuilder block;
  block.begin(1, Instant{5}, {});
  block.add(Tick{});
  block.seal({});
  block.begin(2, Instant{6}, {});
  CHECK(block.empty());
  block.add(DrawLine{});
  const auto view = open_block(2, block.seal({}));
  REQUIRE(view.has_value());
  CHECK(view->count == 1);
  CHECK(view->time == Instant{6});
}

TEST_CASE("a byte flipped at any offset of a block is found, and the sequence named") {
  const auto good = small_block();
  for (std::size_t offset = 0; offset < good.size(); ++offset)
    for (const int mask : {0x01, 0x80, 0xff}) {
      auto bad = good;
      bad[offset] = static_cast<std::uint8_t>(bad[offset] ^ mask);
      const auto opened = open_block(7, bad);
      INFO("offset " << offset);
      REQUIRE(opened.has_error());
      CHECK(opened.error().fault == Fault::kChecksum);
      CHECK(opened.error().sequence == 7);
      CHECK(opened.error().message.starts_with("sequence 7: "));
    }
}

TEST_CASE("a block cut short anywhere is found") {
  const auto good = small_block();
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(open_block(7, ByteView(good).first(size)).has_error());
}

TEST_CASE("what a block's checksum covers is still not believed") {
  struct Row {
    const char* what;
    std::size_t offset;
    std::uint8_t value;
    Fault fault;
    Sequence sequence;
  };
  for (const Row& row : {Row{"another version", 0, 2, Fault::kUnknownVersion, 7},
                         Row{"no commands", 4, 0, Fault::kCount, 7},
                         Row{"more commands than a block may have", 6, 2, Fault::kCount, 7},
                         Row{"fewer commands than there are", 4, 1, Fault::kCount, 7},
                         Row{"more commands than there are", 4, 3, Fault::kCommand, 9},
                         Row{"an unknown command", 64, 9, Fault::kCommand, 7},
                         Row{"an unknown second command", 70, 99, Fault::kCommand, 8},
                         Row{"a command with a wrong length", 72, 9, Fault::kCommand, 8}}) {
    INFO(row.what);
    auto value = small_block();
    value[row.offset] = row.value;
    write_checksum(value);
    Error error;
    const auto view = open_block(7, value);
    if (view.has_error()) {
      error = view.error();
    } else {
      std::vector<Command> commands;
      const auto decoded = decode_commands(7, *view, commands);
      REQUIRE(decoded.has_error());
      error = decoded.error();
    }
    CHECK(error.fault == row.fault);
    CHECK(error.sequence == row.sequence);
  }
}

TEST_CASE("keys sort as their sequences do") {
  CHECK(to_hex(block_key(0x0102030405060708)) == "0102030405060708");
  CHECK(sequence_of_key(block_key(4'711)) == 4'711);
  CHECK(block_key(255) < block_key(256));
  CHECK(sequence_of_key(as_bytes("short")) == 0);
  CHECK(sequence_of_key(as_bytes("ninebytes")) == 0);
}

// --- the verifier ------------------------------------------------------------------------------

/// Feeds the entries of a journal to a verifier; the first error, or what it saw.
Result<Summary> verify(const std::vector<MemoryJournal::Entry>& entries) {
  BlockVerifier verifier({});
  for (const auto& entry : entries)
    if (const auto accepted = verifier.accept(entry.key, entry.value); accepted.has_error())
      return accepted.error();
  return verifier.summary();
}

std::vector<MemoryJournal::Entry> three_blocks() {
  MemoryJournal journal;
  for (const std::uint32_t count : {1U, 2U, 3U}) REQUIRE(test::append(journal, count).has_value());
  return journal.entries();
}

TEST_CASE("a chain of blocks is followed to its head") {
  const auto entries = three_blocks();
  const auto summary = verify(entries);
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == 6);
  CHECK(summary->head.hash == sha256(entries.back().value));
  CHECK(summary->blocks == 3);
}

TEST_CASE("a missing, repeated or displaced block is named by the sequence that is missing") {
  auto missing = three_blocks();
  missing.erase(missing.begin() + 1);
  auto first_missing = three_blocks();
  first_missing.erase(first_missing.begin());
  auto repeated = three_blocks();
  repeated.insert(repeated.begin() + 1, repeated[1]);
  auto swapped = three_blocks();
  std::swap(swapped[1].value, swapped[2].value);
  auto foreign_key = three_blocks();
  foreign_key[2].key.push_back(0);
  CHECK(verify(missing).error().fault == Fault::kSequenceGap);
  CHECK(verify(missing).error().sequence == 2);
  CHECK(verify(first_missing).error().sequence == 1);
  CHECK(verify(repeated).error().sequence == 4);
  CHECK(verify(swapped).error().fault == Fault::kChain);
  CHECK(verify(swapped).error().sequence == 2);
  CHECK(verify(foreign_key).error().fault == Fault::kSequenceGap);
  CHECK(verify(foreign_key).error().sequence == 4);
}

TEST_CASE("a block forged with a good checksum breaks the chain at the next one") {
  auto entries = three_blocks();
  auto& value = entries[1].value;
  value[block_header_bytes + 6] ^= 1;  // another fan
  write_checksum(value);
  CHECK(verify(entries).error().fault == Fault::kChain);
  CHECK(verify(entries).error().sequence == 4);
}

TEST_CASE("time that runs backwards between blocks is named") {
  MemoryJournal journal;
  BlockBuilder block;
  for (const std::int64_t time : {5, 5, 4}) {
    block.begin(journal.head().last + 1, Instant{time}, {});
    block.add(Tick{});
    REQUIRE(journal.append(block).has_value());
  }
  const auto summary = verify(journal.entries());
  CHECK(summary.error().fault == Fault::kTime);
  CHECK(summary.error().sequence == 3);
}

TEST_CASE("a journal in memory fails when it is told to, and keeps nothing of that block") {
  MemoryJournal journal;
  journal.fail_at(1);
  REQUIRE(test::append(journal, 1).has_value());
  const auto failed = test::append(journal, 2);
  REQUIRE(failed.has_error());
  CHECK(failed.error().fault == Fault::kStorage);
  CHECK(journal.head().last == 1);
  CHECK(journal.entries().size() == 1);
}

}  // namespace
}  // namespace frontrow::journal
