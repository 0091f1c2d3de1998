// Bounds of every call that the server makes to others.
#pragma once

#include <cstddef>

#include "frontrow/time.hpp"

namespace frontrow::outbound {

inline constexpr std::size_t url_bytes_max = 4'096;
/// Of a request: its own header fields, and its body.
inline constexpr std::size_t request_headers_max = 32;
inline constexpr std::size_t request_body_bytes_max = std::size_t{1} << 20;
/// Of an answer: status line and header fields together. Its body has the request's own bound.
inline constexpr std::size_t response_head_bytes_max = std::size_t{16} << 10;
inline constexpr std::size_t response_body_bytes_usual = std::size_t{256} << 10;
/// Interim answers (1xx) that may come before the one that counts.
inline constexpr unsigned interim_answers_max = 8;

/// Different hosts that one client keeps connections to.
inline constexpr std::size_t hosts_max = 64;
/// Addresses of one host that are tried, and how long each may take to accept.
inline constexpr std::size_t addresses_tried_max = 8;
inline constexpr Duration connect_try = seconds(3);
/// How long a name's addresses are used without asking again.
inline constexpr Duration addresses_kept = seconds(30);

}  // namespace frontrow::outbound
