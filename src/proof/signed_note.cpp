#include "proof/signed_note.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "proof/note_text.hpp"

namespace frontrow::proof {
namespace {

constexpr std::uint8_t ed25519_type = 0x01;
constexpr std::string_view line_start = "\xe2\x80\x94 ";  // U+2014 and a space

std::array<std::uint8_t, 33> typed_key(const Bytes32& public_key) {
  std::array<std::uint8_t, 33> bytes;
  bytes[0] = ed25519_type;
  std::copy(public_key.begin(), public_key.end(), bytes.begin() + 1);
  return bytes;
}

/// One signature line without its newline.
std::optional<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(line_start)) return std::nullopt;
  line.remove_prefix(line_start.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, space);
  if (!is_key_name(name)) return std::nullopt;
  const auto bytes = from_base64(line.substr(space + 1));
  NoteSignature signature;
  if (!bytes || bytes->size() <= signature.id.size()) return std::nullopt;
  const auto signature_begin = bytes->begin() + static_cast<std::ptrdiff_t>(signature.id.size());
  signature.name = name;
  std::copy(bytes->begin(), signature_begin, signature.id.begin());
  signature.bytes.assign(signature_begin, bytes->end());
  return signature;
}

bool verifies(const VerifierKey& key, std::string_view text, const NoteSignature& signature) {
  Signature64 bytes;
  if (signature.bytes.size() != bytes.size()) return false;
  std::copy(signature.bytes.begin(), signature.bytes.end(), bytes.begin());
  return ed25519_verify(key.public_key(), as_bytes(text), bytes);
}

}  // namespace

VerifierKey::VerifierKey(std::string_view name, const Bytes32& public_key)
    : name_(name), public_key_(public_key) {
  const Bytes32 digest = sha256({as_bytes(name), as_bytes("\n"), typed_key(public_key)});
  std::copy_n(digest.begin(), id_.size(), id_.begin());
}

std::optional<VerifierKey> VerifierKey::make(std::string_view name, const Bytes32& public_key) {
  if (!is_key_name(name)) return std::nullopt;
  return VerifierKey(name, public_key);
}

std::string VerifierKey::text() const {
  return name_ + "+" + to_hex(id_) + "+" + to_base64(typed_key(public_key_));
}

std::optional<VerifierKey> VerifierKey::parse(std::string_view text) {
  // The base64 may hold a plus of its own; name and id cannot.
  const auto first = text.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto typed = from_base64(text.substr(second + 1));
  Bytes32 public_key;
  if (!typed || typed->size() != public_key.size() + 1 || typed->front() != ed25519_type)
    return std::nullopt;
  std::copy(typed->begin() + 1, typed->end(), public_key.begin());
  auto key = make(text.substr(0, first), public_key);
  // The id follows from the rest, so writing the key again checks it and every spelling at once.
  if (!key || key->text() != text) return std::nullopt;
  return key;
}

NoteSigner::NoteSigner(std::string_view name, const Bytes32& seed)
    : key_(seed), verifier_key_([&] {
        auto key = VerifierKey::make(name, key_.public_key());
        FRONTROW_ASSERT(key.has_value());
        return *std::move(key);
      }()) {}

std::string NoteSigner::sign(std::string_view text) const {
  FRONTROW_ASSERT(text.ends_with('\n') && is_note_text(text));
  const Signature64 signature = key_.sign(as_bytes(text));
  std::array<std::uint8_t, sizeof(KeyId) + sizeof(Signature64)> bytes;
  const auto& id = verifier_key_.id();
  std::copy(signature.begin(), signature.end(), std::copy(id.begin(), id.end(), bytes.begin()));

  std::string note(text);
  note += "\n";
  note += line_start;
  note += verifier_key_.name() + " " + to_base64(bytes) + "\n";
  FRONTROW_ASSERT(note.size() <= note_bytes_max);
  return note;
}

std::optional<Note> parse_note(std::string_view note) {
  if (note.size() > note_bytes_max || !is_note_text(note) || !note.ends_with('\n'))
    return std::nullopt;
  // The text may hold empty lines: the last one of the note ends it.
  const auto end = note.rfind("\n\n");
  if (end == std::string_view::npos) return std::nullopt;
  Note parsed;
  parsed.text = note.substr(0, end + 1);
  std::string_view lines = note.substr(end + 2);
  if (lines.empty()) return std::nullopt;
  while (!lines.empty()) {
    if (parsed.signatures.size() == note_signatures_max) return std::nullopt;
    const auto line_end = lines.find('\n');
    auto signature = parse_signature(lines.substr(0, line_end));
    if (!signature) return std::nullopt;
    parsed.signatures.push_back(*std::move(signature));
    lines.remove_prefix(line_end + 1);
  }
  return parsed;
}

OpenedNote open_note(std::string_view note, const VerifierKey& key) {
  auto parsed = parse_note(note);
  if (!parsed) return {NoteFault::kMalformed, {}};
  bool signed_by_key = false;
  for (const auto& signature : parsed->signatures) {
    if (signature.name != key.name() || signature.id != key.id()) continue;
    if (!verifies(key, parsed->text, signature)) return {NoteFault::kBadSignature, {}};
    signed_by_key = true;
  }
  if (!signed_by_key) return {NoteFault::kNotSignedByKey, {}};
  return {NoteFault::kNone, std::move(parsed->text)};
}

}  // namespace frontrow::proof
