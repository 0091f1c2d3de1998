// The public files in tests/audit/vectors, and what the second verifier,
// tests/audit/verify_draw.py, says of a text.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "support/temporary_directory.hpp"

namespace frontrow::test {

inline std::filesystem::path vector_path(const std::string& name) {
  return std::filesystem::path(FRONTROW_SOURCE_DIR) / "tests" / "audit" / "vectors" / name;
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  REQUIRE(in);
  return text.str();
}

/// What tests/audit/verify_draw.py says of the same text.
inline std::string failing_step_in_python(const std::string& text) {
  const TemporaryDirectory directory;
  const auto draw = directory.path() / "draw.json", said = directory.path() / "said";
  std::ofstream(draw) << text;
  const std::string command = "python3 -B " + std::string(FRONTROW_SOURCE_DIR) +
                              "/tests/audit/verify_draw.py " + draw.string() + " >" +
                              directory.path().string() + "/out 2>" + said.string();
  if (std::system(command.c_str()) == 0) return "";
  const std::string line = text_of(said);
  return line.substr(0, line.find(':'));
}

inline std::string flip_hex(const std::string& hex, std::size_t at) {
  return hex.substr(0, at) + (hex.at(at) == '0' ? "1" : "0") + hex.substr(at + 1);
}

}  // namespace frontrow::test
