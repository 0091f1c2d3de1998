#include "sandbox/notice_sender.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sandbox/later.hpp"
#include "sandbox/sandbox_limits.hpp"

namespace frontrow::sandbox {
namespace {

outbound::HttpClientSettings client_settings(const std::filesystem::path& authorities) {
  outbound::HttpClientSettings settings;
  settings.authorities = authorities;
  settings.user_agent = "frontrow-sandbox";
  return settings;
}

Duration retry_after(unsigned tries) {
  Duration delay = limits::notice_first_retry;
  for (unsigned n = 1; n < tries && delay < limits::notice_last_retry; ++n) delay = delay + delay;
  return std::min(delay, limits::notice_last_retry);
}

}  // namespace

std::vector<outbound::OutboundHeader> notice_signature(NoticeDialect dialect,
                                                       const std::vector<std::string>& secrets,
                                                       Instant now, const std::string& body) {
  if (secrets.empty()) return {};
  const std::string time = std::to_string(now.microseconds / 1'000'000);
  const std::string signed_text = time + "." + body;
  std::string list;
  for (const std::string& secret : secrets) {
    std::string key = secret;
    if (dialect == NoticeDialect::kOmise) {
      const auto bytes = from_base64(secret);
      if (!bytes) continue;
      key.assign(bytes->begin(), bytes->end());
    }
    if (dialect != NoticeDialect::kOmise) list += ",v1=";
    if (dialect == NoticeDialect::kOmise && !list.empty()) list += ",";
    list += to_hex(hmac_sha256(as_bytes(key), as_bytes(signed_text)));
  }
  if (dialect == NoticeDialect::kOmise)
    return {{"Omise-Signature", list}, {"Omise-Signature-Timestamp", time}};
  const char* const name =
      dialect == NoticeDialect::kStripe ? "Stripe-Signature" : "Frontrow-Signature";
  return {{name, "t=" + time + list}};
}

NoticeSender::NoticeSender(boost::asio::io_context& context, NoticeSettings settings,
                           FaultDice& dice, std::function<bool()> in_outage, Log log)
    : context_(context),
      settings_(std::move(settings)),
      dice_(dice),
      in_outage_(std::move(in_outage)),
      log_(std::move(log)),
      client_(context, client_settings(settings_.authorities)) {}

void NoticeSender::send(std::string body) {
  if (settings_.url.empty() || !dice_.faults().notices) return;
  const bool twice = dice_.duplicates_notice();
  const bool late = dice_.reorders_notice();
  Notice notice{settings_.url, std::move(body), 0};
  if (twice) queue_after(dice_.some_of(limits::notice_disorder), notice);
  queue_after(late ? dice_.some_of(limits::notice_disorder) : Duration{}, std::move(notice));
}

void NoticeSender::queue_after(Duration delay, Notice notice) {
  if (kept_ >= limits::notices_waiting_max) {
    if (!overflow_told_) log_("notices are dropped: too many wait to be sent");
    overflow_told_ = true;
    return;
  }
  ++kept_;
  if (delay <= Duration{}) {
    ready_.push_back(std::move(notice));
    return send_next();
  }
  later(context_, delay, [this, waited = std::move(notice)]() mutable {
    ready_.push_back(std::move(waited));
    send_next();
  });
}

void NoticeSender::send_next() {
  if (in_outage_()) {
    if (looking_ || ready_.empty()) return;
    looking_ = true;
    return later(context_, limits::notice_outage_look, [this] {
      looking_ = false;
      send_next();
    });
  }
  while (!ready_.empty() && under_way_ < limits::notices_under_way_max) {
    Notice notice = std::move(ready_.front());
    ready_.pop_front();
    ++under_way_;
    outbound::OutboundRequest request;
    request.method = "POST";
    request.url = notice.url;
    request.headers =
        notice_signature(settings_.dialect, settings_.secrets, wall_now(), notice.body);
    request.headers.push_back({"Content-Type", "application/json"});
    request.body = notice.body;
    request.deadline = limits::notice_deadline;
    client_.send(std::move(request), [this, told = std::move(notice)](
                                         const outbound::OutboundOutcome& outcome) mutable {
      sent(std::move(told), outcome);
    });
  }
}

void NoticeSender::sent(Notice notice, const outbound::OutboundOutcome& outcome) {
  --under_way_;
  --kept_;
  if (!outcome.good()) {
    if (++notice.tries < limits::notice_tries_max) {
      queue_after(retry_after(notice.tries), std::move(notice));
    } else {
      log_("a notice was given up: " + std::string(describe(outcome.error)));
    }
  } else if (overflow_told_ && kept_ < limits::notices_waiting_max / 2) {
    overflow_told_ = false;
  }
  send_next();
}

}  // namespace frontrow::sandbox
