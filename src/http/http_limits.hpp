// Every bound and every timeout of the front: of connections, requests, answers and the live
// socket. Nothing else in `src/http` names such a number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace frontrow::http::limits {

// --- connections --------------------------------------------------------------------------

/// Connections of one front thread; further ones are told 503 and closed.
inline constexpr std::size_t connections_per_thread_max = 60'000;
/// Connections beyond the bound that are still taken far enough to be told 503; past these they
/// are closed unheard.
inline constexpr std::size_t refused_connections_per_thread_max = 64;
inline constexpr int listen_backlog = 4'096;
/// Rest after an accept that failed for want of descriptors or memory.
inline constexpr std::int64_t accept_pause_milliseconds = 100;

// --- time ---------------------------------------------------------------------------------

/// Grain of the timing wheel: timeouts are late by up to one grain, never early.
inline constexpr std::int64_t wheel_grain_milliseconds = 500;
inline constexpr std::size_t wheel_slots = 512;
inline constexpr std::int64_t handshake_seconds_max = 15;
/// From the first byte of a request to the end of its headers; also the wait for the first one.
inline constexpr std::int64_t headers_seconds_max = 15;
inline constexpr std::int64_t body_seconds_max = 30;
/// Between two requests of one connection.
inline constexpr std::int64_t idle_seconds_max = 75;
/// For an answer to be taken: this, and a second more for each `answer_bytes_per_second_min`.
inline constexpr std::int64_t answer_seconds_max = 30;
inline constexpr std::size_t answer_bytes_per_second_min = 16'384;
/// From the end of a request until the sequencer's answer has come.
inline constexpr std::int64_t sequencer_seconds_max = 60;
/// TLS close and the reading out of what a refused request still sends.
inline constexpr std::int64_t farewell_seconds_max = 3;
inline constexpr std::size_t farewell_bytes_max = std::size_t{32} << 20;
/// From `stop` until the threads end whatever is still open.
inline constexpr std::int64_t stop_seconds_max = 5;

// --- requests -----------------------------------------------------------------------------

/// Request line and headers together.
inline constexpr std::uint32_t header_bytes_max = 16'384;
inline constexpr std::size_t header_count_max = 100;
inline constexpr std::size_t target_bytes_max = 4'096;
inline constexpr std::size_t body_bytes_max = 65'536;
/// Of an operator whose token is good: a list of all the seats of a large venue.
inline constexpr std::size_t operator_body_bytes_max = std::size_t{24} << 20;
inline constexpr std::size_t read_chunk_bytes = 4'096;
inline constexpr std::size_t path_segments_max = 8;
inline constexpr std::size_t query_parameters_max = 16;
inline constexpr std::size_t json_depth_max = 8;
inline constexpr std::size_t idempotency_key_characters_max = 255;
inline constexpr std::size_t bearer_token_bytes_max = 4'096;
/// Base64 of a solved challenge.
inline constexpr std::size_t proof_bytes_max = 8'192;
inline constexpr std::size_t pass_bytes_max = 8'192;
inline constexpr std::size_t recovery_code_bytes_max = 64;
inline constexpr std::size_t card_token_bytes_max = 256;
inline constexpr std::size_t payment_method_bytes_max = 64;
inline constexpr std::size_t reason_bytes_max = 1'000;
inline constexpr std::size_t notice_languages_max = 64;
inline constexpr std::size_t beacon_signature_bytes_max = 256;
/// Names in one answer about seats: more are left off.
inline constexpr std::size_t seats_named_max = 1'001;

/// Retry-After of a full ring, a full server and a round that is not ready.
inline constexpr std::uint32_t overloaded_retry_seconds = 1;

// --- rates --------------------------------------------------------------------------------

/// Addresses and fans that the limiter of one thread remembers.
inline constexpr std::size_t rate_entries_max = 200'000;

// --- documents ----------------------------------------------------------------------------

/// How old a thread's copy of `GET /round` may be; the contract allows a second.
inline constexpr std::int64_t round_age_milliseconds_max = 100;
inline constexpr std::uint32_t venue_cache_seconds = 300;

// --- the live socket ------------------------------------------------------------------------

/// A thread's turn for its sockets; no zone is told about more often than once a turn. A little
/// over a tenth of a second, so that a network that bunches messages does not make them eleven.
inline constexpr std::int64_t turn_milliseconds = 110;
/// Where a turn takes long, the next comes after this many times its length at the earliest.
inline constexpr std::int64_t turn_rest_factor = 2;
/// Least time between two messages `queue`, and between two messages `round`, to one socket.
inline constexpr std::int64_t queue_message_milliseconds = 1'000;
inline constexpr std::int64_t round_message_milliseconds = 1'000;
/// Sockets that are looked at in one turn because their time has come; the others wait for the
/// next.
inline constexpr std::size_t looks_per_turn_max = 10'000;
/// Sockets that a turn checks for a fan whose state has changed.
inline constexpr std::size_t states_swept_per_turn_max = 5'000;
/// With more sockets than these, those of spectators are told of the round less often: a second
/// more for each time as many, up to the bound.
inline constexpr std::size_t spectators_a_second = 10'000;
inline constexpr std::int64_t spectator_seconds_max = 5;
/// Longest time between two words about a place.
inline constexpr std::uint32_t update_seconds_max = 30;
/// Fans who have at most so many ahead, or who wait among so few, hear of each second.
inline constexpr std::uint32_t near_front_fans = 500;
/// Over so many seconds those are spread who poll for the draw or the end of a late window.
inline constexpr double common_moment_spread_seconds = 8;
inline constexpr std::size_t live_message_bytes_max = 65'536;
inline constexpr double live_messages_per_second = 10;
inline constexpr double live_messages_burst = 50;
/// Changes in one `availability` message; more are told as a snapshot.
inline constexpr std::size_t changes_per_message_max = 512;
/// Words of operators and errors that wait in one outbox; the oldest goes first.
inline constexpr std::size_t words_waiting_max = 16;
/// Orders whose change waits in one outbox; each only in its latest form.
inline constexpr std::size_t orders_waiting_max = 64;
/// How often a live socket looks at the clock for the three below.
inline constexpr std::int64_t look_milliseconds = 5'000;
/// A client that was not heard for so long is sent a ping.
inline constexpr std::int64_t ping_after_seconds = 20;
/// A client that was not heard for so long, pongs included, reads nothing: closed with 1013.
inline constexpr std::int64_t silent_seconds_max = 60;
/// A message that could not be handed over for so long: closed with 1013.
inline constexpr std::int64_t unread_seconds_max = 20;
/// From a close frame to the end of the connection, whatever the other side does.
inline constexpr std::int64_t close_seconds_max = 10;

}  // namespace frontrow::http::limits
