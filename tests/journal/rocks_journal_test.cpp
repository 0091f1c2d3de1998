#include "journal/rocks_journal.hpp"

#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "journal/data_directory.hpp"
#include "journal/journal_fixture.hpp"

namespace frontrow::journal {
namespace {

using namespace test;

TEST_CASE("what was appended is read back, block by block") {
  const TemporaryDirectory directory;
  {
    const auto writer = open_writer(directory.path());
    for (std::uint32_t count = 1; count <= 20; ++count) REQUIRE(append(*writer, count).has_value());
  }
  std::vector<std::size_t> counts;
  std::vector<Sequence> firsts;
  const auto summary = read_all(directory.path(), nullptr, [&](const Block& block) -> Result<void> {
    counts.push_back(block.commands.size());
    firsts.push_back(block.first);
    CHECK(block.state_hash == hash_of(block.first));
    CHECK(block.time == Instant{static_cast<std::int64_t>(1'000 + block.first)});
    CHECK(std::get<ReleaseOrder>(block.commands[0]).order.value == block.first);
    return {};
  });
  REQUIRE(summary.has_value());
  CHECK(counts.size() == 20);
  CHECK(firsts.back() == 191);
  CHECK(summary->head.last == 210);
  CHECK(summary->blocks == 20);
}

TEST_CASE("a journal goes on where it ended, start after start") {
  const TemporaryDirectory directory;
  Head head;
  for (int start = 0; start < 5; ++start) {
    const auto writer = open_writer(directory.path(), head);
    REQUIRE(append(*writer, 3).has_value());
    head = writer->head();
    CHECK(read_all(directory.path())->head.last == head.last);
  }
  const auto summary = read_all(directory.path());
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == 15);
  CHECK(summary->head.hash == head.hash);
}

TEST_CASE("a writer does not open a journal that ends elsewhere than it was told") {
  const TemporaryDirectory directory;
  Head head;
  {
    const auto writer = open_writer(directory.path());
    REQUIRE(append(*writer, 3).has_value());
    head = writer->head();
  }
  Head shorter = head;
  --shorter.last;
  Head other_hash = head;
  other_hash.hash[0] ^= 1;
  for (const Head& wrong : {shorter, other_hash, Head{}}) {
    const auto opened = RocksJournal::open(directory.path(), wrong, {});
    REQUIRE(opened.has_error());
    CHECK(opened.error().fault == Fault::kChain);
  }
  open_writer(directory.path(), head);
}

TEST_CASE("a directory without a journal says so") {
  const TemporaryDirectory directory;
  CHECK(read_all(directory.path()).error().fault == Fault::kNoJournal);
  CHECK(read_all(directory.path() / "missing").error().fault == Fault::kNoJournal);
  std::filesystem::create_directory(directory.path() / "journal");
  CHECK(read_all(directory.path()).error().fault == Fault::kNoJournal);
  // A first start that died while it made the journal has left nothing that matters.
  std::filesystem::create_directory(directory.path() / "journal.new");
  write_content(directory.path() / "journal.new" / "CURRENT", "MANIFEST-000001\n");
  CHECK(read_all(directory.path()).error().fault == Fault::kNoJournal);
  const auto writer = open_writer(directory.path());
  REQUIRE(append(*writer, 1).has_value());
  CHECK_FALSE(std::filesystem::exists(directory.path() / "journal.new"));
}

TEST_CASE("a journal that was made and never written is empty") {
  const TemporaryDirectory directory;
  open_writer(directory.path());
  const auto summary = read_all(directory.path());
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == 0);
  open_writer(directory.path());
}

TEST_CASE("reading writes nothing, and no log of the storage's own is ever written") {
  const TemporaryDirectory directory;
  {
    const auto writer = open_writer(directory.path());
    for (int n = 0; n < 5; ++n) REQUIRE(append(*writer, 3).has_value());
  }
  const auto before = snapshot(directory.path());
  REQUIRE(read_all(directory.path()).has_value());
  CHECK(snapshot(directory.path()) == before);
  CHECK(std::none_of(before.begin(), before.end(), [](const auto& file) {
    return std::filesystem::path(file.first).filename().string().starts_with("LOG");
  }));
}

TEST_CASE("a visit ends at the block that it was told, and where the visitor says") {
  const TemporaryDirectory directory;
  {
    const auto writer = open_writer(directory.path());
    for (int n = 0; n < 5; ++n) REQUIRE(append(*writer, 3).has_value());
  }
  const auto reader = JournalReader::open(directory.path(), {});
  REQUIRE(reader.has_value());
  CHECK((*reader)->visit({}, 4)->head.last == 6);
  CHECK((*reader)->visit({}, 6)->head.last == 6);
  CHECK((*reader)->visit({})->head.last == 15);
  const auto stopped = (*reader)->visit([](const Block& block) -> Result<void> {
    if (block.first == 7) return error_at(Fault::kReader, 8, "enough");
    return {};
  });
  REQUIRE(stopped.has_error());
  CHECK(stopped.error().sequence == 8);
}

constexpr const char* writer_directory_variable = "FRONTROW_TEST_WRITER_DIRECTORY";
constexpr int writer_blocks = 300;

// Not run by itself: the test below starts it in a process of its own.
TEST_CASE("a writer in a process of its own", "[.]") {
  const char* path = std::getenv(writer_directory_variable);
  REQUIRE(path != nullptr);
  const auto locked = DataDirectory::lock(path);
  REQUIRE(locked.has_value());
  const auto writer = open_writer(path);
  // Large blocks, so that write buffers are filled and files come and go meanwhile.
  for (int n = 0; n < writer_blocks; ++n) REQUIRE(append(*writer, 40, 8'000).has_value());
}

TEST_CASE("a reader beside a running writer always finds an unbroken beginning of the journal") {
  const TemporaryDirectory directory;
  setenv(writer_directory_variable, directory.path().c_str(), 1);
  char program[] = "/proc/self/exe";
  char name[] = "a writer in a process of its own";
  char* arguments[] = {program, name, nullptr};
  pid_t writer = 0;
  REQUIRE(posix_spawn(&writer, program, nullptr, nullptr, arguments, environ) == 0);
  Sequence last = 0;
  int reads = 0;
  int status = 0;
  while (waitpid(writer, &status, WNOHANG) == 0) {
    const auto summary = read_all(directory.path());
    if (summary.has_error() && summary.error().fault == Fault::kNoJournal) continue;
    INFO((summary.has_error() ? summary.error().message : ""));
    CHECK(summary.has_value());
    if (summary.has_error()) continue;
    CHECK(summary->head.last >= last);
    last = summary->head.last;
    ++reads;
  }
  CHECK(status == 0);
  CHECK(reads > 0);
  CHECK(read_all(directory.path())->head.last == writer_blocks * 40);
}

TEST_CASE("a write that fails is an error, and the journal says where") {
  const TemporaryDirectory directory;
  const auto writer = open_writer(directory.path());
  REQUIRE(append(*writer, 1).has_value());
  REQUIRE(append(*writer, 1).has_value());
  // The write buffer of this large block is to be flushed into a directory that is gone.
  std::filesystem::rename(directory.path() / "journal", directory.path() / "elsewhere");
  Result<void> written;
  for (int n = 0; n < 2'000 && written.has_value(); ++n) written = append(*writer, 40, 8'000);
  REQUIRE(written.has_error());
  CHECK(written.error().fault == Fault::kStorage);
  CHECK(written.error().message.find((directory.path() / "journal").string()) != std::string::npos);
}

/// No file may grow past this while it lives: what a full disk does, without one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    previous_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit lower{bytes, before_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &lower) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, previous_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*previous_handler_)(int) = SIG_DFL;
};

TEST_CASE("on a full disk the write fails, and every block that was acknowledged is there") {
  const TemporaryDirectory directory;
  Sequence acknowledged = 0;
  {
    const auto writer = open_writer(directory.path());
    const FileSizeLimit full(1'000'000);
    Result<void> written;
    for (int n = 0; n < 1'000; ++n) {
      written = append(*writer, 10, 2'000);
      if (written.has_error()) break;
      acknowledged = writer->head().last;
    }
    REQUIRE(written.has_error());
    CHECK(written.error().fault == Fault::kStorage);
    CHECK(written.error().message.find("File too large") != std::string::npos);
  }
  CHECK(acknowledged > 100);
  const auto summary = read_all(directory.path());
  INFO((summary.has_error() ? summary.error().message : ""));
  REQUIRE(summary.has_value());
  CHECK(summary->head.last == acknowledged);
  const auto writer = open_writer(directory.path(), summary->head);
  CHECK(append(*writer, 1).has_value());
}

}  // namespace
}  // namespace frontrow::journal
