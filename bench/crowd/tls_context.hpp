// What all TLS connections of a worker share.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace frontrow::crowd {

struct TlsContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextFree>;

/// TLS 1.2 and 1.3. The server's certificate is verified against `ca_file`, or not at all where
/// that is empty: a server on this machine shows a certificate that it made itself. Nothing,
/// and why in `error`, where the file cannot be used.
TlsContext make_tls_context(const std::string& ca_file, std::string& error);

}  // namespace frontrow::crowd
