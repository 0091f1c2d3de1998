// How much of a core each part of this process takes, by the threads that it started. Linux.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace frontrow::bench {

class ThreadTimes {
 public:
  /// Threads that are there and belong to nobody yet are `part`'s from now on.
  void claim(const std::string& part);
  /// CPU time of each part, in seconds, since the machine began.
  struct Part {
    std::string name;
    double seconds = 0;
  };
  std::vector<Part> read() const;

 private:
  struct Threads {
    std::string name;
    std::set<int> ids;
  };
  std::vector<Threads> parts_;
  std::set<int> known_;
};

}  // namespace frontrow::bench
