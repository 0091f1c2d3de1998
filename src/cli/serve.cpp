#include "cli/serve.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/opening.hpp"
#include "cli/round_server.hpp"
#include "observe/log.hpp"
#include "round/round_file.hpp"

namespace frontrow::cli {
namespace {

struct Arguments {
  std::string config;
  std::string data;
  std::string listen;
  std::vector<std::string> sets;
};

int refuse(const std::string& text) {
  std::fprintf(stderr, "frontrow: %s\n", text.c_str());
  return exit_failure;
}

std::string data_directory(const Arguments& arguments, const std::string& round_id) {
  return arguments.data.empty() ? fmt::format("data/{}", round_id) : arguments.data;
}

round::LoadResult load(const Arguments& arguments, Instant now) {
  std::vector<std::string> sets = arguments.sets;
  if (!arguments.listen.empty())
    sets.push_back(fmt::format("http.listen=\"{}\"", arguments.listen));
  auto loaded = round::load_round_file(arguments.config, sets, now);
  if (loaded.file) return loaded;
  // Relative instants count from the first start: what lay in order then still does, even where
  // a fixed instant beside them has passed since.
  const auto first_start = first_start_in(data_directory(arguments, loaded.round_id));
  return first_start ? round::load_round_file(arguments.config, sets, *first_start) : loaded;
}

/// One mistake is one line; more are a line each.
std::string mistakes_text(const std::string& config, const std::vector<round::Remark>& mistakes) {
  std::string text = fmt::format("{} cannot be served:", config);
  for (const auto& [path, message] : mistakes)
    text += fmt::format("{}{}{}{}", mistakes.size() == 1 ? " " : "\n  ", path,
                        path.empty() ? "" : ": ", message);
  return text;
}

int serve(const Arguments& arguments) {
  // Signals are taken by this thread alone, with sigwait; every thread made later inherits this.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  SystemClock clock;
  const Instant now = clock.now();
  auto loaded = load(arguments, now);
  if (!loaded.file) return refuse(mistakes_text(arguments.config, loaded.mistakes));
  const std::string data = data_directory(arguments, loaded.round_id);

  // A failed journal wakes the main thread, which ends the process.
  const pthread_t main_thread = pthread_self();
  RoundServer server(std::move(*loaded.file), data, [main_thread](const std::string& why) {
    observe::log_error("journal write failed; nothing more is acknowledged", {{"why", why}});
    pthread_kill(main_thread, SIGUSR1);
  });
  if (auto problem = server.start(now)) return refuse(*problem);
  for (const auto& [path, message] : loaded.warnings)
    observe::log_warning(fmt::format("{}: {}", path, message));
  // For people and for scripts that wait for it: the same line on both streams.
  const std::string line = fmt::format("listening {}", server.address());
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  observe::log_info(line);

  int number = 0;
  sigwait(&signals, &number);
  if (number == SIGUSR1 || server.failed()) {
    // Nothing may be flushed or answered any more: what is on disk is all that counts.
    _exit(exit_failure);
  }
  observe::log_info("stopping");
  server.stop();
  if (server.failed()) return exit_failure;
  observe::log_info("stopped");
  return exit_success;
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("serve", "Serve one round: recover, listen, sell.");
  command->add_option("--config", arguments->config, "The round file")->required();
  command->add_option("--data", arguments->data,
                      "Data directory; made on the first start (default: data/ROUND)");
  command->add_option("--listen", arguments->listen, "HOST:PORT, in place of http.listen");
  command->add_option("--set", arguments->sets, "key.path=value, over what the round file says")
      ->allow_extra_args(false);
  command->callback([arguments, &exit_code] { exit_code = serve(*arguments); });
}

}  // namespace frontrow::cli
