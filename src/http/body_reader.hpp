// Reads a request's JSON body field by field and remembers the first thing that is wrong with
// it. Every field that a call knows is asked for once; `finish` refuses what was not asked for.
// Owned by one request.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/plan.hpp"
#include "frontrow/time.hpp"

namespace frontrow::http {

class BodyReader {
 public:
  /// An empty body is an object without fields.
  explicit BodyReader(std::string_view text);
  ~BodyReader();
  BodyReader(const BodyReader&) = delete;
  BodyReader& operator=(const BodyReader&) = delete;

  // Each of these yields an empty value where the field is absent, null or wrong; a required
  // field that is absent is wrong, too.

  std::optional<std::string> optional_text(std::string_view name, std::size_t bytes_max);
  std::string required_text(std::string_view name, std::size_t bytes_max);
  /// One of `choices`, whole.
  std::string required_choice(std::string_view name,
                              std::initializer_list<std::string_view> choices);
  std::optional<bool> optional_boolean(std::string_view name);
  /// A whole number from 1; one too large for 32 bits reads as the largest.
  std::uint32_t required_count(std::string_view name);
  std::optional<std::uint32_t> optional_count(std::string_view name);
  /// A whole number from 0, saturating alike.
  std::optional<std::uint32_t> optional_number(std::string_view name);
  std::uint64_t required_long_number(std::string_view name);
  std::optional<Instant> optional_instant(std::string_view name);
  /// A list of different texts. No more than `names_max` are returned.
  std::optional<std::vector<std::string>> optional_names(std::string_view name, bool may_be_empty,
                                                         std::size_t names_max);
  std::vector<std::string> required_names(std::string_view name, std::size_t names_max);
  /// An object of texts by language tag, at least one.
  LocalizedText required_localized(std::string_view name, std::size_t languages_max,
                                   std::size_t bytes_max);
  /// A boolean or the word "prefer": 0 false or absent, 1 true, 2 "prefer".
  int optional_together(std::string_view name);

  /// Known to the call, but not in this company: wrong where it is there and not null.
  void must_be_absent(std::string_view name);

  /// There, and not null. Does not count as asking.
  bool has(std::string_view name) const;
  /// Marks the field at `path` as wrong, unless something was wrong before.
  void refuse(std::string_view path);

  /// After the last field: true where nothing was wrong.
  bool finish();
  bool good() const { return good_; }
  /// What is wrong first: "seats[2]"; "$" is the body as a whole.
  const std::string& path() const { return path_; }
  /// The body with its keys sorted, without spaces and without fields that are null.
  std::string canonical() const;

 private:
  struct Tree;
  /// The field's value, or null where absent or null; notes that it was asked for.
  const void* ask(std::string_view name);
  std::optional<std::uint64_t> whole_number(std::string_view name, std::uint64_t least);

  std::unique_ptr<Tree> tree_;
  std::vector<std::string_view> asked_;
  bool good_ = true;
  std::string path_;
};

}  // namespace frontrow::http
