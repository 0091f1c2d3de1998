// Texts that all front threads share: the venue, made at start, and the draw's public files, made
// when first asked for after they changed. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/published.hpp"
#include "frontrow/round_definition.hpp"
#include "http/fixed_document.hpp"

namespace frontrow::http {

class Documents {
 public:
  explicit Documents(const RoundDefinition& round);
  const FixedDocument& venue() const { return venue_; }
  /// Immutable once drawn. Nothing where the sequencer has published no record yet.
  std::shared_ptr<const FixedDocument> draw(const RoundDefinition& round,
                                            const Published& published);
  std::shared_ptr<const FixedDocument> late(const RoundDefinition& round,
                                            const Published& published);

 private:
  const FixedDocument venue_;
  // One thread makes a file while the others wait for it: once a change, so rarely.
  std::mutex mutex_;
  std::shared_ptr<const DrawRecord> draw_record_;
  std::shared_ptr<const FixedDocument> draw_, late_;
  std::size_t late_windows_ = 0;
  bool late_secret_ = false;
  Instant late_draw_at_;
  std::uint32_t late_lobby_count_ = 0;
};

}  // namespace frontrow::http
