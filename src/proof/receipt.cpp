#include "proof/receipt.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "base/instant_text.hpp"

namespace frontrow::proof {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view domain = "frontrow/receipt/v1\0"sv;
/// Characters of a leaf that are decoded at all: a joining needs far fewer.
constexpr std::size_t leaf_characters_max = 1'024;

std::string signed_bytes(const Receipt& receipt) {
  const ReceiptFields fields = to_fields(receipt);
  std::string text(domain);
  text += fields.entry + "\n" + std::to_string(fields.tier) + "\n" + fields.joined_at + "\n" +
          std::to_string(fields.sequence) + "\n" + fields.leaf + "\n" + fields.round + "\n";
  return text;
}

}  // namespace

Receipt sign_receipt(const Ed25519Key& key, std::string_view round, const Fact& joined) {
  FRONTROW_ASSERT(std::holds_alternative<Joined>(joined.body));
  const auto& body = std::get<Joined>(joined.body);
  Receipt receipt;
  receipt.round = round;
  receipt.entry = body.entry;
  receipt.tier = body.tier;
  receipt.joined_at.microseconds = joined.at.microseconds / 1'000 * 1'000;
  receipt.sequence = joined.sequence;
  receipt.leaf = encode_fact(joined);
  receipt.signature = key.sign(as_bytes(signed_bytes(receipt)));
  return receipt;
}

ReceiptFields to_fields(const Receipt& receipt) {
  return {receipt.round,
          to_hex(receipt.entry),
          receipt.tier,
          to_rfc3339(receipt.joined_at),
          receipt.sequence,
          to_base64(receipt.leaf),
          to_base64(receipt.signature)};
}

std::optional<Receipt> from_fields(const ReceiptFields& fields) {
  const auto joined_at = parse_rfc3339(fields.joined_at);
  if (!joined_at || fields.leaf.size() > leaf_characters_max) return std::nullopt;
  if (fields.tier > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
  const auto leaf = from_base64(fields.leaf);
  const auto signature = from_base64(fields.signature);
  Receipt receipt;
  if (!from_hex(fields.entry, receipt.entry)) return std::nullopt;
  if (!leaf || !signature || signature->size() != receipt.signature.size()) return std::nullopt;
  receipt.round = fields.round;
  receipt.tier = static_cast<std::uint8_t>(fields.tier);
  receipt.joined_at = *joined_at;
  receipt.sequence = fields.sequence;
  receipt.leaf = *leaf;
  std::copy(signature->begin(), signature->end(), receipt.signature.begin());
  // Instants and hex have several spellings; one of them is signed.
  if (to_fields(receipt) != fields) return std::nullopt;
  return receipt;
}

bool receipt_is_signed_by(const Receipt& receipt, const Bytes32& public_key) {
  return ed25519_verify(public_key, as_bytes(signed_bytes(receipt)), receipt.signature);
}

bool receipt_matches_leaf(const Receipt& receipt) {
  const auto fact = decode_fact(receipt.leaf);
  return fact &&
         *fact == Fact{receipt.sequence, receipt.joined_at, Joined{receipt.entry, receipt.tier}};
}

}  // namespace frontrow::proof
