#include "http/request.hpp"

#include <array>

#include "http/utf8.hpp"

namespace frontrow::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

bool decode(std::string_view text, bool plus_is_space, std::string& out) {
  out.clear();
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] == '%') {
      if (n + 2 >= text.size()) return false;
      const int high = hex_digit(text[n + 1]);
      const int low = hex_digit(text[n + 2]);
      if (high < 0 || low < 0) return false;
      out += static_cast<char>(high * 16 + low);
      n += 2;
    } else if (text[n] == '+' && plus_is_space) {
      out += ' ';
    } else {
      out += text[n];
    }
  }
  for (std::size_t n = 0; n < out.size();) {
    const auto length = utf8_length_at(out, n);
    if (length == 0 || out[n] == '\0') return false;
    n += length;
  }
  return true;
}

template <class Take>
bool split(std::string_view text, char separator, Take&& take) {
  for (;;) {
    const auto at = text.find(separator);
    if (!take(text.substr(0, at))) return false;
    if (at == std::string_view::npos) return true;
    text.remove_prefix(at + 1);
  }
}

constexpr std::array<std::string_view, 6> method_names = {"GET", "HEAD",   "POST",
                                                          "PUT", "DELETE", "OTHER"};

}  // namespace

std::string_view method_name(Method method) {
  return method_names[static_cast<std::size_t>(method)];
}

Method parse_method(std::string_view name) {
  for (std::size_t n = 0; n + 1 < method_names.size(); ++n)
    if (method_names[n] == name) return static_cast<Method>(n);
  return Method::kOther;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t n = 0; n < a.size(); ++n)
    if (lower(a[n]) != lower(b[n])) return false;
  return true;
}

std::string_view Request::header(std::string_view name) const {
  for (const auto& [its_name, content] : headers)
    if (equal_ignoring_case(its_name, name)) return content;
  return {};
}

std::optional<std::string_view> Target::parameter(std::string_view name) const {
  for (const auto& [its_name, content] : query)
    if (its_name == name) return content;
  return std::nullopt;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/' || target.size() > limits::target_bytes_max)
    return std::nullopt;
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  const std::string_view path =
      target.substr(1, question == std::string_view::npos ? std::string_view::npos : question - 1);
  Target result;
  const bool path_good = path.empty() || split(path, '/', [&](std::string_view segment) {
                           if (result.segments.size() == limits::path_segments_max) return false;
                           return decode(segment, false, result.segments.emplace_back());
                         });
  if (!path_good) return std::nullopt;
  if (question != std::string_view::npos) {
    const bool query_good = split(target.substr(question + 1), '&', [&](std::string_view part) {
      if (part.empty()) return true;
      if (result.query.size() == limits::query_parameters_max) return false;
      const auto equals = part.find('=');
      auto& [name, content] = result.query.emplace_back();
      return decode(part.substr(0, equals), true, name) &&
             (equals == std::string_view::npos || decode(part.substr(equals + 1), true, content));
    });
    if (!query_good) return std::nullopt;
  }
  return result;
}

}  // namespace frontrow::http
