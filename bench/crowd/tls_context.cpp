#include "crowd/tls_context.hpp"

#include "base/assert.hpp"

namespace frontrow::crowd {

TlsContext make_tls_context(const std::string& ca_file, std::string& error) {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  FRONTROW_ASSERT(context != nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Idle connections give their record buffers back: they are most of a connection's memory.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Every connection of the crowd is a stranger's: no session is ever taken up again.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context.get(), ca_file.empty() ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (!ca_file.empty() &&
      SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
    error = ca_file + ": holds no certificate that can be read";
    return nullptr;
  }
  return context;
}

}  // namespace frontrow::crowd
