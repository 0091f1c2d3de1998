// One zone as a thread's watchers are told of it: the state that they have, the change that led
// there, both as messages that are made once for everybody. Used by its thread alone.
#pragma once

#include <cstdint>
#include <vector>

#include "base/published.hpp"
#include "http/response.hpp"

namespace frontrow::http {

class ZoneFeed {
 public:
  explicit ZoneFeed(ZoneIndex zone) : zone_(zone) {}

  std::uint32_t watchers = 0;

  /// Forgets what was told before: the next watcher is the first.
  void restart(const Published& published);
  /// Takes in what has changed since. True where there is something to tell.
  bool refresh(const Published& published);

  Sequence version() const { return version_; }
  /// Leads from `previous` to `version`. None where there is no such message.
  SharedText change_from(Sequence previous) const {
    return previous == change_previous_ ? change_ : nullptr;
  }
  SharedText snapshot(const Plan& plan);

 private:
  const ZoneIndex zone_;
  Sequence version_ = 0;
  Sequence looked_ = 0;  ///< Newest version read; its content may equal that of `version_`.
  std::uint32_t free_ = 0;
  std::vector<std::uint64_t> words_, read_;
  SharedText change_, snapshot_;
  Sequence change_previous_ = 0;
};

}  // namespace frontrow::http
