// The inside of `Engine`: all state of a round, and a handler for each command. Its parts lie in
// files by concept; each group below names its file.
//
// Private to src/engine.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>

#include "base/paged_array.hpp"
#include "engine/companions.hpp"
#include "engine/engine.hpp"
#include "engine/gateway_outages.hpp"
#include "engine/hash_sum.hpp"
#include "engine/key_memory.hpp"
#include "engine/records.hpp"
#include "engine/seat_map.hpp"
#include "engine/seat_search.hpp"
#include "engine/timer_list.hpp"
#include "queue/admission.hpp"
#include "queue/draw.hpp"
#include "queue/late_windows.hpp"
#include "queue/line.hpp"
#include "queue/waitlist.hpp"

namespace frontrow {

namespace engine {

/// What one `Tick` carries out at most; what is left makes the next `Tick` due.
inline constexpr std::uint32_t timers_per_tick_max = 16'384;
inline constexpr std::uint32_t calls_per_tick_max = 16'384;
/// What is left at least of the time to pay after a decline.
inline constexpr Duration grace_after_decline = seconds(60);
/// Captures beside the paying one that a round keeps account of; past it they are refused.
inline constexpr std::size_t extra_captures_max = 65'536;
/// Proofs of work remembered as used: several for each fan.
inline constexpr std::size_t proofs_max = std::size_t{limits::fans_max} * 4;
/// Seats named by all orders together, ended ones included.
inline constexpr std::size_t order_seats_max = std::size_t{limits::orders_max} * 4;
/// Orders that one search of an operator looks at.
inline constexpr std::uint32_t orders_searched_max = 1'000'000;
/// Fans for whom the look-up tables have room before they have to grow.
inline constexpr std::size_t lookup_reserve = 1'000'000;

/// Keyed with the round's secret, so that nobody outside can make keys that collide.
struct DigestHash {
  using is_avalanching = void;
  std::uint64_t salt = 0;
  std::size_t operator()(const Bytes16& key) const {
    const auto product =
        hash_detail::multiply(low_word(key) ^ salt, high_word(key) ^ hash_detail::salts[0]);
    return static_cast<std::size_t>(static_cast<std::uint64_t>(product) ^
                                    static_cast<std::uint64_t>(product >> 64));
  }
};
/// Look-ups only: the order of such a table means nothing.
template <class Value>
using DigestMap = boost::unordered_flat_map<Bytes16, Value, DigestHash>;

/// Which join used a proof of work.
struct ProofUse {
  FanId fan;
  Bytes16 key{};
  bool created = true;  ///< False: the fan had a place already.
};

/// What a fan has held and let go unpaid. See `hold_denial.cpp`.
struct HoldAccount {
  Duration held;
  SaleTime next_hold_at;
};

}  // namespace engine

struct Engine::State {
  explicit State(RoundDefinition definition);

  // --- engine.cpp: one command ------------------------------------------------------------
  Reply apply(Sequence sequence, Instant time, const Command& command, Effects& effects);
  void prefetch(const Command& command) const;
  void prefetch_more(const Command& command) const;
  Rejection on(const OpenRound& command, Reply& reply);
  Rejection on(const Resume& command, Reply& reply);

  // --- ticking.cpp: what is due, and carrying it out ----------------------------------------
  std::optional<Command> due(Instant now) const;
  std::optional<Instant> next_due() const;
  Rejection on(const Tick& command, Reply& reply);
  bool tick_is_due(Instant now) const;
  std::optional<SaleTime> next_timer() const;
  bool carry_out_next_timer(SaleTime now);
  std::uint32_t callable() const;
  std::uint32_t calls_wanted() const;
  std::uint32_t calls_per_second() const;
  std::uint32_t outstanding_max() const;
  void call_fans();
  Rejection on(const SetPace& command, Reply& reply);

