#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "guard/jwks_file.hpp"
#include "guard/pass_issuer.hpp"
#include "support/temporary_directory.hpp"

using namespace frontrow;
using namespace frontrow::testing;
using Catch::Matchers::Contains;
using guard::JwksFile;

namespace {

constexpr Instant start{1'800'000'000'000'000};

class KeyDirectory {
 public:
  std::filesystem::path path() const { return directory_.path() / "jwks.json"; }
  void write(const std::string& text) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << text;
  }
  void write(const PassIssuer& issuer) const { write(key_set_text({issuer.jwk()})); }

  std::unique_ptr<JwksFile> open() {
    auto opened = JwksFile::open(path(), start,
                                 [this](const JwksFile::News& news) { heard.push_back(news); });
    INFO(opened.error);
    REQUIRE(opened);
    return std::move(*opened.value);
  }
  std::string refusal() const {
    const auto opened = JwksFile::open(path(), start, [](const JwksFile::News&) {});
    REQUIRE_FALSE(opened);
    CHECK(opened.error.find('\n') == std::string::npos);
    CHECK_THAT(opened.error, Contains(path().string()));
    return opened.error;
  }

  std::vector<JwksFile::News> heard;

 private:
  TemporaryDirectory directory_;
};

bool knows(const guard::KeySet& keys, const PassIssuer& issuer) {
  const std::string id = issuer.key_id();
  return keys.verify(guard::PassAlgorithm::kEdDsa, &id, as_bytes("message"),
                     issuer.signature("message")) == guard::KeySet::Verdict::kGood;
}

const PassIssuer& old_issuer() {
  static const PassIssuer issuer("EdDSA", "old");
  return issuer;
}
const PassIssuer& new_issuer() {
  static const PassIssuer issuer("EdDSA", "new");
  return issuer;
}

}  // namespace

TEST_CASE("a key set that cannot serve is refused at the start in one line") {
  KeyDirectory directory;
  CHECK_THAT(directory.refusal(), Contains("No such file"));
  directory.write("{");
  CHECK_THAT(directory.refusal(), Contains("not a JSON object"));
  directory.write(R"({"keys":[]})");
  CHECK_THAT(directory.refusal(), Contains("no key in it can check a pass"));
  directory.write(R"({"keys":[{"kty":"oct","k":"AAAA"}]})");
  CHECK_THAT(directory.refusal(), Contains("no key in it can check a pass"));
  directory.write(std::string(guard::jwks_bytes_max + 1, ' '));
  CHECK_THAT(directory.refusal(), Contains("larger than 262144 bytes"));
  std::filesystem::remove(directory.path());
  std::filesystem::create_directory(directory.path());
  CHECK_THAT(directory.refusal(), Contains("not a regular file"));
}

