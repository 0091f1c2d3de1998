#include "audit/late_verifier.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "audit/verifier_vectors.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;
using test::failing_step_in_python;
using test::flip_hex;
using test::text_of;
using test::vector_path;

DrawVerdict verdict_of(const std::string& text) {
  std::string problem;
  const auto file = parse_late_file(text, problem);
  INFO(problem);
  REQUIRE(file);
  return verify_late(*file);
}

std::string failing_step(const std::string& text) {
  std::string problem;
  const auto file = parse_late_file(text, problem);
  if (!file) {
    CHECK_FALSE(problem.empty());
    return "file";
  }
  const DrawVerdict verdict = verify_late(*file);
  return verdict.failure ? verdict.failure->step : "";
}

std::string remarks_in(const DrawVerdict& verdict) {
  std::string all;
  for (const auto& remark : verdict.remarks) all += remark + "\n";
  return all;
}

}  // namespace

TEST_CASE("the late vectors are accepted by both verifiers") {
  const std::string name =
      GENERATE("late_beacon.json", "late_open.json", "late_plain.json", "late_nobody.json");
  CAPTURE(name);
  const std::string text = text_of(vector_path(name));
  CHECK(failing_step(text).empty());
  CHECK(failing_step_in_python(text).empty());
}

TEST_CASE("the kind of a public file is told by its windows") {
  CHECK(is_late_file(text_of(vector_path("late_beacon.json"))));
  CHECK(is_late_file(text_of(vector_path("late_nobody.json"))));
  CHECK_FALSE(is_late_file(text_of(vector_path("draw_beacon.json"))));
  for (const char* text : {"", "null", "[]", "{", R"({"a":{"windows":[]}})", R"(["windows"])"})
    CHECK_FALSE(is_late_file(text));
}

TEST_CASE("which windows went without a beacon is told") {
  const std::string some = remarks_in(verdict_of(text_of(vector_path("late_beacon.json"))));
  CHECK(some.find("windows without one: 3.") != std::string::npos);
  CHECK(some.find("compare the beacons") != std::string::npos);
  const std::string all = remarks_in(verdict_of(text_of(vector_path("late_plain.json"))));
  CHECK(all.find("0, 5. There the operator could have chosen") != std::string::npos);
  CHECK(all.find("compare the beacons") == std::string::npos);
  CHECK(verdict_of(text_of(vector_path("late_nobody.json"))).remarks.empty());
}

TEST_CASE("what the file does not tell is not said to be good") {
  const DrawVerdict open = verdict_of(text_of(vector_path("late_open.json")));
  CHECK(open.not_told == std::vector<std::string>{"late_commitment", "window_secret"});
  CHECK(remarks_in(open).find("late secret is not public") != std::string::npos);

  Json file = Json::parse(text_of(vector_path("late_beacon.json")));
  CHECK(verdict_of(file.dump()).not_told.empty());
  file["beacon_chain"] = std::string(64, 'a');
  const DrawVerdict unknown = verdict_of(file.dump());
  CHECK(unknown.not_told == std::vector<std::string>{"beacon_round"});
  CHECK(remarks_in(unknown).find("could not be checked") != std::string::npos);
  file.erase("lobby_count");
  CHECK(remarks_in(verdict_of(file.dump())).find("where the ranks begin") != std::string::npos);
}