  // --- draw_keeping.cpp: from the lobby to the line -----------------------------------------
  Rejection on(const CloseLobby& command, Reply& reply);
  Rejection on(const SetBeacon& command, Reply& reply);
  Rejection on(const DrawLine& command, Reply& reply);
  Rejection on(const CloseLateWindow& command, Reply& reply);
  std::vector<queue::DrawTicket> tickets_of(FanId first, std::uint32_t count, bool late) const;
  const Bytes32& root_of_lobby() const;
  bool draw_is_due(Instant now) const;
  bool wants_late_beacons() const;
  Instant late_window_due() const;
  void place_drawn(FanId fan);
  void publish_draw();
  void note_fact(FactKind kind, FanId fan) const;
  void note_seats(FactKind kind, OrderId order) const;

  // --- waiting_room.cpp: joining, turns, leaving ----------------------------------------------
  Rejection on(const JoinQueue& command, Reply& reply);
  Rejection on(const EnterShop& command, Reply& reply);
  Rejection on(const LeaveQueue& command, Reply& reply);
  Rejection on(const CreateRecovery& command, Reply& reply);
  Rejection on(const RedeemRecovery& command, Reply& reply);
  std::optional<Rejection> join_again(const JoinQueue& command, Reply& reply);
  void remember_join(const JoinQueue& command, FanId fan, bool created);
  void start_fan_timer(FanId fan, engine::TimerKind kind, Duration length);
  void stop_fan_timer(FanId fan);
  void miss_turn(FanId fan);
  void end_turn(FanId fan);
  void set_recovery_code(FanId fan, const Bytes16& code);
  Bytes16 recovery_code_of(FanId fan) const;

  // --- orders.cpp: holds and releases --------------------------------------------------------
  Rejection on(const PlaceHold& command, Reply& reply);
  Rejection on(const PlaceBestHold& command, Reply& reply);
  Rejection on(const ReleaseOrder& command, Reply& reply);
  Rejection may_order(FanId fan) const;
  bool within_limit(FanId fan, std::uint32_t quantity) const;
  Rejection refuse_orphans(engine::SeatSpan taken, Reply& reply);
  Rejection refuse_companions(FanId fan, engine::SeatSpan wanted, Reply& reply) const;
  std::vector<SeatIndex> locked_companions() const;

  // --- hold_denial.cpp: who holds and lets go again and again has to wait --------------------
  Rejection refuse_too_soon(FanId fan, Reply& reply) const;
  void account_for_let_go(OrderId order);
  Rejection hold_taken(FanId fan, const Idempotency& idempotency, engine::SeatSpan taken,
                       Arrangement arrangement, Reply& reply);

  // --- order_changes.cpp: what happens to an order, whoever wants it ---------------------------
  bool room_for_order(std::size_t seat_count) const;
  OrderId make_order(FanId fan, engine::SeatSpan taken, OrderOrigin origin, Arrangement arrangement,
                     engine::TimerKind kind, Duration length);
  void end_order(OrderId order, OrderState end, std::optional<PaymentFailure> failure = {});
  void give_up_seats(OrderId order);
  void begin_refund(OrderId order, std::uint32_t attempt);
  engine::SeatSpan seats_of(const engine::OrderRecord& order) const;
  std::uint32_t store_seats(engine::SeatSpan seats);
  void start_order_timer(OrderId order, engine::TimerKind kind, SaleTime deadline);
  void stop_order_timer(OrderId order);
  static std::size_t timer_list_of(const engine::OrderRecord& order);
  void link_order(OrderId order, std::uint32_t& head);
  void unlink_order(OrderId order, std::uint32_t& head);
  void set_action(OrderId order, const std::string& action);
  void tell_order(OrderId order);

  // --- payments.cpp ------------------------------------------------------------------------
  Rejection on(const StartPayment& command, Reply& reply);
  Rejection on(const ReturnOrder& command, Reply& reply);
  Rejection on(const RecordPaymentAction& command, Reply& reply);
  Rejection on(const RecordPaymentSuccess& command, Reply& reply);
  Rejection on(const RecordPaymentFailure& command, Reply& reply);
  Rejection on(const RecordRefund& command, Reply& reply);
  void mark_paid(OrderId order, std::uint32_t attempt);
  void want_cancel(OrderId order, bool release);
  void accept_late_money(OrderId order, std::uint32_t attempt);
  bool take_again(OrderId order);
  bool take_alternative(OrderId order, std::vector<SeatIndex>& taken);
  Rejection refund_extra(OrderId order, std::uint32_t attempt, Reply& reply);

