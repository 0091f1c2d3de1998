#include "crowd/process_pool.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/assert.hpp"

namespace frontrow::crowd {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{512} << 20;
/// How long after the deadline a worker may take to bring its result home.
constexpr double homecoming_seconds = 30;
constexpr char go_verify = 'v';

// --- in the worker ---------------------------------------------------------------------------

// False where the parent is gone: then there is nobody to work for.
bool write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written =
        ::send(descriptor, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return true;
}

bool wait_for(int descriptor, char wanted) {
  char byte = 0;
  for (;;) {
    const ssize_t count = ::read(descriptor, &byte, 1);
    if (count < 0 && errno == EINTR) continue;
    return count == 1 && byte == wanted;
  }
}

nlohmann::json to_json(const Progress& progress) {
  return {{"progress",
           {progress.arrived, progress.paid, progress.seats, progress.errors, progress.waiting,
            progress.shopping, progress.fans}}};
}

[[noreturn]] void work(const WorkerPlan& plan, std::uint32_t index, int descriptor) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  int exit_code = 1;
  try {
    Worker worker(plan, index);
    worker.sell([&](const Progress& progress) {
      if (!write_all(descriptor, to_json(progress).dump() + "\n")) _exit(1);
    });
    if (write_all(descriptor, "{\"sold\":true}\n") && wait_for(descriptor, go_verify)) {
      worker.verify();
      const nlohmann::json line = {{"result", part_to_json(worker.take_result())}};
      // Texts of a hostile server may hold bytes that are not UTF-8.
      const std::string text =
          line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
      if (write_all(descriptor, text)) exit_code = 0;
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "crowd: worker %u: %s\n", index, failure.what());
  }
  // Not exit(): what the parent registered to run at its end is not the worker's to run.
  std::fflush(stderr);
  _exit(exit_code);
}

// --- in the parent ---------------------------------------------------------------------------

struct Child {
  pid_t pid = -1;
  int descriptor = -1;
  std::string unread;
  Progress progress;
  bool sold = false;
  bool home = false;  ///< Its result is here.
  bool gone = false;  ///< Its socket has ended.
};

Progress progress_from(const nlohmann::json& list) {
  Progress progress;
  progress.arrived = list.at(0).get<std::uint64_t>();
  progress.paid = list.at(1).get<std::uint64_t>();
  progress.seats = list.at(2).get<std::uint64_t>();
  progress.errors = list.at(3).get<std::uint64_t>();
  progress.waiting = list.at(4).get<std::int64_t>();
  progress.shopping = list.at(5).get<std::int64_t>();
  progress.fans = list.at(6).get<std::int64_t>();
  return progress;
}

void start(Child& child, std::vector<Child>& all, const WorkerPlan& plan, std::uint32_t index) {
  int pair[2];
  FRONTROW_ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  std::fflush(nullptr);
  child.pid = fork();
  FRONTROW_ASSERT(child.pid >= 0);
  if (child.pid == 0) {
    close(pair[0]);
    for (const Child& other : all)
      if (other.descriptor >= 0) close(other.descriptor);
    work(plan, index, pair[1]);
  }
  close(pair[1]);
  child.descriptor = pair[0];
}

void take_line(Child& child, const std::string& line, Result& total) {
  const auto message = nlohmann::json::parse(line);
  if (const auto progress = message.find("progress"); progress != message.end())
    child.progress = progress_from(*progress);
  if (message.contains("sold")) child.sold = true;
  if (const auto result = message.find("result"); result != message.end()) {
    total.merge(part_from_json(*result));
    child.home = true;
  }
}

void read_some(Child& child, Result& total) {
  std::vector<char> buffer(std::size_t{1} << 18);
  const ssize_t count = ::read(child.descriptor, buffer.data(), buffer.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0 || child.unread.size() > line_bytes_max) {
    child.gone = true;
    return;
  }
  child.unread.append(buffer.data(), static_cast<std::size_t>(count));
  std::size_t begin = 0;
  for (std::size_t end; (end = child.unread.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    take_line(child, child.unread.substr(begin, end - begin), total);
  child.unread.erase(0, begin);
}

// Waits for word of any child, for a quarter of a second at most.
void listen(std::vector<Child>& children, Result& total) {
  std::vector<pollfd> waits;
  for (const Child& child : children)
    waits.push_back({child.gone ? -1 : child.descriptor, POLLIN, 0});
  if (poll(waits.data(), waits.size(), 250) <= 0) return;
  for (std::size_t n = 0; n < children.size(); ++n)
    if (waits[n].revents != 0) read_some(children[n], total);
}

Progress sum(const std::vector<Child>& children) {
  Progress total;
  for (const Child& child : children) {
    total.arrived += child.progress.arrived;
    total.paid += child.progress.paid;
    total.seats += child.progress.seats;
    total.errors += child.progress.errors;
    total.waiting += child.progress.waiting;
    total.shopping += child.progress.shopping;
    total.fans += child.progress.fans;
  }
  return total;
}

}  // namespace

Result run_workers(const WorkerPlan& plan, const std::function<void(const Progress&)>& show) {
  Result total;
  total.processes = plan.processes;
  std::vector<Child> children(plan.processes);
  for (std::uint32_t n = 0; n < plan.processes; ++n) start(children[n], children, plan, n);

  const auto all = [&](auto&& what) { return std::ranges::all_of(children, what); };
  const Moment end = plan.start + seconds(plan.options.deadline_seconds + homecoming_seconds);
  Moment shown = Clock::now(), sold_at{};
  bool verifying = false;
  while (!all([](const Child& child) { return child.gone || child.home; }) && Clock::now() < end) {
    listen(children, total);
    if (!verifying && all([](const Child& child) { return child.gone || child.sold; })) {
      verifying = true;
      sold_at = Clock::now();
      for (const Child& child : children)
        if (!child.gone) ::send(child.descriptor, &go_verify, 1, MSG_NOSIGNAL);
    }
    if (Clock::now() - shown >= std::chrono::seconds(1)) {
      shown = Clock::now();
      show(sum(children));
    }
  }
  const Moment home_at = Clock::now();
  if (!verifying) sold_at = home_at;
  total.sale_seconds = static_cast<double>(microseconds_between(plan.start, sold_at)) / 1e6;
  total.verify_seconds = static_cast<double>(microseconds_between(sold_at, home_at)) / 1e6;
  for (Child& child : children) {
    if (!child.home) {
      ++total.processes_failed;
      kill(child.pid, SIGKILL);
    }
    close(child.descriptor);
    while (waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return total;
}

}  // namespace frontrow::crowd