TEST_CASE("each change of a late file is refused by both verifiers, which name the same step") {
  struct Change {
    const char* what;
    const char* step;
    std::function<void(Json&)> make;
  };
  const auto flip = [](const char* field, std::size_t at, std::size_t window = 1) {
    return [=](Json& file) {
      Json& value = file["windows"][window][field];
      value = flip_hex(value.get<std::string>(), at);
    };
  };
  const auto in_window = [](std::size_t window, const char* field, Json value) {
    return [=](Json& file) { file["windows"][window][field] = value; };
  };
  const std::vector<Change> changes = {
      {"another algorithm", "algorithm", [](Json& f) { f["algorithm"] = "frontrow/late/v2"; }},
      {"a byte of the commitment", "late_commitment",
       [](Json& f) { f["late_commitment"] = flip_hex(f["late_commitment"], 3); }},
      {"a byte of the late secret", "late_commitment",
       [](Json& f) { f["late_secret"] = flip_hex(f["late_secret"], 3); }},
      {"another late secret, with its commitment left out", "window_secret",
       [](Json& f) {
         f["late_secret"] = flip_hex(f["late_secret"], 3);
         f.erase("late_commitment");
       }},
      {"a byte of a window's secret", "window_secret", flip("window_secret", 5)},
      {"a window's number", "window_secret", in_window(1, "n", 1)},
      {"windows exchanged", "windows",
       [](Json& f) { std::swap(f["windows"][1], f["windows"][2]); }},
      {"a window twice", "windows", [](Json& f) { f["windows"].push_back(f["windows"][3]); }},
      {"an entry in two windows", "windows",
       [](Json& f) { f["windows"][1]["entries"][0] = f["windows"][0]["entries"][0]; }},
      {"a byte of a root", "window_root", flip("window_root", 0)},
      {"a byte of an entry", "window_root",
       [](Json& f) {
         Json& entry = f["windows"][2]["entries"][4]["entry"];
         entry = flip_hex(entry.get<std::string>(), 30);
       }},
      {"a tier", "window_root", [](Json& f) { f["windows"][0]["entries"][0]["tier"] = 0; }},
      {"an entry left out", "window_root", [](Json& f) { f["windows"][2]["entries"].erase(5); }},
      {"a byte of a beacon", "beacon", flip("beacon", 9)},
      {"a byte of a signature", "beacon", flip("beacon_signature", 9)},
      {"no signature", "beacon", in_window(0, "beacon_signature", "")},
      {"the round before", "beacon_round",
       [](Json& f) {
         Json& number = f["windows"][1]["beacon_round"];
         number = number.get<std::uint64_t>() - 1;
       }},
      {"the round after", "beacon_round",
       [](Json& f) {
         Json& number = f["windows"][3]["beacon_round"];
         number = number.get<std::uint64_t>() + 1;
       }},
      {"no round", "beacon_round", in_window(0, "beacon_round", nullptr)},
      {"a round without a beacon", "beacon_round", in_window(2, "beacon_round", 5)},
      {"another time of the draw", "beacon_round",
       [](Json& f) { f["draw_at"] = "2023-09-16T16:49:27.000Z"; }},
      {"neither beacon nor signature nor round", "seed",
       [](Json& f) {
         for (const char* name : {"beacon", "beacon_signature", "beacon_round"})
           f["windows"][1][name] = nullptr;
       }},
      {"a byte of a seed", "seed", flip("seed", 63)},
      {"a rank", "ranks", [](Json& f) { f["windows"][3]["entries"][2]["rank"] = 99; }},
      {"two ranks exchanged", "ranks",
       [](Json& f) {
         std::swap(f["windows"][2]["entries"][0]["rank"], f["windows"][2]["entries"][1]["rank"]);
       }},
      {"another count of the lobby", "ranks", [](Json& f) { f["lobby_count"] = 12; }},
      {"a window left out", "ranks", [](Json& f) { f["windows"].erase(1); }},
      {"windows of another kind", "file", [](Json& f) { f["windows"] = 5; }},
      {"windows by name", "file",
       [](Json& f) {
         f["windows"] = Json{{"a", f["windows"][0]}};
       }},
      {"a window of another kind", "file", [](Json& f) { f["windows"][1] = "x"; }},
      {"a window without entries", "file", [](Json& f) { f["windows"][1].erase("entries"); }},
      {"entries by name", "file",
       [](Json& f) {
         f["windows"][1]["entries"] = Json{{"a", f["windows"][1]["entries"][0]}};
       }},
      {"an entry without a rank", "file",
       [](Json& f) { f["windows"][1]["entries"][0].erase("rank"); }},
      {"a window without a number", "file", [](Json& f) { f["windows"][1].erase("n"); }},
      {"a window far away", "file", in_window(3, "n", std::uint64_t{1} << 62)},
      {"no seed", "file", [](Json& f) { f["windows"][1].erase("seed"); }},
      {"a short secret", "file", in_window(1, "window_secret", "00")},
      {"hex in upper case", "file", in_window(1, "window_root", std::string(64, 'A'))},
      {"a beacon of half the length", "file", in_window(1, "beacon", std::string(32, '0'))},
      {"a time that is none", "file", [](Json& f) { f["draw_at"] = "yesterday"; }},
      {"a day that is none", "file", [](Json& f) { f["draw_at"] = "2027-02-30T00:00:00.000Z"; }},
      {"a window of no length", "file", [](Json& f) { f["window_seconds"] = 0; }},
      {"a window too long", "file", [](Json& f) { f["window_seconds"] = 3'601; }},
      {"a count in words", "file", [](Json& f) { f["lobby_count"] = "many"; }},
      {"a negative round", "file", in_window(0, "beacon_round", -4)},
  };
  const std::string good = text_of(vector_path("late_beacon.json"));
  for (const Change& change : changes) {
    CAPTURE(change.what);
    Json file = Json::parse(good);
    change.make(file);
    CHECK(failing_step(file.dump()) == change.step);
    CHECK(failing_step_in_python(file.dump()) == change.step);
  }
}

TEST_CASE("what is no late file is refused in one line") {
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("{}"), std::string("{"),
        std::string(R"({"windows":[],"windows":[]})"), std::string(R"({"windows":[[]]})"),
        std::string(R"({"windows":[null]})"), std::string(R"({"windows":[{}]})"),
        std::string(R"({"windows":[{"entries":[],"entries":[]}]})"),
        std::string(R"({"windows":[{"entries":[[]]}]})")})
    CHECK(failing_step(text) == "file");
}

TEST_CASE("entries of a window may stand in any order") {
  Json file = Json::parse(text_of(vector_path("late_beacon.json")));
  for (Json& window : file["windows"])
    std::reverse(window["entries"].begin(), window["entries"].end());
  CHECK(failing_step(file.dump()).empty());
  CHECK(failing_step_in_python(file.dump()).empty());
}

}  // namespace frontrow::audit
