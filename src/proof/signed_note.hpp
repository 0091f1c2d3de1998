// Signed notes (c2sp.org/signed-note) with Ed25519: a text, an empty line, signature lines. Pure
// values; any thread; a note that is read may be hostile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ed25519.hpp"

namespace frontrow::proof {

/// A longer note is refused unread. Sixteen signatures of the largest kind that is known fit.
inline constexpr std::size_t note_bytes_max = std::size_t{256} << 10;
inline constexpr std::size_t note_signatures_max = 100;

/// The first bytes of SHA-256(name || 0x0A || 0x01 || public key).
using KeyId = std::array<std::uint8_t, 4>;

/// Who signs, as the public knows it.
class VerifierKey {
 public:
  /// Nothing where the name may not be a key's.
  static std::optional<VerifierKey> make(std::string_view name, const Bytes32& public_key);
  /// Of the form name+id+key: id in 8 lower-case hex digits, key in base64 of 0x01 and its 32
  /// bytes. Strict: exactly what `text` writes.
  static std::optional<VerifierKey> parse(std::string_view text);

  const std::string& name() const { return name_; }
  const KeyId& id() const { return id_; }
  const Bytes32& public_key() const { return public_key_; }
  std::string text() const;

  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;

 private:
  VerifierKey(std::string_view name, const Bytes32& public_key);
  std::string name_;
  Bytes32 public_key_{};
  KeyId id_{};
};

/// Who signs, with the secret. Made once; any thread may sign, several at once.
class NoteSigner {
 public:
  /// `name` must be a key's name (`is_key_name`).
  NoteSigner(std::string_view name, const Bytes32& seed);

  const VerifierKey& verifier_key() const { return verifier_key_; }
  const Ed25519Key& key() const { return key_; }
  /// The whole note. `text` must end with a newline and satisfy `is_note_text`.
  std::string sign(std::string_view text) const;

 private:
  Ed25519Key key_;
  VerifierKey verifier_key_;
};

struct NoteSignature {
  std::string name;
  KeyId id{};
  std::vector<std::uint8_t> bytes;
};

/// A note whose form is right. That says nothing about who signed it.
struct Note {
  std::string text;  ///< With the newline at its end.
  std::vector<NoteSignature> signatures;
};
std::optional<Note> parse_note(std::string_view note);

enum class NoteFault : std::uint8_t {
  kNone,
  kMalformed,
  kNotSignedByKey,  ///< No signature line has the key's name and id.
  kBadSignature,    ///< One that has them does not verify.
};

struct OpenedNote {
  NoteFault fault = NoteFault::kMalformed;
  std::string text;  ///< Empty unless the fault is `kNone`.
};
/// The text, if `key` signed it. Lines of other keys are passed over, as the format demands.
OpenedNote open_note(std::string_view note, const VerifierKey& key);

}  // namespace frontrow::proof
