// The Idempotency-Key: reading it, its digests, and which ones are under way on this thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "frontrow/command.hpp"

namespace frontrow::http {

/// What the header holds: nothing, a key, or something that is none.
struct KeyHeader {
  bool valid = true;
  std::optional<std::string> key;
};
/// Quoted (with \" and \\ inside) or bare; 1 to 255 visible characters or spaces.
KeyHeader parse_idempotency_key(std::string_view header, bool present);

/// `call` is the route's name, `object` the path's id where it has one, `body` canonical.
Idempotency make_idempotency(std::string_view call, std::string_view key, std::string_view object,
                             std::string_view body);

/// Keys whose first request has not been answered yet. One a front thread; bounded by the
/// submissions that can be in flight.
class KeysInProgress {
 public:
  /// False where it is there already.
  bool enter(std::uint32_t fan, const Bytes16& key) { return keys_.insert({fan, key}).second; }
  void leave(std::uint32_t fan, const Bytes16& key) { keys_.erase({fan, key}); }
  bool empty() const { return keys_.empty(); }

 private:
  struct Entry {
    std::uint32_t fan;
    Bytes16 key;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct Hash {
    std::size_t operator()(const Entry& entry) const;
  };
  std::unordered_set<Entry, Hash> keys_;
};

}  // namespace frontrow::http
