// Where in a JSON document a reader stands. A chain of steps on the stack, turned into text only
// where a mistake is named: a venue has a hundred thousand places and, as a rule, no mistake.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace frontrow::round {

/// A step. Must not outlive its parent or the text that `key` views.
class JsonPath {
 public:
  JsonPath() = default;
  /// Stands before the whole path, as in "arena.json: zones[0].id".
  static JsonPath of_file(std::string_view file_name) {
    JsonPath path;
    path.key_ = file_name;
    path.kind_ = Kind::kFile;
    return path;
  }
  JsonPath at(std::string_view key) const& {
    JsonPath path;
    path.parent_ = this;
    path.key_ = key;
    path.kind_ = Kind::kKey;
    return path;
  }
  JsonPath at(std::size_t index) const& {
    JsonPath path;
    path.parent_ = this;
    path.index_ = index;
    path.kind_ = Kind::kIndex;
    return path;
  }
  JsonPath at(std::string_view) && = delete;  // the step would view a parent that is gone
  JsonPath at(std::size_t) && = delete;

  /// "operators[0].name"; keys that are no plain words are quoted and cut.
  std::string text() const;

 private:
  enum class Kind { kRoot, kFile, kKey, kIndex };
  const JsonPath* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  Kind kind_ = Kind::kRoot;
};

/// Foreign text as it may stand in a message: in quotes, control characters and quotes escaped,
/// long texts cut.
std::string in_quotes(std::string_view foreign);

}  // namespace frontrow::round