  // --- payment_prolonging.cpp: what an outage of the gateway costs is given back ---------------
  Rejection on(const RecordGatewayHealth& command, Reply& reply);
  bool prolong_payment(OrderId order);

  // --- waitlist_matching.cpp -----------------------------------------------------------------
  Rejection on(const JoinWaitlist& command, Reply& reply);
  Rejection on(const LeaveWaitlist& command, Reply& reply);
  bool suits(const queue::WaitlistWish& wish) const;
  class WaitlistMarket;
  void match_waitlist();
  void wake_waitlist();
  void drop_waitlist_entry(FanId fan);
  StateHash hash_of_waitlist_entry(queue::WaitlistEntryId entry) const;

  // --- operators.cpp -------------------------------------------------------------------------
  Rejection on(const SetPhase& command, Reply& reply);
  Rejection on(const SetSchedule& command, Reply& reply);
  Rejection on(const SetAdmission& command, Reply& reply);
  Rejection on(const BlockSeats& command, Reply& reply);
  Rejection on(const UnblockSeats& command, Reply& reply);
  Rejection on(const SetZoneOpen& command, Reply& reply);
  Rejection on(const MoveCategory& command, Reply& reply);
  Rejection on(const BanFan& command, Reply& reply);
  Rejection on(const UnbanFan& command, Reply& reply);
  Rejection on(const RefundOrder& command, Reply& reply);
  Rejection on(const PostNotice& command, Reply& reply);
  Rejection on(const ErasePersonalData& command, Reply& reply);
  void run_sale_clock();
  void close_round();

  // --- views.cpp -----------------------------------------------------------------------------
  Reply answer(const Query& query) const;
  Rejection answer(const GetOrder& query, Reply& reply) const;
  Rejection answer(const ListOrders& query, Reply& reply) const;
  Rejection answer(const GetWaitlist& query, Reply& reply) const;
  Rejection answer(const FindOrders& query, Reply& reply) const;
  Rejection answer(const GetFan& query, Reply& reply) const;
  void fill_view(OrderId order, OrderView& view) const;
  FanView fan_view(FanId fan) const;
  FanDetailView fan_detail(FanId fan) const;
  WaitlistView waitlist_view(FanId fan) const;
  RoundStatus status() const;
  Phase phase() const;

  // --- settling_views.cpp: what the payment thread asks ---------------------------------------
  Rejection answer(const ListUnsettled& query, Reply& reply) const;
  Rejection answer(const JudgeCharges& query, Reply& reply) const;
  ChargeStanding standing_of(const JudgeCharges::Charge& charge) const;
  void add_unsettled(OrderId order, std::vector<UnsettledOrder>& unsettled) const;
  void add_unsettled(const engine::ExtraCapture& extra,
                     std::vector<UnsettledOrder>& unsettled) const;
  std::vector<UnsettledOrder> unsettled_orders() const;

  // --- hashing.cpp and invariants.cpp ---------------------------------------------------------
  StateHash hash_of_fan(FanId fan) const;
  StateHash hash_of_background(FanId fan) const;
  StateHash hash_of_order(OrderId order) const;
  StateHash hash_of_proof(const Bytes16& proof, const engine::ProofUse& use) const;
  StateHash hash_of_join_key(const Bytes16& key, FanId fan) const;
  StateHash hash_of_extra(const engine::ExtraCapture& extra) const;
  StateHash hash_of_hold_account(FanId fan, const engine::HoldAccount& account) const;
  StateHash hash_of_action(OrderId order, const std::string& action) const;
  StateHash state_hash() const;
  std::vector<std::string> check_invariants() const;
  void check_orders(std::vector<std::string>& violations) const;
  void check_fans(std::vector<std::string>& violations) const;
  void check_line(std::vector<std::string>& violations) const;
  void check_waitlist(std::vector<std::string>& violations) const;
  void check_payments(std::vector<std::string>& violations) const;
  void check_timers(std::vector<std::string>& violations) const;
  void check_hash(std::vector<std::string>& violations) const;

