#include "cli/metrics_sources.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "base/command_codec.hpp"
#include "base/names.hpp"

namespace frontrow::cli {
namespace {

constexpr std::size_t order_state_count = 7;

template <std::size_t Buckets, std::uint64_t first>
void add_histogram(observe::Sample& sample, std::string_view name, std::string_view help,
                   const DoublingHistogram<Buckets, first>& histogram, double unit) {
  std::array<double, Buckets> bounds;
  std::array<std::uint64_t, Buckets + 1> counts;
  for (std::size_t n = 0; n < Buckets; ++n)
    bounds[n] = static_cast<double>(histogram.bound(n)) * unit;
  for (std::size_t n = 0; n <= Buckets; ++n) counts[n] = histogram.in_bucket(n);
  sample.histogram(name, help, bounds, counts, static_cast<double>(histogram.sum()) * unit);
}

double number(std::uint64_t value) { return static_cast<double>(value); }

void add_commands(observe::Sample& sample, const SequencerStatistics& statistics) {
  for (std::uint16_t kind = 0; kind < SequencerStatistics::command_numbers; ++kind) {
    const auto name = command_name_of_number(kind);
    if (name.empty()) continue;
    for (std::size_t n = 0; n < SequencerStatistics::rejections; ++n) {
      const auto count = statistics.commands[kind][n].value();
      if (count == 0 && n != 0) continue;
      const auto rejection = static_cast<Rejection>(n);
      sample.counter(
          "frontrow_commands_total", "Commands judged, by kind and outcome.", number(count),
          {{"command", std::string(name)},
           {"outcome",
            rejection == Rejection::kNone ? "accepted" : std::string(name_of(rejection))}});
    }
  }
}

void add_sequencer(observe::Sample& sample, const SequencerStatistics& statistics) {
  add_commands(sample, statistics);
  sample.counter("frontrow_queries_total", "Questions answered between commands.",
                 number(statistics.queries.value()));
  sample.counter("frontrow_groups_total", "Groups journaled.", number(statistics.groups.value()));
  add_histogram(sample, "frontrow_group_commands", "Commands in a journaled group.",
                statistics.group_size, 1.0);
  add_histogram(sample, "frontrow_journal_sync_seconds", "One block's write, sync included.",
                statistics.sync_microseconds, 1e-6);
  sample.counter("frontrow_journal_bytes_total", "Bytes of blocks written.",
                 number(statistics.journaled_bytes.value()));
  sample.counter("frontrow_events_total", "Events sent to other threads.",
                 number(statistics.events_sent.value()));
  sample.counter("frontrow_events_dropped_total", "Events that a front thread did not take.",
                 number(statistics.events_dropped.value()));
  sample.counter("frontrow_answers_held_back_total", "Answers that found a full ring and waited.",
                 number(statistics.held_back.value()));
}

void add_admission(observe::Sample& sample, const RoundStatus& status) {
  const AdmissionRules& rules = status.admission;
  const AdmissionPace pace = rules.pinned ? AdmissionPace{} : status.pace;
  sample.gauge("frontrow_admission_pinned", "1 while the admission is pinned by hand.",
               rules.pinned ? 1.0 : 0.0);
  sample.gauge("frontrow_admission_calls_per_second", "Calls a second that are allowed.",
               number(std::min(rules.per_second, pace.calls_per_second)));
  sample.gauge("frontrow_admission_outstanding_max", "Fans called and shopping that are allowed.",
               number(pace.outstanding_max == 0 ? rules.max_shoppers : pace.outstanding_max));
  for (std::size_t n = 0; n <= static_cast<std::size_t>(PaceReason::kSeatsSpokenFor); ++n) {
    const auto reason = static_cast<PaceReason>(n);
    sample.gauge("frontrow_admission_reason", "1 for the reason of the pace in force.",
                 reason == pace.reason ? 1.0 : 0.0, {{"reason", std::string(name_of(reason))}});
  }
  const SaleCounts& counts = status.counts;
  const auto calls = [&](const char* outcome, std::uint64_t count) {
    sample.counter("frontrow_calls_total", "Calls of fans: made, taken up, missed.", number(count),
                   {{"outcome", outcome}});
  };
  calls("called", counts.called);
  calls("entered", counts.entered);
  calls("missed", counts.missed);
  sample.counter("frontrow_entering_seconds_total", "From call to entering, all fans together.",
                 static_cast<double>(counts.entering_microseconds) * 1e-6);
  sample.counter("frontrow_turns_ended_total", "Turns that have ended.",
                 number(counts.turns_ended));
  sample.counter("frontrow_turn_seconds_total", "Length of all ended turns together.",
                 static_cast<double>(counts.turn_microseconds) * 1e-6);
  sample.counter("frontrow_turn_seats_total", "Seats that fans had when their turns ended.",
                 number(counts.turn_seats));
  const auto payments = [&](const char* step, std::uint64_t count) {
    sample.counter("frontrow_payments_total", "Payments by the steps that they have made.",
                   number(count), {{"step", step}});
  };
  payments("started", counts.payments_started);
  payments("answered", counts.payments_answered);
  payments("unanswered", counts.payments_unanswered);
  payments("succeeded", counts.payments_succeeded);
  payments("failed", counts.payments_failed);
  sample.counter("frontrow_payment_seconds_total", "From start to success, all payments together.",
                 static_cast<double>(counts.payment_microseconds) * 1e-6);
}

void add_round(observe::Sample& sample, const Published& published) {
  const RoundStatus status = published.read_status();
  add_admission(sample, status);
  const auto seats = [&](const char* state, std::uint32_t count) {
    sample.gauge("frontrow_seats", "Seats by state.", number(count), {{"state", state}});
  };
  seats("free", status.seats.free);
  seats("held", status.seats.held);
  seats("sold", status.seats.sold);
  seats("blocked", status.seats.blocked);
  for (std::size_t n = 0; n < fan_state_count; ++n)
    sample.gauge("frontrow_fans", "Fans by state.", number(status.fans_by_state[n]),
                 {{"state", std::string(name_of(static_cast<FanState>(n)))}});
  for (std::size_t n = 0; n < order_state_count; ++n)
    sample.gauge("frontrow_orders", "Orders by state.", number(status.orders_by_state[n]),
                 {{"state", std::string(name_of(static_cast<OrderState>(n)))}});
  sample.gauge("frontrow_waitlist_entries", "Entries on the waitlist.",
               number(status.waitlist_entries));
  sample.gauge("frontrow_sequence", "Number of the last command on disk.", number(status.sequence));
  sample.gauge("frontrow_ready", "1 while commands are taken.", published.ready.load() ? 1.0 : 0.0);
}

}  // namespace

void add_metrics_sources(observe::Metrics& metrics, const Sequencer& sequencer,
                         const Published& published, std::vector<NamedChannel> channels,
                         const payment::PaymentWorker& payments) {
  metrics.add_source(
      [&sequencer](observe::Sample& sample) { add_sequencer(sample, sequencer.statistics()); });
  metrics.add_source([&published](observe::Sample& sample) { add_round(sample, published); });
  metrics.add_source([channels = std::move(channels)](observe::Sample& sample) {
    for (const auto& [name, channel] : channels) {
      sample.gauge("frontrow_ring_depth", "Values waiting in a ring.",
                   number(channel->waiting_submissions()),
                   {{"channel", name}, {"direction", "to_sequencer"}});
      sample.gauge("frontrow_ring_depth", "Values waiting in a ring.",
                   number(channel->waiting_arrivals()),
                   {{"channel", name}, {"direction", "from_sequencer"}});
    }
  });
  metrics.add_source([&payments](observe::Sample& sample) {
    sample.gauge("frontrow_payment_cases", "Payments and refunds under way.",
                 number(payments.cases()));
    sample.gauge("frontrow_payment_reports_waiting", "Outcomes that wait for room in the ring.",
                 number(payments.reports_waiting()));
    sample.counter("frontrow_payment_notices_refused_total",
                   "Notices of gateways that found too many others waiting.",
                   number(payments.notices_refused()));
    const payment::StrayCharges::Counts strays = payments.stray_charges();
    const auto found = [&](const char* what, std::uint64_t count) {
      sample.counter("frontrow_stray_charges_total",
                     "Charges that a gateway has and the round does not know as they are.",
                     number(count), {{"what", what}});
    };
    found("found", strays.found);
    found("refunded", strays.refunded);
    found("untold", strays.untold);
    found("twice", strays.twice);
    const auto walks = [&](const char* end, std::uint64_t count) {
      sample.counter("frontrow_charge_walks_total",
                     "Walks through a gateway's whole record, by their end.", number(count),
                     {{"end", end}});
    };
    walks("complete", strays.walks);
    walks("broken", strays.broken);
  });
}

void add_log_metrics(observe::Metrics& metrics, const proof::TransparencyLog& log,
                     const proof::LogKeeper& keeper) {
  metrics.add_source([&log, &keeper](observe::Sample& sample) {
    sample.gauge("frontrow_log_leaves", "Leaves of the transparency log.", number(log.leaves()));
    sample.gauge("frontrow_log_backlog",
                 "Recovered facts and groups of new ones that are still to be appended.",
                 number(keeper.backlog()));
    const auto newest = log.checkpoint();
    if (newest == nullptr) return;
    sample.gauge("frontrow_log_checkpoint_leaves", "Leaves under the newest checkpoint.",
                 number(newest->size));
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    sample.gauge("frontrow_log_checkpoint_age_seconds",
                 "Since the newest checkpoint; grows while there is nothing to sign.",
                 now.count() - static_cast<double>(newest->signed_at.microseconds) * 1e-6);
  });
}

}  // namespace frontrow::cli
