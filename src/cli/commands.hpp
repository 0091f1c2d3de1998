// The command line: every command of the binary is registered here, one line each.
#pragma once

namespace frontrow::cli {

/// Exit codes that every command keeps to.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Parses and runs. Wrong usage prints one line on standard error.
int run(int argc, char** argv);

}  // namespace frontrow::cli
