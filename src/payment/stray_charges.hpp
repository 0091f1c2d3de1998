// Charges that the gateway has captured under our round's names and that the round does not know
// as they are: of an order or an attempt that there is not, of another amount or currency. Their
// money goes back. A capture that merely nobody has told of is told.
//
// Belongs to the payment thread. Walks the gateway's whole record page by page.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "frontrow/gateway.hpp"
#include "frontrow/reply.hpp"
#include "payment/payment_reference.hpp"

namespace frontrow::payment {

class StrayCharges {
 public:
  /// Pages of one walk; a gateway whose record has no end is not followed for ever.
  static constexpr std::size_t pages_max = 100'000;
  /// Strays that are given back by one process without being asked. So many are no accident, but
  /// perhaps another server that sells under this round's name: the others are only reported.
  static constexpr std::size_t refunds_max = 100;
  /// Charges among which a second one under the same name is looked for.
  static constexpr std::size_t names_max = 4'000'000;
  /// Lines of the log for one walk.
  static constexpr std::size_t lines_max = 100;

  struct Counts {
    std::uint64_t found = 0;     ///< Strays that were not given back when they were seen.
    std::uint64_t refunded = 0;  ///< By us.
    std::uint64_t untold = 0;    ///< Captures that the round had not heard of.
    std::uint64_t twice = 0;     ///< Charges beside another one of the same name.
    std::uint64_t walks = 0;     ///< That came to their end.
    std::uint64_t broken = 0;    ///< Walks that the gateway broke off.
  };
  struct Ways {
    /// Puts a question to the sequencer; its answer goes to `answered`, in order.
    std::function<void(Query&&)> ask;
    /// Tells the engine; the answer is nobody's.
    std::function<void(Command&&)> tell;
    /// Finds out what became of a charge and tells the engine, as after a notice.
    std::function<void(const GatewayNotice&)> look;
    std::function<void(const std::string& line)> log;
  };

  StrayCharges(Gateway& gateway, std::string round_id, std::string currency, Ways ways);

  /// Nothing happens while a walk is under way.
  void begin();
  void answered(const Reply& reply);
  bool under_way() const { return under_way_; }
  const Counts& counts() const { return counts_; }

 private:
  struct Charge {
    AttemptId attempt;
    GatewayRecord record;
  };
  void take(GatewayRecordPage&& page);
  void go_on();
  void end(bool good);
  void judge(const Charge& charge, ChargeStanding standing);
  void give_back(const Charge& charge, const char* why, bool has_attempt);
  void log(const std::string& line);
  bool is_new(AttemptId attempt);

  Gateway& gateway_;
  const std::string round_id_, currency_;
  const Ways ways_;
  bool under_way_ = false;
  std::size_t pages_ = 0, lines_ = 0, refunds_ = 0;
  std::string next_;
  std::vector<Charge> to_judge_;  ///< Of the page; the last ones are asked about first.
  std::size_t asked_ = 0;
  boost::unordered_flat_set<std::uint64_t> names_;  ///< Look-ups only.
  Counts counts_;
};

}  // namespace frontrow::payment
