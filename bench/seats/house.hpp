// The house of the seats' bench: a venue file, a round in it whose fans all shop, and commands
// that must succeed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace frontrow::bench {

std::shared_ptr<const Plan> load_plan(const std::filesystem::path& venue);

/// An engine with fans who have been drawn, called and let in.
class House {
 public:
  House(std::shared_ptr<const Plan> plan, std::uint32_t fans);

  /// Throws where the command is refused.
  Reply require(const Command& command);
  Reply one(const Command& command);
  /// Takes these seats out of the sale.
  void block(std::vector<SeatIndex> seats);
  /// What the engine itself finds wrong.
  void verify() const;
  void clear_effects() { effects_.clear(); }

  /// For timed calls: nothing but `Engine::apply`.
  Reply apply(const Command& command) {
    return engine_.apply(++sequence_, now_, command, effects_);
  }

  const Engine& engine() const { return engine_; }
  const Plan& plan() const { return *plan_; }

 private:
  std::shared_ptr<const Plan> plan_;
  Engine engine_;
  Effects effects_;
  Sequence sequence_ = 0;
  Instant now_;
};

}  // namespace frontrow::bench
