// The house rules that a reader of one file cannot see: which folder may look into which, and
// what the pure folders must not touch.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct SourceFile {
  std::string folder;  // "engine"; "include" for include/frontrow
  std::string path;
  std::string text;
};

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<SourceFile> sources() {
  const fs::path root = FRONTROW_SOURCE_DIR;
  std::vector<SourceFile> found;
  const auto add = [&](const fs::path& base, const fs::path& path, std::string folder) {
    if (path.extension() == ".cpp" || path.extension() == ".hpp")
      found.push_back({std::move(folder), fs::relative(path, base).string(), read(path)});
  };
  for (const auto& entry : fs::recursive_directory_iterator(root / "include"))
    add(root, entry.path(), "include");
  for (const auto& entry : fs::recursive_directory_iterator(root / "src"))
    if (const auto relative = fs::relative(entry.path(), root / "src"); relative.has_parent_path())
      add(root, entry.path(), relative.begin()->string());
  return found;
}

std::vector<std::string> included(const std::string& text) {
  static const std::regex line(R"re((?:^|\n)\s*#\s*include\s*"([^"]+)")re");
  std::vector<std::string> result;
  for (std::sregex_iterator at(text.begin(), text.end(), line), end; at != end; ++at)
    result.push_back((*at)[1]);
  return result;
}

std::string folder_of_include(const std::string& name) {
  return name.starts_with("frontrow/") ? "include" : name.substr(0, name.find('/'));
}

// Who may look into whom, beside oneself and `include`.
const std::map<std::string, std::set<std::string>> allowed = {
    {"include", {}},
    {"base", {}},
    {"proof", {"base"}},
    {"queue", {"base"}},
    {"engine", {"base", "queue"}},
    {"journal", {"base"}},
    {"round", {"base"}},
    {"sequencer", {"base", "engine", "journal"}},
    {"sandbox", {"base", "outbound"}},
    {"payment", {"base", "outbound"}},
    {"guard", {"base"}},
    {"text", {"base"}},
    {"observe", {"base"}},
    {"outbound", {"base"}},
    {"control", {"base", "queue", "round", "outbound"}},
    {"audit", {"base", "proof", "round", "engine", "journal"}},
    {"http", {"base", "proof", "guard", "text", "observe"}},
    {"cli",
     {"base", "proof", "round", "engine", "queue", "journal", "sequencer", "sandbox", "payment",
      "guard", "text", "observe", "outbound", "control", "audit", "http", "crowd"}},
};

std::string without_comments(const std::string& text) {
  std::string out;
  for (std::size_t n = 0; n < text.size();) {
    if (text.compare(n, 2, "//") == 0) {
      n = std::min(text.find('\n', n), text.size());
    } else if (text.compare(n, 2, "/*") == 0) {
      const auto end = text.find("*/", n + 2);
      n = end == std::string::npos ? text.size() : end + 2;
    } else {
      out += text[n++];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every folder of src has a line in the table of includes") {
  const auto files = sources();
  REQUIRE(files.size() > 30);
  for (const auto& file : files) {
    CAPTURE(file.path);
    CHECK(allowed.contains(file.folder));
  }
}

TEST_CASE("no include points against the arrows") {
  for (const auto& file : sources()) {
    for (const auto& name : included(file.text)) {
      CAPTURE(file.path, name);
      const auto target = folder_of_include(name);
      CHECK((target == file.folder || target == "include" ||
             allowed.at(file.folder).contains(target)));
    }
  }
}

TEST_CASE("include/frontrow includes nothing of ours but itself") {
  for (const auto& file : sources()) {
    if (file.folder != "include") continue;
    for (const auto& name : included(file.text)) {
      CAPTURE(file.path);
      CHECK(name.starts_with("frontrow/"));
    }
  }
}

TEST_CASE("engine and queue know no clock, thread, chance, file or socket") {
  static const std::regex forbidden(
      R"(#include <(chrono|thread|mutex|condition_variable|random|fstream|filesystem|iostream|cstdio|ctime|sys/[a-z]+\.h|unistd\.h|boost/asio[^>]*)>|\b(system_clock|steady_clock|std::rand|getenv|random_bytes|random_array)\b)");
  int seen = 0;
  for (const auto& file : sources()) {
    if (file.folder != "engine" && file.folder != "queue") continue;
    ++seen;
    const std::string code = without_comments(file.text);
    std::smatch match;
    const bool found = std::regex_search(code, match, forbidden);
    CAPTURE(file.path, found ? match.str() : std::string());
    CHECK_FALSE(found);
  }
  CHECK(seen > 4);
}

TEST_CASE("maps with an order of their own making are never iterated in engine and queue") {
  static const std::regex loop(R"(for \((?:const )?auto&?&? [^:]*: (\w+_?(?:by|of)_\w+)\))");
  for (const auto& file : sources()) {
    if (file.folder != "engine" && file.folder != "queue") continue;
    CAPTURE(file.path);
    CHECK(without_comments(file.text).find("unordered_map<") == std::string::npos);
    CHECK_FALSE(std::regex_search(file.text, loop));
  }
}

TEST_CASE("every header begins with what it is and is included once") {
  for (const auto& file : sources()) {
    if (!file.path.ends_with(".hpp")) continue;
    CAPTURE(file.path);
    CHECK(file.text.starts_with("//"));
    CHECK(file.text.find("#pragma once") != std::string::npos);
  }
}

TEST_CASE("no source file grows past the bound at which it must be split") {
  for (const auto& file : sources()) {
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    CAPTURE(file.path, lines);
    CHECK(lines <= 600);
  }
}
