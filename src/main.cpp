#include "cli/commands.hpp"

int main(int argc, char** argv) { return frontrow::cli::run(argc, argv); }
