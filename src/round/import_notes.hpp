// What an import leaves out or decides by itself, for people: each once, with a count. Bounded,
// as a hostile file may hold a million keys that nobody has heard of. Any thread, one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace frontrow::round {

class ImportNotes {
 public:
  /// Kinds of skipped things that are named; the others are counted together.
  static constexpr std::size_t named_max = 100;

  /// `where` is a path without indices, as "zones[].displayed".
  void skipped(const std::string& where);
  /// A sentence of its own.
  void say(std::string note);

  /// The sentences, then what was skipped in the order of the names.
  std::vector<std::string> take() &&;

 private:
  std::vector<std::string> said_;
  std::map<std::string, std::uint64_t> skipped_;
  std::uint64_t more_said_ = 0, more_skipped_ = 0;
};

/// "3 rows", "1 row".
std::string counted(std::uint64_t number, std::string_view one);

}  // namespace frontrow::round
