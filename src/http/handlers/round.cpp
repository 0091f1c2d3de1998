// What everybody may know of the round.
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void get_round(RequestContext& context) {
  Front& front = context.front;
  Response response;
  response.body = front.round_document().text(context.round(), context.shared().settings.payment,
                                              context.shared().published, context.now);
  context.respond(std::move(response));
}

void get_availability(RequestContext& context) {
  Response response;
  response.body = context.front.availability().text();
  context.respond(std::move(response));
}

void get_venue(RequestContext& context) {
  const auto document =
      context.shared().documents.venue(context.round(), context.shared().published);
  const FixedDocument& venue = *document;
  const bool gzip =
      venue.gzip != nullptr && accepts_gzip(context.request.header("Accept-Encoding"));
  const std::string_view condition = context.request.header("If-None-Match");
  Response response;
  response.cache_control = "public, max-age=" + std::to_string(limits::venue_cache_seconds);
  response.headers = {{"ETag", gzip ? venue.gzip_etag : venue.etag}, {"Vary", "Accept-Encoding"}};
  if (names_etag(condition, venue.etag) || names_etag(condition, venue.gzip_etag)) {
    response.status = 304;
  } else if (gzip) {
    response.body = venue.gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    response.body = venue.text;
  }
  context.respond(std::move(response));
}

}  // namespace frontrow::http
