// `frontrow venue …`: what can be done with a venue file.
#pragma once

namespace CLI {
class App;
}

namespace frontrow::cli {

void add_venue_command(CLI::App& app, int& exit_code);

}  // namespace frontrow::cli
