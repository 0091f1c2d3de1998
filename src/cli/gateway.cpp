#include "cli/gateway.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "observe/log.hpp"
#include "sandbox/sandbox_server.hpp"

namespace frontrow::cli {
namespace {

/// Known to everybody: the sandbox moves no money, and a trial should not begin with a secret.
constexpr const char* usual_secret = "sandbox_secret";
constexpr std::size_t secret_bytes_max = 4'096;

struct Arguments {
  std::string listen;
  std::string book;
  std::string secret;
  std::vector<std::string> notice_secrets;
  std::string notify_url;
  std::string notify_dialect = "own";
  std::string notify_authorities;
  std::string tls_certificate, tls_key;
  std::string public_url;
  std::int64_t latency_median = 0, latency_p99 = 0, capture_delay = 300, approval = 900'000;
  std::vector<std::string> outages;
  bool no_notices = false;
  sandbox::Faults faults;
};

/// "10", "10s", "1500ms" or "2m"; without a unit seconds.
std::optional<Duration> parse_length(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || count < 0 || count > 3'600'000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "ms") return milliseconds(count);
  if (unit.empty() || unit == "s") return seconds(count);
  if (unit == "m") return seconds(count * 60);
  return std::nullopt;
}

/// START:LENGTH. What is wrong is wrong usage.
sandbox::Outage outage_of(const std::string& text) {
  const auto colon = text.find(':');
  const auto begin = parse_length(std::string_view(text).substr(0, colon));
  const auto length = colon != std::string::npos
                          ? parse_length(std::string_view(text).substr(colon + 1))
                          : std::nullopt;
  if (!begin || !length)
    throw CLI::ValidationError("--outage", "START:LENGTH was expected, like 30s:10s: " + text);
  return {*begin, *length};
}

/// Of "env:NAME" or "file:PATH": a secret on a command line can be seen by everybody on the
/// machine.
std::optional<std::string> secret_of(const std::string& option, const std::string& text,
                                     std::string& problem) {
  std::string secret;
  if (text.starts_with("env:")) {
    const char* const value = std::getenv(text.c_str() + 4);
    if (value == nullptr) {
      problem = fmt::format("{}: the environment has no variable {}", option, text.substr(4));
      return std::nullopt;
    }
    secret = value;
  } else if (text.starts_with("file:")) {
    std::ifstream file(text.substr(5), std::ios::binary);
    secret.resize(secret_bytes_max);
    file.read(secret.data(), static_cast<std::streamsize>(secret.size()));
    if (file.gcount() == 0) {
      problem = fmt::format("{}: cannot read {}, or it is empty", option, text.substr(5));
      return std::nullopt;
    }
    secret.resize(static_cast<std::size_t>(file.gcount()));
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
  } else {
    throw CLI::ValidationError(option, "env:NAME or file:PATH was expected");
  }
  if (secret.empty()) {
    problem = fmt::format("{}: the secret is empty", option);
    return std::nullopt;
  }
  return secret;
}

std::optional<sandbox::SandboxSettings> settings_of(const Arguments& arguments,
                                                    std::string& problem) {
  sandbox::SandboxSettings settings;
  settings.listen = arguments.listen;
  settings.book = arguments.book;
  settings.notify_url = arguments.notify_url;
  settings.notify_authorities = arguments.notify_authorities;
  settings.tls_certificate = arguments.tls_certificate;
  settings.tls_key = arguments.tls_key;
  settings.public_url = arguments.public_url;
  if (arguments.notify_dialect == "stripe")
    settings.notice_dialect = sandbox::NoticeDialect::kStripe;
  if (arguments.notify_dialect == "omise") settings.notice_dialect = sandbox::NoticeDialect::kOmise;
  settings.faults = arguments.faults;
  settings.faults.latency_median = milliseconds(arguments.latency_median);
  settings.faults.latency_p99 = milliseconds(arguments.latency_p99);
  settings.faults.capture_delay = milliseconds(arguments.capture_delay);
  settings.faults.approval_time = milliseconds(arguments.approval);
  settings.faults.notices = !arguments.no_notices;
  for (const std::string& outage : arguments.outages)
    settings.faults.outages.push_back(outage_of(outage));
  settings.secret = usual_secret;
  if (!arguments.secret.empty()) {
    auto secret = secret_of("--secret", arguments.secret, problem);
    if (!secret) return std::nullopt;
    settings.secret = std::move(*secret);
  }
  for (const std::string& text : arguments.notice_secrets) {
    auto secret = secret_of("--notice-secret", text, problem);
    if (!secret) return std::nullopt;
    if (settings.notice_secret.empty())
      settings.notice_secret = std::move(*secret);
    else
      settings.more_notice_secrets.push_back(std::move(*secret));
  }
  return settings;
}

int refuse(const std::string& text) {
  std::fprintf(stderr, "frontrow: %s\n", text.c_str());
  return exit_failure;
}

int serve_gateway(const Arguments& arguments) {
  std::string problem;
  auto settings = settings_of(arguments, problem);
  if (!settings) return refuse(problem);

  // Signals are taken by this thread alone; the server's thread inherits this.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  sandbox::SandboxServer server(std::move(*settings), [](const std::string& line) {
    static observe::LogBound bound{5};
    observe::log(bound, observe::Level::kWarning, line);
  });
  if (auto failure = server.start()) return refuse(*failure);
  // For people and for scripts that wait for it: the same line on both streams.
  const std::string line = fmt::format("listening {}", server.url());
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  observe::log_info(line);

  int number = 0;
  sigwait(&signals, &number);
  server.stop();
  observe::log_info("stopped");
  return exit_success;
}

