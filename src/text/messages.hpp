// What is said to fans, in their languages: the catalogues of config/locales, embedded when the
// program is built. Immutable once made; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace frontrow::text {

/// Bytes of an Accept-Language header that are looked at, and ranges in it.
inline constexpr std::size_t accept_language_bytes_max = 1'024;
inline constexpr std::size_t accept_language_ranges_max = 32;

class Messages {
 public:
  using Arguments = std::vector<std::pair<std::string, std::string>>;
  /// Key to text. Placeholders are {name}.
  using Catalogue = std::map<std::string, std::string, std::less<>>;

  /// The embedded catalogues, read once.
  static const Messages& get();
  /// For tests: catalogues by language tag; "en" must be among them.
  explicit Messages(std::map<std::string, Catalogue, std::less<>> catalogues);

  /// The best of our languages for an Accept-Language header (RFC 9110 section 12.5.4): by
  /// quality, then by order; "th-TH" finds "th", "zh" finds "zh-Hans". "en" where none fits. The
  /// view lasts as long as the program.
  std::string_view negotiate(std::string_view accept_language) const;

  /// The text in `language`, else in English, else the key itself. A problem's keys are
  /// "problem.CODE.title" and "problem.CODE.detail". Arguments by problem: `retry_after`
  /// (seconds) for rate-limited and overloaded; none for the others. What is passed and not
  /// used is no mistake; a placeholder that nothing is passed for stands as an ellipsis.
  std::string text(std::string_view language, std::string_view key,
                   const Arguments& arguments = {}) const;
  bool has(std::string_view key) const;  ///< In English, and so at least in one language.

  /// Tags, "en" first, the others in their order.
  const std::vector<std::string>& languages() const { return languages_; }
  const std::map<std::string, Catalogue, std::less<>>& catalogues() const { return catalogues_; }

 private:
  std::map<std::string, Catalogue, std::less<>> catalogues_;
  std::vector<std::string> languages_;
};

}  // namespace frontrow::text
