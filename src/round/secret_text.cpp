#include "round/secret_text.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "round/json_text.hpp"
#include "round/object_reader.hpp"

namespace frontrow::round {
namespace {

constexpr std::size_t secret_bytes_max = 65'536;

}  // namespace

std::optional<std::string> read_secret_text(const Json& value, const JsonPath& path,
                                            const std::filesystem::path& directory,
                                            Remarks& mistakes) {
  if (!value.is_object()) {
    if (value.is_string()) return read_text(value, path, mistakes, secret_bytes_max);
    mistakes.add(path, R"(must be a text, {"env": "NAME"} or {"file": "PATH"})");
    return std::nullopt;
  }
  if (value.size() != 1 || (!value.contains("env") && !value.contains("file"))) {
    mistakes.add(path, R"(must be a text, {"env": "NAME"} or {"file": "PATH"})");
    return std::nullopt;
  }
  const bool from_environment = value.contains("env");
  const std::string_view key = from_environment ? "env" : "file";
  const JsonPath step = path.at(key);
  const auto name = read_text(*value.find(key), step, mistakes, 4'096);
  if (!name) return std::nullopt;
  if (name->empty()) {
    mistakes.add(step, "must not be empty");
    return std::nullopt;
  }
  std::string secret;
  if (from_environment) {
    const char* text = std::getenv(name->c_str());
    if (text == nullptr) {
      mistakes.add(step, fmt::format("the environment has no variable {}", in_quotes(*name)));
      return std::nullopt;
    }
    secret = text;
  } else {
    std::string problem;
    auto text = read_file(directory / *name, secret_bytes_max, problem);
    if (!text) {
      mistakes.add(step, fmt::format("{} {}", in_quotes(*name), problem));
      return std::nullopt;
    }
    secret = std::move(*text);
    if (secret.ends_with('\n')) secret.pop_back();
    if (secret.ends_with('\r')) secret.pop_back();
  }
  if (secret.empty()) {
    mistakes.add(step, fmt::format("{} is empty", in_quotes(*name)));
    return std::nullopt;
  }
  return secret;
}

}  // namespace frontrow::round
