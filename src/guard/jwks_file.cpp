#include "guard/jwks_file.hpp"

#include <cerrno>

#include "guard/secret_file.hpp"

namespace frontrow::guard {

JwksFile::Content JwksFile::read() const {
  Content content;
  const FileContent file = read_file(path_, jwks_bytes_max);
  if (file.state == ReadState::kRead) {
    content.text.assign(file.bytes.begin(), file.bytes.end());
  } else {
    content.error =
        file.state == ReadState::kAbsent ? describe_failure("read", path_, ENOENT) : file.error;
  }
  const std::uint8_t readable = content.error.empty() ? 1 : 0;
  content.fingerprint =
      sha256({ByteView(&readable, 1), as_bytes(content.error), as_bytes(content.text)});
  return content;
}

Loaded<std::unique_ptr<JwksFile>> JwksFile::open(std::filesystem::path path, Instant now,
                                                 Report report) {
  using Result = Loaded<std::unique_ptr<JwksFile>>;
  std::unique_ptr<JwksFile> file(new JwksFile(std::move(path), now, std::move(report)));
  const std::string where = file->path_.string() + ": ";
  Content content = file->read();
  if (!content.error.empty()) return Result::failed("identity.jwks: " + content.error);
  auto set = KeySet::parse(content.text);
  if (!set) return Result::failed("identity.jwks: " + where + set.error);
  if (set.value->size() == 0)
    return Result::failed("identity.jwks: " + where + "no key in it can check a pass");
  file->seen_ = content.fingerprint;
  file->keys_ = std::make_shared<const KeySet>(std::move(*set.value));
  Result result;
  for (const auto& warning : set.warnings) result.warnings.push_back(where + warning);
  result.value = std::move(file);
  return result;
}

std::shared_ptr<const KeySet> JwksFile::keys(Instant now) {
  std::int64_t before = looked_at_.load(std::memory_order_relaxed);
  const std::int64_t gap = now.microseconds - before;
  // Threads read their clocks at slightly different moments, so a little backwards is no reason
  // to look; a clock that was set back by more is.
  const bool due =
      gap >= jwks_look_interval.microseconds || gap <= -jwks_look_interval.microseconds;
  if (due && looked_at_.compare_exchange_strong(before, now.microseconds)) look();
  const std::lock_guard lock(keys_mutex_);
  return keys_;
}

void JwksFile::look() {
  const std::unique_lock looking(look_mutex_, std::try_to_lock);
  if (!looking) return;
  const Content content = read();
  if (content.fingerprint == seen_) return;
  seen_ = content.fingerprint;
  const std::string where = path_.string();
  if (!content.error.empty()) {
    report_({false, "the keys for passes stay as they were: " + content.error});
    return;
  }
  auto set = KeySet::parse(content.text);
  if (!set) {
    report_({false, "the keys for passes stay as they were: " + where + ": " + set.error});
    return;
  }
  for (const auto& warning : set.warnings) report_({false, where + ": " + warning});
  // An empty set is taken: it is how a promoter revokes a stolen key that has no successor yet.
  const bool empty = set.value->size() == 0;
  const std::string line =
      empty ? "the keys for passes were taken away: every pass is refused until " + where +
                  " has one again"
            : "new keys for passes: " + set.value->describe();
  auto keys = std::make_shared<const KeySet>(std::move(*set.value));
  {
    const std::lock_guard lock(keys_mutex_);
    keys_ = std::move(keys);
  }
  report_({!empty, line});
}

}  // namespace frontrow::guard
