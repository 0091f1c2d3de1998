// `frontrow crowd`: the load harness, a crowd of real clients against a server on this machine.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

/// Adds `crowd` to `app`; `exit_code` is set once it has run.
void add_crowd_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
