#include "base/instant_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace frontrow {

std::string to_rfc3339(Instant instant) {
  using namespace std::chrono;
  const sys_time<std::chrono::microseconds> time{std::chrono::microseconds{instant.microseconds}};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<std::chrono::milliseconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

namespace {

/// Reads fixed-width digits off the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  int digits(int count) {
    int value = 0;
    for (int n = 0; n < count; ++n) {
      if (text_.empty() || text_[0] < '0' || text_[0] > '9') {
        good_ = false;
        return 0;
      }
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  bool take(std::string_view any_of) {
    if (text_.empty() || any_of.find(text_[0]) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { good_ = take(any_of) && good_; }
  char peek() const { return text_.empty() ? '\0' : text_[0]; }
  bool good() const { return good_; }
  bool at_end() const { return text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  Cursor in(text);
  const int year_number = in.digits(4);
  in.expect("-");
  const int month_number = in.digits(2);
  in.expect("-");
  const int day_number = in.digits(2);
  in.expect("Tt ");
  const int hour = in.digits(2);
  in.expect(":");
  const int minute = in.digits(2);
  in.expect(":");
  const int second = in.digits(2);
  std::int64_t fraction = 0;
  if (in.take(".")) {
    std::int64_t unit = 100'000;
    if (in.peek() < '0' || in.peek() > '9') return std::nullopt;
    while (in.peek() >= '0' && in.peek() <= '9') {
      fraction += in.digits(1) * unit;
      unit /= 10;
    }
  }
  std::int64_t offset_minutes = 0;
  if (!in.take("Zz")) {
    const bool negative = in.peek() == '-';
    in.expect("+-");
    const int offset_hour = in.digits(2);
    in.expect(":");
    const int offset_minute = in.digits(2);
    if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
    offset_minutes = (offset_hour * 60 + offset_minute) * (negative ? -1 : 1);
  }
  const year_month_day date{year{year_number}, month{static_cast<unsigned>(month_number)},
                            day{static_cast<unsigned>(day_number)}};
  if (!in.good() || !in.at_end() || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  const std::int64_t days_since = sys_days{date}.time_since_epoch().count();
  const std::int64_t total_seconds =
      days_since * 86'400 + hour * 3'600 + minute * 60 + second - offset_minutes * 60;
  return Instant{total_seconds * 1'000'000 + fraction};
}

}  // namespace frontrow
