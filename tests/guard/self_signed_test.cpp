#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <memory>
#include <string>

#include "guard/self_signed.hpp"
#include "support/temporary_directory.hpp"

using namespace frontrow;
namespace fs = std::filesystem;

namespace {

constexpr Instant now{1'800'000'000'000'000};
constexpr Duration day = seconds(86'400);

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
Certificate certificate_in(const fs::path& path) {
  const std::string pem = read(path);
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  Certificate certificate(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr), X509_free);
  BIO_free(bio);
  return certificate;
}

}  // namespace

TEST_CASE("a self-signed certificate covers this machine's names") {
  const TemporaryDirectory directory;
  const auto made =
      guard::ensure_self_signed(directory.path(), {"tickets.example.org", "192.0.2.7"}, now);
  REQUIRE(made.error == "");
  CHECK(made.value->made);
  struct stat status {};
  REQUIRE(::stat(made.value->key.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);

  const Certificate certificate = certificate_in(made.value->certificate);
  REQUIRE(certificate != nullptr);
  X509* const x509 = certificate.get();
  for (const char* name : {"localhost", "tickets.example.org"}) {
    CAPTURE(name);
    CHECK(X509_check_host(x509, name, 0, 0, nullptr) == 1);
  }
  for (const char* address : {"127.0.0.1", "::1", "192.0.2.7"}) {
    CAPTURE(address);
    CHECK(X509_check_ip_asc(x509, address, 0) == 1);
  }
  CHECK(X509_check_host(x509, "example.org", 0, 0, nullptr) == 0);
  CHECK(X509_verify(x509, X509_get0_pubkey(x509)) == 1);
  CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(x509)) == 256);
  CHECK(X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0) == 1);
  int days = 0, rest = 0;
  REQUIRE(ASN1_TIME_diff(&days, &rest, X509_get0_notBefore(x509), X509_get0_notAfter(x509)) == 1);
  CHECK(days == guard::certificate_days);
  CHECK(rest == 0);
}

TEST_CASE("a certificate is kept while it is good") {
  const TemporaryDirectory directory;
  const auto first = guard::ensure_self_signed(directory.path(), {}, now);
  REQUIRE(first);
  const std::string pem = read(first.value->certificate);

  const auto kept = [&](const std::vector<std::string>& names, Instant at) {
    const auto again = guard::ensure_self_signed(directory.path(), names, at);
    REQUIRE(again);
    CHECK(again.value->made == (read(first.value->certificate) != pem));
    return !again.value->made;
  };
  SECTION("the same day") { CHECK(kept({}, now)); }
  SECTION("a year later") { CHECK(kept({"localhost"}, now + seconds(396 * 86'400))); }
  SECTION("renewed once it has expired") { CHECK_FALSE(kept({}, now + seconds(397 * 86'400))); }
  SECTION("renewed where it is not valid yet") { CHECK_FALSE(kept({}, now - day)); }
  SECTION("renewed for a further name") { CHECK_FALSE(kept({"tickets.example.org"}, now)); }
}

TEST_CASE("a certificate without its key, or damaged, is made anew") {
  const TemporaryDirectory directory;
  const auto first = guard::ensure_self_signed(directory.path(), {}, now);
  REQUIRE(first);
  SECTION("the key is gone") { fs::remove(first.value->key); }
  SECTION("the certificate is gone") { fs::remove(first.value->certificate); }
  SECTION("the key is empty") { std::ofstream(first.value->key, std::ios::trunc); }
  SECTION("the certificate is text") {
    std::ofstream(first.value->certificate, std::ios::trunc) << "hello";
  }
  SECTION("the key belongs to another certificate") {
    const TemporaryDirectory other;
    const auto theirs = guard::ensure_self_signed(other.path(), {}, now);
    REQUIRE(theirs);
    fs::copy_file(theirs.value->key, first.value->key, fs::copy_options::overwrite_existing);
  }
  const auto again = guard::ensure_self_signed(directory.path(), {}, now);
  REQUIRE(again);
  CHECK(again.value->made);
  const auto third = guard::ensure_self_signed(directory.path(), {}, now);
  REQUIRE(third);
  CHECK_FALSE(third.value->made);
}

TEST_CASE("a name that is none does not find its way into the certificate") {
  const TemporaryDirectory directory;
  const auto made = guard::ensure_self_signed(
      directory.path(), {"a,DNS:evil.example", "", "a b", "a\nb", std::string(300, 'a')}, now);
  REQUIRE(made.error == "");
  const Certificate certificate = certificate_in(made.value->certificate);
  REQUIRE(certificate != nullptr);
  CHECK(X509_check_host(certificate.get(), "evil.example", 0, 0, nullptr) == 0);
}