void add_fault_options(CLI::App& command, const std::shared_ptr<Arguments>& arguments) {
  const CLI::Range rate(0.0, 1.0);
  const CLI::Range delay(std::int64_t{0}, std::int64_t{3'600'000});
  sandbox::Faults& faults = arguments->faults;
  const auto milliseconds_option = [&](const char* name, std::int64_t& into, const char* help) {
    command.add_option(name, into, help)->check(delay)->type_name("MS");
  };
  const auto rate_option = [&](const char* name, double& into, const char* help) {
    command.add_option(name, into, help)->check(rate)->type_name("RATE");
  };
  milliseconds_option("--latency-median", arguments->latency_median,
                      "Answers take so long at the median (default 0: at once)");
  milliseconds_option("--latency-p99", arguments->latency_p99,
                      "and so long at the 99th percentile, log-normally");
  milliseconds_option("--capture-delay", arguments->capture_delay,
                      "From a charge of the own API to its end (default 300)");
  milliseconds_option("--approval", arguments->approval,
                      "How long a person has to approve (default 900000)");
  rate_option("--decline", faults.decline_rate, "Of good charges that are declined");
  rate_option("--drop-answer", faults.dropped_answer_rate,
              "Of requests that are acted upon and then not answered");
  rate_option("--duplicate-notice", faults.duplicated_notice_rate, "Of notices that come twice");
  rate_option("--reorder-notice", faults.reordered_notice_rate, "Of notices that are held back");
  command.add_flag("--no-notices", arguments->no_notices, "Sends none");
  command
      .add_option("--outage", arguments->outages,
                  "START:LENGTH since the start, like 30s:10s; may be given several times")
      ->allow_extra_args(false);
  command.add_flag("--outage-drops", faults.outage_drops,
                   "In an outage connections are closed, in place of 503");
  command.add_flag("--approve-by-hand", faults.approve_by_hand,
                   "QR codes and redirects wait for a person at /pay/REFERENCE");
  command.add_option("--seed", faults.seed, "Of everything that is left to chance (default 1)");
}

}  // namespace

void add_gateway_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "gateway", "Serve a payment gateway that moves no money, for tests and trials.");
  command->add_option("--listen", arguments->listen, "HOST:PORT; port 0: any free one")->required();
  command->add_option("--book", arguments->book,
                      "File of all charges (default: forgotten with the process)");
  command->add_option("--secret", arguments->secret,
                      fmt::format("env:NAME or file:PATH: what callers authenticate with "
                                  "(default: {})",
                                  usual_secret));
  command->add_option("--notify", arguments->notify_url, "URL that notices are sent to");
  command
      ->add_option("--notify-dialect", arguments->notify_dialect,
                   "own, stripe or omise: what notices look like (default: own)")
      ->check(CLI::IsMember({"own", "stripe", "omise"}));
  command
      ->add_option("--notice-secret", arguments->notice_secrets,
                   "env:NAME or file:PATH: signs notices; several while they are changed")
      ->allow_extra_args(false);
  command->add_option("--notify-authorities", arguments->notify_authorities,
                      "PEM file of the authorities that the notified server is trusted by");
  auto* certificate = command->add_option("--tls-certificate", arguments->tls_certificate,
                                          "PEM file (default: plain HTTP)");
  auto* key = command->add_option("--tls-key", arguments->tls_key, "PEM file");
  certificate->needs(key);
  key->needs(certificate);
  command->add_option("--public-url", arguments->public_url,
                      "What people reach the page at, where it is not the address listened on");
  add_fault_options(*command, arguments);
  command->callback([arguments, &exit_code] { exit_code = serve_gateway(*arguments); });
}

}  // namespace frontrow::cli
