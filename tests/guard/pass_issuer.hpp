// A promoter's account system in small: makes keys, writes key sets, signs passes, with OpenSSL
// and without any code of the verifier.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"

namespace frontrow::testing {

using nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

inline std::string base64url_of(std::string_view text) {
  return to_base64url({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

class PassIssuer {
 public:
  /// `alg`: EdDSA, ES256, RS256; `bits` for RSA alone.
  explicit PassIssuer(std::string alg, std::string key_id = {}, std::size_t bits = 2'048)
      : alg_(std::move(alg)), key_id_(std::move(key_id)) {
    EVP_PKEY* made = nullptr;
    if (alg_ == "EdDSA")
      made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    else if (alg_ == "ES256")
      made = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    else
      made = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", bits);
    key_.reset(made, EVP_PKEY_free);
    REQUIRE(key_ != nullptr);
  }

  const std::string& alg() const { return alg_; }
  const std::string& key_id() const { return key_id_; }

  /// The public half, as RFC 7517 writes it.
  json jwk() const {
    json key;
    if (!key_id_.empty()) key["kid"] = key_id_;
    if (alg_ == "EdDSA") {
      Bytes x(32);
      std::size_t size = x.size();
      REQUIRE(EVP_PKEY_get_raw_public_key(key_.get(), x.data(), &size) == 1);
      key["kty"] = "OKP";
      key["crv"] = "Ed25519";
      key["x"] = to_base64url(x);
    } else if (alg_ == "ES256") {
      Bytes point(65);
      std::size_t size = 0;
      REQUIRE(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                              point.size(), &size) == 1);
      REQUIRE(size == point.size());
      key["kty"] = "EC";
      key["crv"] = "P-256";
      key["x"] = to_base64url(Bytes(point.begin() + 1, point.begin() + 33));
      key["y"] = to_base64url(Bytes(point.begin() + 33, point.end()));
    } else {
      key["kty"] = "RSA";
      key["n"] = to_base64url(number(OSSL_PKEY_PARAM_RSA_N));
      key["e"] = to_base64url(number(OSSL_PKEY_PARAM_RSA_E));
    }
    return key;
  }

  /// Raw bytes of a signature over `message`, as JWS wants them.
  Bytes signature(std::string_view message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    const EVP_MD* const digest = alg_ == "EdDSA" ? nullptr : EVP_sha256();
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1);
    const auto* const data = reinterpret_cast<const std::uint8_t*>(message.data());
    std::size_t size = 0;
    REQUIRE(EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) == 1);
    Bytes bytes(size);
    REQUIRE(EVP_DigestSign(context.get(), bytes.data(), &size, data, message.size()) == 1);
    bytes.resize(size);
    if (alg_ != "ES256") return bytes;
    const std::uint8_t* der = bytes.data();
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
        d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(bytes.size())), ECDSA_SIG_free);
    REQUIRE(pair != nullptr);
    Bytes raw(64);
    REQUIRE(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), 32) == 32);
    REQUIRE(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + 32, 32) == 32);
    return raw;
  }

  json header() const {
    json head = {{"alg", alg_}, {"typ", "JWT"}};
    if (!key_id_.empty()) head["kid"] = key_id_;
    return head;
  }
  std::string sign_texts(std::string_view head, std::string_view payload) const {
    const std::string input = base64url_of(head) + "." + base64url_of(payload);
    return input + "." + to_base64url(signature(input));
  }
  std::string sign(const json& claims) const { return sign_texts(header().dump(), claims.dump()); }
  std::string sign(const json& head, const json& claims) const {
    return sign_texts(head.dump(), claims.dump());
  }

 private:
  Bytes number(const char* name) const {
    BIGNUM* value = nullptr;
    REQUIRE(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(value)));
    BN_bn2bin(value, bytes.data());
    BN_free(value);
    return bytes;
  }

  std::string alg_, key_id_;
  std::shared_ptr<EVP_PKEY> key_;
};

/// One issuer of each algorithm, made once: RSA keys take their time.
inline const std::vector<PassIssuer>& issuers() {
  static const std::vector<PassIssuer> all = {PassIssuer("EdDSA", "ed"), PassIssuer("ES256", "ec"),
                                              PassIssuer("RS256", "rs")};
  return all;
}

inline std::string key_set_text(const std::vector<json>& keys) {
  return json{{"keys", keys}}.dump();
}

}  // namespace frontrow::testing
