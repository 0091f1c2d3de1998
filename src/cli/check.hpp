// `frontrow check`: is this round file good, and is it wise?
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_check_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
