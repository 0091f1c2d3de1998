// A directory of its own for each test, a round file to bend, and loading in one line.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "round/round_file.hpp"

namespace frontrow::round {

inline constexpr Instant test_start{1'764'000'000'123'456};

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "frontrow-round-XXXXXX").string();
    FRONTROW_ASSERT(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// Two rows of four seats and a standing zone of five places.
inline nlohmann::json small_venue() {
  return nlohmann::json::parse(R"({
    "name": "Hall", "size": {"width": 20, "height": 20},
    "stage": {"x": 10, "y": 1},
    "categories": [{"id": "vip", "name": {"en": "VIP"}, "color": "#aa0000"},
                   {"id": "cat1", "name": {"en": "One", "th": "หนึ่ง"}}],
    "zones": [
      {"id": "A1", "name": {"en": "Stalls"}, "kind": "seated", "category": "vip",
       "rows": [{"label": "1", "seats": [[1, 5, 5], [2, 5.5, 5], [3, 6, 5], [4, 6.5, 5]]},
                {"label": "2", "breaks": [2],
                 "seats": [[1, 5, 6, "a"], [2, 5.5, 6, "c"], [3, 6, 6, "", "cat1"],
                           {"number": "4b", "x": 6.5, "y": 6, "restricted_view": true}]}]},
      {"id": "S1", "name": {"en": "Standing"}, "kind": "standing", "category": "cat1",
       "outline": [[5, 10], [10, 10], [10, 15], [5, 15]], "capacity": 5}]})");
}

/// Only what has no default, and the venue beside it.
inline nlohmann::json small_round() {
  return nlohmann::json::parse(R"({
    "round": {"id": "r-1", "title": {"en": "A show"}, "starts_at": "2027-02-13T19:00:00+07:00",
              "time_zone": "Asia/Bangkok", "currency": "THB"},
    "venue": "hall.json",
    "prices": {"vip": 680000, "cat1": 450000}})");
}

struct Loader {
  TemporaryDirectory directory;
  nlohmann::json venue = small_venue();

  LoadResult text(const std::string& round, const std::vector<std::string>& sets = {}) const {
    directory.write("hall.json", venue.dump());
    return load_round_file(directory.write("round.json", round), sets, test_start);
  }
  LoadResult operator()(const nlohmann::json& round,
                        const std::vector<std::string>& sets = {}) const {
    return text(round.dump(), sets);
  }
};

/// "path: message" of each, for comparing and for the eye.
inline std::vector<std::string> lines(const std::vector<Remark>& remarks) {
  std::vector<std::string> out;
  for (const Remark& remark : remarks) out.push_back(remark.path + ": " + remark.message);
  return out;
}
inline bool has_line(const std::vector<Remark>& remarks, const std::string& path,
                     const std::string& part_of_message) {
  return std::any_of(remarks.begin(), remarks.end(), [&](const Remark& remark) {
    return remark.path == path && remark.message.find(part_of_message) != std::string::npos;
  });
}

}  // namespace frontrow::round
