// `frontrow draw verify`: checks a published draw from the public file alone.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_draw_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