  // --- small things that all of them need -----------------------------------------------------

  bool exists(FanId fan) const { return fan.value < fans_.size(); }
  bool exists(OrderId order) const { return order.value < orders_.size(); }
  std::uint32_t fan_count() const { return static_cast<std::uint32_t>(fans_.size()); }
  std::uint32_t order_count() const { return static_cast<std::uint32_t>(orders_.size()); }
  /// The refusals that come before all others.
  Rejection refuse_fan(FanId fan) const {
    if (!exists(fan)) return Rejection::kNotFound;
    return fans_[fan.value].banned ? Rejection::kBanned : Rejection::kNone;
  }
  bool is_own_order(FanId fan, OrderId order) const {
    return exists(order) && orders_[order.value].fan == fan;
  }
  bool is_paused() const { return paused_at_.microseconds != 0; }
  bool is_closed() const { return closed_ || now_ >= closes_at_; }
  SaleTime sale_time_at(Instant wall) const {
    return {((is_paused() ? paused_at_ : wall) - sale_offset_).microseconds};
  }
  SaleTime sale_now() const { return sale_time_at(now_); }
  bool is_shopping(FanId fan) const {
    const engine::FanRecord& record = fans_[fan.value];
    return record.state == FanState::kShopping && record.deadline > sale_now();
  }
  std::uint32_t& count_of(const engine::FanRecord& fan) {
    return fan.banned ? banned_count_ : fans_by_state_[static_cast<std::size_t>(fan.state)];
  }
  std::uint32_t fans_in(FanState state) const {
    return fans_by_state_[static_cast<std::size_t>(state)];
  }

  struct Recalled {
    Rejection rejection = Rejection::kNone;
    std::uint32_t object = engine::no_index;
  };
  /// What an Idempotency-Key that has succeeded before leads to; nothing for a new one.
  std::optional<Recalled> recall(FanId fan, const Idempotency& idempotency) const {
    if (engine::is_zero(idempotency.key)) return std::nullopt;
    const auto* known = keys_.find(fans_[fan.value], idempotency.key);
    if (known == nullptr) return std::nullopt;
    if (known->request != idempotency.request)
      return Recalled{Rejection::kIdempotencyKeyReused, engine::no_index};
    return Recalled{Rejection::kNone, known->object};
  }
  void remember(FanId fan, const Idempotency& idempotency, std::uint32_t object) {
    if (!engine::is_zero(idempotency.key))
      keys_.remember(fan, fans_[fan.value], idempotency, object);
  }
  /// The order as it is now: the body of most answers.
  Rejection show(OrderId order, Reply& reply) const {
    fill_view(order, reply.body.emplace<OrderView>());
    return Rejection::kNone;
  }
  Rejection show_again(const Recalled& recalled, Reply& reply) const {
    if (recalled.rejection != Rejection::kNone) return recalled.rejection;
    reply.repeated = true;
    return show(OrderId{recalled.object}, reply);
  }

  /// Takes an entity out of hash and counts while it is being changed. Two edits of one entity
  /// must not overlap.
  class FanEdit {
   public:
    FanEdit(State& state, FanId fan) : state_(state), fan_(fan) {
      state_.hash_.remove(state_.hash_of_fan(fan_));
      --state_.count_of(*operator->());
    }
    ~FanEdit() {
      ++state_.count_of(*operator->());
      state_.hash_.add(state_.hash_of_fan(fan_));
      state_.effects_->fans.push_back(fan_);
    }
    FanEdit(const FanEdit&) = delete;
    FanEdit& operator=(const FanEdit&) = delete;
    engine::FanRecord* operator->() const { return &state_.fans_[fan_.value]; }

