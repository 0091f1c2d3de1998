// JSON text in one form only: no spaces, members in the order written, the shortest numbers; line
// ends only where they are asked for.
// What the journal binds is written with this, so that equal values are equal texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "frontrow/plan.hpp"

namespace frontrow::round {

class JsonWriter {
 public:
  explicit JsonWriter(bool lines = false) : lines_(lines) {}
  JsonWriter& open(char bracket) {
    separate();
    out_ += bracket;
    first_ = true;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_ += bracket;
    first_ = false;
    return *this;
  }
  JsonWriter& key(std::string_view name) {
    text(name);
    out_ += ':';
    first_ = true;  // the value follows without a comma
    return *this;
  }
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
  JsonWriter& number(std::uint32_t value) { return number(std::int64_t{value}); }
  /// The shortest decimal that reads back as the same float.
  JsonWriter& metres(float value);
  JsonWriter& null() { return raw("null"); }
  /// JSON text as it is.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }
  /// What comes next begins a line, where the text is for people too.
  JsonWriter& line() {
    line_ = lines_;
    return *this;
  }
  JsonWriter& localized(const LocalizedText& texts);

  std::string take() && { return std::move(out_); }

 private:
  void separate() {
    if (!first_) out_ += ',';
    if (line_) out_ += '\n';
    first_ = line_ = false;
  }
  std::string out_;
  bool first_ = true;
  const bool lines_;
  bool line_ = false;
};

}  // namespace frontrow::round
