// Checkpoints (c2sp.org/tlog-checkpoint): what the log was at a size, signed. Pure; any thread; a
// checkpoint that is read may be hostile.
//
// Whoever signs must never sign two that do not continue each other: only leaves that are durable
// may be under a checkpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proof/signed_note.hpp"

namespace frontrow::proof {

struct Checkpoint {
  std::string origin;  ///< The log's name.
  std::uint64_t size = 0;
  Bytes32 root{};
  std::vector<std::string> extensions;  ///< Lines that others may add; never written here.
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// The log of a round is called HOST/rounds/ROUND; bytes of either that an address cannot hold are
/// percent-encoded. A key's name, unless it is too long for one.
std::string log_name(std::string_view host, std::string_view round);
/// `name` is what `log_name` makes of this round and some host.
bool is_log_of_round(std::string_view name, std::string_view round);

/// The note's text. The origin and the extensions must be lines that are not empty.
std::string checkpoint_text(const Checkpoint& checkpoint);
/// Strict: exactly what `checkpoint_text` writes.
std::optional<Checkpoint> parse_checkpoint(std::string_view text);

/// A whole signed note, whose origin is the signer's name.
std::string sign_checkpoint(const NoteSigner& signer, std::uint64_t size, const Bytes32& root);

struct OpenedCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::string fault;  ///< A sentence for people where there is none.
};
/// The checkpoint, if `key` signed it and it is of the log `origin`.
OpenedCheckpoint open_checkpoint(std::string_view note, const VerifierKey& key,
                                 std::string_view origin);
/// As above, of the log that is called as the key is.
OpenedCheckpoint open_checkpoint(std::string_view note, const VerifierKey& key);

}  // namespace frontrow::proof
