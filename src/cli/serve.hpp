// `frontrow serve`: one round, from its journal to its sockets.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
