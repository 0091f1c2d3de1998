// `frontrow gateway`: the sandbox as a server of its own, for tests and trials.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_gateway_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
