#include "journal/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace frontrow::journal {
namespace {

constexpr const char* lock_name = "lock";

}  // namespace

DataDirectory::DataDirectory(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

DataDirectory::DataDirectory(DataDirectory&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

DataDirectory& DataDirectory::operator=(DataDirectory&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

DataDirectory::~DataDirectory() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<DataDirectory> DataDirectory::lock(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    return Error{Fault::kStorage, 0,
                 fmt::format("data directory {}: {}", path.string(), error.message())};
  const auto file = path / lock_name;
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return Error{Fault::kStorage, 0, fmt::format("{}: {}", file.string(), std::strerror(errno))};
  DataDirectory locked(path, descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return locked;
  if (errno != EWOULDBLOCK)
    return Error{Fault::kStorage, 0, fmt::format("{}: {}", file.string(), std::strerror(errno))};
  const int holder = process_using(path).value_or(0);
  return Error{Fault::kInUse, 0,
               holder > 0
                   ? fmt::format("data directory {} is in use by process {}", path.string(), holder)
                   : fmt::format("data directory {} is in use by another process", path.string())};
}

// The kernel's own table of locks says who holds one: nothing has to be written for it, and no
// number of a process that died long ago is ever shown.
std::optional<int> process_using(const std::filesystem::path& path) {
  struct stat status {};
  if (stat((path / lock_name).c_str(), &status) != 0) return std::nullopt;
  const std::string file =
      fmt::format("{:02x}:{:02x}:{}", major(status.st_dev), minor(status.st_dev), status.st_ino);
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words(line);
    std::string number, kind, strictness, access, holder, where;
    words >> number >> kind >> strictness >> access >> holder >> where;
    if (kind != "FLOCK" || where != file) continue;
    return std::atoi(holder.c_str());
  }
  return std::nullopt;
}

}  // namespace frontrow::journal
