// A few lines for whoever opens the address in a browser.
#include "base/markup.hpp"
#include "http/front.hpp"
#include "http/handlers/handlers.hpp"

namespace frontrow::http {

void get_page(RequestContext& context) {
  const LocalizedText& titles = context.round().title;
  auto title = titles.find(std::string(context.responder.language()));
  if (title == titles.end()) title = titles.find("en");
  if (title == titles.end()) title = titles.begin();
  std::string name;
  append_markup_escaped(name, title == titles.end() ? context.round().id : title->second);
  std::string page =
      "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>" +
      name + "</title></head><body><h1>" + name +
      "</h1><p>Tickets are sold here by Frontrow.</p><p><a href=\"/api/v1/round\">This round as "
      "data</a></p></body></html>\n";
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = share(std::move(page));
  context.respond(std::move(response));
}

}  // namespace frontrow::http
