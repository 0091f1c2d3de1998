// Our references and the gateway's own names for the charges, for gateways that find a charge by
// its own name alone. What is not remembered is looked for in the gateway's list, page by page,
// one walk at a time for all who ask. Belongs to the payment thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontrow/gateway.hpp"

namespace frontrow::payment {

enum class Found : std::uint8_t { kYes, kNo, kUnknown };

class ChargeFinder {
 public:
  /// The latest charges are remembered, so many.
  static constexpr std::size_t remembered_max = 262'144;
  /// Pages of one walk. A longer list leaves it open whether a charge is there.
  static constexpr std::size_t pages_max = 4'000;

  struct Page {
    bool good = false;
    std::vector<std::pair<PaymentReference, std::string>> charges;
    std::string next;  ///< Empty: that was the last one.
  };
  /// Fetches the page after `from` (empty: the first), newest charges first; the answer comes
  /// later.
  using Fetch = std::function<void(const std::string& from, std::function<void(Page&&)>)>;
  using Done = std::function<void(Found, const std::string& id)>;

  explicit ChargeFinder(Fetch fetch) : fetch_(std::move(fetch)) {}

  /// Its name at the gateway, or null.
  const std::string* remembered(const PaymentReference& reference) const;
  void remember(const PaymentReference& reference, const std::string& id);
  /// Answers later where it is not remembered, else at once.
  void find(const PaymentReference& reference, Done done);

 private:
  void walk();
  void take(Page&& page);
  void end_walk(Found others);

  const Fetch fetch_;
  std::unordered_map<PaymentReference, std::string> ids_;
  std::deque<PaymentReference> order_;
  bool walking_ = false;
  std::size_t pages_ = 0;
  /// Who asked before the walk began; and during it, for the next one: a page that was read already
  /// may lack what was made since.
  std::multimap<PaymentReference, Done> asked_, asked_since_;
};

}  // namespace frontrow::payment
