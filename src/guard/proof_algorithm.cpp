#include "guard/proof_algorithm.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "base/assert.hpp"
#include "guard/proof_of_work.hpp"

namespace frontrow::guard {
namespace {

struct Algorithm {
  std::string_view name;
  const char* digest;
  std::size_t digest_bytes;
  bool pbkdf2;
};
constexpr Algorithm algorithms[] = {
    {"SHA-256", "SHA256", 32, false},       {"SHA-384", "SHA384", 48, false},
    {"SHA-512", "SHA512", 64, false},       {"PBKDF2/SHA-256", "SHA256", 32, true},
    {"PBKDF2/SHA-384", "SHA384", 48, true}, {"PBKDF2/SHA-512", "SHA512", 64, true},
};

const Algorithm* find(std::string_view name) {
  const auto* at = std::find_if(std::begin(algorithms), std::end(algorithms),
                                [&](const Algorithm& one) { return one.name == name; });
  return at == std::end(algorithms) ? nullptr : at;
}

struct DigestDeleter {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

bool is_proof_algorithm(std::string_view name) { return find(name) != nullptr; }

struct ProofKeyDeriver::State {
  const Algorithm* algorithm = nullptr;
  std::unique_ptr<EVP_MD, DigestDeleter> digest;
  std::unique_ptr<EVP_MD_CTX, ContextDeleter> context;
  std::vector<std::uint8_t> salt;
  std::vector<std::uint8_t> password;  ///< The last four bytes are the counter's.
  std::uint32_t cost = 0;
  std::size_t key_bytes = 0;
  std::array<std::uint8_t, proof_key_bytes_max> key{};

  void hash(std::initializer_list<ByteView> parts) {
    bool good = EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1;
    for (const ByteView part : parts)
      good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    FRONTROW_ASSERT(good && EVP_DigestFinal_ex(context.get(), key.data(), nullptr) == 1);
  }
};

ProofKeyDeriver::ProofKeyDeriver(std::unique_ptr<State> state) : state_(std::move(state)) {}
ProofKeyDeriver::ProofKeyDeriver(ProofKeyDeriver&&) noexcept = default;
ProofKeyDeriver::~ProofKeyDeriver() = default;

std::optional<ProofKeyDeriver> ProofKeyDeriver::make(std::string_view algorithm, ByteView nonce,
                                                     ByteView salt, std::uint32_t cost,
                                                     std::size_t key_bytes) {
  const Algorithm* const found = find(algorithm);
  if (found == nullptr || cost < 1 || cost > proof_cost_max || key_bytes < 1 ||
      key_bytes > proof_key_bytes_max || nonce.empty() || nonce.size() > proof_nonce_bytes_max ||
      salt.empty() || salt.size() > proof_nonce_bytes_max)
    return std::nullopt;
  auto state = std::make_unique<State>();
  state->algorithm = found;
  state->digest.reset(EVP_MD_fetch(nullptr, found->digest, nullptr));
  state->context.reset(EVP_MD_CTX_new());
  FRONTROW_ASSERT(state->digest && state->context &&
                  EVP_DigestInit_ex2(state->context.get(), state->digest.get(), nullptr) == 1);
  state->salt.assign(salt.begin(), salt.end());
  state->password.assign(nonce.begin(), nonce.end());
  state->password.resize(nonce.size() + 4);
  state->cost = cost;
  state->key_bytes = found->pbkdf2 ? key_bytes : std::min(key_bytes, found->digest_bytes);
  return ProofKeyDeriver(std::move(state));
}

ByteView ProofKeyDeriver::derive(std::uint32_t counter) {
  State& state = *state_;
  for (std::size_t n = 0; n < 4; ++n)
    state.password[state.password.size() - 4 + n] =
        static_cast<std::uint8_t>(counter >> (24 - 8 * n));
  if (state.algorithm->pbkdf2) {
    FRONTROW_ASSERT(PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(state.password.data()),
                                      static_cast<int>(state.password.size()), state.salt.data(),
                                      static_cast<int>(state.salt.size()),
                                      static_cast<int>(state.cost), state.digest.get(),
                                      static_cast<int>(state.key_bytes), state.key.data()) == 1);
  } else {
    state.hash({state.salt, state.password});
    const ByteView whole(state.key.data(), state.algorithm->digest_bytes);
    for (std::uint32_t round = 1; round < state.cost; ++round) state.hash({whole});
  }
  return ByteView(state.key.data(), state.key_bytes);
}

}  // namespace frontrow::guard
