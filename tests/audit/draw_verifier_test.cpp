#include "audit/draw_verifier.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "audit/verifier_vectors.hpp"
#include "base/encoding.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;
using test::failing_step_in_python;
using test::flip_hex;
using test::text_of;
using test::vector_path;

/// Name of the step that fails, "file" where the file cannot be read, empty where all hold.
std::string failing_step(const std::string& text) {
  std::string problem;
  const auto file = parse_draw_file(text, problem);
  if (!file) {
    CHECK_FALSE(problem.empty());
    return "file";
  }
  const DrawVerdict verdict = verify_draw(*file);
  return verdict.failure ? verdict.failure->step : "";
}

}  // namespace

TEST_CASE("the published example is accepted, with its result") {
  std::string problem;
  const auto file = read_draw_file(vector_path("draw_example.json"), problem);
  REQUIRE(file);
  CHECK(to_hex(file->commitment) ==
        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
  CHECK(to_hex(file->lobby_root) ==
        "365365a0819b4084d959838509c13609fb540ba2c3c6727e1fa799d953001b5c");
  CHECK(to_hex(file->seed) == "c4615ce95799d440644b016673eae03c4c560f2591b4d244429842578be0811a");
  std::vector<int> order;
  for (const auto& entry : file->entries) order.push_back(entry.entry[0]);
  CHECK(order == std::vector<int>{0x33, 0x11, 0x22, 0x44, 0x55});
  const DrawVerdict verdict = verify_draw(*file);
  CHECK_FALSE(verdict.failure);
  REQUIRE(verdict.remarks.size() == 1);
  CHECK(verdict.remarks[0].find("the operator could have chosen the result") != std::string::npos);
}

TEST_CASE("all vectors are accepted by both verifiers") {
  const std::string name =
      GENERATE("draw_example.json", "draw_beacon.json", "draw_nobody.json", "draw_alone.json");
  CAPTURE(name);
  const std::string text = text_of(vector_path(name));
  CHECK(failing_step(text).empty());
  CHECK(failing_step_in_python(text).empty());
}

TEST_CASE("a draw with a beacon is not said to be the operator's choice") {
  std::string problem;
  const auto file = read_draw_file(vector_path("draw_beacon.json"), problem);
  REQUIRE(file);
  const DrawVerdict verdict = verify_draw(*file);
  REQUIRE(verdict.remarks.size() == 1);
  CHECK(verdict.remarks[0].find("4711000") != std::string::npos);
  CHECK(verdict.remarks[0].find("could have chosen") == std::string::npos);
}

TEST_CASE("a beacon that was named but did not come is told") {
  std::string problem;
  const auto file = read_draw_file(vector_path("draw_alone.json"), problem);
  REQUIRE(file);
  const DrawVerdict verdict = verify_draw(*file);
  REQUIRE(verdict.remarks.size() == 1);
  CHECK(verdict.remarks[0].find("round 9, was not used") != std::string::npos);
  CHECK(verdict.remarks[0].find("could have chosen") != std::string::npos);
}

TEST_CASE("each change is refused by both verifiers, which name the same step") {
  struct Change {
    const char* what;
    const char* step;
    std::function<void(Json&)> make;
  };
  const auto flip = [](const char* field, std::size_t at) {
    return [=](Json& file) { file[field] = flip_hex(file[field].get<std::string>(), at); };
  };
  const std::vector<Change> changes = {
      {"another algorithm", "algorithm", [](Json& f) { f["algorithm"] = "frontrow/draw/v2"; }},
      {"a byte of the commitment", "commitment", flip("commitment", 0)},
      {"a byte of the secret", "commitment", flip("secret", 63)},
      {"a byte of the root", "lobby_root", flip("lobby_root", 31)},
      {"a byte of the seed", "seed", flip("seed", 5)},
      {"a byte of the beacon", "beacon", flip("beacon", 1)},
      {"a byte of the signature", "beacon", flip("beacon_signature", 7)},
      {"no beacon any more", "beacon", [](Json& f) { f["beacon"] = ""; }},
      {"no signature any more", "beacon", [](Json& f) { f["beacon_signature"] = ""; }},
      {"neither beacon nor signature", "seed",
       [](Json& f) { f["beacon"] = f["beacon_signature"] = nullptr; }},
      {"another count", "count", [](Json& f) { f["count"] = f["count"].get<int>() + 1; }},
      {"an entry left out", "count", [](Json& f) { f["entries"].erase(4); }},
      {"an entry left out, the count mended", "lobby_root",
       [](Json& f) {
         f["entries"].erase(10);
         f["count"] = 10;
       }},
      {"an entry twice", "lobby_root", [](Json& f) { f["entries"][3] = f["entries"][2]; }},
      {"a byte of an entry", "lobby_root",
       [](Json& f) {
         f["entries"][6]["entry"] = flip_hex(f["entries"][6]["entry"].get<std::string>(), 30);
       }},
      {"a tier", "lobby_root", [](Json& f) { f["entries"][2]["tier"] = 0; }},
      {"a rank", "ranks", [](Json& f) { f["entries"][5]["rank"] = 7; }},
      {"two ranks exchanged", "ranks",
       [](Json& f) { std::swap(f["entries"][3]["rank"], f["entries"][4]["rank"]); }},
      {"ranks from 0", "ranks",
       [](Json& f) {
         for (auto& entry : f["entries"]) entry["rank"] = entry["rank"].get<int>() - 1;
       }},
      {"no secret", "file", [](Json& f) { f.erase("secret"); }},
      {"no entries", "file", [](Json& f) { f.erase("entries"); }},
      {"entries of another kind", "file", [](Json& f) { f["entries"] = 5; }},
      {"an entry of another kind", "file", [](Json& f) { f["entries"][1] = "x"; }},
      {"an entry without a rank", "file", [](Json& f) { f["entries"][1].erase("rank"); }},
      {"a tier that is none", "file", [](Json& f) { f["entries"][1]["tier"] = 256; }},
      {"a negative rank", "file", [](Json& f) { f["entries"][1]["rank"] = -1; }},
      {"a rank with a fraction", "file", [](Json& f) { f["entries"][1]["rank"] = 1.5; }},
      {"a short secret", "file", [](Json& f) { f["secret"] = "00"; }},
      {"hex in upper case", "file", [](Json& f) { f["secret"] = std::string(64, 'A'); }},
      {"a count in words", "file", [](Json& f) { f["count"] = "eleven"; }},
  };
  const std::string good = text_of(vector_path("draw_beacon.json"));
  for (const Change& change : changes) {
    CAPTURE(change.what);
    Json file = Json::parse(good);
    change.make(file);
    CHECK(failing_step(file.dump()) == change.step);
    CHECK(failing_step_in_python(file.dump()) == change.step);
  }
}

TEST_CASE("entries may stand in any order") {
  Json file = Json::parse(text_of(vector_path("draw_beacon.json")));
  std::reverse(file["entries"].begin(), file["entries"].end());
  CHECK(failing_step(file.dump()).empty());
  CHECK(failing_step_in_python(file.dump()).empty());
}

TEST_CASE("what is no draw file is refused in one line") {
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{"),
        std::string("\xff"), std::string(100'000, '['),
        std::string(R"({"entries":[],"entries":[]})"),
        std::string(R"({"entries":{"entries":[[]]}})"), std::string(R"({"commitment":5})")}) {
    CHECK(failing_step(text) == "file");
  }
  std::string problem;
  CHECK_FALSE(read_draw_file("/nonexistent/draw.json", problem));
  CHECK(problem.find("/nonexistent/draw.json") != std::string::npos);
  CHECK_FALSE(read_draw_file("/", problem));
}

TEST_CASE("before the draw the file says that it is not made yet") {
  Json file = Json::parse(text_of(vector_path("draw_example.json")));
  for (const char* name : {"secret", "beacon", "beacon_signature", "seed", "entries"}) {
    file.erase(name);
  }
  std::string problem;
  CHECK_FALSE(parse_draw_file(file.dump(), problem));
  CHECK(problem.find("not made yet") != std::string::npos);
}

}  // namespace frontrow::audit
