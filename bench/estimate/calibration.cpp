#include "estimate/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/published.hpp"
#include "http/place_teller.hpp"
#include "sale/chance.hpp"
#include "sale/hall.hpp"
#include "sale/sale.hpp"
#include "sequencer/publisher.hpp"

namespace frontrow::estimate {
namespace {

constexpr std::array<double, 3> parts = {1.0 / 3, 1.0 / 2, 2.0 / 3};
/// How often chances are asked for, and of how many fans each time.
constexpr std::int64_t chances_every_seconds = 30;
constexpr std::uint32_t chances_at_once = 100;

double in_seconds(Duration duration) { return static_cast<double>(duration.microseconds) / 1e6; }
std::int64_t second_of(Instant instant) { return instant.microseconds / 1'000'000; }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class Matches>
double share_of(const std::vector<Told>& told, Matches matches) {
  if (told.empty()) return 0;
  return static_cast<double>(std::count_if(told.begin(), told.end(), matches)) /
         static_cast<double>(told.size());
}

/// One fan's way through the sale, known after the first run.
struct Way {
  Instant began, called;  ///< The wait; `called` 0 where never.
};

/// The first run: who is called when.
std::vector<Way> learn(const sale::Scenario& scenario, Instant& draw_at) {
  std::vector<Way> ways;
  sale::Hooks hooks;
  hooks.after_command = [&](Instant now, const Command&, const Reply&, const Effects& effects,
                            const Engine& engine) {
    for (const FanId fan : effects.fans) {
      if (fan.value >= ways.size()) ways.resize(fan.value + 1);
      Way& way = ways[fan.value];
      const FanView view = engine.fan(fan);
      if (way.began.microseconds == 0) way.began = view.joined_at;
      if (view.state == FanState::kCalled && way.called.microseconds == 0) way.called = now;
    }
  };
  draw_at = sale::simulate(scenario, hooks).draw_at;
  for (Way& way : ways) way.began = std::max(way.began, draw_at);
  return ways;
}

/// The second run, with a front thread's reading beside it.
class Asking {
 public:
  Asking(const sale::Scenario& scenario, const Distortion& distortion)
      : distortion_(distortion),
        ways_(learn(scenario, draw_at_)),
        found_(ways_.size()),
        round_(std::make_shared<const RoundDefinition>(sale::definition_of(scenario))),
        published_(round_->plan),
        teller_(*round_, published_),
        random_(scenario.seed) {
    for (std::size_t moment = 0; moment < parts.size(); ++moment)
      result_.moments[moment].part = parts[moment];
    for (std::size_t band = 0; band < result_.chances.size(); ++band) {
      const double width = 1.0 / static_cast<double>(result_.chances.size());
      result_.chances[band].from = static_cast<double>(band) * width;
      result_.chances[band].to = static_cast<double>(band + 1) * width;
    }
    make_plan();
    sale::Hooks hooks;
    hooks.after_command = [this](Instant, const Command&, const Reply&, const Effects& effects,
                                 const Engine& engine) { publish(effects, engine); };
    hooks.each_second = [this](Instant now, const RoundStatus& status, const Engine&) {
      if (published_.fan_count() == 0) return;
      // Whether or not anybody asks, the estimate sees each second.
      teller_.view(FanId{0}, now);
      if (status.drawn) ask(now);
    };
    sale::simulate(scenario, hooks);
    for (const Chance& chance : chances_) settle(chance);
    if (result_.chances_told > 0) result_.brier /= static_cast<double>(result_.chances_told);
  }
  Calibration& result() { return result_; }

 private:
  struct Chance {
    FanId fan;
    std::size_t category = 0;
    double told = 0;
  };

  void make_plan() {
    result_.fans = static_cast<std::uint32_t>(ways_.size());
    std::vector<double> waits;
    for (std::uint32_t n = 0; n < ways_.size(); ++n) {
      const Way& way = ways_[n];
      if (way.called.microseconds == 0) continue;
      const Duration wait = way.called - way.began;
      waits.push_back(in_seconds(wait));
      for (std::size_t moment = 0; moment < parts.size(); ++moment) {
        const auto passed = static_cast<double>(wait.microseconds) * parts[moment];
        plan_[second_of(way.began + Duration{static_cast<std::int64_t>(passed)})].push_back(
            {FanId{n}, moment});
      }
    }
    result_.called = static_cast<std::uint32_t>(waits.size());
    result_.median_wait_seconds = median(waits);
    result_.longest_wait_seconds =
        waits.empty() ? 0 : *std::max_element(waits.begin(), waits.end());
  }

  void publish(const Effects& effects, const Engine& engine) {
    if (publisher_ == nullptr) {
      publisher_ = std::make_unique<Publisher>(engine, published_);
      publisher_->publish_all();
    } else {
      publisher_->publish(effects);
    }
    for (const FanId fan : effects.fans)
      if (engine.fan(fan).state == FanState::kCalled && found_[fan.value].empty())
        for (std::size_t n = 0; n < round_->plan->categories.size(); ++n)
          found_[fan.value] += category_free(n) > 0 ? '1' : '0';
  }
  std::uint32_t category_free(std::size_t n) const {
    return published_.category_free(CategoryIndex{static_cast<CategoryIndex::Value>(n)});
  }

  void ask(Instant now) {
    if (const auto due = plan_.find(second_of(now)); due != plan_.end())
      for (const auto& [fan, moment] : due->second) ask_wait(fan, moment, now);
    if (second_of(now) % chances_every_seconds != 0) return;
    for (std::uint32_t n = 0; n < chances_at_once; ++n)
      ask_chance(FanId{static_cast<std::uint32_t>(random_.below(published_.fan_count()))}, now);
  }

