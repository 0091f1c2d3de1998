// One zone's free seats as a fan sees them over the live socket: a snapshot, then changes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace frontrow::crowd {

/// Used by one fan.
class ZoneView {
 public:
  /// Bits as in `GET /availability`: least significant first, 1 = free. False, and nothing
  /// changed, where `base64` is not exactly as long as `seats` ask for or has bits past them.
  bool take_snapshot(std::string_view base64, std::uint64_t version, std::size_t seats);
  /// True where the change builds on what is here.
  bool builds_on(std::uint64_t previous) const { return known_ && previous == version_; }
  void set_version(std::uint64_t version) { version_ = version; }
  void set_free(std::size_t seat, bool free);
  void forget();

  bool known() const { return known_; }
  std::size_t size() const { return free_.size(); }
  bool is_free(std::size_t seat) const { return free_[seat]; }
  std::size_t count_free() const;

 private:
  std::vector<bool> free_;
  std::uint64_t version_ = 0;
  bool known_ = false;
};

}  // namespace frontrow::crowd
