#include "round/import_notes.hpp"

#include <fmt/format.h>

namespace frontrow::round {

void ImportNotes::skipped(const std::string& where) {
  const auto found = skipped_.find(where);
  if (found != skipped_.end())
    ++found->second;
  else if (skipped_.size() < named_max)
    skipped_.emplace(where, 1);
  else
    ++more_skipped_;
}

void ImportNotes::say(std::string note) {
  if (said_.size() < named_max)
    said_.push_back(std::move(note));
  else
    ++more_said_;
}

std::vector<std::string> ImportNotes::take() && {
  if (more_said_ > 0) said_.push_back(fmt::format("and {} more", more_said_));
  for (const auto& [where, times] : skipped_)
    said_.push_back(fmt::format("{}: skipped, {}", where, counted(times, "time")));
  if (more_skipped_ > 0)
    said_.push_back(fmt::format("other keys: skipped, {}", counted(more_skipped_, "time")));
  return std::move(said_);
}

std::string counted(std::uint64_t number, std::string_view one) {
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

}  // namespace frontrow::round
