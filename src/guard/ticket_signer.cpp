#include "guard/ticket_signer.hpp"

#include <array>
#include <cstring>
#include <vector>

#include "base/bytes.hpp"
#include "base/ed25519.hpp"
#include "guard/base32.hpp"

namespace frontrow::guard {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t round_bytes = 8;
constexpr std::size_t facts_size = 1 + round_bytes + 4 * sizeof(std::uint32_t);
constexpr std::size_t code_size = facts_size + sizeof(Signature64);
static_assert((code_size * 8 + 4) / 5 == TicketSigner::code_characters);

/// Names what is signed, so that a signature made for anything else is never a ticket's.
constexpr std::string_view signing_context = "frontrow/ticket/v1";
constexpr std::string_view rotation_context = "frontrow/ticket-rotation/v1";
constexpr std::size_t rotation_secret_bytes = 20;
constexpr std::size_t rotation_mac_bytes = 8;

std::vector<std::uint8_t> message_of(ByteView facts) {
  std::vector<std::uint8_t> message(signing_context.begin(), signing_context.end());
  message.push_back(0);
  message.insert(message.end(), facts.begin(), facts.end());
  return message;
}

}  // namespace

struct TicketSigner::Key {
  Ed25519Key ed25519;
};

TicketSigner::TicketSigner(const Bytes32& signing_seed, const Bytes32& rotation_key,
                           std::string round_id)
    : key_(std::make_unique<Key>(Key{Ed25519Key(signing_seed)})),
      rotation_(rotation_key),
      round_id_(std::move(round_id)),
      round_digest_(sha256(as_bytes(round_id_))),
      public_key_(key_->ed25519.public_key()) {}

TicketSigner::~TicketSigner() = default;

std::string TicketSigner::code(OrderId order, std::uint32_t index, SeatIndex seat,
                               std::uint32_t counter) const {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(code_size);
  ByteWriter writer(bytes);
  writer.integer(version);
  writer.raw(round_digest_.data(), round_bytes);
  writer.integer(order.value);
  writer.integer(index);
  writer.integer(seat.value);
  writer.integer(counter);
  writer.bytes(key_->ed25519.sign(message_of(bytes)));
  return to_base32(bytes);
}

std::string TicketSigner::rotation_secret(OrderId order, std::uint32_t index,
                                          std::uint32_t counter) const {
  std::vector<std::uint8_t> message;
  ByteWriter writer(message);
  writer.text(rotation_context);
  writer.text(round_id_);
  writer.integer(order.value);
  writer.integer(index);
  writer.integer(counter);
  return to_base32(ByteView(rotation_(message)).first(rotation_secret_bytes));
}

std::optional<TicketFacts> TicketSigner::verify(std::string_view code, const Bytes32& public_key,
                                                std::string_view round_id) {
  if (code.size() != code_characters) return std::nullopt;
  const auto bytes = from_base32(code);
  if (!bytes || bytes->size() != code_size) return std::nullopt;
  ByteReader reader(*bytes);
  const auto its_version = reader.integer<std::uint8_t>();
  const auto round = reader.bytes<round_bytes>();
  TicketFacts facts;
  facts.order = OrderId(reader.integer<std::uint32_t>());
  facts.index = reader.integer<std::uint32_t>();
  facts.seat = SeatIndex(reader.integer<std::uint32_t>());
  facts.counter = reader.integer<std::uint32_t>();
  const auto signature = reader.bytes<sizeof(Signature64)>();
  const Bytes32 expected = sha256(as_bytes(round_id));
  if (its_version != version || std::memcmp(round.data(), expected.data(), round_bytes) != 0)
    return std::nullopt;
  if (!ed25519_verify(public_key, message_of(ByteView(*bytes).first(facts_size)), signature))
    return std::nullopt;
  return facts;
}

std::string TicketSigner::rotation_mac(std::string_view secret, std::uint64_t step) {
  std::array<std::uint8_t, 8> big_endian;
  for (std::size_t n = 0; n < big_endian.size(); ++n)
    big_endian[n] = static_cast<std::uint8_t>(step >> (56 - 8 * n));
  return to_base32(ByteView(hmac_sha256(as_bytes(secret), big_endian)).first(rotation_mac_bytes));
}

}  // namespace frontrow::guard
