// Documents that are made once and sent many times: their names, compression and conditions. Made
// by one thread; any thread reads them.
#pragma once

#include <string>
#include <string_view>

#include "http/response.hpp"

namespace frontrow::http {

/// A text that is ready to be sent in two encodings, with the hash that names it.
struct FixedDocument {
  std::string etag;  ///< Quoted, strong; the compressed form has its own.
  SharedText text;
  std::string gzip_etag;
  SharedText gzip;  ///< None where it was not asked for.
};
FixedDocument make_document(std::string&& text, bool compress);

/// `Accept-Encoding` allows gzip.
bool accepts_gzip(std::string_view accept_encoding);
/// `If-None-Match` names `etag` (weakly, as RFC 9110 section 13.1.2 says) or any.
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace frontrow::http
