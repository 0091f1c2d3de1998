// `frontrow log`: see docs/auditing.md.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_log_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
