#include "cli/round_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cli/metrics_sources.hpp"
#include "guard/operator_token.hpp"
#include "guard/self_signed.hpp"
#include "observe/log.hpp"
#include "proof/checkpoint.hpp"

namespace frontrow::cli {
namespace {

/// Outcomes of the payment thread that await an answer.
constexpr std::size_t payment_in_flight_max = 8'192;
/// The log submits nothing; the ring has room for events besides.
constexpr std::size_t log_in_flight_max = 1;
constexpr unsigned front_threads_max = 64;

unsigned front_threads(const round::HttpRules& rules) {
  if (rules.threads != 0) return std::min(rules.threads, front_threads_max);
  // One core is the sequencer's.
  return std::clamp(std::thread::hardware_concurrency(), 2U, front_threads_max) - 1;
}

http::OperatorRole role_of(const std::string& name) {
  if (name == "admin") return http::OperatorRole::kAdmin;
  return name == "operator" ? http::OperatorRole::kOperator : http::OperatorRole::kViewer;
}

void log_warnings(const std::vector<std::string>& warnings) {
  for (const auto& line : warnings) observe::log_warning(line);
}

/// The fan's token lasts until a day after the show begins.
constexpr Duration token_life_after_show = seconds(86'400);

}  // namespace

RoundServer::RoundServer(round::RoundFile file, std::filesystem::path data,
                         std::function<void(const std::string&)> on_failure)
    : file_(std::move(file)), data_(std::move(data)), on_failure_(std::move(on_failure)) {}

RoundServer::~RoundServer() { stop(); }

std::optional<std::string> RoundServer::make_services(Instant now) {
  auto keys = guard::KeyStore::open(data_);
  if (!keys) return keys.error;
  log_warnings(keys.warnings);
  keys_ = std::move(keys.value);

  for (const auto& account : file_.operators)
    operators_.push_back({account.name, role_of(account.role), account.token_sha256});
  if (operators_.empty()) {
    auto token = guard::ensure_operator_token(data_);
    if (!token) return token.error;
    log_warnings(token.warnings);
    observe::log_info("the operator's token is in a file", {{"path", token.value->path.string()}});
    operators_.push_back({"admin", http::OperatorRole::kAdmin, token.value->token_sha256});
  }

  const RoundDefinition& definition = opened_->engine->definition();
  tokens_ = std::make_unique<guard::FanTokens>(keys_->token_key(), definition.id,
                                               definition.starts_at + token_life_after_show);
  if (file_.guard.proof_of_work) {
    guard::ProofOfWork::Settings settings;
    settings.key = keys_->proof_key();
    settings.algorithm = file_.guard.algorithm;
    settings.cost = file_.guard.cost;
    proof_of_work_ = std::make_unique<guard::ProofOfWork>(settings);
  }
  tickets_ = std::make_unique<guard::TicketSigner>(keys_->ticket_signing_seed(),
                                                   keys_->ticket_rotation_key(), definition.id);
  return make_passes(now);
}

std::optional<std::string> RoundServer::make_passes(Instant now) {
  if (opened_->engine->definition().identity_mode != IdentityMode::kPass) return std::nullopt;
  auto opened = guard::JwksFile::open(file_.pass.jwks, now, [](const guard::JwksFile::News& news) {
    observe::log(news.good ? observe::Level::kInfo : observe::Level::kWarning, news.line);
  });
  if (!opened) return opened.error;
  log_warnings(opened.warnings);
  pass_keys_ = std::move(*opened.value);
  observe::log_info("passes are checked",
                    {{"issuer", file_.pass.issuer}, {"keys", pass_keys_->keys(now)->describe()}});
  passes_ = std::make_unique<guard::Passes>(
      guard::Passes::Settings{file_.pass.issuer, file_.pass.audience, keys_->subject_key()});
  return std::nullopt;
}

std::optional<std::string> RoundServer::make_log() {
  const std::string& round = opened_->engine->definition().id;
  const auto name = keys_->settle_log_name(proof::log_name(file_.http.public_host, round));
  if (!name) return name.error;
  log_warnings(name.warnings);
  if (!proof::VerifierKey::make(*name.value, Bytes32{}) ||
      !proof::is_log_of_round(*name.value, round))
    return fmt::format("{} is not the name of a log of the round {}",
                       (keys_->directory() / "log-name").string(), round);
  proof::NoteSigner signer(*name.value, keys_->log_signing_seed());
  observe::log_info("the transparency log has a key", {{"key", signer.verifier_key().text()}});
  log_ = std::make_unique<proof::TransparencyLog>(std::move(signer), round, keys_->sale_salt_key(),
                                                  *published_);
  log_channel_ = std::make_unique<Channel>(log_in_flight_max, Subscription{.facts = true});
  log_keeper_ =
      std::make_unique<proof::LogKeeper>(*log_, *log_channel_, std::move(opened_->recovered_facts));
  return std::nullopt;
}

http::PassVerifier RoundServer::pass_verifier() const {
  if (passes_ == nullptr) return {};
  return [passes = passes_.get(), keys = pass_keys_.get()](
             std::string_view pass, Instant now) -> std::optional<http::PassIdentity> {
    const auto verdict = passes->check(pass, now, *keys->keys(now));
    if (verdict.good())
      return http::PassIdentity{verdict.subject, verdict.tier, verdict.seats_elsewhere};
    static observe::LogBound bound{1};
    observe::log(bound, observe::Level::kInfo, "a pass was refused",
                 {{"reason", guard::name_of(verdict.fault)}});
    return std::nullopt;
  };
}

http::HttpSettings RoundServer::http_settings(Instant now, std::string& problem) const {
  http::HttpSettings settings;
  settings.listen = file_.http.listen;
  settings.operator_listen = file_.http.operator_listen;
  if (file_.http.tls) {
    settings.tls = http::TlsFiles{file_.http.tls->certificate, file_.http.tls->key};
    if (settings.tls->certificate.empty()) {
      auto made = guard::ensure_self_signed(data_, {}, now);
      if (!made) {
        problem = made.error;
        return settings;
      }
      log_warnings(made.warnings);
      settings.tls = http::TlsFiles{made.value->certificate, made.value->key};
    }
  }
  settings.operators = operators_;
  settings.requests_per_second = file_.guard.requests_per_second;
  settings.joins_per_address_per_minute = file_.guard.joins_per_address_per_minute;
  settings.tickets_rotating = file_.tickets_rotating;
  settings.payment = payment_parts_->facts();
  return settings;
}

void RoundServer::make_control() {
  control_ = std::make_unique<control::ControlThread>(control::ControlParts{
      opened_->engine->definition(),
      *published_,
      *control_channel_,
      [] { return SystemClock().now(); },
      [](control::Weight weight, const std::string& line) {
        observe::log(
            weight == control::Weight::kNews ? observe::Level::kInfo : observe::Level::kWarning,
            line);
      },
      {}});
}

void RoundServer::settle_payments(const std::vector<UnsettledOrder>& unsettled) {
  if (unsettled.empty()) return;
  observe::log_info("asking the gateway about payments that were under way",
                    {{"orders", unsettled.size()}});
  std::vector<payment::Unsettled> cases;
  cases.reserve(unsettled.size());
  for (const auto& order : unsettled)
    cases.push_back({order.order, order.attempt, order.state == OrderState::kRefunding,
                     order.cancel_wanted, order.amount, order.method});
  payments_->settle(std::move(cases));
}

std::optional<std::string> RoundServer::start(Instant now) {
  // 1. The journal, and the state that it gives.
  auto opened = open_round(data_, file_, now);
  if (!opened) return opened.error();
  opened_.emplace(std::move(*opened));
  if (opened_->recovered_commands > 0)
    observe::log_info("recovered from the journal", {{"commands", opened_->recovered_commands},
                                                     {"seconds", opened_->recovery_seconds}});
  const RoundDefinition& definition = opened_->engine->definition();

  // 2. Keys, tokens, proofs, and where payments go.
  if (auto problem = make_services(now)) return problem;
  payment_parts_ = std::make_unique<PaymentParts>(file_.payment, data_);
  std::string problem;
  http::HttpSettings settings = http_settings(now, problem);
  if (!problem.empty()) return problem;
  // Empty where the certificate was given, or where there is none.
  const bool made_certificate = file_.http.tls && file_.http.tls->certificate.empty();
  const std::filesystem::path certificate =
      made_certificate ? settings.tls->certificate : std::filesystem::path();

  // 3. Channels: one a front thread, one for payments, one for the transparency log, one for
  // what the round does by itself.
  published_ = std::make_unique<Published>(definition.plan);
  std::vector<Channel*> all;
  std::vector<Channel*> fronts;
  std::vector<NamedChannel> named;
  for (unsigned n = 0; n < front_threads(file_.http); ++n) {
    front_channels_.push_back(
        std::make_unique<Channel>(http::submissions_in_flight_max, Subscription{.fans = true}));
    fronts.push_back(front_channels_.back().get());
    named.push_back({fmt::format("front-{}", n), fronts.back()});
  }
  payment_channel_ =
      std::make_unique<Channel>(payment_in_flight_max, Subscription{.payments = true});
  named.push_back({"payment", payment_channel_.get()});
  all = fronts;
  all.push_back(payment_channel_.get());
  if (auto wrong = make_log()) return wrong;
  named.push_back({"log", log_channel_.get()});
  all.push_back(log_channel_.get());
  control_channel_ = std::make_unique<Channel>(control::control_in_flight_max, Subscription{});
  named.push_back({"control", control_channel_.get()});
  all.push_back(control_channel_.get());

  // 4. The sequencer, not yet running.
  sequencer_ = std::make_unique<Sequencer>(
      Sequencer::Parts{*opened_->engine, *opened_->journal, *published_, clock_, all, on_failure_});

  // 5. The payment thread, and the one that acts by itself.
  if (auto wrong = payment_parts_->start_sandbox()) return wrong;
  payments_ = std::make_unique<payment::PaymentWorker>(
      *payment_channel_, payment_parts_->desk_settings(definition),
      payment_parts_->gateway_maker(definition),
      [](const std::string& line) { observe::log_warning(line); });
  make_control();

  // 6. The front.
  metrics_ = std::make_unique<observe::Metrics>();
  add_metrics_sources(*metrics_, *sequencer_, *published_, std::move(named), *payments_);
  payment_parts_->add_metrics(*metrics_);
  add_log_metrics(*metrics_, *log_, *log_keeper_);
  http::FrontServices services;
  services.tokens = tokens_.get();
  services.proof_of_work = proof_of_work_.get();
  services.tickets = tickets_.get();
  services.recovery_key = keys_->recovery_key();
  services.passes = pass_verifier();
  services.webhooks = payment_parts_->webhook_receiver(*payments_);
  services.payment_health = [parts = payment_parts_.get()] { return parts->health(); };
  services.metrics = metrics_.get();
  services.log = log_.get();
  // The definition lives in the engine, which outlives the server.
  const std::shared_ptr<const RoundDefinition> shared_definition(std::shared_ptr<void>(),
                                                                 &definition);
  server_ = std::make_unique<http::Server>(std::move(settings), services, shared_definition,
                                           *published_, fronts);

  // 7. The first commands of this start, then everybody runs. What can be refused is refused
  // before: a start that finds its port taken must not be the one that fixes the round's instants.
  if (auto taken = server_->open()) return taken;
  payment_parts_->send_notices_to(server_->address(), certificate);
  const auto unsettled = sequencer_->unsettled_orders();
  if (!sequencer_->begin(opened_->start_commands)) return "the journal cannot be written";
  log_keeper_->start();
  sequencer_->start();
  if (auto error = payments_->start()) return error;
  settle_payments(unsettled);
  if (auto error = control_->start()) return error;
  return server_->start();
}

std::string RoundServer::address() const { return server_->address(); }

void RoundServer::stop() {
  // Against the stream: no new requests, then no new outcomes, then the last group.
  if (server_) server_->stop();
  if (control_) control_->stop();
  if (payments_) payments_->stop();
  if (payment_parts_) payment_parts_->stop_sandbox();
  if (sequencer_) sequencer_->stop();
  if (log_keeper_) log_keeper_->stop();
}

}  // namespace frontrow::cli
