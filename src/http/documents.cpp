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
  const bool closed = published.read_status().phase == Phase::kClosed;
  const auto windows = published.late_windows();
  const std::lock_guard guard(mutex_);
  if (late_ == nullptr || windows.size() != late_windows_ || closed != late_secret_) {
    late_ = std::make_shared<const FixedDocument>(
        make_document(late_json(windows, round, closed), false));
    late_windows_ = windows.size();
    late_secret_ = closed;
  }
  return late_;
}

}  // namespace frontrow::http
