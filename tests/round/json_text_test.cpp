#include "round/json_text.hpp"

#include <catch2/catch.hpp>

#include "round/round_fixture.hpp"
#include "round/set_option.hpp"

namespace frontrow::round {
namespace {

std::vector<std::string> mistakes_of(const std::string& text) {
  Remarks mistakes;
  Json out;
  const JsonPath root;
  parse_json(text, root, mistakes, out);
  return lines(std::move(mistakes).take());
}

}  // namespace

TEST_CASE("strict JSON names what is wrong and where") {
  struct Row {
    std::string text, line;
  };
  const std::vector<Row> table = {
      {R"({"a": 1, "b": 2})", ""},
      {"", ": line 1, column 1: the file is empty"},
      {"{\n  // why\n}", ": line 2, column 3: comments are not allowed"},
      {"{\n /* why */ }", ": line 2, column 2: comments are not allowed"},
      {"# why\n{}", ": line 1, column 1: comments are not allowed"},
      {"{\"a\": 1", ": line 1, column 8: the text ends too early"},
      {"{\"a\": 1,}", ": line 1, column 9: is not JSON here"},
      {"{\"a\": 1} x", ": line 1, column 10: is not JSON here"},
      {"{\"a\": \"\xff\"}", ": line 1, column 8: is not valid UTF-8"},
      {"{\"a\": 1e999}", ": line 1, column 11: the number is out of range"},
      {R"({"a": 1, "a": 2})", "a: is given twice"},
      {R"({"a": {"b": [0, {"c": 1, "c": 1}]}})", "a.b[1].c: is given twice"},
      {R"({"a b": {"c": 1, "c": 1}})", "[\"a b\"].c: is given twice"},
  };
  for (const Row& row : table) {
    INFO(row.text);
    const auto found = mistakes_of(row.text);
    if (row.line.empty()) {
      CHECK(found.empty());
    } else {
      REQUIRE(found.size() == 1);
      CHECK(found[0] == row.line);
    }
  }
}

TEST_CASE("nesting is bounded, and the bound itself is allowed") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(mistakes_of(nested(json_depth_max)).empty());
  CHECK(mistakes_of(nested(json_depth_max + 1)) ==
        std::vector<std::string>{": is nested deeper than 32 levels"});
  // A million levels must not reach the stack's end.
  CHECK(mistakes_of(std::string(1'000'000, '[')).size() == 1);
}

TEST_CASE("remarks past the named maximum are counted") {
  Remarks remarks;
  const JsonPath root;
  for (std::size_t n = 0; n < Remarks::named_max + 7; ++n) remarks.add(root.at(n), "is wrong");
  CHECK(remarks.count() == Remarks::named_max + 7);
  const auto all = std::move(remarks).take();
  REQUIRE(all.size() == Remarks::named_max + 1);
  CHECK(all.back().message == "and 7 more");
}

TEST_CASE("foreign text in a message is quoted, escaped and cut") {
  CHECK(in_quotes("a\"b\n\x1b[31m") == "\"a\\\"b\\u000a\\u001b[31m\"");
  const std::string cut = in_quotes(std::string(79, 'x') + "ค and more");
  CHECK(cut == "\"" + std::string(79, 'x') + "…\"");
}

TEST_CASE("a set puts its value where its path says") {
  struct Row {
    std::string option, after;  // after: the document, or the mistake
  };
  const std::vector<Row> table = {
      {"a.b=2", R"({"a":{"b":2},"l":[{"n":1},2],"z":null})"},
      {"a.c.d=true", R"({"a":{"b":1,"c":{"d":true}},"l":[{"n":1},2],"z":null})"},
      {"z.y=5", R"({"a":{"b":1},"l":[{"n":1},2],"z":{"y":5}})"},
      {"a=null", R"({"a":null,"l":[{"n":1},2],"z":null})"},
      {"a.b=+90s", R"({"a":{"b":"+90s"},"l":[{"n":1},2],"z":null})"},
      {"a.b=", R"({"a":{"b":""},"l":[{"n":1},2],"z":null})"},
      {"a.b=x=y", R"({"a":{"b":"x=y"},"l":[{"n":1},2],"z":null})"},
      {"a.b=\"7\"", R"({"a":{"b":"7"},"l":[{"n":1},2],"z":null})"},
      {"l.0.n=3", R"({"a":{"b":1},"l":[{"n":3},2],"z":null})"},
      {"l[0].n=3", R"({"a":{"b":1},"l":[{"n":3},2],"z":null})"},
      {"l.2=3", R"({"a":{"b":1},"l":[{"n":1},2,3],"z":null})"},
      {"new.0=3", R"({"a":{"b":1},"l":[{"n":1},2],"new":{"0":3},"z":null})"},
      {"a.b", "--set: \"a.b\" has no \"=\": it must be key.path=value"},
      {"=1", "--set: \"\" is not a path of keys"},
      {"a..b=1", "--set: \"a..b\" is not a path of keys"},
      {"a[0=1", "--set: \"a[0\" is not a path of keys"},
      {"a.b.c=1", "--set: \"a.b.c\": \"a.b\" is neither an object nor an array"},
      {"l.9=1", "--set: \"l.9\": \"9\" is not an index from 0 to 2 of \"l\""},
      {"l.x=1", "--set: \"l.x\": \"x\" is not an index from 0 to 2 of \"l\""},
      {"l.-1=1", "--set: \"l.-1\": \"-1\" is not an index from 0 to 2 of \"l\""},
      {"a={\"x\":1,\"x\":2}", "--set: a: x is given twice"},
      {"a=\xff", "--set: is not valid UTF-8"},
  };
  for (const Row& row : table) {
    INFO(row.option);
    Json document = Json::parse(R"({"a": {"b": 1}, "l": [{"n": 1}, 2], "z": null})");
    Remarks mistakes;
    apply_set(row.option, document, mistakes);
    const auto found = lines(std::move(mistakes).take());
    if (found.empty())
      CHECK(document.dump() == row.after);
    else
      CHECK(found[0] == row.after);
  }
}

}  // namespace frontrow::round
