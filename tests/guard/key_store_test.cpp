#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/digest.hpp"
#include "base/ed25519.hpp"
#include "base/encoding.hpp"
#include "guard/key_store.hpp"
#include "guard/operator_token.hpp"
#include "support/temporary_directory.hpp"

using namespace frontrow;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

const char* const key_files[] = {"token.key",       "subject.key",         "recovery.key",
                                 "proof.key",       "ticket-rotation.key", "ticket-signing.key",
                                 "log-signing.key", "sale-salt.key"};

}  // namespace

TEST_CASE("keys are made once, private, each different, and found again") {
  const TemporaryDirectory directory;
  const fs::path data = directory.path() / "data";
  const auto first = guard::KeyStore::open(data);
  REQUIRE(first.error == "");
  REQUIRE(first);
  CHECK(first.warnings.empty());
  CHECK(mode_of(data / "keys") == 0700);
  for (const char* name : key_files) {
    CAPTURE(name);
    CHECK(mode_of(data / "keys" / name) == 0600);
    CHECK(fs::file_size(data / "keys" / name) == 32);
  }
  const auto& keys = *first.value;
  const std::set<Bytes32> different = {keys.token_key(),           keys.subject_key(),
                                       keys.recovery_key(),        keys.proof_key(),
                                       keys.ticket_rotation_key(), keys.ticket_signing_seed(),
                                       keys.log_signing_seed(),    keys.sale_salt_key()};
  CHECK(different.size() == 8);
  CHECK_FALSE(different.contains(Bytes32{}));

  const auto second = guard::KeyStore::open(data);
  REQUIRE(second);
  CHECK(second.value->token_key() == keys.token_key());
  CHECK(second.value->subject_key() == keys.subject_key());
  CHECK(second.value->recovery_key() == keys.recovery_key());
  CHECK(second.value->proof_key() == keys.proof_key());
  CHECK(second.value->ticket_rotation_key() == keys.ticket_rotation_key());
  CHECK(second.value->ticket_signing_seed() == keys.ticket_signing_seed());
  CHECK(second.value->log_signing_seed() == keys.log_signing_seed());
  CHECK(second.value->sale_salt_key() == keys.sale_salt_key());
}

TEST_CASE("a data directory from before the log gets the log's keys and keeps its own") {
  const TemporaryDirectory directory;
  const auto first = guard::KeyStore::open(directory.path());
  REQUIRE(first);
  for (const char* name : {"log-signing.key", "log-signing.pub", "sale-salt.key"})
    REQUIRE(fs::remove(directory.path() / "keys" / name));
  const auto second = guard::KeyStore::open(directory.path());
  REQUIRE(second);
  CHECK(second.value->token_key() == first.value->token_key());
  CHECK(second.value->log_signing_seed() != first.value->log_signing_seed());
  CHECK(read(directory.path() / "keys" / "log-signing.pub") ==
        to_hex(Ed25519Key(second.value->log_signing_seed()).public_key()) + "\n");
}

TEST_CASE("the log keeps the name that it was given first") {
  const TemporaryDirectory directory;
  const auto keys = guard::KeyStore::open(directory.path());
  REQUIRE(keys);
  const auto first = keys.value->settle_log_name("tickets.example/rounds/bkk-1");
  REQUIRE(first);
  CHECK(*first.value == "tickets.example/rounds/bkk-1");
  CHECK(first.warnings.empty());
  const auto later = keys.value->settle_log_name("elsewhere.example/rounds/bkk-1");
  REQUIRE(later);
  CHECK(*later.value == "tickets.example/rounds/bkk-1");
  REQUIRE(later.warnings.size() == 1);
  CHECK(later.warnings[0].find("elsewhere.example/rounds/bkk-1") != std::string::npos);
  for (const char* bad : {"", "\n", "no line's end", "two\nlines\n"}) {
    CAPTURE(bad);
    write(directory.path() / "keys" / "log-name", bad);
    CHECK_FALSE(keys.value->settle_log_name("tickets.example/rounds/bkk-1"));
  }
}

TEST_CASE("the ticket key's public half lies beside it in hex") {
  const TemporaryDirectory directory;
  const auto loaded = guard::KeyStore::open(directory.path());
  REQUIRE(loaded);
  const auto& keys = *loaded.value;
  CHECK(keys.ticket_public_key() == Ed25519Key(keys.ticket_signing_seed()).public_key());
  CHECK(keys.ticket_public_key_hex() == to_hex(keys.ticket_public_key()));
  const fs::path file = directory.path() / "keys" / "ticket-signing.pub";
  CHECK(read(file) == keys.ticket_public_key_hex() + "\n");
  CHECK(mode_of(file) == 0644);
}

