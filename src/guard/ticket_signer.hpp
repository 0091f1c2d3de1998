// Tickets as codes. A code is signed, so that a gate needs only the public key; it changes only
// when the ticket is reissued. Where a round rotates codes, each ticket also has a secret from
// which the fan's phone makes a new text every 15 seconds, without a network.
//
// A ticket's QR code holds `code.step.MAC`: step = Unix time of the server / 15, MAC = base32
// without padding of the first 8 bytes of HMAC-SHA-256(secret, step as 8 bytes, big-endian). The
// HMAC's key is the secret's text as it stands, its ASCII characters: a phone decodes nothing.
// All characters are of the QR alphanumeric set.
//
// Made once; any thread may call it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "frontrow/ids.hpp"

namespace frontrow::guard {

/// What a ticket's code says.
struct TicketFacts {
  OrderId order;
  std::uint32_t index = 0;  ///< Which seat of the order, from 0.
  SeatIndex seat;
  std::uint32_t counter = 0;  ///< How often the ticket was reissued.
  friend bool operator==(const TicketFacts&, const TicketFacts&) = default;
};

/// Seconds that a rotating code stands.
inline constexpr std::uint32_t ticket_period_seconds = 15;

class TicketSigner {
 public:
  TicketSigner(const Bytes32& signing_seed, const Bytes32& rotation_key, std::string round_id);
  ~TicketSigner();
  TicketSigner(const TicketSigner&) = delete;
  TicketSigner& operator=(const TicketSigner&) = delete;

  /// base32 without padding (A-Z, 2-7) of: version (1 byte), SHA-256 of the round's id (first 8),
  /// order, index, seat, counter (4 each, little-endian), Ed25519 signature over these (64). 143
  /// characters; the same for the same facts.
  std::string code(OrderId order, std::uint32_t index, SeatIndex seat, std::uint32_t counter) const;
  /// 32 characters of base32; another one for each ticket and each reissue.
  std::string rotation_secret(OrderId order, std::uint32_t index, std::uint32_t counter) const;
  const Bytes32& public_key() const { return public_key_; }

  /// The facts of a code that is signed for this round with this key; nothing otherwise. Strict
  /// about the spelling.
  static std::optional<TicketFacts> verify(std::string_view code, const Bytes32& public_key,
                                           std::string_view round_id);
  /// The MAC of one step, as above.
  static std::string rotation_mac(std::string_view secret, std::uint64_t step);

  static constexpr std::size_t code_characters = 143;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  HmacSha256 rotation_;
  std::string round_id_;
  Bytes32 round_digest_{};
  Bytes32 public_key_{};
};

}  // namespace frontrow::guard
