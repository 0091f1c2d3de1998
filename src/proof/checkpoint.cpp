#include "proof/checkpoint.hpp"

#include <algorithm>
#include <charconv>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "proof/note_text.hpp"

namespace frontrow::proof {
namespace {

constexpr std::string_view rounds = "/rounds/";

/// RFC 3986: unreserved characters, and of the others those in `also`, as they are.
std::string percent_encoded(std::string_view text, std::string_view also) {
  static constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (unreserved.find(c) != std::string_view::npos || also.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

bool is_line(std::string_view text) {
  return !text.empty() && text.find('\n') == std::string_view::npos && is_note_text(text);
}

/// Takes the text up to the next newline, and that; nothing where there is no newline or no text.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

std::string fault_text(NoteFault fault, const VerifierKey& key) {
  switch (fault) {
    case NoteFault::kNone:
      return {};
    case NoteFault::kMalformed:
      return "it is not a signed note";
    case NoteFault::kNotSignedByKey:
      return "it has no signature by " + key.name() + " with the key id " + to_hex(key.id());
    case NoteFault::kBadSignature:
      return "the signature by " + key.name() + " is not valid";
  }
  return {};
}

}  // namespace

std::string log_name(std::string_view host, std::string_view round) {
  return percent_encoded(host, ":/") + std::string(rounds) + percent_encoded(round, "");
}

bool is_log_of_round(std::string_view name, std::string_view round) {
  return name.ends_with(std::string(rounds) + percent_encoded(round, ""));
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  FRONTROW_ASSERT(is_line(checkpoint.origin));
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                     to_base64(checkpoint.root) + "\n";
  for (const auto& line : checkpoint.extensions) {
    FRONTROW_ASSERT(is_line(line));
    text += line + "\n";
  }
  return text;
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
  if (text.size() > note_bytes_max || !is_note_text(text)) return std::nullopt;
  const auto origin = take_line(text);
  if (!origin) return std::nullopt;
  const auto size_line = take_line(text);
  const auto size = size_line ? parse_size(*size_line) : std::nullopt;
  if (!size) return std::nullopt;
  const auto root_line = take_line(text);
  const auto root = root_line ? from_base64(*root_line) : std::nullopt;
  Checkpoint checkpoint;
  if (!root || root->size() != checkpoint.root.size()) return std::nullopt;
  checkpoint.origin = *origin;
  checkpoint.size = *size;
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line) return std::nullopt;
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

std::string sign_checkpoint(const NoteSigner& signer, std::uint64_t size, const Bytes32& root) {
  return signer.sign(checkpoint_text({signer.verifier_key().name(), size, root, {}}));
}

OpenedCheckpoint open_checkpoint(std::string_view note, const VerifierKey& key,
                                 std::string_view origin) {
  const OpenedNote opened = open_note(note, key);
  if (opened.fault != NoteFault::kNone) return {std::nullopt, fault_text(opened.fault, key)};
  auto checkpoint = parse_checkpoint(opened.text);
  if (!checkpoint) return {std::nullopt, "the signed text is not a checkpoint"};
  if (checkpoint->origin != origin) return {std::nullopt, "it is of the log " + checkpoint->origin};
  return {std::move(checkpoint), {}};
}

OpenedCheckpoint open_checkpoint(std::string_view note, const VerifierKey& key) {
  return open_checkpoint(note, key, key.name());
}

}  // namespace frontrow::proof
