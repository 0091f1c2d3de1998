#include "payments/thread_times.hpp"

#include <filesystem>
#include <fstream>

namespace frontrow::bench {
namespace {

std::set<int> threads() {
  std::set<int> ids;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task"))
    ids.insert(std::stoi(entry.path().filename().string()));
  return ids;
}

/// Nanoseconds on a core; 0 for a thread that has ended.
double seconds_of(int id) {
  std::ifstream file("/proc/self/task/" + std::to_string(id) + "/schedstat");
  std::uint64_t nanoseconds = 0;
  file >> nanoseconds;
  return static_cast<double>(nanoseconds) * 1e-9;
}

}  // namespace

void ThreadTimes::claim(const std::string& part) {
  Threads its{part, {}};
  for (const int id : threads())
    if (known_.insert(id).second) its.ids.insert(id);
  parts_.push_back(std::move(its));
}

std::vector<ThreadTimes::Part> ThreadTimes::read() const {
  std::vector<Part> read;
  for (const Threads& part : parts_) {
    read.push_back({part.name, 0});
    for (const int id : part.ids) read.back().seconds += seconds_of(id);
  }
  return read;
}

}  // namespace frontrow::bench
