#include "http/submitter.hpp"

#include <utility>

namespace frontrow::http {

bool Submitter::submit(std::variant<Command, Query>&& what, Continuation&& continuation,
                       std::string&& card_token) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  if (!channel_.try_submit({slot, std::move(what), std::move(card_token)})) return false;
  free_.pop_back();
  slots_[slot] = std::move(continuation);
  return true;
}

void Submitter::on_answer(Answer& answer) {
  FRONTROW_ASSERT(answer.correlation < slots_.size());
  const auto slot = static_cast<std::uint32_t>(answer.correlation);
  // Taken out first: what is called may submit again and make the vector grow.
  Continuation continuation = std::exchange(slots_[slot], nullptr);
  FRONTROW_ASSERT(continuation != nullptr);
  free_.push_back(slot);
  continuation(answer.reply);
}

void Submitter::clear() {
  for (Continuation& continuation : slots_) continuation = nullptr;
}

}  // namespace frontrow::http