TEST_CASE("nothing but the keys is left in their directory") {
  const TemporaryDirectory directory;
  REQUIRE(guard::KeyStore::open(directory.path()));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory.path() / "keys"))
    names.insert(entry.path().filename().string());
  std::set<std::string> expected(std::begin(key_files), std::end(key_files));
  expected.insert({"ticket-signing.pub", "log-signing.pub"});
  CHECK(names == expected);
}

TEST_CASE("a key of the wrong size is refused by its name and left as it is") {
  for (const std::string& content :
       {std::string(), std::string(31, 'k'), std::string(33, 'k'), std::string(70'000, 'k')}) {
    CAPTURE(content.size());
    const TemporaryDirectory directory;
    REQUIRE(guard::KeyStore::open(directory.path()));
    const fs::path file = directory.path() / "keys" / "proof.key";
    write(file, content);
    const auto loaded = guard::KeyStore::open(directory.path());
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find(file.string()) != std::string::npos);
    CHECK(loaded.error.find('\n') == std::string::npos);
    CHECK(read(file) == content);
  }
}

TEST_CASE("a key that others can read is warned of") {
  const TemporaryDirectory directory;
  REQUIRE(guard::KeyStore::open(directory.path()));
  const fs::path file = directory.path() / "keys" / "token.key";
  fs::permissions(file, fs::perms(0644));
  const auto loaded = guard::KeyStore::open(directory.path());
  REQUIRE(loaded);
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(loaded.warnings[0].find(file.string()) != std::string::npos);
}

TEST_CASE("a public half of another key is refused") {
  const TemporaryDirectory directory;
  REQUIRE(guard::KeyStore::open(directory.path()));
  const fs::path file = directory.path() / "keys" / "ticket-signing.pub";
  write(file, std::string(64, '0') + "\n");
  const auto loaded = guard::KeyStore::open(directory.path());
  CHECK_FALSE(loaded);
  CHECK(loaded.error.find(file.string()) != std::string::npos);
}

TEST_CASE("what stands in the way of the keys is named in one line") {
  SECTION("a file where the directory should be") {
    const TemporaryDirectory directory;
    write(directory.path() / "keys", "x");
    const auto loaded = guard::KeyStore::open(directory.path());
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find((directory.path() / "keys").string()) != std::string::npos);
  }
  SECTION("a directory where a key should be") {
    const TemporaryDirectory directory;
    fs::create_directories(directory.path() / "keys" / "token.key");
    const auto loaded = guard::KeyStore::open(directory.path());
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find("token.key") != std::string::npos);
  }
  SECTION("a pipe where a key should be") {
    const TemporaryDirectory directory;
    fs::create_directories(directory.path() / "keys");
    REQUIRE(::mkfifo((directory.path() / "keys" / "token.key").c_str(), 0600) == 0);
    const auto loaded = guard::KeyStore::open(directory.path());
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find("not a regular file") != std::string::npos);
  }
  SECTION("a data directory that cannot be") {
    const auto loaded = guard::KeyStore::open("/dev/null/data");
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find("/dev/null/data") != std::string::npos);
  }
}

TEST_CASE("the operator's token is made once and known by its digest") {
  const TemporaryDirectory directory;
  const auto first = guard::ensure_operator_token(directory.path());
  REQUIRE(first);
  CHECK(first.value->made);
  CHECK(first.value->path == directory.path() / "operator.token");
  CHECK(mode_of(first.value->path) == 0600);
  std::string token = read(first.value->path);
  REQUIRE(token.size() == 44);
  REQUIRE(token.back() == '\n');
  token.pop_back();
  CHECK(from_base64url(token)->size() == 32);
  CHECK(first.value->token_sha256 == sha256(as_bytes(token)));

  const auto second = guard::ensure_operator_token(directory.path());
  REQUIRE(second);
  CHECK_FALSE(second.value->made);
  CHECK(second.value->token_sha256 == first.value->token_sha256);
}

TEST_CASE("an operator's token that is none is refused, never replaced") {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("secret\n"), std::string("AAAA AAAA\n")}) {
    CAPTURE(content);
    const TemporaryDirectory directory;
    write(directory.path() / "operator.token", content);
    const auto loaded = guard::ensure_operator_token(directory.path());
    CHECK_FALSE(loaded);
    CHECK(loaded.error.find("operator.token") != std::string::npos);
    CHECK(read(directory.path() / "operator.token") == content);
  }
}
