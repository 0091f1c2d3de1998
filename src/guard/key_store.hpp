// The round's keys in DIR/keys: made on the first start, read on every other. Each is 32 bytes of
// the operating system's generator in a file of its own (mode 0600, directory 0700), written so
// that a crash leaves either the whole file or none. None is ever journaled, logged or derived
// from the draw's secrets. Opened once at start; a value that any thread may read afterwards.
#pragma once

#include <filesystem>
#include <string>

#include "frontrow/round_definition.hpp"
#include "guard/loaded.hpp"

namespace frontrow::guard {

class KeyStore {
 public:
  /// Opens DIR/keys of the data directory `data_directory`, making what is missing. Refused: a
  /// file of the wrong size, one that cannot be read or written, a public half that belongs to
  /// another key. Warned of: a key file that others than its owner may read.
  static Loaded<KeyStore> open(const std::filesystem::path& data_directory);

  const std::filesystem::path& directory() const { return directory_; }

  const Bytes32& token_key() const { return token_; }        ///< Fans' bearer tokens.
  const Bytes32& subject_key() const { return subject_; }    ///< Keyed hash of a pass's owner.
  const Bytes32& recovery_key() const { return recovery_; }  ///< Keyed hash of recovery codes.
  const Bytes32& proof_key() const { return proof_; }        ///< Signs proof-of-work challenges.
  const Bytes32& ticket_rotation_key() const { return ticket_rotation_; }
  const Bytes32& ticket_signing_seed() const { return ticket_signing_; }  ///< Ed25519, RFC 8032.
  const Bytes32& ticket_public_key() const { return ticket_public_; }
  /// As it stands in DIR/keys/ticket-signing.pub, for gates and auditors.
  std::string ticket_public_key_hex() const;
  /// Ed25519: checkpoints and receipts. Its public half lies in DIR/keys/log-signing.pub.
  const Bytes32& log_signing_seed() const { return log_signing_; }
  const Bytes32& sale_salt_key() const { return sale_salt_; }  ///< Hides buyers in the log.

  /// What the transparency log is called: part of its key's identity, so it is fixed the first
  /// time, in DIR/keys/log-name. `wanted` is taken then; later, where it is another one, the fixed
  /// name stays and a warning says so. Called once at start.
  Loaded<std::string> settle_log_name(const std::string& wanted) const;

 private:
  KeyStore() = default;
  std::filesystem::path directory_;
  Bytes32 token_{}, subject_{}, recovery_{}, proof_{}, ticket_rotation_{}, ticket_signing_{};
  Bytes32 ticket_public_{}, log_signing_{}, sale_salt_{};
};

}  // namespace frontrow::guard
