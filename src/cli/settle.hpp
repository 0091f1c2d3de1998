// `frontrow settle`: compares a whole round with the gateway's own record of its charges.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_settle_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
