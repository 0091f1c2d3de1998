// The public files of the draw.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {
namespace {

void answer(RequestContext& context, const std::shared_ptr<const FixedDocument>& file,
            bool immutable) {
  if (file == nullptr) {
    context.respond(Problem(Fault::kOverloaded));
    return;
  }
  Response response;
  response.cache_control = immutable ? "public, max-age=3600" : "no-cache";
  response.headers.emplace_back("ETag", file->etag);
  if (names_etag(context.request.header("If-None-Match"), file->etag))
    response.status = 304;
  else
    response.body = file->text;
  context.respond(std::move(response));
}

}  // namespace

void get_audit_draw(RequestContext& context) {
  FrontShared& shared = context.shared();
  const auto record = shared.published.draw();
  answer(context, shared.documents.draw(context.round(), shared.published),
         record != nullptr && record->drawn);
}

void get_audit_late(RequestContext& context) {
  FrontShared& shared = context.shared();
  answer(context, shared.documents.late(context.round(), shared.published), false);
}

}  // namespace frontrow::http
