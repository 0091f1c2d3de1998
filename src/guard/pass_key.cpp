#include "guard/pass_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/assert.hpp"

namespace frontrow::guard {
namespace {

constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;
constexpr std::size_t p256_number_bytes = 32;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* pointer) const {
    release(pointer);
  }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

using Number = Owned<BIGNUM, BN_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using SharedKey = std::shared_ptr<EVP_PKEY>;

SharedKey share(EVP_PKEY* key) {
  // A refusal leaves records in the thread's error queue, where they would surprise the next.
  if (key == nullptr) ERR_clear_error();
  return key == nullptr ? SharedKey() : SharedKey(key, EVP_PKEY_free);
}

SharedKey make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  FRONTROW_ASSERT(parameters != nullptr && context != nullptr);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    key = nullptr;
  return share(key);
}

ByteView without_leading_zeros(ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  return number;
}

std::string count_of_bytes(const char* name, std::size_t count, std::size_t wanted) {
  return std::string("its ") + name + " has " + std::to_string(count) + " bytes instead of " +
         std::to_string(wanted);
}

/// A whole number of ASN.1 DER at `out`, out of 32 bytes; returns how many bytes it takes.
std::size_t write_der_integer(ByteView number, std::uint8_t* out) {
  number = without_leading_zeros(number);
  // Zero needs a byte, and a set top bit a zero before it: DER's numbers are signed.
  const bool padded = number.empty() || (number.front() & 0x80) != 0;
  const std::size_t size = number.size() + (padded ? 1 : 0);
  out[0] = 0x02;
  out[1] = static_cast<std::uint8_t>(size);
  if (padded) out[2] = 0;
  std::copy(number.begin(), number.end(), out + 2 + (padded ? 1 : 0));
  return 2 + size;
}

bool verify_message(EVP_PKEY* key, const EVP_MD* digest, ByteView message, ByteView signature) {
  const DigestContext context(EVP_MD_CTX_new());
  const bool good = context != nullptr &&
                    EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                     message.data(), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

/// JWS writes r and s side by side; OpenSSL takes the DER sequence of the two.
bool verify_es256(EVP_PKEY* key, ByteView message, ByteView signature) {
  if (signature.size() != 2 * p256_number_bytes) return false;
  std::array<std::uint8_t, 2 + 2 * (2 + 1 + p256_number_bytes)> der;
  std::size_t size = 2;
  size += write_der_integer(signature.first(p256_number_bytes), der.data() + size);
  size += write_der_integer(signature.subspan(p256_number_bytes), der.data() + size);
  der[0] = 0x30;
  der[1] = static_cast<std::uint8_t>(size - 2);
  return verify_message(key, EVP_sha256(), message, {der.data(), size});
}

}  // namespace

std::optional<PassAlgorithm> pass_algorithm_named(std::string_view name) {
  for (const auto algorithm : {PassAlgorithm::kEdDsa, PassAlgorithm::kEs256, PassAlgorithm::kRs256})
    if (name == name_of(algorithm)) return algorithm;
  return std::nullopt;
}

std::string_view name_of(PassAlgorithm algorithm) {
  switch (algorithm) {
    case PassAlgorithm::kEdDsa:
      return "EdDSA";
    case PassAlgorithm::kEs256:
      return "ES256";
    case PassAlgorithm::kRs256:
      return "RS256";
  }
  FRONTROW_ASSERT(false);
}

Loaded<PassKey> PassKey::ed25519(ByteView x) {
  if (x.size() != ed25519_key_bytes)
    return Loaded<PassKey>::failed(count_of_bytes("x", x.size(), ed25519_key_bytes));
  auto key = share(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.data(), x.size()));
  if (!key) return Loaded<PassKey>::failed("its x is no Ed25519 key");
  return {PassKey(PassAlgorithm::kEdDsa, std::move(key)), {}, {}};
}

Loaded<PassKey> PassKey::p256(ByteView x, ByteView y) {
  if (x.size() != p256_number_bytes)
    return Loaded<PassKey>::failed(count_of_bytes("x", x.size(), p256_number_bytes));
  if (y.size() != p256_number_bytes)
    return Loaded<PassKey>::failed(count_of_bytes("y", y.size(), p256_number_bytes));
  std::array<std::uint8_t, 1 + 2 * p256_number_bytes> point;
  point[0] = POINT_CONVERSION_UNCOMPRESSED;
  std::copy(x.begin(), x.end(), point.begin() + 1);
  std::copy(y.begin(), y.end(), point.begin() + 1 + p256_number_bytes);
  const Builder builder(OSSL_PARAM_BLD_new());
  FRONTROW_ASSERT(builder != nullptr);
  FRONTROW_ASSERT(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                                  "prime256v1", 0) == 1);
  FRONTROW_ASSERT(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                   point.data(), point.size()) == 1);
  auto key = make_key("EC", builder.get());
  if (key) {
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (context == nullptr || EVP_PKEY_public_check(context.get()) != 1) {
      ERR_clear_error();
      key.reset();
    }
  }
  if (!key) return Loaded<PassKey>::failed("its x and y are no point of P-256");
  return {PassKey(PassAlgorithm::kEs256, std::move(key)), {}, {}};
}

Loaded<PassKey> PassKey::rsa(ByteView modulus, ByteView exponent) {
  modulus = without_leading_zeros(modulus);
  exponent = without_leading_zeros(exponent);
  // Counted by hand first, so that no number is made that is larger than a key may be.
  const std::size_t bits =
      modulus.empty() ? 0
                      : modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(modulus[0]));
  if (bits < pass_rsa_bits_min || bits > pass_rsa_bits_max)
    return Loaded<PassKey>::failed("its n has " + std::to_string(bits) + " bits; from " +
                                   std::to_string(pass_rsa_bits_min) + " to " +
                                   std::to_string(pass_rsa_bits_max) + " are taken");
  if ((modulus.back() & 1) == 0) return Loaded<PassKey>::failed("its n is even");
  std::uint32_t power = 0;
  if (exponent.size() <= sizeof power)
    for (const auto byte : exponent) power = power << 8 | byte;
  if (power < pass_rsa_exponent_min || (power & 1) == 0)
    return Loaded<PassKey>::failed("its e is not an odd number of at most 32 bits from " +
                                   std::to_string(pass_rsa_exponent_min));
  const Number n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  FRONTROW_ASSERT(n != nullptr && e != nullptr && builder != nullptr);
  FRONTROW_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1);
  FRONTROW_ASSERT(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  auto key = make_key("RSA", builder.get());
  if (!key) return Loaded<PassKey>::failed("its n and e are no RSA key");
  return {PassKey(PassAlgorithm::kRs256, std::move(key)), {}, {}};
}

bool PassKey::verifies(ByteView message, ByteView signature) const {
  switch (algorithm_) {
    case PassAlgorithm::kEdDsa:
      return signature.size() == ed25519_signature_bytes &&
             verify_message(key_.get(), nullptr, message, signature);
    case PassAlgorithm::kEs256:
      return verify_es256(key_.get(), message, signature);
    case PassAlgorithm::kRs256:
      // OpenSSL refuses any length but the modulus's.
      return verify_message(key_.get(), EVP_sha256(), message, signature);
  }
  FRONTROW_ASSERT(false);
}

}  // namespace frontrow::guard
