#include "http/tls_context.hpp"

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <cstring>

namespace frontrow::http {
namespace {

namespace ssl = boost::asio::ssl;

// Of what a client offers in ALPN, HTTP/1.1; a client that offers only others goes on without.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* in, unsigned int in_length, void*) {
  constexpr unsigned char wanted[] = "http/1.1";
  constexpr unsigned char wanted_length = sizeof wanted - 1;
  for (unsigned int n = 0; n < in_length; n += 1U + in[n]) {
    if (in[n] != wanted_length || n + 1 + wanted_length > in_length) continue;
    if (std::memcmp(in + n + 1, wanted, wanted_length) != 0) continue;
    *out = in + n + 1;
    *out_length = wanted_length;
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

bool configure(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  // An idle connection gives its read and write buffers back.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
         SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1;
}

}  // namespace

std::unique_ptr<ssl::context> make_tls_context(const TlsFiles& files, std::string& problem) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate.string(), error);
  if (error) {
    problem = files.certificate.string() + ": not a usable certificate: " + error.message();
    return nullptr;
  }
  context->use_private_key_file(files.key.string(), ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    problem = files.key.string() + ": not the key of " + files.certificate.string();
    return nullptr;
  }
  if (!configure(context->native_handle())) {
    problem = "TLS could not be set up";
    return nullptr;
  }
  return context;
}

}  // namespace frontrow::http
