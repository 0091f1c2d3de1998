#include "cli/challenge.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "guard/proof_of_work.hpp"

namespace frontrow::cli {
namespace {

/// At most one byte more than a challenge may have, so that one that is too long is seen to be.
std::optional<std::string> read_bounded(std::istream& in) {
  std::string text(guard::challenge_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

int solve_challenge(const std::string& path, std::istream& in, std::ostream& out,
                    std::ostream& err) {
  std::optional<std::string> text;
  if (path.empty() || path == "-") {
    text = read_bounded(in);
  } else if (std::ifstream file(path, std::ios::binary); file) {
    text = read_bounded(file);
  }
  if (!text) {
    err << "cannot read the challenge from " << (path.empty() ? "standard input" : path) << '\n';
    return exit_failure;
  }
  if (text->size() > guard::challenge_bytes_max) {
    err << "this is not a challenge: more than " << guard::challenge_bytes_max << " bytes\n";
    return exit_failure;
  }

  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  auto next_sign = begin + std::chrono::seconds(1);
  bool signs_given = false;
  const auto payload = guard::solve_challenge(*text, [&](std::uint32_t counter) {
    const auto now = Clock::now();
    if (now >= next_sign) {
      next_sign = now + std::chrono::seconds(1);
      signs_given = true;
      err << "\rsolving: " << std::chrono::duration_cast<std::chrono::seconds>(now - begin).count()
          << " s, " << counter << " tried" << std::flush;
    }
    return true;
  });
  if (signs_given) err << '\n';
  if (!payload) {
    err << "this is not a challenge that can be solved: the JSON of GET /api/v1/challenge was "
           "expected\n";
    return exit_failure;
  }
  out << *payload << '\n' << std::flush;
  if (!out) {
    err << "cannot write the payload\n";
    return exit_failure;
  }
  return exit_success;
}

void add_challenge_command(CLI::App& app, int& status) {
  CLI::App* const challenge =
      app.add_subcommand("challenge", "Answers the proof of work that joining asks for");
  challenge->require_subcommand(1);
  CLI::App* const solve = challenge->add_subcommand(
      "solve", "Reads the JSON of GET /api/v1/challenge, prints what belongs in \"altcha\"");
  // Owned by the callback, which lives as long as the command.
  const auto path = std::make_shared<std::string>();
  solve->add_option("file", *path,
                    "File with the challenge; standard input where it is - or absent");
  solve->callback(
      [path, &status] { status = solve_challenge(*path, std::cin, std::cout, std::cerr); });
}

}  // namespace frontrow::cli
