#include "http/problem.hpp"

#include "base/assert.hpp"
#include "http/http_limits.hpp"
#include "http/json_writer.hpp"
#include "text/messages.hpp"

namespace frontrow::http {
namespace {

constexpr ProblemKind kind_of(Rejection rejection) {
  // No default: a rejection without an answer does not compile.
  switch (rejection) {
    case Rejection::kNone:
      return {500, "internal-error"};
    case Rejection::kBanned:
      return {403, "banned"};
    case Rejection::kNotFound:
      return {404, "not-found"};
    case Rejection::kIdempotencyKeyReused:
      return {422, "idempotency-key-reused"};
    case Rejection::kRoundPaused:
      return {409, "round-paused"};
    case Rejection::kRoundClosed:
      return {409, "round-closed"};
    case Rejection::kLobbyNotOpen:
      return {409, "lobby-not-open"};
    case Rejection::kNotShopping:
      return {403, "not-shopping"};
    case Rejection::kUnknownSeat:
      return {404, "unknown-seat"};
    case Rejection::kUnknownZone:
      return {404, "unknown-zone"};
    case Rejection::kUnknownCategory:
      return {404, "unknown-category"};
    case Rejection::kLimitReached:
      return {409, "limit-reached"};
    case Rejection::kSeatsUnavailable:
      return {409, "seats-unavailable"};
    case Rejection::kNotEnoughSeats:
      return {409, "not-enough-seats"};
    case Rejection::kLeavesOrphan:
      return {409, "leaves-orphan"};
    case Rejection::kOrderNotHeld:
      return {409, "order-not-held"};
    case Rejection::kOrderNotPayable:
      return {409, "order-not-payable"};
    case Rejection::kOrderNotPaid:
      return {409, "order-not-paid"};
    case Rejection::kReturnClosed:
      return {409, "return-closed"};
    case Rejection::kNotCalled:
      return {409, "not-called"};
    case Rejection::kShopFull:
      return {409, "shop-full"};
    case Rejection::kProofUsed:
      return {403, "proof-of-work-failed"};
    case Rejection::kNotOnWaitlist:
      return {404, "not-on-waitlist"};
    case Rejection::kCompanionAlone:
      return {409, "companion-alone"};
    case Rejection::kHoldTooSoon:
      return {429, "hold-too-soon"};
    case Rejection::kCategoryFixed:
      return {409, "category-fixed"};
    case Rejection::kWaitlistNotNeeded:
      return {409, "waitlist-not-needed"};
    case Rejection::kAlreadyOnWaitlist:
      return {409, "already-on-waitlist"};
    case Rejection::kRoundFull:
      return {409, "round-full"};
    case Rejection::kScheduleRefused:
      return {409, "schedule-refused"};
    case Rejection::kBeaconTooEarly:
      return {409, "beacon-too-early"};
    case Rejection::kBeaconRefused:
      return {409, "beacon-refused"};
    // These four answer commands that no request makes; they never leave the program.
    case Rejection::kAlreadyOpen:
    case Rejection::kNotDue:
    case Rejection::kPaymentUnknown:
      return {409, "internal-error"};
    case Rejection::kRecoveryUnknown:
      return {403, "recovery-refused"};
    case Rejection::kPhaseRefused:
      return {409, "phase-refused"};
    case Rejection::kSeatInOtherState:
      return {409, "seats-unavailable"};
    case Rejection::kDeparted:
      return {409, "not-in-line"};
    case Rejection::kCount:
      break;
  }
  return {};
}

constexpr ProblemKind kind_of(Fault fault) {
  switch (fault) {
    case Fault::kRateLimited:
      return {429, "rate-limited"};
    case Fault::kOverloaded:
      return {503, "overloaded"};
    case Fault::kNotFound:
      return {404, "not-found"};
    case Fault::kMethodNotAllowed:
      return {405, "method-not-allowed"};
    case Fault::kUnauthenticated:
      return {401, "unauthenticated"};
    case Fault::kForbidden:
      return {403, "forbidden"};
    case Fault::kBanned:
      return {403, "banned"};
    case Fault::kBodyTooLarge:
      return {413, "body-too-large"};
    case Fault::kHeadersTooLarge:
    case Fault::kInvalidRequest:
      return {400, "invalid-request"};
    case Fault::kIdempotencyInProgress:
      return {409, "idempotency-in-progress"};
    case Fault::kProofOfWorkFailed:
      return {403, "proof-of-work-failed"};
    case Fault::kPassRefused:
      return {403, "pass-refused"};
    case Fault::kUpgradeRequired:
      return {426, "upgrade-required"};
    case Fault::kInternal:
      return {500, "internal-error"};
    case Fault::kCount:
      break;
  }
  return {};
}

template <class Kind>
constexpr auto make_table() {
  std::array<ProblemKind, static_cast<std::size_t>(Kind::kCount)> table{};
  for (std::size_t n = 0; n < table.size(); ++n) table[n] = kind_of(static_cast<Kind>(n));
  return table;
}
constexpr auto rejections = make_table<Rejection>();
constexpr auto faults = make_table<Fault>();

template <class Table>
constexpr bool complete(const Table& table) {
  for (const auto& kind : table)
    if (kind.code.empty()) return false;
  return true;
}
static_assert(complete(rejections) && complete(faults));

}  // namespace

const std::array<ProblemKind, static_cast<std::size_t>(Rejection::kCount)>& rejection_table() {
  return rejections;
}
const std::array<ProblemKind, static_cast<std::size_t>(Fault::kCount)>& fault_table() {
  return faults;
}

Problem::Problem(Rejection rejection) : kind_(rejections[static_cast<std::size_t>(rejection)]) {}
Problem::Problem(Fault fault) : kind_(faults[static_cast<std::size_t>(fault)]) {
  if (fault == Fault::kOverloaded)
    std::move(*this).with_retry_after(limits::overloaded_retry_seconds);
}

Problem&& Problem::with_path(std::string_view path) && {
  fields_ += ",\"path\":";
  append_json_string(fields_, path);
  return std::move(*this);
}

Problem&& Problem::with_detail(std::string_view name) && {
  detail_ = name;
  return std::move(*this);
}

Problem&& Problem::with_retry_after(std::uint32_t seconds) && {
  retry_after_ = seconds;
  fields_ += ",\"retry_after\":" + std::to_string(seconds);
  headers_.emplace_back("Retry-After", std::to_string(seconds));
  return std::move(*this);
}

Problem&& Problem::with_names(std::string_view field, std::span<const std::string_view> names) && {
  fields_ += ',';
  append_json_string(fields_, field);
  fields_ += ":[";
  for (std::size_t n = 0; n < names.size() && n < limits::seats_named_max; ++n) {
    if (n > 0) fields_ += ',';
    append_json_string(fields_, names[n]);
  }
  fields_ += ']';
  return std::move(*this);
}

Problem&& Problem::with_header(std::string name, std::string content) && {
  headers_.emplace_back(std::move(name), std::move(content));
  return std::move(*this);
}

std::string Problem::json(std::string_view language) const {
  const text::Messages& messages = text::Messages::get();
  text::Messages::Arguments arguments;
  if (retry_after_ != 0) arguments.emplace_back("retry_after", std::to_string(retry_after_));
  const std::string key = "problem." + std::string(kind_.code);
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("type", "/problems/" + std::string(kind_.code));
  json.field("title", messages.text(language, key + ".title", arguments));
  json.field("status", kind_.status);
  json.field("detail", messages.text(language, key + "." + std::string(detail_), arguments));
  json.field("code", kind_.code);
  out += fields_;
  json.end_object();
  return out;
}

Response Problem::response(std::string_view language) const {
  Response answer;
  answer.status = kind_.status;
  answer.content_type = "application/problem+json";
  answer.body = share(json(language));
  answer.headers = headers_;
  answer.headers.emplace_back("Content-Language", std::string(language));
  if (kind_.status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace frontrow::http