   private:
    State& state_;
    FanId fan_;
  };
  /// As `FanEdit`; ends in an `OrderChanged`.
  class OrderEdit {
   public:
    OrderEdit(State& state, OrderId order) : state_(state), order_(order) {
      state_.hash_.remove(state_.hash_of_order(order_));
      state_.count_order(*operator->(), -1);
    }
    ~OrderEdit() {
      state_.count_order(*operator->(), 1);
      state_.hash_.add(state_.hash_of_order(order_));
      state_.tell_order(order_);
    }
    OrderEdit(const OrderEdit&) = delete;
    OrderEdit& operator=(const OrderEdit&) = delete;
    engine::OrderRecord* operator->() const { return &state_.orders_[order_.value]; }

   private:
    State& state_;
    OrderId order_;
  };
  void count_order(const engine::OrderRecord& order, int by) {
    orders_by_state_[static_cast<std::size_t>(order.state)] += static_cast<std::uint32_t>(by);
    if (engine::is_open(order.state) && order.origin == OrderOrigin::kSale)
      open_sale_orders_ += static_cast<std::uint32_t>(by);
    if (order.state == OrderState::kPaid) revenue_.minor += by * order.total.minor;
  }

  // --- data ------------------------------------------------------------------------------------

  const RoundDefinition definition_;

  // The command under way.
  Sequence sequence_ = 0;
  Instant now_;
  Instant previous_time_;
  Effects* effects_ = nullptr;

  // The round.
  bool opened_ = false;        ///< `OpenRound` was there.
  bool lobby_opened_ = false;  ///< A `Tick` has told that it opened.
  bool lobby_closed_ = false;
  bool drawn_ = false;
  bool closed_ = false;
  Instant lobby_opens_at_, draw_at_, closes_at_;
  Duration sale_offset_;
  Instant paused_at_;
  AdmissionRules admission_;
  AdmissionPace pace_;
  SaleCounts counts_;

  engine::HashSum hash_;
  engine::SeatMap seats_;
  engine::Companions companions_;
  engine::SeatSearch search_;
  bool companions_open_ = false;           ///< A `Tick` has told that their time has come.
  std::vector<std::uint8_t> zone_closed_;  ///< By zone: 1 where an operator has closed it.

  PagedArray<engine::FanRecord> fans_;
  PagedArray<engine::FanBackground> backgrounds_;
  std::uint32_t fans_by_state_[fan_state_count] = {};
  std::uint32_t banned_count_ = 0;
  engine::DigestMap<engine::ProofUse> proofs_;
  engine::DigestMap<FanId> join_keys_;
  engine::DigestMap<FanId> subjects_;
  engine::DigestMap<FanId> recovery_codes_;
  boost::unordered_flat_map<std::uint32_t, Bytes16> codes_by_fan_;  ///< Look-ups only.

  PagedArray<engine::OrderRecord> orders_;
  PagedArray<SeatIndex> order_seats_;
  engine::KeyMemory keys_;
  boost::unordered_flat_map<std::uint32_t, engine::HoldAccount> hold_accounts_;  ///< Look-ups.
  std::uint32_t orders_by_state_[7] = {};
  std::uint32_t open_sale_orders_ = 0;
  Amount revenue_;
  boost::unordered_flat_map<std::uint32_t, std::string> actions_;  ///< By order; look-ups only.
  std::vector<engine::ExtraCapture> extra_captures_;

  engine::GatewayOutages outages_;

  static constexpr std::size_t order_timer_lists = 5 + payment_method_count, fan_timer_kinds = 2;
  engine::TimerList<engine::OrderRecord> order_timers_[order_timer_lists];
  engine::TimerList<engine::FanRecord> fan_timers_[fan_timer_kinds];

  queue::Line line_;
  queue::LateWindows late_windows_open_;
  queue::CallBucket bucket_;
  std::uint32_t lobby_count_ = 0;              ///< Fans below this id joined in the lobby.
  std::uint32_t ranked_count_ = 0;             ///< Ranks given so far.
  std::uint32_t late_waiting_ = 0;             ///< Waiting fans whose window has not closed.
  mutable std::optional<Bytes32> lobby_root_;  ///< Worked out once the lobby is over.
  std::string beacon_, beacon_signature_;
  std::shared_ptr<const DrawRecord> draw_record_;
  std::vector<std::shared_ptr<const LateWindowRecord>> late_records_;

  queue::Waitlist waitlist_;
};

}  // namespace frontrow
