// Every bound and time-out of the sandbox's server.
#pragma once

#include <cstddef>

#include "frontrow/time.hpp"

namespace frontrow::sandbox::limits {

// --- connections and requests -------------------------------------------------------------

inline constexpr std::size_t connections_max = 20'000;  ///< Further ones are closed unheard.
inline constexpr int listen_backlog = 4'096;
inline constexpr std::uint32_t header_bytes_max = 16'384;
inline constexpr std::size_t body_bytes_max = std::size_t{1} << 20;
inline constexpr Duration header_time = seconds(10);  ///< From the first byte of a request.
inline constexpr Duration body_time = seconds(30);
inline constexpr Duration write_time = seconds(30);
inline constexpr Duration idle_time = seconds(75);  ///< Between two requests.
inline constexpr Duration accept_pause = milliseconds(100);
inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t form_fields_max = 512;
inline constexpr std::size_t form_depth_max = 6;
inline constexpr std::size_t path_segments_max = 8;

// --- what is kept ---------------------------------------------------------------------------

inline constexpr std::size_t charges_max = 5'000'000;
inline constexpr std::size_t refunds_per_charge_max = 100;
inline constexpr std::size_t reference_bytes_max = 500;
inline constexpr std::size_t metadata_bytes_max = 16'384;
inline constexpr std::size_t text_bytes_max = 2'048;
inline constexpr std::size_t list_page_max = 1'000;
/// Answers under an Idempotency-Key, tokens and sources, events: the oldest are forgotten.
inline constexpr std::size_t answers_kept_max = 100'000;
inline constexpr std::size_t instruments_kept_max = 100'000;
inline constexpr std::size_t events_kept_max = 20'000;
/// Amounts: what Stripe and Omise bear, and far below where sums could overflow.
inline constexpr std::int64_t amount_max = 999'999'999'999;

// --- notices --------------------------------------------------------------------------------

inline constexpr std::size_t notices_waiting_max = 100'000;  ///< Further ones are dropped.
inline constexpr std::size_t notices_under_way_max = 64;
inline constexpr unsigned notice_tries_max = 10;
inline constexpr Duration notice_first_retry = milliseconds(500);
inline constexpr Duration notice_last_retry = seconds(30);
inline constexpr Duration notice_deadline = seconds(10);
/// A duplicate and a reordered notice are late by up to so much.
inline constexpr Duration notice_disorder = milliseconds(2'000);
/// In an outage, notices wait so long before it is looked whether it is over.
inline constexpr Duration notice_outage_look = milliseconds(250);

}  // namespace frontrow::sandbox::limits
