#include "sale/sale.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/assert.hpp"
#include "queue/admission_control.hpp"
#include "sale/hall.hpp"
#include "sale/stage.hpp"
#include "sale/till.hpp"
#include "sale/visitors.hpp"

namespace frontrow::sale {
namespace {

std::uint32_t in(const RoundStatus& status, FanState state) {
  return status.fans_by_state[static_cast<std::size_t>(state)];
}

void take_sample(Report& report, Instant now, const RoundStatus& status) {
  Sample sample;
  sample.at = now;
  sample.waiting = in(status, FanState::kWaiting);
  sample.called = in(status, FanState::kCalled);
  sample.shopping = in(status, FanState::kShopping);
  sample.free = status.seats.free;
  sample.held = status.seats.held;
  sample.sold = status.seats.sold;
  sample.paying = status.orders_by_state[static_cast<std::size_t>(OrderState::kPaying)];
  sample.calls = status.counts.called;
  report.samples.push_back(sample);
}

std::size_t index_of(Duration after) {
  return static_cast<std::size_t>(std::max<std::int64_t>(after.microseconds, 0) / 1'000'000);
}

}  // namespace

const Sample& Report::at(Duration after) const {
  FRONTROW_ASSERT(!samples.empty());
  return samples[std::min(index_of(after), samples.size() - 1)];
}

double Report::occupancy(Duration from, Duration to, std::uint32_t places) const {
  const std::size_t end = std::min(index_of(to), samples.size());
  double sum = 0;
  std::size_t seen = 0;
  for (std::size_t n = index_of(from); n < end; ++n, ++seen) sum += samples[n].shopping;
  return seen == 0 ? 0 : sum / static_cast<double>(seen) / places;
}

std::uint64_t Report::calls(Duration from, Duration to) const {
  return at(to).calls - at(from).calls;
}

Report simulate(const Scenario& scenario, const Hooks& hooks) {
  Stage stage(scenario, hooks);
  Report& report = stage.report;
  report.draw_at = stage.engine().definition().sale.draw_at;
  const Instant end = report.draw_at + scenario.length;
  Visitors visitors(scenario, stage, report.draw_at);
  Till till(scenario, stage, report.draw_at);
  stage.on_fan = [&](FanId fan) { visitors.changed(fan); };
  stage.on_event = [&](const Event& event) { till.wanted(event); };
  stage.send(SetAdmission{"config", scenario.admission});
  auto control = std::make_unique<queue::AdmissionControl>(stage.engine().status().pace);
  std::size_t restarts = 0, told = 0;
  visitors.plan_joins();

  const auto look = [&] {
    const RoundStatus status = stage.engine().status();
    if (status.drawn) take_sample(report, stage.now(), status);
    for (; told < scenario.told_health.size() &&
           stage.now() >= report.draw_at + scenario.told_health[told].at;
         ++told)
      for (const PaymentMethod method : {PaymentMethod::kCard, PaymentMethod::kPromptPay})
        stage.send(RecordGatewayHealth{method, scenario.told_health[told].health, "simulated"});
    if (hooks.each_second) hooks.each_second(stage.now(), status, stage.engine());
    if (!scenario.controlled) return;
    if (restarts < scenario.control_restarts.size() &&
        stage.now() >= report.draw_at + scenario.control_restarts[restarts]) {
      control = std::make_unique<queue::AdmissionControl>(status.pace);
      ++restarts;
    }
    if (const auto command = control->observe(status, stage.now())) {
      stage.send(*command);
      report.paces.push_back({stage.now(), command->pace, command->measured});
    }
  };
  for (Instant second = sale_start + seconds(1); second <= end;) {
    const Instant act_at = stage.next_act(second);
    stage.advance(std::min(act_at, second));
    if (act_at >= second) {
      look();
      second = second + seconds(1);
      continue;
    }
    const Act act = stage.take_act();
    if (act.kind < ActKind::kGatewayAnswers) {
      visitors.act(act);
    } else if (const OrderId order = till.act(act); order.exists()) {
      visitors.declined(order);
    }
  }
  report.ended_at = stage.now();
  report.status = stage.engine().status();
  report.state_hash = stage.engine().state_hash();
  report.commands = stage.engine().sequence();
  report.first_called.resize(stage.engine().fan_count());
  report.violations = stage.engine().check_invariants();
  return std::move(report);
}

}  // namespace frontrow::sale