TEST_CASE("a changed key set is in force a second later and told once") {
  KeyDirectory directory;
  directory.write(old_issuer());
  const auto file = directory.open();
  CHECK(knows(*file->keys(start), old_issuer()));
  const auto before = file->keys(start);

  directory.write(new_issuer());
  CHECK(knows(*file->keys(start + microseconds(999'999)), old_issuer()));
  const auto after = file->keys(start + seconds(1));
  CHECK(knows(*after, new_issuer()));
  CHECK_FALSE(knows(*after, old_issuer()));
  REQUIRE(directory.heard.size() == 1);
  CHECK(directory.heard[0].good);
  CHECK_THAT(directory.heard[0].line, Contains("EdDSA new"));
  // Whoever holds the keys from before still has them.
  CHECK(knows(*before, old_issuer()));
  for (int second = 2; second < 10; ++second) file->keys(start + seconds(second));
  CHECK(directory.heard.size() == 1);
}

TEST_CASE("a change is seen whatever the file's times say") {
  KeyDirectory directory;
  directory.write(old_issuer());
  const auto written_at = std::filesystem::last_write_time(directory.path());
  const auto file = directory.open();
  directory.write(new_issuer());
  std::filesystem::last_write_time(directory.path(), written_at);
  CHECK(knows(*file->keys(start + seconds(1)), new_issuer()));

  const auto beside = directory.path().string() + ".new";
  std::ofstream(beside) << key_set_text({old_issuer().jwk()});
  std::filesystem::last_write_time(beside, written_at);
  std::filesystem::rename(beside, directory.path());
  CHECK(knows(*file->keys(start + seconds(2)), old_issuer()));
}

TEST_CASE("a bad key set leaves the keys before it in force and is told once") {
  KeyDirectory directory;
  directory.write(old_issuer());
  const auto file = directory.open();
  const std::string half = key_set_text({new_issuer().jwk()});
  const struct {
    std::string text;
    const char* reason;
  } rows[] = {
      {"", "not a JSON object"},
      {half.substr(0, half.size() / 2), "not a JSON object"},
      {R"({"keys":7})", "no list `keys`"},
      {R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})", "its n has 17 bits"},
      {std::string(guard::jwks_bytes_max + 1, ' '), "larger than"},
  };
  int second = 0;
  for (const auto& row : rows) {
    INFO(row.reason);
    directory.heard.clear();
    directory.write(row.text);
    for (int look = 0; look < 3; ++look)
      CHECK(knows(*file->keys(start + seconds(++second)), old_issuer()));
    REQUIRE(directory.heard.size() == 1);
    CHECK_FALSE(directory.heard[0].good);
    CHECK_THAT(directory.heard[0].line, Contains(row.reason));
    CHECK_THAT(directory.heard[0].line, Contains(directory.path().string()));
  }
  directory.heard.clear();
  std::filesystem::remove(directory.path());
  CHECK(knows(*file->keys(start + seconds(++second)), old_issuer()));
  CHECK(knows(*file->keys(start + seconds(++second)), old_issuer()));
  REQUIRE(directory.heard.size() == 1);
  CHECK_THAT(directory.heard[0].line, Contains("No such file"));

  directory.write(half);
  CHECK(knows(*file->keys(start + seconds(++second)), new_issuer()));
  CHECK(directory.heard.size() == 2);
}

TEST_CASE("taking all keys away refuses every pass and is told") {
  KeyDirectory directory;
  directory.write(old_issuer());
  const auto file = directory.open();
  directory.write(R"({"keys":[]})");
  CHECK_FALSE(knows(*file->keys(start + seconds(1)), old_issuer()));
  REQUIRE(directory.heard.size() == 1);
  CHECK_FALSE(directory.heard[0].good);
  CHECK_THAT(directory.heard[0].line, Contains("every pass is refused"));
}

TEST_CASE("a clock that was set back does not stop the looking") {
  KeyDirectory directory;
  directory.write(old_issuer());
  const auto file = directory.open();
  directory.write(new_issuer());
  CHECK(knows(*file->keys(start - microseconds(999'999)), old_issuer()));
  CHECK(knows(*file->keys(start - seconds(3'600)), new_issuer()));
}

TEST_CASE("threads check passes while the keys change under them") {
  KeyDirectory directory;
  const auto with = [](const PassIssuer& other) {
    return key_set_text({old_issuer().jwk(), other.jwk()});
  };
  const PassIssuer others[] = {PassIssuer("EdDSA", "a"), PassIssuer("EdDSA", "b")};
  directory.write(with(others[0]));
  const auto file = directory.open();
  const Bytes signature = old_issuer().signature("message");
  const std::string id = "old";

  std::atomic<std::int64_t> clock{0};
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> refused{0}, checked{0};
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([&] {
      while (!stop.load()) {
        const auto keys = file->keys(start + seconds(clock.load()));
        if (keys->verify(guard::PassAlgorithm::kEdDsa, &id, as_bytes("message"), signature) !=
            guard::KeySet::Verdict::kGood)
          ++refused;
        ++checked;
      }
    });
  // Each round waits until the threads have looked at the new file.
  for (int n = 1; n <= 50; ++n) {
    const std::string beside = directory.path().string() + ".new";
    std::ofstream(beside) << with(others[n % 2]);
    std::filesystem::rename(beside, directory.path());
    ++clock;
    const auto goal = checked.load() + 4;
    while (checked.load() < goal) std::this_thread::yield();
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  CHECK(refused == 0);
  ++clock;
  CHECK(knows(*file->keys(start + seconds(clock.load())), others[0]));
}
