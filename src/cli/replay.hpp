// `frontrow replay`: see docs/auditing.md.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_replay_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
