// Mistakes or warnings as they are found. Bounded: a file of a million mistakes is told of with
// the first of them and a count.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "round/json_path.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {

class Remarks {
 public:
  /// Mistakes of one file that are named; the rest are counted.
  static constexpr std::size_t named_max = 100;

  explicit Remarks(std::size_t most = named_max) : most_(most) {}

  void add(const JsonPath& path, std::string message) {
    // The path's text is worked out only where it is kept.
    if (named_.size() < most_)
      named_.push_back({trimmed(path.text()), std::move(message)});
    else
      ++unnamed_;
  }
  void add(Remark remark) {
    if (named_.size() < most_)
      named_.push_back(std::move(remark));
    else
      ++unnamed_;
  }
  std::size_t count() const { return named_.size() + unnamed_; }
  /// All of them, and "and N more" where not all were named.
  std::vector<Remark> take() &&;

 private:
  /// A remark about a file as a whole has the file's name for a path, without the colon.
  static std::string trimmed(std::string path) {
    if (path.ends_with(": ")) path.resize(path.size() - 2);
    return path;
  }
  std::size_t most_;
  std::vector<Remark> named_;
  std::size_t unnamed_ = 0;
};

}  // namespace frontrow::round
