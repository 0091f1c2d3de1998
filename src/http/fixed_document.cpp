#include "http/fixed_document.hpp"

#include <zlib.h>

#include <cstdlib>

#include "base/assert.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "http/request.hpp"

namespace frontrow::http {
namespace {

// The venue of 50,000 seats takes a few dozen milliseconds of the start at this level; the best
// one takes ten times as long for a tenth fewer bytes.
constexpr int gzip_level = 4;

std::string gzip_of(const std::string& text) {
  z_stream stream{};
  constexpr int gzip_window_bits = 15 + 16;  // 16 asks zlib for the gzip wrapping
  const int started =
      deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window_bits, 9, Z_DEFAULT_STRATEGY);
  FRONTROW_ASSERT(started == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  FRONTROW_ASSERT(ended == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Hands each comma-separated part to `take` until that says true.
template <class Take>
bool any_part(std::string_view list, Take&& take) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (take(trim(list.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

FixedDocument make_document(std::string&& text, bool compress) {
  FixedDocument document;
  const Bytes32 hash = sha256(as_bytes(text));
  const std::string name = to_hex(std::span(hash).first(16));
  document.etag = '"' + name + '"';
  document.gzip_etag = '"' + name + "-gzip\"";
  if (compress) document.gzip = share(gzip_of(text));
  document.text = share(std::move(text));
  return document;
}

bool accepts_gzip(std::string_view accept_encoding) {
  return any_part(accept_encoding, [](std::string_view part) {
    const auto semicolon = part.find(';');
    const std::string_view coding = trim(part.substr(0, semicolon));
    if (!equal_ignoring_case(coding, "gzip") && coding != "*") return false;
    if (semicolon == std::string_view::npos) return true;
    // Only a weight of zero forbids: "q=0", "q=0.", "q=0.000".
    const std::string_view weight = trim(part.substr(semicolon + 1));
    return weight.find_first_not_of("qQ=0. ") != std::string_view::npos;
  });
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  return any_part(if_none_match, [&](std::string_view part) {
    if (part.starts_with("W/")) part.remove_prefix(2);
    return part == "*" || part == etag;
  });
}

}  // namespace frontrow::http
