// `frontrow export`: see docs/auditing.md.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_export_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
