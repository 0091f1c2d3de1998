#include "journal/block.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/command_codec.hpp"
#include "journal/crc32c.hpp"

namespace frontrow::journal {
namespace {

constexpr std::size_t count_offset = 4;
constexpr std::size_t previous_offset = 16;
/// Memory of a builder that is kept between blocks.
constexpr std::size_t kept_bytes_max = std::size_t{4} << 20;

}  // namespace

std::array<std::uint8_t, 8> block_key(Sequence first) {
  std::array<std::uint8_t, 8> key{};
  for (std::size_t n = 0; n < key.size(); ++n)
    key[n] = static_cast<std::uint8_t>(first >> (56 - 8 * n));
  return key;
}

Sequence sequence_of_key(std::span<const std::uint8_t> key) {
  if (key.size() != sizeof(Sequence)) return 0;
  Sequence first = 0;
  for (const std::uint8_t byte : key) first = first << 8 | byte;
  return first;
}

void BlockBuilder::begin(Sequence first, Instant time, const Bytes16& state_hash) {
  first_ = first;
  count_ = 0;
  value_.clear();
  ByteWriter out(value_);
  out.integer(block_format_version);
  out.integer(count_);
  out.integer(time.microseconds);
  out.bytes(Bytes32{});
  out.bytes(state_hash);
}

void BlockBuilder::add(const Command& command) {
  FRONTROW_ASSERT(count_ < block_commands_max);
  encode_command(command, value_);
  ++count_;
}

ByteView BlockBuilder::seal(const Bytes32& previous) {
  FRONTROW_ASSERT(count_ > 0);
  std::memcpy(value_.data() + count_offset, &count_, sizeof count_);
  std::memcpy(value_.data() + previous_offset, previous.data(), previous.size());
  ByteWriter(value_).integer(crc32c(value_));
  FRONTROW_ASSERT(value_.size() <= block_bytes_max);
  return value_;
}

void BlockBuilder::trim() {
  if (value_.capacity() > kept_bytes_max) std::vector<std::uint8_t>().swap(value_);
}

Result<BlockView> open_block(Sequence first, ByteView value) {
  if (value.size() < block_header_bytes + block_checksum_bytes)
    return error_at(Fault::kTooShort, first, "the block is too short to be one");
  if (value.size() > block_bytes_max)
    return error_at(Fault::kTooLong, first, "the block is longer than any that is written");
  ByteReader header(value);
  const auto version = header.integer<std::uint32_t>();
  const ByteView covered = value.first(value.size() - block_checksum_bytes);
  const auto recorded = ByteReader(value.last(block_checksum_bytes)).integer<std::uint32_t>();
  if (crc32c(covered) != recorded)
    return error_at(Fault::kChecksum, first, "the block's checksum does not fit its content");
  if (version != block_format_version)
    return error_at(Fault::kUnknownVersion, first,
                    fmt::format("the block has format version {}, this program reads {}", version,
                                block_format_version));
  BlockView block;
  block.count = header.integer<std::uint32_t>();
  block.time = {header.integer<std::int64_t>()};
  block.previous = header.bytes<32>();
  block.state_hash = header.bytes<16>();
  block.commands = covered.subspan(block_header_bytes);
  if (block.count == 0 || block.count > block_commands_max)
    return error_at(Fault::kCount, first, fmt::format("the block says {} commands", block.count));
  return block;
}

Result<void> decode_commands(Sequence first, const BlockView& block, std::vector<Command>& out) {
  ByteView rest = block.commands;
  for (std::uint32_t n = 0; n < block.count; ++n) {
    auto command = decode_command(rest);
    if (!command)
      return error_at(Fault::kCommand, first + n, "the bytes are not a command known here");
    out.push_back(std::move(*command));
  }
  if (!rest.empty())
    return error_at(Fault::kCount, first, "the block holds more bytes than its commands need");
  return {};
}

}  // namespace frontrow::journal
