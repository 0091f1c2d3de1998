// Brings what front threads read (`Published`) up to the engine's state, once that is durable.
// The sequencer's thread alone.
#pragma once

#include <vector>

#include "base/published.hpp"
#include "engine/engine.hpp"

namespace frontrow {

class Publisher {
 public:
  Publisher(const Engine& engine, Published& published);

  /// Everything, after a start.
  void publish_all();
  /// The whole free plane, as of the engine's last command.
  void publish_words();
  /// What a group has changed. The engine stands where the group's last command left it.
  void publish(const Effects& effects);

 private:
  const Engine& engine_;
  Published& published_;
  // A word that changed many times in a group is written once: a mark a word, and the sequence
  // of its last change.
  std::vector<std::uint64_t> marks_;
  std::vector<Sequence> changed_at_;
  std::vector<Published::FreeWord> words_;
};

}  // namespace frontrow
