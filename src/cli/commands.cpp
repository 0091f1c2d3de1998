#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "cli/audit.hpp"
#include "cli/challenge.hpp"
#include "cli/check.hpp"
#include "cli/crowd.hpp"
#include "cli/draw.hpp"
#include "cli/export.hpp"
#include "cli/gateway.hpp"
#include "cli/log.hpp"
#include "cli/replay.hpp"
#include "cli/serve.hpp"
#include "cli/settle.hpp"
#include "cli/venue.hpp"

namespace frontrow::cli {

int run(int argc, char** argv) {
  CLI::App app("Sells out one concert round, fairly, and leaves a journal that proves it.",
               "frontrow");
  app.require_subcommand(1);
  int exit_code = exit_success;
  add_serve_command(app, exit_code);
  add_check_command(app, exit_code);
  add_replay_command(app, exit_code);
  add_log_command(app, exit_code);
  add_export_command(app, exit_code);
  add_draw_command(app, exit_code);
  add_audit_command(app, exit_code);
  add_venue_command(app, exit_code);
  add_challenge_command(app, exit_code);
  add_crowd_command(app, exit_code);
  add_gateway_command(app, exit_code);
  add_settle_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForAllHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    // What is not known is named, before what is missing.
    const auto unknown = app.remaining(true);
    std::string line = unknown.empty() ? error.what() : unknown.front() + " is not known here";
    for (char& c : line)
      if (c == '\n') c = ' ';
    std::fprintf(stderr, "frontrow: %s (see frontrow --help)\n", line.c_str());
    return exit_usage;
  } catch (const std::exception& error) {
    // A library's exception that no command expected: said, never a crash without a word.
    std::fprintf(stderr, "frontrow: %s\n", error.what());
    return exit_failure;
  }
  return exit_code;
}

}  // namespace frontrow::cli
