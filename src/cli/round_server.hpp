// The wiring of one round, in numbered steps: journal, engine, sequencer, payment thread, front.
// Made, run and ended by the main thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/channel.hpp"
#include "base/published.hpp"
#include "cli/opening.hpp"
#include "cli/payment_parts.hpp"
#include "control/control_thread.hpp"
#include "guard/fan_token.hpp"
#include "guard/jwks_file.hpp"
#include "guard/key_store.hpp"
#include "guard/pass.hpp"
#include "guard/proof_of_work.hpp"
#include "guard/ticket_signer.hpp"
#include "http/server.hpp"
#include "observe/metrics.hpp"
#include "payment/payment_worker.hpp"
#include "proof/log_keeper.hpp"
#include "proof/transparency_log.hpp"
#include "sequencer/sequencer.hpp"

namespace frontrow::cli {

class RoundServer {
 public:
  /// `on_failure` is told once, on any thread, when the journal has failed.
  RoundServer(round::RoundFile file, std::filesystem::path data,
              std::function<void(const std::string&)> on_failure);
  ~RoundServer();
  RoundServer(const RoundServer&) = delete;
  RoundServer& operator=(const RoundServer&) = delete;

  /// Everything up to and including listening. What went wrong, in one line or one a difference.
  std::optional<std::string> start(Instant now);
  /// After `start`: "https://0.0.0.0:8443".
  std::string address() const;
  /// No more commands; what is under way is answered; the journal is closed.
  void stop();
  bool failed() const { return sequencer_ && sequencer_->failed(); }

 private:
  std::optional<std::string> make_services(Instant now);
  std::optional<std::string> make_passes(Instant now);
  /// The transparency log and its thread, not yet running. After the keys and what is published.
  std::optional<std::string> make_log();
  /// Empty in open mode. What it returns must not outlive this.
  http::PassVerifier pass_verifier() const;
  http::HttpSettings http_settings(Instant now, std::string& problem) const;
  void make_control();
  void settle_payments(const std::vector<UnsettledOrder>& unsettled);

  const round::RoundFile file_;
  const std::filesystem::path data_;
  const std::function<void(const std::string&)> on_failure_;

  std::optional<OpenedRound> opened_;
  std::optional<guard::KeyStore> keys_;
  std::vector<http::OperatorAccount> operators_;
  std::unique_ptr<guard::FanTokens> tokens_;
  std::unique_ptr<guard::ProofOfWork> proof_of_work_;
  std::unique_ptr<guard::TicketSigner> tickets_;
  // Both or none: none in open mode.
  std::unique_ptr<guard::JwksFile> pass_keys_;
  std::unique_ptr<guard::Passes> passes_;
  SystemClock clock_;
  std::unique_ptr<Published> published_;
  std::vector<std::unique_ptr<Channel>> front_channels_;
  std::unique_ptr<Channel> payment_channel_;
  std::unique_ptr<Channel> log_channel_;
  std::unique_ptr<Channel> control_channel_;
  std::unique_ptr<proof::TransparencyLog> log_;
  std::unique_ptr<proof::LogKeeper> log_keeper_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<PaymentParts> payment_parts_;
  std::unique_ptr<payment::PaymentWorker> payments_;
  std::unique_ptr<control::ControlThread> control_;
  // After what its sources read, so that it goes first.
  std::unique_ptr<observe::Metrics> metrics_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace frontrow::cli
