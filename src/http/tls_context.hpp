// What TLS the front speaks: 1.2 with ECDHE and AEAD ciphers only, and 1.3. No session tickets
// and no session cache: a fan's connection lasts, and neither costs memory then.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "http/http_settings.hpp"

namespace frontrow::http {

/// Nothing, and one line in `problem`, where certificate and key cannot be used. One thread uses
/// it.
std::unique_ptr<boost::asio::ssl::context> make_tls_context(const TlsFiles& files,
                                                            std::string& problem);

}  // namespace frontrow::http
