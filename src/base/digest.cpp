#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstring>

#include "base/assert.hpp"

namespace frontrow {
namespace {

const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  FRONTROW_ASSERT(fetched != nullptr);
  return fetched;
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

Context make_context() {
  Context context(EVP_MD_CTX_new());
  FRONTROW_ASSERT(context && EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1);
  return context;
}

Bytes32 hash_parts(const ByteView* parts, std::size_t count) {
  thread_local const Context context = make_context();
  FRONTROW_ASSERT(EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1);
  for (std::size_t n = 0; n < count; ++n)
    FRONTROW_ASSERT(EVP_DigestUpdate(context.get(), parts[n].data(), parts[n].size()) == 1);
  Bytes32 out;
  FRONTROW_ASSERT(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return out;
}

}  // namespace

Bytes32 sha256(ByteView data) { return hash_parts(&data, 1); }

Bytes32 sha256(std::initializer_list<ByteView> parts) {
  return hash_parts(parts.begin(), parts.size());
}

struct HmacSha256::State {
  std::array<std::uint8_t, 64> inner{};
  std::array<std::uint8_t, 64> outer{};
};

HmacSha256::HmacSha256(ByteView key) : state_(std::make_unique<State>()) {
  Bytes32 hashed_key;
  if (key.size() > 64) {
    hashed_key = sha256(key);
    key = hashed_key;
  }
  std::memcpy(state_->inner.data(), key.data(), key.size());
  std::memcpy(state_->outer.data(), key.data(), key.size());
  for (auto& byte : state_->inner) byte ^= 0x36;
  for (auto& byte : state_->outer) byte ^= 0x5c;
}

HmacSha256::~HmacSha256() { OPENSSL_cleanse(state_.get(), sizeof(State)); }

Bytes32 HmacSha256::operator()(ByteView message) const {
  const Bytes32 inner = sha256({state_->inner, message});
  return sha256({state_->outer, inner});
}

Bytes32 hmac_sha256(ByteView key, ByteView message) { return HmacSha256(key)(message); }

Bytes32 merkle_leaf(ByteView data) {
  static constexpr std::uint8_t prefix = 0x00;
  return sha256({ByteView(&prefix, 1), data});
}

Bytes32 merkle_root(std::vector<Bytes32> level) {
  if (level.empty()) return sha256(ByteView{});
  // Pairing neighbours and carrying an odd last one up unchanged is RFC 6962's split at the
  // largest power of two.
  static constexpr std::uint8_t prefix = 0x01;
  while (level.size() > 1) {
    std::size_t out = 0;
    for (std::size_t n = 0; n + 1 < level.size(); n += 2)
      level[out++] = sha256({ByteView(&prefix, 1), level[n], level[n + 1]});
    if (level.size() % 2 == 1) level[out++] = level.back();
    level.resize(out);
  }
  return level.front();
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void random_bytes(std::span<std::uint8_t> out) {
  FRONTROW_ASSERT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace frontrow
