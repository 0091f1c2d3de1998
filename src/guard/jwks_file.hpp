// The key set's file, read again while the round runs: a promoter who puts new keys in place
// needs no restart. Whoever checks a pass looks at the file, at most once a second between them;
// a file that is gone, unreadable or bad is told once and leaves the keys before it in force.
//
// The whole file is read and compared, not its times: two writes within one tick of the file
// system's clock look the same to `stat`, and a few kilobytes a second cost nothing.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "frontrow/time.hpp"
#include "guard/jwks.hpp"

namespace frontrow::guard {

inline constexpr Duration jwks_look_interval = seconds(1);

class JwksFile {
 public:
  struct News {
    bool good = false;  ///< New keys are in force; else the old ones stay.
    std::string line;
  };
  /// Called by the thread that looked, one call at a time.
  using Report = std::function<void(const News&)>;

  /// At start: refused where the file cannot be read, is bad, or has no key that checks a pass.
  static Loaded<std::unique_ptr<JwksFile>> open(std::filesystem::path path, Instant now,
                                                Report report);

  /// Any thread. Never null; what is returned stays as it is.
  std::shared_ptr<const KeySet> keys(Instant now);

 private:
  struct Content {
    std::string text, error;  ///< One of the two.
    Bytes32 fingerprint{};
  };
  JwksFile(std::filesystem::path path, Instant now, Report report)
      : path_(std::move(path)), report_(std::move(report)), looked_at_(now.microseconds) {}
  Content read() const;
  void look();

  const std::filesystem::path path_;
  const Report report_;
  std::atomic<std::int64_t> looked_at_;
  std::mutex look_mutex_;  ///< Guards `seen_`; whoever finds it taken goes on with the old keys.
  Bytes32 seen_{};         ///< Fingerprint of what was judged last, a failure to read included.
  /// Not std::atomic<std::shared_ptr>: GCC 12's reads it without the order that a thread
  /// sanitizer can follow, and beside a signature a lock costs nothing.
  std::mutex keys_mutex_;
  std::shared_ptr<const KeySet> keys_;
};

}  // namespace frontrow::guard
