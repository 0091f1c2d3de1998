// One fan's visit, from the planned arrival to closing the page: a script that reads from top
// to bottom. The fan's behaviour is drawn from the seed alone; what happens to them is not.
//
// Lives in a shared_ptr, on its worker's thread, until `run` and the live socket have ended.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crowd/api_client.hpp"
#include "crowd/crowd_context.hpp"
#include "crowd/fan_plan.hpp"
#include "crowd/live_client.hpp"
#include "crowd/random.hpp"
#include "crowd/zone_view.hpp"

namespace frontrow::crowd {

class Fan : public LiveListener, public std::enable_shared_from_this<Fan> {
 public:
  Fan(CrowdContext& context, std::uint32_t number);
  ~Fan() override;

  /// The whole visit; ends by the sale's deadline and a little grace at the latest.
  boost::asio::awaitable<void> run();

 private:
  template <class T>
  using Task = boost::asio::awaitable<T>;
  /// A step ends the visit with an outcome, or the visit goes on.
  using Step = boost::asio::awaitable<std::optional<Outcome>>;

  // fan.cpp: arriving and leaving.
  Task<Outcome> visit();
  Step join();
  Task<Answer> obtain_proof(std::string& payload);
  bool take_place(const std::string& body);
  void start_listening();
  Task<void> leave_line();
  Task<Outcome> leave_with(Outcome outcome);

  // fan_line.cpp: waiting for the turn and taking it up.
  Step wait_for_turn();
  Step enter();
  Task<void> ask_for_state();
  std::optional<Outcome> outcome_of_state() const;

  // fan_shopping.cpp: from the empty hand to an order.
  Step shop();
  Step wait_for_seats(Moment patience_end);
  Step judge_refusal(const Answer& answer);
  Task<bool> look_around();
  Task<std::string> choose(std::size_t zone);
  Task<bool> watch_zone(std::size_t zone);
  std::size_t choose_zone();

  // fan_paying.cpp: from the order to the ticket.
  Step pay();
  Step send_payment(Moment decided);
  Step wait_for_outcome();
  Task<void> ask_for_order();
  Task<bool> fetch_tickets();
  void note_paid(Moment decided);

  // Waiting and telling others.
  Task<void> sleep_until(Moment moment);
  /// Thinks for up to `seconds_max`; returns the moment at which the fan meant to act.
  Task<Moment> think(double seconds_max);
  /// Until something was heard over the live socket, or `until`.
  Task<void> wait_for_news(Moment until);
  void enter_stage(Stage stage);
  void drop_connections();
  std::string next_key();

  void on_live_connecting() override;
  void on_live_message(LiveMessage message) override;
  void on_live_unreadable() override;
  void on_live_error(std::string_view code) override;
  void hear(const QueueUpdate& update);
  void hear(const Snapshot& snapshot);
  void hear(const SeatChanges& changes);
  void hear(const OrderUpdate& update);

  CrowdContext& context_;
  const std::uint32_t number_;
  const std::uint32_t source_;
  Random random_;
  const FanPlan plan_;
  const Moment arrival_;
  ApiClient api_;
  LiveClient live_;
  boost::asio::steady_timer sleep_;
  boost::asio::steady_timer news_;
  boost::asio::steady_timer drop_;

  Stage stage_ = Stage::kNever;
  FanRecord record_;
  std::uint32_t keys_ = 0;

  // What the fan knows.
  QueueUpdate place_;
  RoundUpdate round_;
  bool heard_queue_ = false;  ///< Since the live socket was last made.
  Moment live_began_;
  bool live_before_ = false;
  ZoneView seats_;                           ///< Of the watched zone.
  std::size_t zone_ = 0;                     ///< The watched one.
  std::vector<std::uint32_t> free_in_zone_;  ///< As last looked up; empty: not yet.
  std::size_t quantity_ = 1;
  bool picks_ = false;
  std::uint32_t picks_refused_ = 0;
  OrderUpdate order_;  ///< The one order of this fan, as last heard of.
  bool left_line_ = false;
  std::uint32_t payments_ = 0;
};

}  // namespace frontrow::crowd
