#include "guard/jwks.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "guard/proof_json.hpp"

namespace frontrow::guard {
namespace {

using Json = nlohmann::json;

/// What one member of `keys` comes to: a key, or why it is left out, or why the set is refused.
struct KeyReading {
  std::string id;
  std::optional<PassKey> key;
  std::string left_out, refused;
};

KeyReading leave_out(std::string why) { return {{}, std::nullopt, std::move(why), {}}; }
KeyReading refuse(std::string why) { return {{}, std::nullopt, {}, std::move(why)}; }

Loaded<PassKey> key_of(const Json& jwk, PassAlgorithm algorithm) {
  struct Part {
    const char* name;
    std::vector<std::uint8_t> bytes;
  };
  std::vector<Part> parts;
  switch (algorithm) {
    case PassAlgorithm::kEdDsa:
      parts = {{"x", {}}};
      break;
    case PassAlgorithm::kEs256:
      parts = {{"x", {}}, {"y", {}}};
      break;
    case PassAlgorithm::kRs256:
      parts = {{"n", {}}, {"e", {}}};
      break;
  }
  for (auto& part : parts) {
    const std::string* const text = text_member(jwk, part.name);
    auto bytes = text == nullptr ? std::nullopt : from_base64url(*text);
    if (!bytes)
      return Loaded<PassKey>::failed(std::string("its ") + part.name +
                                     " is missing or not base64url without padding");
    part.bytes = std::move(*bytes);
  }
  switch (algorithm) {
    case PassAlgorithm::kEdDsa:
      return PassKey::ed25519(parts[0].bytes);
    case PassAlgorithm::kEs256:
      return PassKey::p256(parts[0].bytes, parts[1].bytes);
    case PassAlgorithm::kRs256:
      break;
  }
  return PassKey::rsa(parts[0].bytes, parts[1].bytes);
}

/// The algorithm that the key's type fixes; nothing for the types that sign no pass.
std::optional<PassAlgorithm> algorithm_of_type(const Json& jwk, const std::string& type) {
  const std::string* const curve = text_member(jwk, "crv");
  if (type == "RSA") return PassAlgorithm::kRs256;
  if (type == "EC" && curve != nullptr && *curve == "P-256") return PassAlgorithm::kEs256;
  if (type == "OKP" && curve != nullptr && *curve == "Ed25519") return PassAlgorithm::kEdDsa;
  return std::nullopt;
}

/// Whether `use`, `key_ops` and `alg`, where they are there, let the key verify with `algorithm`.
bool is_meant_for(const Json& jwk, PassAlgorithm algorithm) {
  if (const auto use = jwk.find("use"); use != jwk.end() && *use != "sig") return false;
  if (const auto alg = jwk.find("alg"); alg != jwk.end() && *alg != std::string(name_of(algorithm)))
    return false;
  const auto operations = jwk.find("key_ops");
  return operations == jwk.end() ||
         (operations->is_array() &&
          std::find(operations->begin(), operations->end(), "verify") != operations->end());
}

KeyReading read_key(const Json& jwk) {
  if (!jwk.is_object()) return refuse("is no object");
  const std::string* const type = text_member(jwk, "kty");
  if (type == nullptr) return refuse("has no kty");
  const auto algorithm = algorithm_of_type(jwk, *type);
  if (!algorithm) return leave_out("its type is not Ed25519, P-256 or RSA");
  // Whoever publishes the private half lets everybody sign passes: better no round than that.
  if (jwk.contains("d")) return refuse("holds a private key; only the public half belongs here");
  if (!is_meant_for(jwk, *algorithm))
    return leave_out("it is not meant for " + std::string(name_of(*algorithm)) + " signatures");
  KeyReading reading;
  if (jwk.contains("kid")) {
    const std::string* const id = text_member(jwk, "kid");
    if (id == nullptr || id->empty() || id->size() > jwks_key_id_bytes_max)
      return refuse("has a kid that is not a text of 1 to " +
                    std::to_string(jwks_key_id_bytes_max) + " bytes");
    reading.id = *id;
  }
  auto key = key_of(jwk, *algorithm);
  if (!key) return refuse("is not usable: " + key.error);
  reading.key = std::move(key.value);
  return reading;
}

}  // namespace

Loaded<KeySet> KeySet::parse(std::string_view text) {
  if (text.size() > jwks_bytes_max)
    return Loaded<KeySet>::failed("larger than " + std::to_string(jwks_bytes_max) + " bytes");
  const auto document = parse_proof_json(text, jwks_bytes_max, jwks_depth_max);
  if (!document) return Loaded<KeySet>::failed("not a JSON object");
  const auto list = document->find("keys");
  if (list == document->end() || !list->is_array())
    return Loaded<KeySet>::failed("not a key set: no list `keys`");
  if (list->size() > jwks_keys_max)
    return Loaded<KeySet>::failed("more than " + std::to_string(jwks_keys_max) + " keys");

  Loaded<KeySet> loaded;
  KeySet set;
  for (std::size_t n = 0; n < list->size(); ++n) {
    const std::string where = "keys[" + std::to_string(n) + "]";
    KeyReading reading = read_key((*list)[n]);
    if (!reading.refused.empty()) return Loaded<KeySet>::failed(where + " " + reading.refused);
    if (!reading.key) {
      loaded.warnings.push_back(where + " is left out: " + reading.left_out);
      continue;
    }
    const PassAlgorithm algorithm = reading.key->algorithm();
    const bool taken = std::any_of(set.keys_.begin(), set.keys_.end(), [&](const NamedKey& other) {
      return !reading.id.empty() && other.id == reading.id && other.key.algorithm() == algorithm;
    });
    if (taken) return Loaded<KeySet>::failed(where + " has the kid of a key before it");
    set.keys_.push_back({std::move(reading.id), std::move(*reading.key)});
  }
  loaded.value = std::move(set);
  return loaded;
}

std::string KeySet::describe() const {
  std::string text;
  for (const auto& named : keys_) {
    if (!text.empty()) text += ", ";
    text += name_of(named.key.algorithm());
    if (!named.id.empty()) text += " " + named.id;
  }
  return text;
}

KeySet::Verdict KeySet::verify(PassAlgorithm algorithm, const std::string* key_id, ByteView message,
                               ByteView signature) const {
  const auto fits = [&](const NamedKey& named) {
    return named.key.algorithm() == algorithm &&
           (key_id == nullptr || (!named.id.empty() && named.id == *key_id));
  };
  const auto count = static_cast<std::size_t>(std::count_if(keys_.begin(), keys_.end(), fits));
  if (count == 0 || count > jwks_keys_tried_max) return Verdict::kUnknownKey;
  const bool good = std::any_of(keys_.begin(), keys_.end(), [&](const NamedKey& named) {
    return fits(named) && named.key.verifies(message, signature);
  });
  return good ? Verdict::kGood : Verdict::kBadSignature;
}

}  // namespace frontrow::guard
