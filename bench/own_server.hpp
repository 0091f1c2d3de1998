// `frontrow serve` as a bench starts it: on a free port, with a data directory of its own that goes
// with it, every limit that protects a sale out of the way.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace frontrow::bench {

/// What the threads of a process have used of a core.
inline double cpu_seconds_of(pid_t process) {
  double nanoseconds = 0;
  std::error_code ignored;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, ignored)) {
    std::ifstream file(task.path() / "schedstat");
    double its_nanoseconds = 0;
    if (file >> its_nanoseconds) nanoseconds += its_nanoseconds;
  }
  return nanoseconds / 1e9;
}

class OwnServer {
 public:
  OwnServer(const std::string& binary, const std::string& config,
            const std::vector<std::string>& settings = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "frontrow-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    data_ = name;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    std::vector<std::string> arguments = {binary,     "serve",
                                          "--config", config,
                                          "--data",   data_,
                                          "--set",    "http.listen=127.0.0.1:0",
                                          "--set",    "sale.lobby_opens_at=+0s",
                                          "--set",    "sale.draw_at=+1s",
                                          "--set",    "sale.closes_at=+24h",
                                          "--set",    "sale.max_seats_per_fan=1000",
                                          "--set",    "sale.max_open_orders_per_fan=1000",
                                          "--set",    "sale.hold_seconds=3600",
                                          "--set",    "draw.beacon=null",
                                          "--set",    "admission.max_shoppers=1000000",
                                          "--set",    "admission.per_second=1000000",
                                          "--set",    "admission.shopping_seconds=36000",
                                          "--set",    "guard.proof_of_work.enabled=false",
                                          "--set",    "guard.requests_per_second=0",
                                          "--set",    "guard.joins_per_address_per_minute=0"};
    for (const std::string& setting : settings) {
      arguments.push_back("--set");
      arguments.push_back(setting);
    }
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDERR_FILENO);
      dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
      std::vector<char*> raw;
      for (const std::string& argument : arguments)
        raw.push_back(const_cast<char*>(argument.data()));
      raw.push_back(nullptr);
      execv(raw[0], raw.data());
      _exit(127);
    }
    close(ends[1]);
    log_ = ends[0];
    wait_for_address();
  }
  ~OwnServer() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    close(log_);
    std::error_code ignored;
    std::filesystem::remove_all(data_, ignored);
  }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  const std::string& url() const { return url_; }
  /// User and system together.
  double cpu_seconds() const { return cpu_seconds_of(pid_); }

 private:
  void wait_for_address() {
    std::string text;
    char chunk[4'096];
    for (;;) {
      const auto got = read(log_, chunk, sizeof chunk);
      if (got <= 0) throw std::runtime_error("the server did not start:\n" + text);
      text.append(chunk, static_cast<std::size_t>(got));
      const auto at = text.find("listening https://");
      if (at == std::string::npos) continue;
      const auto end = text.find_first_of(" \n", at + 10);
      if (end == std::string::npos) continue;
      url_ = text.substr(at + 10, end - at - 10);
      return;
    }
  }

  std::string data_, url_;
  pid_t pid_ = -1;
  int log_ = -1;
};

}  // namespace frontrow::bench
