#include "guard/key_store.hpp"

#include <openssl/crypto.h>

#include "base/ed25519.hpp"
#include "base/encoding.hpp"
#include "guard/secret_file.hpp"

namespace frontrow::guard {
namespace {

/// Reads one key, or makes it; an error or nothing.
std::string load_key(const std::filesystem::path& path, Bytes32& key,
                     std::vector<std::string>& warnings) {
  FileContent content = read_file(path);
  if (content.state == ReadState::kAbsent) {
    auto made = random_array<Bytes32>();
    const WriteResult result = write_file(path, made, 0600, Existing::kKeep);
    OPENSSL_cleanse(made.data(), made.size());
    if (!result.error.empty()) return result.error;
    // Read back in either case: another process may have been first.
    content = read_file(path);
  }
  if (content.state != ReadState::kRead)
    return content.error.empty() ? "cannot read " + path.string() + ": it vanished" : content.error;
  if (content.bytes.size() != key.size())
    return path.string() + " is not a key: " + std::to_string(content.bytes.size()) +
           " bytes instead of " + std::to_string(key.size());
  if (content.readable_by_others)
    warnings.push_back(path.string() + " can be read by others; it should have mode 0600");
  std::copy(content.bytes.begin(), content.bytes.end(), key.begin());
  OPENSSL_cleanse(content.bytes.data(), content.bytes.size());
  return {};
}

/// Writes a public text where there is none; `there` is what lies there then. An error or nothing.
std::string keep_text(const std::filesystem::path& path, const std::string& text,
                      std::string& there) {
  FileContent content = read_file(path);
  if (content.state == ReadState::kAbsent) {
    const WriteResult result = write_file(path, as_bytes(text), 0644, Existing::kKeep);
    if (!result.error.empty()) return result.error;
    content = read_file(path);
  }
  if (content.state != ReadState::kRead)
    return content.error.empty() ? "cannot read " + path.string() + ": it vanished" : content.error;
  there.assign(content.bytes.begin(), content.bytes.end());
  return {};
}

/// Writes the public half beside its key, or checks that the one there is the same.
std::string keep_public_half(const std::filesystem::path& path, const Bytes32& key) {
  const std::string text = to_hex(key) + "\n";
  std::string there;
  if (auto error = keep_text(path, text, there); !error.empty()) return error;
  if (there != text) return path.string() + " is not the public half of the key beside it";
  return {};
}

}  // namespace

Loaded<KeyStore> KeyStore::open(const std::filesystem::path& data_directory) {
  KeyStore store;
  store.directory_ = data_directory / "keys";
  if (auto error = make_private_directory(store.directory_); !error.empty())
    return Loaded<KeyStore>::failed(std::move(error));

  Loaded<KeyStore> loaded;
  const struct {
    const char* name;
    Bytes32& key;
  } files[] = {{"token.key", store.token_},
               {"subject.key", store.subject_},
               {"recovery.key", store.recovery_},
               {"proof.key", store.proof_},
               {"ticket-rotation.key", store.ticket_rotation_},
               {"ticket-signing.key", store.ticket_signing_},
               {"log-signing.key", store.log_signing_},
               {"sale-salt.key", store.sale_salt_}};
  for (const auto& file : files)
    if (auto error = load_key(store.directory_ / file.name, file.key, loaded.warnings);
        !error.empty())
      return Loaded<KeyStore>::failed(std::move(error));

  store.ticket_public_ = Ed25519Key(store.ticket_signing_).public_key();
  if (auto error = keep_public_half(store.directory_ / "ticket-signing.pub", store.ticket_public_);
      !error.empty())
    return Loaded<KeyStore>::failed(std::move(error));
  const Bytes32 log_public = Ed25519Key(store.log_signing_).public_key();
  if (auto error = keep_public_half(store.directory_ / "log-signing.pub", log_public);
      !error.empty())
    return Loaded<KeyStore>::failed(std::move(error));
  loaded.value = std::move(store);
  return loaded;
}

Loaded<std::string> KeyStore::settle_log_name(const std::string& wanted) const {
  const std::filesystem::path path = directory_ / "log-name";
  std::string name;
  if (auto error = keep_text(path, wanted + "\n", name); !error.empty())
    return Loaded<std::string>::failed(std::move(error));
  if (name.empty() || name.back() != '\n' || name.find('\n') != name.size() - 1 || name.size() < 2)
    return Loaded<std::string>::failed(path.string() + " does not hold the log's name in one line");
  name.pop_back();
  Loaded<std::string> loaded;
  if (name != wanted)
    loaded.warnings.push_back("the log stays " + name + ", as " + path.string() +
                              " has it; the round file would now call it " + wanted);
  loaded.value = std::move(name);
  return loaded;
}

std::string KeyStore::ticket_public_key_hex() const { return to_hex(ticket_public_); }

}  // namespace frontrow::guard
