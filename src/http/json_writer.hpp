// Writes JSON text straight into a string: no tree in between. Any thread, one writer a string.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant_text.hpp"
#include "frontrow/money.hpp"
#include "frontrow/plan.hpp"
#include "frontrow/time.hpp"

namespace frontrow::http {

/// Appends `text` in quotes, escaped. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// The caller opens and closes in order; commas are the writer's affair.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name) {
    separate();
    append_json_string(out_, name);
    out_ += ':';
    after_key_ = true;
    return *this;
  }

  JsonWriter& value(std::string_view text) {
    separate();
    append_json_string(out_, text);
    return *this;
  }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool yes) { return raw(yes ? "true" : "false"); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return raw({digits, static_cast<std::size_t>(end - digits)});
  }
  JsonWriter& value(float number);
  JsonWriter& value(Instant instant) { return value(to_rfc3339(instant)); }
  JsonWriter& value(const LocalizedText& text);
  JsonWriter& null() { return raw("null"); }
  /// A JSON text that someone else has made.
  JsonWriter& raw(std::string_view json) {
    separate();
    out_ += json;
    return *this;
  }
  JsonWriter& money(Amount amount, std::string_view currency);

  template <class T>
  JsonWriter& field(std::string_view name, T&& content) {
    key(name);
    return value(std::forward<T>(content));
  }
  JsonWriter& null_field(std::string_view name) { return key(name).null(); }

 private:
  void separate() {
    if (!after_key_ && !first_) out_ += ',';
    after_key_ = false;
    first_ = false;
  }
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

  std::string& out_;
  bool first_ = true;
  bool after_key_ = false;
};

}  // namespace frontrow::http
