// The format of a block, for writer and reader: what stands in one value of the store. The page
// for it is docs/journal-format.md. Any thread; nothing here is shared.
//
//   offset  bytes
//        0      4  format version
//        4      4  count of commands
//        8      8  time of all of them, microseconds since 1970
//       16     32  SHA-256 of the value of the block before; zeros in the first
//       48     16  state hash of the engine before the block's first command
//       64      …  the commands
//      end      4  CRC32C of all before it
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "frontrow/command.hpp"
#include "frontrow/time.hpp"
#include "journal/journal_error.hpp"

namespace frontrow::journal {

inline constexpr std::uint32_t block_format_version = 1;
inline constexpr std::size_t block_header_bytes = 64;
inline constexpr std::size_t block_checksum_bytes = 4;
/// Bounds of one block. The sequencer fills far smaller ones (`group_limits.hpp`); these are
/// what a reader accepts, so that a damaged length is not taken for a reason to allocate.
inline constexpr std::uint32_t block_commands_max = 65'536;
inline constexpr std::size_t block_bytes_max = std::size_t{512} << 20;

/// The key of a block: its first sequence, big-endian, so that the store's order is the journal's.
std::array<std::uint8_t, 8> block_key(Sequence first);
/// 0, which is no sequence, where the bytes are no key.
Sequence sequence_of_key(std::span<const std::uint8_t> key);

/// Builds one value after another in memory that it keeps. One thread.
class BlockBuilder {
 public:
  /// `first`: the sequence of the first command that will be added.
  void begin(Sequence first, Instant time, const Bytes16& state_hash);
  void add(const Command& command);
  Sequence first() const { return first_; }
  std::uint32_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::size_t bytes() const { return value_.size(); }
  /// Puts in what was open until now: count, chain and checksum. The value stays valid until
  /// the next `begin`.
  ByteView seal(const Bytes32& previous);
  /// Gives back the memory of an unusually large block.
  void trim();

 private:
  Sequence first_ = 0;
  std::uint32_t count_ = 0;
  std::vector<std::uint8_t> value_;
};

/// A value taken apart; views into it.
struct BlockView {
  std::uint32_t count = 0;
  Instant time;
  Bytes32 previous{};
  Bytes16 state_hash{};
  ByteView commands;
};

/// Checks length, version, checksum and count; `first` is for the message alone.
Result<BlockView> open_block(Sequence first, ByteView value);

/// Appends the block's commands to `out`; refuses bytes that are not exactly `count` commands.
Result<void> decode_commands(Sequence first, const BlockView& block, std::vector<Command>& out);

}  // namespace frontrow::journal
