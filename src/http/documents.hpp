// Texts that all front threads share: the venue and the draw's public files, each made anew when
// first asked for after it changed. Any thread.
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
  /// Makes the venue's at once: it is the largest, and everybody asks for it.
  Documents(const RoundDefinition& round, const Published& published);
  std::shared_ptr<const FixedDocument> venue(const RoundDefinition& round,
                                             const Published& published);
  /// Immutable once drawn. Nothing where the sequencer has published no record yet.
  std::shared_ptr<const FixedDocument> draw(const RoundDefinition& round,
                                            const Published& published);
  std::shared_ptr<const FixedDocument> late(const RoundDefinition& round,
                                            const Published& published);

 private:
  // One thread makes a file while the others wait for it: once a change, so rarely.
  std::mutex mutex_;
  std::shared_ptr<const DrawRecord> draw_record_;
  std::shared_ptr<const FixedDocument> venue_, draw_, late_;
  std::uint64_t categories_version_ = 0;
  std::size_t late_windows_ = 0;
  bool late_secret_ = false;
  Instant late_draw_at_;
  std::uint32_t late_lobby_count_ = 0;
};

}  // namespace frontrow::http
