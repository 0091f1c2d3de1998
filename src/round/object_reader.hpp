// Takes the members of one JSON object by name, checks them, and refuses what nobody asked for.
// Each getter that finds a mistake names it and returns the default, so that one run finds all.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontrow/plan.hpp"
#include "round/json_fwd.hpp"
#include "round/remarks.hpp"

namespace frontrow::round {

struct Range {
  std::int64_t least, most;
};

class ObjectReader {
 public:
  /// `value` null: as an empty object. Value, path and mistakes must outlive the reader.
  ObjectReader(const Json* value, const JsonPath& path, Remarks& mistakes);
  ObjectReader(const Json*, const JsonPath&&, Remarks&) = delete;  // the path would be gone

  /// The member, or null where it is absent; it counts as known from now on.
  const Json* take(std::string_view key);
  /// As `take`; absent is a mistake.
  const Json* require(std::string_view key);

  std::int64_t whole_number(std::string_view key, Range range, std::int64_t otherwise);
  std::uint32_t count(std::string_view key, Range range, std::uint32_t otherwise) {
    return static_cast<std::uint32_t>(whole_number(key, range, otherwise));
  }
  bool boolean(std::string_view key, bool otherwise);
  std::string text(std::string_view key, std::string_view otherwise, std::size_t bytes_max = 200);
  std::string required_text(std::string_view key, std::size_t bytes_max = 200);
  /// One of the names given; the first is the default.
  std::string one_of(std::string_view key, std::initializer_list<std::string_view> names);
  /// Texts by language tag, "en" among them.
  LocalizedText required_localized(std::string_view key);

  /// To be called once all known keys were taken: each other one is a mistake.
  void refuse_unknown();
  /// The other way: those keys, for who skips them.
  std::vector<std::string_view> unknown() const;

  void mistake(std::string_view key, std::string message);
  const JsonPath& path() const { return path_; }
  bool is_object() const { return object_ != nullptr; }

 private:
  const Json* object_;
  const JsonPath& path_;
  Remarks& mistakes_;
  boost::container::small_vector<std::string_view, 16> known_;
};

/// Checks of single values; each names its mistake and returns nothing.
std::optional<std::string> read_text(const Json& value, const JsonPath& path, Remarks& mistakes,
                                     std::size_t bytes_max);
std::optional<std::int64_t> read_whole_number(const Json& value, const JsonPath& path,
                                              Remarks& mistakes, Range range);
LocalizedText read_localized(const Json& value, const JsonPath& path, Remarks& mistakes);

}  // namespace frontrow::round
