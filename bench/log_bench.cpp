// Answers: what does the transparency log cost the sequencer's thread for a leaf, and what the
// log's own thread? The first is noting a fact in the engine's effects and, once a group, handing
// the notes to the channel; the second is making the leaf, hashing it into the tree and indexing
// it. Beside them what readers pay: a proof of an entry, and the receipt of a joining.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "base/channel.hpp"
#include "base/plan_builder.hpp"
#include "proof/checkpoint.hpp"
#include "proof/transparency_log.hpp"

namespace {

using namespace frontrow;

struct Settings {
  std::uint32_t fans = 1'000'000;
  std::uint32_t group = 256;
  std::uint32_t reads = 20'000;
};

std::shared_ptr<const Plan> one_seat() {
  PlanBuilder builder("Bench", 10, 10);
  const auto category = builder.add_category("cat1", {{"en", "Category 1"}});
  builder.open_zone("A", {{"en", "A"}}, ZoneKind::kSeated, category);
  builder.open_row("A-1", "1");
  PlanSeat seat;
  seat.id = "A-1-1";
  builder.add_seat(std::move(seat));
  return std::move(builder).build();
}

Bytes16 entry_of(std::uint32_t number) {
  const std::uint64_t mixed[2] = {(number + 1) * 0x9e3779b97f4a7c15U,
                                  (number + 1) * 0xd1b54a32d192ed03U};
  Bytes16 bytes;
  std::memcpy(bytes.data(), mixed, sizeof mixed);
  return bytes;
}

FactNote joined(std::uint32_t fan) {
  return {Sequence{fan} + 1, {1'800'000'000'000'000}, FactKind::kJoined, 1, FanId{fan}, 0, {}, {}};
}

template <class Work>
double nanoseconds_each(std::uint32_t count, Work&& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  return took.count() / count;
}

/// The sequencer's side: notes into the effects, a group at a time into the channel, which the
/// other side empties outside the clock.
double sequencer_side(const Settings& settings) {
  Channel channel(1, Subscription{.facts = true});
  double total = 0;
  std::vector<FactNote> facts;
  std::uint32_t in_ring = 0;
  for (std::uint32_t fan = 0; fan < settings.fans;) {
    const std::uint32_t count = std::min(settings.group, settings.fans - fan);
    total += count * nanoseconds_each(count, [&] {
               for (std::uint32_t n = 0; n < count; ++n) facts.push_back(joined(fan + n));
               if (!channel.try_send(EventDelivery{FactsRecorded{std::move(facts)}, {}}))
                 std::abort();
               facts = {};
               channel.notify();
             });
    fan += count;
    if (++in_ring == 1'024 || fan == settings.fans) {
      channel.receive(in_ring, [](Outgoing& outgoing) { outgoing = Answer{}; });
      in_ring = 0;
    }
  }
  return total / settings.fans;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("What the transparency log costs", "bench_log");
  app.add_option("--fans", settings.fans, "Leaves: fans who join")->check(CLI::Range(1, 4'000'000));
  app.add_option("--group", settings.group, "Commands of a group")->check(CLI::Range(1, 4'096));
  app.add_option("--reads", settings.reads, "Proofs and receipts")
      ->check(CLI::Range(1, 10'000'000));
  CLI11_PARSE(app, argc, argv);

  fmt::print("sequencer's side   {:9.1f} ns a leaf (groups of {})\n", sequencer_side(settings),
             settings.group);
  fmt::print("                   {:9.1f} ns a leaf (groups of 1)\n",
             sequencer_side({settings.fans, 1, 0}));

  Published published(one_seat());
  std::vector<FactNote> notes;
  for (std::uint32_t fan = 0; fan < settings.fans; ++fan) {
    FanView view;
    view.entry = entry_of(fan);
    view.joined_sequence = fan + 1;
    view.joined_at = {1'800'000'000'000'000};
    published.write_fan(FanId{fan}, view);
    notes.push_back(joined(fan));
  }
  proof::TransparencyLog log({proof::log_name("bench.example", "bench"), Bytes32{1}}, "bench",
                             Bytes32{2}, published);
  const double append = nanoseconds_each(settings.fans, [&] { log.append(notes); });
  fmt::print("log's thread       {:9.1f} ns a leaf ({} leaves)\n", append, settings.fans);
  const double sign = nanoseconds_each(1'000, [&] {
    for (int n = 0; n < 1'000; ++n) log.sign_checkpoint({});
  });
  fmt::print("a checkpoint       {:9.1f} us\n", sign / 1'000);
  std::size_t nodes = 0;
  const double prove = nanoseconds_each(settings.reads, [&] {
    for (std::uint32_t n = 0; n < settings.reads; ++n)
      nodes += log.prove_entry(entry_of(n * 7919U % settings.fans))
                   .facts.at(0)
                   .logged.inclusion.nodes.size();
  });
  fmt::print("an entry's proof   {:9.1f} us ({:.1f} hashes)\n", prove / 1'000,
             static_cast<double>(nodes) / settings.reads);
  std::size_t bytes = 0;
  const double receipt = nanoseconds_each(settings.reads, [&] {
    for (std::uint32_t n = 0; n < settings.reads; ++n)
      bytes += log.sign_receipt_of(FanId{n % settings.fans})->leaf.size();
  });
  fmt::print("a receipt          {:9.1f} us\n", receipt / 1'000);
  return bytes > 0 ? 0 : 1;
}
