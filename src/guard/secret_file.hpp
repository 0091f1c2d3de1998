// Small files with secrets or keys in them: read whole and bounded, written so that a crash leaves
// the whole file or none. For this folder; called at start, reading also by whoever looks after
// the key set of passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace frontrow::guard {

/// Bytes of a file that `read_file` takes at most, unless told otherwise.
inline constexpr std::size_t secret_file_bytes_max = 65'536;

enum class ReadState { kRead, kAbsent, kFailed };
struct FileContent {
  ReadState state = ReadState::kFailed;
  std::vector<std::uint8_t> bytes;
  bool readable_by_others = false;  ///< By group or world.
  std::string error;                ///< What and where, where failed.
};
FileContent read_file(const std::filesystem::path& path,
                      std::size_t bytes_max = secret_file_bytes_max);

enum class Existing { kKeep, kReplace };
/// Writes through a temporary file beside it, synced, then the directory synced. `kKeep`: where
/// the file has meanwhile been made by someone else, theirs stays and false comes back in
/// `written`.
struct WriteResult {
  bool written = false;
  std::string error;  ///< Empty where all went well.
};
WriteResult write_file(const std::filesystem::path& path, ByteView bytes, unsigned mode,
                       Existing existing);

/// Makes the directory (0700) where it is missing, its parents too. An error or nothing.
std::string make_private_directory(const std::filesystem::path& path);

/// "cannot read /data/keys/x.key: Permission denied" out of an errno.
std::string describe_failure(const char* doing, const std::filesystem::path& path, int number);

}  // namespace frontrow::guard
