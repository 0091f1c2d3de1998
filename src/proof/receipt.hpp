// The receipt for a place: what the server said at joining, signed with the key of the round's
// log. Pure values; any thread; a receipt that is read may be hostile.
//
// The signature is Ed25519 over these bytes, "\n" being 0x0A:
//   "frontrow/receipt/v1" || 0x00
//   || entry in lower-case hex || "\n" || tier || "\n" || joined_at || "\n" || sequence || "\n"
//   || leaf in base64 || "\n" || round || "\n"
// with each field spelled as in the JSON. The zero byte keeps it apart from every signed note; the
// round stands last, so that no character in it can be taken for another field.
//
// A signature costs tens of microseconds and is the same every time: make it where the answer is
// written, and again whenever it is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ed25519.hpp"
#include "proof/fact.hpp"

namespace frontrow::proof {

struct Receipt {
  std::string round;  ///< The round's id.
  Bytes16 entry{};
  std::uint8_t tier = 1;
  Instant joined_at;  ///< To the millisecond.
  Sequence sequence = 0;
  std::vector<std::uint8_t> leaf;  ///< The encoded fact, as it is in the log.
  Signature64 signature{};
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// A receipt as the members of its JSON object, in their order and under these names.
struct ReceiptFields {
  std::string round;
  std::string entry;  ///< Lower-case hex.
  std::uint64_t tier = 0;
  std::string joined_at;  ///< RFC 3339, UTC, with milliseconds.
  std::uint64_t sequence = 0;
  std::string leaf;       ///< Base64.
  std::string signature;  ///< Base64.
  friend bool operator==(const ReceiptFields&, const ReceiptFields&) = default;
};

/// `joined` must hold a `Joined`.
Receipt sign_receipt(const Ed25519Key& key, std::string_view round, const Fact& joined);

ReceiptFields to_fields(const Receipt& receipt);
/// Strict: exactly the spellings that `to_fields` writes. Says nothing about the signature.
std::optional<Receipt> from_fields(const ReceiptFields& fields);

/// The signature is by this key over these very fields.
bool receipt_is_signed_by(const Receipt& receipt, const Bytes32& public_key);
/// The leaf is the encoding of a joining with the receipt's entry, tier, instant and sequence.
bool receipt_matches_leaf(const Receipt& receipt);

}  // namespace frontrow::proof
