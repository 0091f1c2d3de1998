#include "guard/self_signed.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "guard/secret_file.hpp"

namespace frontrow::guard {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

constexpr std::size_t name_characters_max = 253;  // A DNS name is no longer.

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes;
  return ::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

/// Only what may stand in a certificate's name: nothing that OpenSSL's syntax would take apart.
bool is_host_name(const std::string& name) {
  return !name.empty() && name.size() <= name_characters_max &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::vector<std::string> covered_names(const std::vector<std::string>& wanted) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  const auto add = [&](const std::string& name) {
    if ((is_address(name) || is_host_name(name)) &&
        std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  };
  std::array<char, name_characters_max + 1> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) add(host.data());
  for (const std::string& name : wanted) add(name);
  return names;
}

Key parse_key(const std::vector<std::uint8_t>& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // The callback answers "no passphrase": without it OpenSSL would ask at the terminal.
  return Key(PEM_read_bio_PrivateKey(
      bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
}

Certificate parse_certificate(const std::vector<std::uint8_t>& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool covers(X509* certificate, const std::string& name) {
  return is_address(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                          : X509_check_host(certificate, name.data(), name.size(),
                                            X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

bool still_good(const std::vector<std::uint8_t>& certificate_pem,
                const std::vector<std::uint8_t>& key_pem, const std::vector<std::string>& names,
                Instant now) {
  const Certificate certificate = parse_certificate(certificate_pem);
  const Key key = parse_key(key_pem);
  bool good = certificate != nullptr && key != nullptr &&
              X509_check_private_key(certificate.get(), key.get()) == 1;
  if (good) {
    auto time = static_cast<time_t>(now.microseconds / 1'000'000);
    good = X509_cmp_time(X509_get0_notBefore(certificate.get()), &time) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate.get()), &time) > 0 &&
           std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return covers(certificate.get(), name); });
  }
  ERR_clear_error();
  return good;
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  FRONTROW_ASSERT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate make_certificate(EVP_PKEY* key, const std::vector<std::string>& names, Instant now) {
  Certificate certificate(X509_new());
  X509* const x509 = certificate.get();
  FRONTROW_ASSERT(x509 != nullptr && X509_set_version(x509, X509_VERSION_3) == 1);
  auto serial = random_array<Bytes16>();
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);  // Positive, of full length.
  BIGNUM* const number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  FRONTROW_ASSERT(number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
  BN_free(number);

  // An hour back, for clients whose clocks are behind.
  const auto from = static_cast<time_t>(now.microseconds / 1'000'000 - 3'600);
  FRONTROW_ASSERT(ASN1_TIME_set(X509_getm_notBefore(x509), from));
  FRONTROW_ASSERT(
      ASN1_TIME_set(X509_getm_notAfter(x509), from + time_t{certificate_days} * 86'400));

  X509_NAME* const subject = X509_get_subject_name(x509);
  FRONTROW_ASSERT(
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>("Frontrow, self-signed"),
                                 -1, -1, 0) == 1);
  FRONTROW_ASSERT(X509_set_issuer_name(x509, subject) == 1 && X509_set_pubkey(x509, key) == 1);

  std::string alternatives;
  for (const std::string& name : names) {
    if (!alternatives.empty()) alternatives += ',';
    alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(x509, NID_key_usage, "critical,digitalSignature");
  add_extension(x509, NID_ext_key_usage, "serverAuth");
  add_extension(x509, NID_subject_alt_name, alternatives);
  FRONTROW_ASSERT(X509_sign(x509, key, EVP_sha256()) > 0);
  return certificate;
}

std::vector<std::uint8_t> content_of(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, data + size};
}

std::vector<std::uint8_t> pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  FRONTROW_ASSERT(bio && PEM_write_bio_X509(bio.get(), certificate) == 1);
  return content_of(bio.get());
}

std::vector<std::uint8_t> pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_secmem()));
  FRONTROW_ASSERT(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                                                       nullptr) == 1);
  return content_of(bio.get());
}

}  // namespace

Loaded<CertificateFiles> ensure_self_signed(const std::filesystem::path& data_directory,
                                            const std::vector<std::string>& names, Instant now) {
  using Result = Loaded<CertificateFiles>;
  const std::filesystem::path directory = data_directory / "keys";
  CertificateFiles files{directory / "tls.crt", directory / "tls.key", false};
  if (auto error = make_private_directory(directory); !error.empty())
    return Result::failed(std::move(error));

  const std::vector<std::string> covered = covered_names(names);
  const FileContent certificate = read_file(files.certificate);
  FileContent key = read_file(files.key);
  for (const FileContent* content : {&certificate, static_cast<const FileContent*>(&key)})
    if (content->state == ReadState::kFailed) return Result::failed(content->error);

  Result loaded;
  if (certificate.state == ReadState::kRead && key.state == ReadState::kRead &&
      still_good(certificate.bytes, key.bytes, covered, now)) {
    if (key.readable_by_others)
      loaded.warnings.push_back(files.key.string() +
                                " can be read by others; it should have mode 0600");
  } else {
    const Key made(EVP_EC_gen("P-256"));
    FRONTROW_ASSERT(made != nullptr);
    const Certificate made_certificate = make_certificate(made.get(), covered, now);
    // A crash between the two leaves a pair that does not match; the next start makes both anew.
    for (const auto& [path, bytes, mode] :
         {std::tuple{files.key, pem_of(made.get()), 0600U},
          std::tuple{files.certificate, pem_of(made_certificate.get()), 0644U}}) {
      const WriteResult result = write_file(path, bytes, mode, Existing::kReplace);
      if (!result.error.empty()) return Result::failed(result.error);
    }
    files.made = true;
  }
  OPENSSL_cleanse(key.bytes.data(), key.bytes.size());
  loaded.value = std::move(files);
  return loaded;
}

}  // namespace frontrow::guard
