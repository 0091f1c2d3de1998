#include "sandbox/pay_page.hpp"

#include <string_view>

#include "base/instant_text.hpp"
#include "base/markup.hpp"
#include "base/names.hpp"

namespace frontrow::sandbox {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_markup_escaped(out, text);
  return out;
}

/// Only where a browser goes to another page by it; nothing that runs.
bool leads_somewhere(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

Answer page(unsigned status, const std::string& title, const std::string& content) {
  Answer answer;
  answer.status = status;
  answer.type = "text/html; charset=utf-8";
  answer.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"}};
  answer.body = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)" + escaped(title) +
                R"(</title>
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 2rem auto; padding: 0 1rem; }
.amount { font-size: 2rem; font-weight: 600; }
form { display: inline; }
button { font: inherit; padding: .6rem 1.2rem; margin: .5rem .5rem 0 0; }
</style>
</head>
<body>
<main>
)" + content + R"(</main>
</body>
</html>
)";
  return answer;
}

std::string_view word_for(const Charge& charge) {
  switch (charge.state) {
    case ChargeState::kOpen:
    case ChargeState::kPending:
      return "under way";
    case ChargeState::kAction:
      return "waiting for you";
    case ChargeState::kAuthorized:
      return "approved; the seller has not taken the money yet";
    case ChargeState::kCaptured:
      return "paid";
    case ChargeState::kFailed:
      return "not paid";
  }
  return "unknown";
}

}  // namespace

Answer PayPage::answer(const Request& request) {
  const auto& path = request.path;
  const Charge* charge = nullptr;
  if (path.size() == 2 || path.size() == 3) {
    charge = ledger_.book().find_reference(path[1]);
    if (charge == nullptr) charge = ledger_.book().find(path[1]);
  }
  const std::string_view act = path.size() == 3 ? std::string_view(path[2]) : std::string_view();
  const bool known = act.empty() || act == "approve" || act == "decline" || act == "picture.svg";
  if (charge == nullptr || !known)
    return page(404, "Not found", "<h1>Not found</h1>\n<p>No payment has this address.</p>\n");
  const bool decision = act == "approve" || act == "decline";
  if (request.method != (decision ? "POST" : "GET")) {
    Answer answer = page(405, "Not allowed", "<h1>Not allowed</h1>\n");
    answer.headers.emplace_back("Allow", decision ? "POST" : "GET");
    return answer;
  }
  if (decision) return decided(*charge, act == "approve");
  return act.empty() ? shown(*charge) : picture(*charge);
}

Answer PayPage::decided(const Charge& charge, bool approved) {
  const bool written = approved ? ledger_.approve(charge.id) : ledger_.decline(charge.id);
  if (!written) {
    return page(503, "Not now",
                "<h1>Not now</h1>\n<p>The sandbox cannot write its book. Try again.</p>\n");
  }
  const std::string& back = charge.attempt.return_url;
  Answer answer = page(303, "Done", "<h1>Done</h1>\n");
  answer.headers.emplace_back("Location", leads_somewhere(back) ? back : PayLinks::path(charge));
  return answer;
}

Answer PayPage::shown(const Charge& charge) const {
  const std::string base = PayLinks::path(charge);
  std::string content = "<h1>Sandbox payment</h1>\n<p class=\"amount\">" +
                        escaped(money_text(charge.amount, charge.currency)) +
                        "</p>\n<p>Reference " +
                        escaped(charge.reference.empty() ? charge.id : charge.reference) + ", by " +
                        std::string(name_of(charge.attempt.method)) +
                        "</p>\n<p>State: " + std::string(word_for(charge)) + "</p>\n";
  if (charge.state == ChargeState::kAction) {
    content += "<p>No money moves here. Until " + to_rfc3339(ledger_.expires_at(charge)) +
               " you can say how this payment ends:</p>\n";
    for (const auto& [act, label] : {std::pair{"approve", "Approve"}, {"decline", "Decline"}}) {
      content += "<form method=\"post\" action=\"" + escaped(base + "/" + act) +
                 "\"><button type=\"submit\">" + label + "</button></form>\n";
    }
  }
  return page(200, "Sandbox payment", content);
}

Answer PayPage::picture(const Charge& charge) const {
  Answer answer;
  answer.type = "image/svg+xml";
  answer.headers = {{"Content-Security-Policy", "default-src 'none'"},
                    {"X-Content-Type-Options", "nosniff"}};
  answer.body =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="360" height="120" viewBox="0 0 360 120">)"
      R"(<rect width="360" height="120" fill="#fff" stroke="#000"/>)"
      R"(<text x="16" y="40" font-family="sans-serif" font-size="20">)" +
      escaped(money_text(charge.amount, charge.currency)) +
      R"(</text><text x="16" y="70" font-family="sans-serif" font-size="12">Sandbox: approve this payment at</text>)"
      R"(<text x="16" y="92" font-family="sans-serif" font-size="11" textLength="328" lengthAdjust="spacingAndGlyphs">)" +
      escaped(links_.page(charge)) + "</text></svg>\n";
  return answer;
}

}  // namespace frontrow::sandbox
