#include "queue/draw.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "base/digest.hpp"
#include "base/encoding.hpp"

using namespace frontrow;

namespace {

queue::DrawTicket ticket(std::uint8_t byte, std::uint8_t tier = 1) {
  queue::DrawTicket made;
  made.entry.fill(byte);
  made.tier = tier;
  return made;
}

Bytes32 counting(std::uint8_t first) {
  Bytes32 bytes{};
  for (std::size_t n = 0; n < bytes.size(); ++n) bytes[n] = static_cast<std::uint8_t>(first + n);
  return bytes;
}

}  // namespace

TEST_CASE("the worked example of the draw comes out as published") {
  const Bytes32 secret = counting(0);
  const std::vector<queue::DrawTicket> tickets = {ticket(0x11), ticket(0x22), ticket(0x33, 0),
                                                  ticket(0x44), ticket(0x55)};
  CHECK(to_hex(sha256(secret)) ==
        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
  const Bytes32 root = queue::draw_root(tickets);
  CHECK(to_hex(root) == "365365a0819b4084d959838509c13609fb540ba2c3c6727e1fa799d953001b5c");
  const Bytes32 seed = queue::draw_seed(secret, root, "");
  CHECK(to_hex(seed) == "c4615ce95799d440644b016673eae03c4c560f2591b4d244429842578be0811a");
  CHECK(queue::draw_order(tickets, seed) == std::vector<std::uint32_t>{2, 0, 1, 3, 4});
}

TEST_CASE("when somebody joined does not change the draw") {
  std::vector<queue::DrawTicket> tickets;
  for (int n = 0; n < 200; ++n)
    tickets.push_back(ticket(static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n % 3)));
  const auto entries_of = [](const std::vector<queue::DrawTicket>& all, const Bytes32& seed) {
    std::vector<Bytes16> entries;
    for (const auto index : queue::draw_order(all, seed)) entries.push_back(all[index].entry);
    return entries;
  };
  const Bytes32 root = queue::draw_root(tickets);
  const Bytes32 seed = queue::draw_seed(counting(7), root, "");
  auto shuffled = tickets;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(5));
  CHECK(queue::draw_root(shuffled) == root);
  CHECK(entries_of(shuffled, seed) == entries_of(tickets, seed));
}

TEST_CASE("lower tiers are drawn before higher ones") {
  std::vector<queue::DrawTicket> tickets;
  for (int n = 0; n < 200; ++n)
    tickets.push_back(ticket(static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n * 7 % 4)));
  const auto order = queue::draw_order(tickets, counting(1));
  CHECK(std::is_sorted(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return tickets[a].tier < tickets[b].tier;
  }));
}

TEST_CASE("an entry, a tier, the secret or the beacon each changes the seed") {
  std::vector<queue::DrawTicket> tickets = {ticket(1), ticket(2), ticket(3)};
  const Bytes32 root = queue::draw_root(tickets);
  const Bytes32 seed = queue::draw_seed(counting(0), root, "");
  CHECK(queue::draw_seed(counting(1), root, "") != seed);
  CHECK(queue::draw_seed(counting(0), root, std::string(32, 'b')) != seed);
  auto other_tier = tickets;
  other_tier[1].tier = 255;
  CHECK(queue::draw_root(other_tier) != root);
  tickets[2].entry[15] ^= 1;
  CHECK(queue::draw_root(tickets) != root);
}

TEST_CASE("an empty lobby has the root of the empty tree and nobody in its order") {
  CHECK(queue::draw_root({}) == sha256(ByteView{}));
  CHECK(queue::draw_order({}, counting(0)).empty());
}

TEST_CASE("a late window's secret and seed are made as published") {
  // Made independently: HMAC and SHA-256 over the bytes that the contract names.
  const Bytes32 late_secret = counting(32);
  const std::uint8_t seven[8] = {0, 0, 0, 0, 0, 0, 0, 7};
  const Bytes32 secret = queue::late_window_secret(late_secret, 7);
  CHECK(secret == hmac_sha256(late_secret, seven));
  const Bytes32 root = queue::draw_root(std::vector{ticket(9)});
  std::vector<std::uint8_t> message;
  for (const char character : std::string("frontrow/late/v1"))
    message.push_back(static_cast<std::uint8_t>(character));
  message.push_back(0);
  message.insert(message.end(), seven, seven + 8);
  message.insert(message.end(), secret.begin(), secret.end());
  message.insert(message.end(), root.begin(), root.end());
  CHECK(queue::late_seed(7, secret, root, "") == sha256(message));
}
