#include "payment/gateway_api.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "base/instant_text.hpp"
#include "outbound/http_client.hpp"

namespace frontrow::payment {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto complaint_every = std::chrono::seconds(30);
constexpr std::size_t complaints_remembered_max = 64;
constexpr std::size_t requests_waiting_max = 65'536;
constexpr std::size_t action_url_bytes_max = 4'096;
constexpr std::size_t action_image_bytes_max = 8'192;

/// Statuses that say nothing about what was asked: the caller is not known, is too fast, or the
/// gateway has trouble of its own.
bool says_nothing(unsigned status) {
  return status == 401 || status == 403 || status == 408 || status == 425 || status == 429 ||
         status < 400 || status >= 500;
}

}  // namespace

struct GatewayApi::State {
  State(boost::asio::io_context& its_context, Settings its_settings)
      : context(its_context),
        settings(std::move(its_settings)),
        client(context, client_settings(settings)) {}

  static outbound::HttpClientSettings client_settings(const Settings& settings) {
    outbound::HttpClientSettings made;
    made.authorities = settings.authorities;
    made.connections_per_host_max = settings.connections_max;
    made.requests_max = requests_waiting_max;
    return made;
  }

  boost::asio::io_context& context;
  const Settings settings;
  outbound::HttpClient client;
  std::map<std::string, Clock::time_point> complaints;

  void complain(const std::string& words);
  void judge(const ApiRequest& request, const outbound::OutboundOutcome& outcome, const Done& done);
};

void GatewayApi::State::complain(const std::string& words) {
  if (!settings.log) return;
  const auto now = Clock::now();
  if (complaints.size() >= complaints_remembered_max) complaints.clear();
  const auto [place, first] = complaints.try_emplace(words, now);
  if (!first && now - place->second < complaint_every) return;
  place->second = now;
  settings.log("payment gateway " + settings.name + ": " + words);
}

void GatewayApi::State::judge(const ApiRequest& request, const outbound::OutboundOutcome& outcome,
                              const Done& done) {
  using outbound::OutboundError;
  ApiAnswer answer;
  answer.sent = outcome.sent;
  answer.status = outcome.response.status;
  const bool whole =
      outcome.error == OutboundError::kNone || outcome.error == OutboundError::kStatus;
  if (!whole) {
    complain(std::string(outbound::describe(outcome.error)) +
             (outcome.detail.empty() ? "" : " (" + outcome.detail + ")"));
    return done(answer);
  }
  const bool refused = outcome.error == OutboundError::kStatus;
  if (refused && says_nothing(answer.status)) {
    complain("answered " + request.method + " with status " + std::to_string(answer.status));
    return done(answer);
  }
  const Json body = Json::parse(outcome.response.body, nullptr, false);
  const bool error_inside = body.is_object() && (!member_in(body, "error").is_null() ||
                                                 text_in(body, "object") == "error");
  if (!body.is_object() || (!refused && error_inside)) {
    complain("answered " + request.method + " with something else than it should");
    return done(answer);
  }
  answer.answered = refused ? Answered::kNo : Answered::kYes;
  answer.body = &body;
  done(answer);
}

GatewayApi::GatewayApi(boost::asio::io_context& context, Settings settings)
    : state_(std::make_shared<State>(context, std::move(settings))) {}

GatewayApi::~GatewayApi() = default;

void GatewayApi::send(ApiRequest request, Done done) {
  outbound::OutboundRequest out;
  out.method = request.method;
  out.url = state_->settings.url + request.path;
  for (const auto& [name, value] : state_->settings.headers) out.headers.push_back({name, value});
  if (!request.content_type.empty()) out.headers.push_back({"Content-Type", request.content_type});
  if (!request.idempotency_key.empty()) {
    out.headers.push_back({"Idempotency-Key", request.idempotency_key});
  }
  out.body = std::move(request.body);
  out.deadline = state_->settings.deadline;
  out.response_body_bytes_max = request.long_answer ? page_bytes_max : answer_bytes_max;
  out.repeatable = request.repeatable;
  request.body.clear();
  State* const state = state_.get();  // the client, and its callbacks, end with it
  state_->client.send(std::move(out), [state, request = std::move(request), done = std::move(done)](
                                          const outbound::OutboundOutcome& outcome) {
    state->judge(request, outcome, done);
  });
}

void GatewayApi::answer_later(Gateway::Callback done, ChargeOutcome outcome) {
  boost::asio::post(state_->context, [alive = std::weak_ptr(state_), done = std::move(done),
                                      outcome = std::move(outcome)] {
    if (!alive.expired()) done(outcome);
  });
}

void GatewayApi::complain(const std::string& words) { state_->complain(words); }

std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

FormBody& FormBody::add(std::string_view key, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_ += percent_encoded(key);
  text_ += '=';
  text_ += percent_encoded(value);
  return *this;
}

const Json& member_in(const Json& object, std::string_view key) {
  static const Json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}

std::string_view text_in(const Json& object, std::string_view key) {
  const Json& member = member_in(object, key);
  return member.is_string() ? std::string_view(member.get_ref<const std::string&>())
                            : std::string_view();
}

std::int64_t number_in(const Json& object, std::string_view key) {
  const Json& member = member_in(object, key);
  if (!member.is_number_integer()) return -1;
  if (member.is_number_unsigned() && member.get<std::uint64_t>() > INT64_MAX) return -1;
  return member.get<std::int64_t>();
}

bool flag_in(const Json& object, std::string_view key) {
  const Json& member = member_in(object, key);
  return member.is_boolean() && member.get<bool>();
}

std::string why_no_list(const ApiAnswer& answer) {
  switch (answer.answered) {
    case Answered::kNothing:
      return "there is no answer";
    case Answered::kNo:
      return "it is refused with the status " + std::to_string(answer.status);
    case Answered::kYes:
      return "the answer is no list of charges";
  }
  return {};
}

std::string redirect_action(std::string_view url) {
  // Shown to fans as a link: nothing but the web.
  if ((!url.starts_with("https://") && !url.starts_with("http://")) ||
      url.size() > action_url_bytes_max)
    return {};
  return Json{{"type", "redirect"}, {"url", url}}.dump();
}

std::string qr_action(std::string_view data, std::string_view image, Instant expires_at) {
  if (data.size() > action_url_bytes_max) return {};
  if (image.size() > action_image_bytes_max ||
      (!image.starts_with("https://") && !image.starts_with("http://") &&
       !image.starts_with("data:image/")))
    image = {};
  if (data.empty() && image.empty()) return {};
  return Json{
      {"type", "qr"}, {"data", data}, {"image", image}, {"expires_at", to_rfc3339(expires_at)}}
      .dump();
}

}  // namespace frontrow::payment
