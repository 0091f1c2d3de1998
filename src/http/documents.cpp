#include "http/documents.hpp"

#include "http/draw_json.hpp"
#include "http/venue_json.hpp"

namespace frontrow::http {

Documents::Documents(const RoundDefinition& round, const Published& published) {
  venue(round, published);
}

std::shared_ptr<const FixedDocument> Documents::venue(const RoundDefinition& round,
                                                      const Published& published) {
  const std::uint64_t version = published.categories_version();
  const std::lock_guard guard(mutex_);
  if (venue_ == nullptr || version != categories_version_) {
    venue_ =
        std::make_shared<const FixedDocument>(make_document(venue_json(round, published), true));
    categories_version_ = version;
  }
  return venue_;
}

std::shared_ptr<const FixedDocument> Documents::draw(const RoundDefinition& round,
                                                     const Published& published) {
  auto record = published.draw();
  if (record == nullptr) return nullptr;
  const std::lock_guard guard(mutex_);
  if (record != draw_record_) {
    draw_ = std::make_shared<const FixedDocument>(make_document(draw_json(*record, round), false));
    draw_record_ = std::move(record);
  }
  return draw_;
}

std::shared_ptr<const FixedDocument> Documents::late(const RoundDefinition& round,
                                                     const Published& published) {
  const RoundStatus status = published.read_status();
  const bool closed = status.phase == Phase::kClosed;
  const auto draw = published.draw();
  const LateFacts facts{status.draw_at, draw == nullptr ? 0 : draw->count, closed};
  const auto windows = published.late_windows();
  const std::lock_guard guard(mutex_);
  // The draw's time and the lobby's count move until the lobby has closed.
  const bool same = windows.size() == late_windows_ && closed == late_secret_ &&
                    facts.draw_at == late_draw_at_ && facts.lobby_count == late_lobby_count_;
  if (late_ == nullptr || !same) {
    late_ = std::make_shared<const FixedDocument>(
        make_document(late_json(windows, round, facts), false));
    late_windows_ = windows.size();
    late_secret_ = closed;
    late_draw_at_ = facts.draw_at;
    late_lobby_count_ = facts.lobby_count;
  }
  return late_;
}

}  // namespace frontrow::http
