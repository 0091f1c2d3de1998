// What the bench of the line measures with: the clocks, the memory that is really there, and
// percentiles.
#pragma once

#include <fmt/format.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace frontrow::bench {

[[noreturn]] inline void fail(const std::string& what) {
  fmt::print(stderr, "bench_line: {}\n", what);
  std::exit(1);
}
inline void require(bool holds, const char* what) {
  if (!holds) fail(what);
}

/// By the wall's clock and by the core's: on a busy machine the two differ, and only the second
/// says what a core can do.
struct Taken {
  double wall = 0, core = 0;
  Taken& operator+=(const Taken& other) {
    wall += other.wall;
    core += other.core;
    return *this;
  }
  friend Taken operator-(const Taken& a, const Taken& b) {
    return {a.wall - b.wall, a.core - b.core};
  }
};

class Stopwatch {
 public:
  Taken read() const {
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count(),
            core_now() - core_};
  }

 private:
  static double core_now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  double core_ = core_now();
};

/// A line of /proc/self in bytes: `Rss` of smaps_rollup is counted page by page.
inline double proc_bytes(const char* path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) * 1'024;
  fail(std::string(path) + " has no " + name);
}
/// Bytes in memory now, without what the allocator only keeps for later.
inline double resident_bytes() {
  malloc_trim(0);
  return proc_bytes("/proc/self/smaps_rollup", "Rss");
}
inline double peak_bytes() { return proc_bytes("/proc/self/status", "VmHWM"); }

/// Runs `measure` in a process of its own, so that no memory used before is counted or reused, and
/// brings its result back.
template <class Result, class Measure>
Result in_own_process(const Measure& measure) {
  int ends[2];
  require(pipe(ends) == 0, "no pipe");
  const pid_t child = fork();
  require(child >= 0, "no process");
  if (child == 0) {
    const Result result = measure();
    const bool told = write(ends[1], &result, sizeof result) == sizeof result;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Result result;
  const bool heard = read(ends[0], &result, sizeof result) == sizeof result;
  close(ends[0]);
  int status = 0;
  require(waitpid(child, &status, 0) == child && status == 0 && heard,
          "a measuring process has failed");
  return result;
}

/// The value below which `share` of `values` lie. Sorts them.
inline double percentile(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace frontrow::bench
