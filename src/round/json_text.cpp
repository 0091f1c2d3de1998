#include "round/json_text.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

namespace frontrow::round {
namespace {

/// Builds the value while the library reads, and refuses what the library would let through.
class StrictBuilder : public nlohmann::json_sax<Json> {
 public:
  StrictBuilder(std::string_view text, const JsonPath& root, Remarks& mistakes, Json& out,
                CountedArrays counted)
      : text_(text), root_(root), mistakes_(mistakes), out_(out), counted_(counted) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(std::int64_t value) override { return put(value); }
  bool number_unsigned(std::uint64_t value) override { return put(value); }
  bool number_float(double value, const std::string&) override { return put(value); }
  bool string(std::string& value) override { return put(std::move(value)); }
  bool binary(Json::binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool key(std::string& name) override {
    Json& object = *open_.back().value;
    if (object.contains(name)) {
      name_place([&](const JsonPath& path) { mistakes_.add(path.at(name), "is given twice"); });
    }
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // The library counts from 1 and points at the last byte that it read.
    const std::size_t at = std::min(position == 0 ? 0 : position - 1, text_.size());
    std::size_t line = 1, column = 1;
    for (std::size_t n = 0; n < at; ++n) {
      if (text_[n] == '\n') {
        ++line;
        column = 1;
      } else {
        ++column;
      }
    }
    std::string what = "is not JSON here";
    if (at >= text_.size()) {
      what = text_.empty() ? "the file is empty" : "the text ends too early";
    } else if (text_[at] == '/' || text_[at] == '#') {
      what = "comments are not allowed";
    } else if (!is_valid_utf8(text_)) {
      what = "is not valid UTF-8";
    } else if (error.id == 406) {
      what = "the number is out of range";
    }
    mistakes_.add(root_, fmt::format("line {}, column {}: {}", line, column, what));
    return false;
  }

 private:
  struct Open {
    Json* value;
    std::string key;       // of the member being read, where it is an object
    bool counted = false;  // an array whose elements are
  };

  bool within_bounds() {
    if (++values_ > json_values_max) {
      mistakes_.add(root_, fmt::format("holds more than {} values", json_values_max));
      return false;
    }
    if (!open_.empty() && open_.back().counted && ++elements_ > counted_.most) {
      mistakes_.add(root_, fmt::format("holds more than {} {}", counted_.most, counted_.key));
      return false;
    }
    return true;
  }

  /// Where the next value goes: into the open object or array, or it is the whole.
  Json* place(Json&& value) {
    if (open_.empty()) {
      out_ = std::move(value);
      return &out_;
    }
    Json& parent = *open_.back().value;
    if (parent.is_object()) {
      Json& member = parent[open_.back().key];
      member = std::move(value);
      return &member;
    }
    parent.push_back(std::move(value));
    return &parent.back();
  }
  template <class Value>
  bool put(Value&& value) {
    if (!within_bounds()) return false;
    place(Json(std::forward<Value>(value)));
    return true;
  }
  bool open(Json&& empty) {
    if (!within_bounds()) return false;
    if (open_.size() == json_depth_max) {
      mistakes_.add(root_, fmt::format("is nested deeper than {} levels", json_depth_max));
      return false;
    }
    const bool counted = empty.is_array() && !open_.empty() && open_.back().value->is_object() &&
                         open_.back().key == counted_.key && !counted_.key.empty();
    open_.push_back({place(std::move(empty)), {}, counted});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  /// Calls `use` with the path of the innermost open value.
  template <class Use>
  void name_place(Use&& use, std::size_t level = 1, const JsonPath* above = nullptr) {
    const JsonPath& path = above == nullptr ? root_ : *above;
    if (level >= open_.size()) return use(path);
    const Json& parent = *open_[level - 1].value;
    const JsonPath step =
        parent.is_object() ? path.at(open_[level - 1].key) : path.at(parent.size() - 1);
    name_place(use, level + 1, &step);
  }

  std::string_view text_;
  const JsonPath& root_;
  Remarks& mistakes_;
  Json& out_;
  const CountedArrays counted_;
  std::size_t values_ = 0, elements_ = 0;
  std::vector<Open> open_;
};

/// Closes on every way out.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

}  // namespace

bool parse_json(std::string_view text, const JsonPath& root, Remarks& mistakes, Json& out,
                CountedArrays counted) {
  StrictBuilder builder(text, root, mistakes, out, counted);
  return Json::sax_parse(text, &builder);
}

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max,
                                     std::string& problem) {
  // Without O_NONBLOCK a pipe of that name would keep us waiting for ever.
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (file.number < 0 || fstat(file.number, &status) != 0) {
    problem = fmt::format("cannot be read: {}", std::strerror(errno));
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) {
    problem = S_ISDIR(status.st_mode) ? "is a directory, not a file" : "is not a regular file";
    return std::nullopt;
  }
  const std::string too_large = fmt::format("is larger than {} bytes", bytes_max);
  if (static_cast<std::size_t>(status.st_size) > bytes_max) {
    problem = too_large;
    return std::nullopt;
  }
  std::string text;
  text.reserve(static_cast<std::size_t>(status.st_size) + 1);
  char buffer[65'536];
  for (;;) {
    const ssize_t got = read(file.number, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      problem = fmt::format("cannot be read: {}", std::strerror(errno));
      return std::nullopt;
    }
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > bytes_max) {
      problem = too_large;  // it has grown meanwhile
      return std::nullopt;
    }
  }
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t n = 0; n < text.size();) {
    const auto first = static_cast<unsigned char>(text[n]);
    std::size_t more = 0;
    std::uint32_t code = 0;
    if (first < 0x80) {
      ++n;
      continue;
    } else if (first >= 0xc2 && first < 0xe0) {
      more = 1;
      code = first & 0x1fU;
    } else if (first >= 0xe0 && first < 0xf0) {
      more = 2;
      code = first & 0x0fU;
    } else if (first >= 0xf0 && first < 0xf5) {
      more = 3;
      code = first & 0x07U;
    } else {
      return false;
    }
    if (n + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[n + k]);
      if ((next & 0xc0U) != 0x80) return false;
      code = code << 6 | (next & 0x3fU);
    }
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    n += more + 1;
  }
  return true;
}

}  // namespace frontrow::round
