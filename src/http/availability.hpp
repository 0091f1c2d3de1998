// `GET /availability`, kept by each front thread: a zone's part is made again only when the
// zone's version has moved.
#pragma once

#include <string>
#include <vector>

#include "base/published.hpp"
#include "http/response.hpp"

namespace frontrow::http {

class Availability {
 public:
  explicit Availability(const Published& published);
  /// As it is now; the same text as before where nothing has changed.
  SharedText text();

 private:
  const Published& published_;
  struct Part {
    Sequence version = 0;
    std::string json;
  };
  std::vector<Part> parts_;
  std::vector<std::uint64_t> words_;
  SharedText text_;
};

}  // namespace frontrow::http