  void ask_wait(FanId fan, std::size_t moment, Instant now) {
    const Way& way = ways_[fan.value];
    const auto view = teller_.view(fan, now);
    if (!view || !view->wait || view->fan_state != FanState::kWaiting) return;
    Told told;
    told.after_draw_seconds = in_seconds(now - draw_at_);
    told.wait_seconds = in_seconds(way.called - way.began);
    told.left_seconds = in_seconds(way.called - now);
    told.ahead = view->ahead.value_or(0);
    told.range = distortion_ ? distortion_(*view->wait) : *view->wait;
    result_.moments[moment].told.push_back(told);
  }

  void ask_chance(FanId fan, Instant now) {
    const auto view = teller_.view(fan, now);
    // Second chances are left out: their first turn has been judged.
    if (!view || view->chance == nullptr || view->second_chance) return;
    const auto chances = nlohmann::json::parse(*view->chance);
    for (std::size_t n = 0; n < round_->plan->categories.size(); ++n)
      chances_.push_back({fan, n, chances.at(round_->plan->categories[n].id).get<double>()});
  }

  void settle(const Chance& chance) {
    const std::string& found = found_[chance.fan.value];
    const bool came = !found.empty() && found[chance.category] == '1';
    const auto band = std::min(
        static_cast<std::size_t>(chance.told * static_cast<double>(result_.chances.size())),
        result_.chances.size() - 1);
    auto& of_band = result_.chances[band];
    ++of_band.told;
    of_band.sum += chance.told;
    if (came) ++of_band.found;
    const double off = chance.told - (came ? 1 : 0);
    result_.brier += off * off;
    ++result_.chances_told;
  }

  const Distortion& distortion_;
  Instant draw_at_;
  const std::vector<Way> ways_;
  std::vector<std::string>
      found_;  ///< By fan: a digit a category, whether it was free at the turn.
  const std::shared_ptr<const RoundDefinition> round_;
  Published published_;
  http::PlaceTeller teller_;
  std::unique_ptr<Publisher> publisher_;
  sale::Random random_;
  /// By second: whose part of the wait has passed in it.
  std::map<std::int64_t, std::vector<std::pair<FanId, std::size_t>>> plan_;
  std::vector<Chance> chances_;
  Calibration result_;
};

}  // namespace

double Moment::coverage() const {
  return share_of(told, [](const Told& one) { return one.inside(); });
}
double Moment::early() const {
  return share_of(told, [](const Told& one) { return one.left_seconds < one.range.low; });
}
double Moment::late() const {
  return share_of(told, [](const Told& one) { return one.left_seconds > one.range.high; });
}
double Moment::median_width() const {
  std::vector<double> widths;
  for (const Told& one : told)
    widths.push_back(std::max(one.range.high, 1U) /
                     static_cast<double>(std::max(one.range.low, 1U)));
  return median(std::move(widths));
}

Calibration calibrate(const sale::Scenario& scenario, const Distortion& distortion) {
  return std::move(Asking(scenario, distortion).result());
}

sale::Scenario troubled_sale(std::uint32_t seats, std::uint64_t seed) {
  sale::Scenario scenario;
  scenario.seed = seed;
  scenario.seats = seats;
  // Other fans in each sale, so that no estimator can know them beforehand.
  sale::Random random(seed, 0xE571);
  sale::Habits& habits = scenario.habits;
  habits.fans = seats * 2;
  habits.late_share = random.between(0.02, 0.15);
  habits.leave_the_line = random.between(0.02, 0.15);
  habits.turn_up = random.between(0.6, 0.95);
  habits.turn_up_again = habits.turn_up * random.between(0.4, 0.8);
  habits.entering.median_seconds = random.between(10, 30);
  habits.choosing = {random.between(60, 150), random.between(0.4, 0.8)};
  habits.deciding = {random.between(30, 80), random.between(0.4, 0.8)};
  habits.leave_when_done = random.between(0.6, 0.95);
  habits.buy = random.between(0.75, 0.95);
  scenario.admission.max_shoppers = std::max(seats / 10, 20U);
  scenario.admission.per_second = std::max(seats / 100, 5U);
  scenario.admission.missed_turn_places = std::max(seats / 100, 5U);
  scenario.admission.shopping = seconds(static_cast<std::int64_t>(random.between(360, 900)));
  scenario.length = seconds(10'800);
  // Two slow spells in which fewer payments get done than fans would make, and a minute without an
  // answer.
  const double usual = 1'000;
  const double slow = seats / 3'500.0;
  const auto at = [&](double earliest, double latest) {
    return seconds(static_cast<std::int64_t>(random.between(earliest, latest)));
  };
  const Duration first = at(240, 600), silence = at(900, 1'200), second = at(1'500, 2'100);
  scenario.gateway = {{seconds(0), {1.5, 0.5}, usual},
                      {first, {12, 0.6}, slow},
                      {first + seconds(180), {1.5, 0.5}, usual},
                      {silence, {1.5, 0.5}, usual, 0.06, 0.0, false},
                      {silence + seconds(60), {1.5, 0.5}, usual},
                      {second, {20, 0.8}, slow, 0.12, 0.05},
                      {second + seconds(240), {1.5, 0.5}, usual}};
  return scenario;
}

}  // namespace frontrow::estimate
