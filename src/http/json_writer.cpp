#include "http/json_writer.hpp"

#include "http/utf8.hpp"

namespace frontrow::http {

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (std::size_t n = 0; n < text.size();) {
    const auto byte = static_cast<unsigned char>(text[n]);
    if (byte >= 0x80) {
      const std::size_t length = utf8_length_at(text, n);
      if (length == 0) {
        out += "\xef\xbf\xbd";
        ++n;
      } else {
        out += text.substr(n, length);
        n += length;
      }
      continue;
    }
    ++n;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) {
          out += "\\u00";
          out += hex[byte >> 4];
          out += hex[byte & 15];
        } else {
          out += static_cast<char>(byte);
        }
    }
  }
  out += '"';
}

JsonWriter& JsonWriter::value(float number) {
  char digits[48];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, number, std::chars_format::fixed).ptr;
  return raw({digits, static_cast<std::size_t>(end - digits)});
}

JsonWriter& JsonWriter::value(const LocalizedText& text) {
  begin_object();
  for (const auto& [language, words] : text) field(language, words);
  return end_object();
}

JsonWriter& JsonWriter::money(Amount amount, std::string_view currency) {
  begin_object();
  field("amount", amount.minor);
  field("currency", currency);
  return end_object();
}

}  // namespace frontrow::http
