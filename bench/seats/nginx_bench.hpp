// How many answers to GET /availability a second, beside nginx with a file of the same size, over
// the same kind of connections in the same run?
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace frontrow::bench {

struct NginxSettings {
  std::string frontrow, nginx;  ///< The programs.
  std::string config;           ///< The round file that Frontrow serves.
  std::size_t connections = 64;
  std::uint32_t threads = 1;  ///< Of each server: front threads, worker processes.
  std::uint32_t pairs = 9;
  double seconds = 1;  ///< Of each turn.
};

/// Turns A B B A … with both servers up all the time. Throws where an answer is wrong.
nlohmann::json bench_against_nginx(const NginxSettings& settings);

}  // namespace frontrow::bench
