#include "base/ed25519.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/assert.hpp"

namespace frontrow {
namespace {

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

}  // namespace

Ed25519Key::Ed25519Key(const Bytes32& seed)
    : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()),
           EVP_PKEY_free) {
  FRONTROW_ASSERT(key_ != nullptr);
  std::size_t size = public_key_.size();
  FRONTROW_ASSERT(EVP_PKEY_get_raw_public_key(key_.get(), public_key_.data(), &size) == 1);
  FRONTROW_ASSERT(size == public_key_.size());
}

Signature64 Ed25519Key::sign(ByteView message) const {
  const Context context(EVP_MD_CTX_new());
  FRONTROW_ASSERT(context != nullptr);
  FRONTROW_ASSERT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  Signature64 signature;
  std::size_t size = signature.size();
  FRONTROW_ASSERT(
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1);
  FRONTROW_ASSERT(size == signature.size());
  return signature;
}

bool ed25519_verify(const Bytes32& public_key, ByteView message, const Signature64& signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()),
      EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new());
  const bool good =
      key != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                       message.size()) == 1;
  // A refusal leaves a record in the thread's error queue, where it would surprise the next caller.
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace frontrow
