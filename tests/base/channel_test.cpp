#include "base/channel.hpp"

#include <poll.h>
#include <catch2/catch.hpp>

#include <thread>

namespace frontrow {
namespace {

Submission submission(std::uint64_t correlation) {
  return {correlation, Command{LeaveQueue{FanId{1}}}, {}};
}

bool readable(int descriptor, int milliseconds) {
  pollfd poll_for{descriptor, POLLIN, 0};
  return poll(&poll_for, 1, milliseconds) == 1;
}

/// Takes everything as the sequencer would, and answers it. Any thread: it asserts nothing,
/// because Catch's assertions are for one thread; an answer that found no room is missed later.
std::size_t answer_all(Channel& channel) {
  return channel.drain(1'000, [&](Submission& taken) {
    channel.try_send(Answer{taken.correlation, {}});
  });
}

TEST_CASE("a channel lets no more be in flight than it was made for") {
  Channel channel(4, {});
  for (std::uint64_t n = 0; n < 4; ++n) REQUIRE(channel.try_submit(submission(n)));
  CHECK_FALSE(channel.try_submit(submission(4)));
  CHECK(channel.in_flight() == 4);
  CHECK(answer_all(channel) == 4);
  // Answered is not received: room comes with the receiving.
  CHECK_FALSE(channel.try_submit(submission(4)));
  std::vector<std::uint64_t> answered;
  channel.receive(
      1, [&](Outgoing& outgoing) { answered.push_back(std::get<Answer>(outgoing).correlation); });
  CHECK(answered == std::vector<std::uint64_t>{0});
  CHECK(channel.in_flight() == 3);
  CHECK(channel.try_submit(submission(4)));
}

TEST_CASE("an event takes no answer's place") {
  Channel channel(1, {.fans = true});
  REQUIRE(channel.try_submit(submission(1)));
  REQUIRE(channel.try_send(EventDelivery{NoticePosted{}, {}}));
  REQUIRE(answer_all(channel) == 1);
  int events = 0;
  int answers = 0;
  channel.receive(10, [&](Outgoing& outgoing) {
    (std::holds_alternative<Answer>(outgoing) ? answers : events) += 1;
  });
  CHECK(events == 1);
  CHECK(answers == 1);
  CHECK(channel.in_flight() == 0);
}

TEST_CASE("a channel's descriptor tells of arrivals only to who armed it") {
  Channel channel(4, {});
  REQUIRE(channel.try_submit(submission(1)));
  answer_all(channel);
  channel.notify();
  CHECK_FALSE(readable(channel.event_descriptor(), 0));
  channel.arm();
  CHECK(channel.has_arrivals());
  channel.notify();
  CHECK(readable(channel.event_descriptor(), 1'000));
  channel.disarm();
  CHECK_FALSE(readable(channel.event_descriptor(), 0));
}

TEST_CASE("a submission wakes the sequencer") {
  Parker parker;
  Channel channel(4, {});
  channel.attach(&parker);
  bool submitted = false;
  std::thread sender([&] { submitted = channel.try_submit(submission(1)); });
  while (channel.waiting_submissions() == 0) {
    parker.prepare();
    if (channel.waiting_submissions() > 0) {
      parker.cancel();
      break;
    }
    parker.sleep(-1);  // without a time-out: a wake that is lost hangs the test
  }
  sender.join();
  CHECK(submitted);
  CHECK(channel.waiting_submissions() == 1);
}

TEST_CASE("two threads exchange a hundred thousand submissions and answers by descriptor") {
  constexpr std::uint64_t count = 100'000;
  Parker parker;
  Channel channel(128, {});
  channel.attach(&parker);
  std::thread sequencer([&] {
    Backoff backoff;
    for (std::uint64_t answered = 0; answered < count;) {
      const auto taken = answer_all(channel);
      if (taken > 0) {
        answered += taken;
        channel.notify();
        backoff.reset();
      } else if (backoff.idle()) {
        parker.prepare();
        if (channel.waiting_submissions() > 0)
          parker.cancel();
        else
          parker.sleep(-1);
      }
    }
  });
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool in_order = true;
  const auto receive = [&] {
    return channel.receive(64, [&](Outgoing& outgoing) {
      in_order = in_order && std::get<Answer>(outgoing).correlation == received;
      ++received;
    });
  };
  while (received < count) {
    while (sent < count && channel.try_submit(submission(sent))) ++sent;
    if (receive() > 0) continue;
    channel.arm();
    if (!channel.has_arrivals()) REQUIRE(readable(channel.event_descriptor(), 10'000));
    channel.disarm();
  }
  sequencer.join();
  CHECK(in_order);
  CHECK(channel.in_flight() == 0);
}

}  // namespace
}  // namespace frontrow
