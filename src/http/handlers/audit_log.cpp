// The transparency log in public: its newest checkpoint, the key that signs it, and proofs. Anyone
// may ask; nothing here names a fan.
#include <charconv>

#include "base/encoding.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"
#include "http/log_json.hpp"
#include "proof/log_keeper.hpp"

namespace frontrow::http {
namespace {

/// Worth waiting for what no checkpoint covers yet.
constexpr auto checkpoint_seconds =
    static_cast<std::uint32_t>(proof::checkpoint_period.microseconds / 1'000'000);

/// The log once it has a checkpoint; else nothing, and the call is answered.
const proof::TransparencyLog* signed_log(RequestContext& context) {
  const auto* log = context.shared().services.log;
  if (log == nullptr)
    context.respond(Problem(Fault::kNotFound));
  else if (log->checkpoint() == nullptr)
    context.respond(Problem(Fault::kOverloaded));  // what was recovered is still being taken in
  else
    return log;
  return nullptr;
}

void answer_text(RequestContext& context, std::string&& text) {
  Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.cache_control = "no-cache";
  response.body = share(std::move(text));
  context.respond(std::move(response));
}

/// Strict: decimal, without leading zeros.
std::optional<std::uint64_t> size_parameter(const Target& target, std::string_view name) {
  const auto text = target.parameter(name);
  if (!text || text->empty() || (text->size() > 1 && text->front() == '0')) return std::nullopt;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return size;
}

std::optional<Bytes16> entry_parameter(const Target& target) {
  const auto text = target.parameter("entry");
  Bytes16 entry;
  // Hex is lower case wherever an entry is told.
  if (!text || !from_hex(*text, entry) || to_hex(entry) != *text) return std::nullopt;
  return entry;
}

}  // namespace

void get_audit_checkpoint(RequestContext& context) {
  if (const auto* log = signed_log(context))
    answer_text(context, std::string(log->checkpoint()->note));
}

void get_audit_key(RequestContext& context) {
  const auto* log = context.shared().services.log;
  if (log == nullptr)
    context.respond(Problem(Fault::kNotFound));
  else
    answer_text(context, log->verifier_key().text() + "\n");
}

void get_audit_proof(RequestContext& context) {
  const auto entry = entry_parameter(context.target);
  if (!entry) {
    context.respond(Problem::invalid("entry"));
    return;
  }
  const auto* log = signed_log(context);
  if (log == nullptr) return;
  const proof::EntryProof proof = log->prove_entry(*entry);
  switch (proof.state) {
    case proof::EntryProof::State::kUnknown:
      context.respond(Problem(Fault::kNotFound).with_detail("entry-unknown"));
      return;
    case proof::EntryProof::State::kPending:
      context.respond(Problem(Fault::kNotFound)
                          .with_detail("entry-pending")
                          .with_retry_after(checkpoint_seconds));
      return;
    case proof::EntryProof::State::kProven:
      break;
  }
  std::string out;
  JsonWriter json(out);
  write_entry_proof(json, proof);
  Response response = json_response(200, std::move(out));
  response.cache_control = "no-cache";
  context.respond(std::move(response));
}

void get_audit_consistency(RequestContext& context) {
  const auto from = size_parameter(context.target, "from");
  const auto to = size_parameter(context.target, "to");
  if (!from || !to) {
    context.respond(Problem::invalid(from ? "to" : "from"));
    return;
  }
  const auto* log = signed_log(context);
  if (log == nullptr) return;
  const auto proof = log->prove_consistency(*from, *to);
  if (!proof) {
    context.respond(Problem::invalid(*from > *to ? "from" : "to"));
    return;
  }
  std::string out;
  JsonWriter json(out);
  write_consistency(json, *proof);
  Response response = json_response(200, std::move(out));
  response.cache_control = "public, max-age=3600";  // what it says stays so
  context.respond(std::move(response));
}

}  // namespace frontrow::http
