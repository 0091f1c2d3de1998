#include "sequencer/publisher.hpp"

#include <algorithm>
#include <bit>

namespace frontrow {

Publisher::Publisher(const Engine& engine, Published& published)
    : engine_(engine),
      published_(published),
      marks_((published.plan().word_count + 63) / 64),
      changed_at_(published.plan().word_count) {}

void Publisher::publish_all() {
  for (std::uint32_t n = 0; n < engine_.fan_count(); ++n)
    published_.write_fan(FanId{n}, engine_.fan(FanId{n}));
  published_.write_draw(std::make_shared<const DrawRecord>(engine_.draw_record()));
  for (const auto& window : engine_.late_windows()) published_.add_late_window(window);
  for (std::uint32_t n = 0; n < published_.plan().capacity(); ++n)
    published_.write_category(SeatIndex{n}, engine_.seat_category(SeatIndex{n}));
  publish_words();
  published_.write_status(engine_.status());
}

void Publisher::publish_words() {
  words_.clear();
  for (std::uint32_t word = 0; word < published_.plan().word_count; ++word)
    words_.push_back({word, engine_.free_word(word), engine_.sequence()});
  published_.write_free_words(words_);
}

void Publisher::publish(const Effects& effects) {
  for (const FanId fan : effects.fans) published_.write_fan(fan, engine_.fan(fan));
  for (const SeatIndex seat : effects.moved)
    published_.write_category(seat, engine_.seat_category(seat));
  for (const auto& change : effects.words) {
    marks_[change.word / 64] |= std::uint64_t{1} << change.word % 64;
    changed_at_[change.word] = std::max(changed_at_[change.word], change.sequence);
  }
  if (!effects.words.empty()) {
    words_.clear();
    for (std::size_t n = 0; n < marks_.size(); ++n) {
      for (std::uint64_t left = marks_[n]; left != 0; left &= left - 1) {
        const auto word =
            static_cast<std::uint32_t>(n * 64) + static_cast<std::uint32_t>(std::countr_zero(left));
        words_.push_back({word, engine_.free_word(word), changed_at_[word]});
      }
      marks_[n] = 0;
    }
    published_.write_free_words(words_);
  }
  for (const Event& event : effects.events) {
    if (const auto* draw = std::get_if<DrawPublished>(&event)) published_.write_draw(draw->record);
    if (const auto* window = std::get_if<LateWindowPublished>(&event))
      published_.add_late_window(window->record);
  }
  published_.write_status(engine_.status());
}

}  // namespace frontrow
