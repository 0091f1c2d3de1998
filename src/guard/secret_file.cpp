#include "guard/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/encoding.hpp"

namespace frontrow::guard {
namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

std::string sync_directory(const std::filesystem::path& directory) {
  const Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0)
    return describe_failure("sync", directory, errno);
  return {};
}

}  // namespace

std::string describe_failure(const char* doing, const std::filesystem::path& path, int number) {
  return "cannot " + std::string(doing) + " " + path.string() + ": " +
         std::generic_category().message(number);
}

FileContent read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  FileContent content;
  // Without O_NONBLOCK a pipe put in the file's place would hold up the start for good.
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.open()) {
    content.state = errno == ENOENT ? ReadState::kAbsent : ReadState::kFailed;
    if (errno != ENOENT) content.error = describe_failure("read", path, errno);
    return content;
  }
  struct stat status {};
  if (::fstat(descriptor.number(), &status) != 0) {
    content.error = describe_failure("read", path, errno);
    return content;
  }
  if (!S_ISREG(status.st_mode)) {
    content.error = "cannot read " + path.string() + ": not a regular file";
    return content;
  }
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > bytes_max) {
    content.error =
        "cannot read " + path.string() + ": larger than " + std::to_string(bytes_max) + " bytes";
    return content;
  }
  content.readable_by_others = (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
  content.bytes.resize(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < content.bytes.size()) {
    const ssize_t count =
        ::read(descriptor.number(), content.bytes.data() + filled, content.bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      content.error = describe_failure("read", path, errno);
      return content;
    }
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  content.bytes.resize(filled);
  content.state = ReadState::kRead;
  return content;
}

WriteResult write_file(const std::filesystem::path& path, ByteView bytes, unsigned mode,
                       Existing existing) {
  std::filesystem::path temporary = path;
  temporary += ".new-" + to_hex(random_array<std::array<std::uint8_t, 8>>());
  {
    const Descriptor descriptor(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!descriptor.open()) return {false, describe_failure("write", path, errno)};
    // The mode once more, because the process's umask may have narrowed it.
    if (::fchmod(descriptor.number(), mode) != 0 || !write_all(descriptor.number(), bytes) ||
        ::fsync(descriptor.number()) != 0) {
      const int number = errno;
      ::unlink(temporary.c_str());
      return {false, describe_failure("write", path, number)};
    }
  }
  WriteResult result;
  if (existing == Existing::kReplace) {
    result.written = ::rename(temporary.c_str(), path.c_str()) == 0;
  } else {
    // A link, unlike a rename, never overwrites what is there.
    result.written = ::link(temporary.c_str(), path.c_str()) == 0;
  }
  const int number = errno;
  if (existing == Existing::kKeep || !result.written) ::unlink(temporary.c_str());
  if (!result.written) {
    if (existing != Existing::kKeep || number != EEXIST)
      result.error = describe_failure("write", path, number);
    return result;
  }
  result.error = sync_directory(path.has_parent_path() ? path.parent_path() : ".");
  return result;
}

std::string make_private_directory(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  if (path.has_parent_path()) {
    std::filesystem::create_directories(path.parent_path(), error);
    if (error) return "cannot make " + path.parent_path().string() + ": " + error.message();
  }
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return describe_failure("make", path, errno);
  if (!std::filesystem::is_directory(path, error))
    return "cannot make " + path.string() + ": not a directory";
  return sync_directory(path.has_parent_path() ? path.parent_path() : ".");
}

}  // namespace frontrow::guard
