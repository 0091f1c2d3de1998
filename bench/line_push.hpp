// One front thread's live sockets without the sockets: clients of a line greet, and each is told
// its new place when the line moves.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "base/channel.hpp"
#include "guard/fan_token.hpp"
#include "guard/ticket_signer.hpp"
#include "http/front.hpp"
#include "http/live_hub.hpp"
#include "line_measures.hpp"

namespace frontrow::bench {

class PushRound {
 public:
  PushRound(std::shared_ptr<const RoundDefinition> round, const Published& published,
            const std::vector<FanId>& fans, Instant now)
      : tokens_(key(1), round->id, now + seconds(1'000'000)),
        tickets_(key(2), key(3), round->id),
        shared_(http::HttpSettings{}, services(), std::move(round), published),
        front_(shared_, channel_),
        hub_(front_),
        now_(now) {
    for (const FanId fan : fans) {
      Client& client = clients_.emplace_back(*this, fan);
      hub_.add(client.live);
    }
  }
  ~PushRound() {
    for (Client& client : clients_) hub_.remove(client.live);
  }
  PushRound(const PushRound&) = delete;
  PushRound& operator=(const PushRound&) = delete;

  struct Told {
    Taken taken;
    std::uint32_t turns = 0;
    std::uint64_t messages = 0, bytes = 0;
  };
  /// Everybody says hello, and is told place and round.
  Told greet() {
    std::vector<std::string> hellos;
    for (const Client& client : clients_)
      hellos.push_back(
          fmt::format(R"({{"type":"hello","token":"{}"}})", tokens_.issue(client.fan)));
    begin();
    const Stopwatch watch;
    for (std::size_t n = 0; n < clients_.size(); ++n) {
      hub_.on_message(clients_[n].live, hellos[n], now_);
      hand_over();
    }
    return end(watch);
  }
  /// The hub's turns, as far apart as a front thread's are, until each client was sent a message of
  /// the kind since this call.
  Told until_all_are_told(bool place) {
    begin();
    const Stopwatch watch;
    while ((place ? places_told_ : rounds_told_) < clients_.size()) {
      require(told_.turns < turns_max, "the clients were not told");
      turn();
    }
    return end(watch);
  }
  /// One turn.
  Told one_turn() {
    begin();
    const Stopwatch watch;
    turn();
    return end(watch);
  }
  void wait(Duration duration) { now_ = now_ + duration; }

  std::size_t size() const { return clients_.size(); }
  FanId fan(std::size_t client) const { return clients_[client].fan; }
  /// What stood behind "ahead" in the last message about this client's place.
  std::uint32_t told_ahead(std::size_t client) const {
    const std::string& text = *clients_[client].place;
    constexpr std::string_view name = R"("ahead":)";
    const auto at = text.find(name);
    require(at != std::string::npos && text[at + name.size()] != 'n', "a place is not told");
    return static_cast<std::uint32_t>(std::stoul(text.substr(at + name.size(), 10)));
  }

 private:
  static constexpr std::uint32_t turns_max = 10'000;

  struct Client final : http::LiveOutlet {
    Client(PushRound& its_owner, FanId its_fan)
        : owner(its_owner), fan(its_fan), live(*this, "en") {}
    void send(const http::SharedText& message) override { owner.sent(*this, message); }
    PushRound& owner;
    const FanId fan;
    http::SharedText place;
    bool place_told = false, round_told = false;
    http::LiveClient live;
  };

  static Bytes32 key(std::uint8_t byte) {
    Bytes32 bytes{};
    bytes.fill(byte);
    return bytes;
  }
  http::FrontServices services() const {
    http::FrontServices handed_over;
    handed_over.tokens = &tokens_;
    handed_over.tickets = &tickets_;
    return handed_over;
  }
  void sent(Client& client, const http::SharedText& message) {
    ++told_.messages;
    told_.bytes += message->size();
    if (message->starts_with(R"({"type":"queue")")) {
      client.place = message;
      if (!std::exchange(client.place_told, true)) ++places_told_;
    } else if (!std::exchange(client.round_told, true)) {
      ++rounds_told_;
    }
    under_way_.push_back(&client);
  }
  /// The network takes what was sent; what is owed beside it follows.
  void hand_over() {
    for (std::size_t n = 0; n < under_way_.size(); ++n) hub_.on_written(under_way_[n]->live, now_);
    under_way_.clear();
  }
  void turn() {
    ++told_.turns;
    now_ = now_ + milliseconds(http::limits::turn_milliseconds);
    hub_.turn(now_);
    hand_over();
  }
  void begin() {
    told_ = {};
    places_told_ = rounds_told_ = 0;
    for (Client& client : clients_) client.place_told = client.round_told = false;
  }
  Told end(const Stopwatch& watch) {
    told_.taken = watch.read();
    return told_;
  }

  guard::FanTokens tokens_;
  guard::TicketSigner tickets_;
  Channel channel_{16, {}};
  http::FrontShared shared_;
  http::Front front_;
  http::LiveHub hub_;
  Instant now_;
  std::deque<Client> clients_;
  std::vector<Client*> under_way_;
  Told told_;
  std::size_t places_told_ = 0, rounds_told_ = 0;
};

}  // namespace frontrow::bench
