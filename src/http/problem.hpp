// What is wrong, as RFC 9457 says it. One table turns every `Rejection` of the engine into
// status and code, another every fault that the front itself finds. The code is also the text
// key: "problem.CODE.title" and "problem.CODE.detail". Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "frontrow/rejection.hpp"
#include "http/response.hpp"

namespace frontrow::http {

/// What the front refuses before a command is made.
enum class Fault : std::uint8_t {
  kRateLimited,
  kOverloaded,
  kNotFound,
  kMethodNotAllowed,
  kUnauthenticated,
  kForbidden,
  kBanned,
  kBodyTooLarge,
  kHeadersTooLarge,
  kInvalidRequest,
  kIdempotencyInProgress,
  kProofOfWorkFailed,
  kPassRefused,
  kUpgradeRequired,
  kInternal,
  kCount
};

struct ProblemKind {
  int status = 500;
  std::string_view code;
};

/// The tables, in the order of their enumerations.
const std::array<ProblemKind, static_cast<std::size_t>(Rejection::kCount)>& rejection_table();
const std::array<ProblemKind, static_cast<std::size_t>(Fault::kCount)>& fault_table();

/// A kind and the fields that help.
class Problem {
 public:
  explicit Problem(Rejection rejection);
  explicit Problem(Fault fault);

  static Problem invalid(std::string_view path) {
    return Problem(Fault::kInvalidRequest).with_path(path);
  }

  Problem&& with_path(std::string_view path) &&;
  /// Says more than the code's own detail: the text "problem.CODE.NAME".
  Problem&& with_detail(std::string_view name) &&;
  Problem&& with_retry_after(std::uint32_t seconds) &&;
  /// A list of names: `seats`, `orphans`, `suggestions`.
  Problem&& with_names(std::string_view field, std::span<const std::string_view> names) &&;
  Problem&& with_header(std::string name, std::string content) &&;

  int status() const { return kind_.status; }
  std::string_view code() const { return kind_.code; }
  /// The problem object as JSON, in `language`.
  std::string json(std::string_view language) const;
  /// The answer to a request.
  Response response(std::string_view language) const;

 private:
  ProblemKind kind_;
  std::string_view detail_ = "detail";
  std::string fields_;  // JSON members, each with a comma before it
  std::uint32_t retry_after_ = 0;
  std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace frontrow::http
