// `frontrow challenge solve`: the small documented way to answer a challenge by hand. Reads the
// JSON that `GET /challenge` gave from a file or from standard input and prints what belongs in
// `altcha`.
#pragma once

#include <iosfwd>
#include <string>

namespace CLI {
class App;
}

namespace frontrow::cli {

/// Adds `challenge` with `solve` to `app`; `status` is the exit code once it has run.
void add_challenge_command(CLI::App& app, int& status);

/// The command itself. An empty path or "-": `in`. Prints a sign of life on `err` each second.
int solve_challenge(const std::string& path, std::istream& in, std::ostream& out,
                    std::ostream& err);

}  // namespace frontrow::cli
