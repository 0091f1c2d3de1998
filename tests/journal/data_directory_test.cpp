#include "journal/data_directory.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"

namespace frontrow::journal {
namespace {

/// A process that holds the lock until it is let go.
class Holder {
 public:
  explicit Holder(const std::filesystem::path& path) {
    REQUIRE(pipe(locked_) == 0);
    REQUIRE(pipe(release_) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    char byte = 0;
    if (pid_ == 0) {
      const auto lock = DataDirectory::lock(path);
      byte = lock.has_value() ? 'y' : 'n';
      [[maybe_unused]] auto moved = write(locked_[1], &byte, 1);
      moved = read(release_[0], &byte, 1);
      _exit(0);
    }
    REQUIRE(read(locked_[0], &byte, 1) == 1);
    REQUIRE(byte == 'y');
  }
  ~Holder() { let_go(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void let_go() {
    if (pid_ <= 0) return;
    [[maybe_unused]] const auto moved = write(release_[1], "x", 1);
    waitpid(pid_, nullptr, 0);
    for (const int descriptor : {locked_[0], locked_[1], release_[0], release_[1]})
      close(descriptor);
    pid_ = 0;
  }
  void kill_it() { kill(pid_, SIGKILL); }
  pid_t pid() const { return pid_; }

 private:
  int locked_[2] = {-1, -1};
  int release_[2] = {-1, -1};
  pid_t pid_ = 0;
};

TEST_CASE("a data directory in use by another process is refused in one line that names it") {
  const TemporaryDirectory directory;
  Holder holder(directory.path());
  const auto refused = DataDirectory::lock(directory.path());
  REQUIRE(refused.has_error());
  CHECK(refused.error().fault == Fault::kInUse);
  CHECK(refused.error().message == fmt::format("data directory {} is in use by process {}",
                                               directory.path().string(), holder.pid()));
  CHECK(process_using(directory.path()) == holder.pid());
  holder.let_go();
  CHECK_FALSE(process_using(directory.path()));
  CHECK(DataDirectory::lock(directory.path()).has_value());
}

TEST_CASE("a process that was killed leaves no lock behind") {
  const TemporaryDirectory directory;
  Holder holder(directory.path());
  holder.kill_it();
  holder.let_go();
  CHECK(DataDirectory::lock(directory.path()).has_value());
}

TEST_CASE("a data directory is made where there is none") {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "a" / "b";
  const auto locked = DataDirectory::lock(path);
  REQUIRE(locked.has_value());
  CHECK(locked->path() == path);
  CHECK(std::filesystem::is_directory(path));
  CHECK(process_using(path) == getpid());
}

TEST_CASE("the lock goes along when it is moved and ends with its last owner") {
  const TemporaryDirectory directory;
  {
    auto first = DataDirectory::lock(directory.path());
    REQUIRE(first.has_value());
    const DataDirectory second = std::move(*first);
    CHECK(DataDirectory::lock(directory.path()).has_error());
  }
  CHECK(DataDirectory::lock(directory.path()).has_value());
}

TEST_CASE("a path that cannot be a directory is refused by name") {
  const auto refused = DataDirectory::lock("/proc/frontrow");
  REQUIRE(refused.has_error());
  CHECK(refused.error().fault == Fault::kStorage);
  CHECK(refused.error().message.find("/proc/frontrow") != std::string::npos);
}

}  // namespace
}  // namespace frontrow::journal
