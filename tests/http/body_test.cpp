#include <catch2/catch.hpp>

#include "http/body_reader.hpp"

using frontrow::http::BodyReader;

namespace {

/// Reads the body as `POST /orders` with seats would; the path of what is wrong, or "".
std::string wrong_in_seats(const std::string& text) {
  BodyReader body(text);
  body.required_names("seats", 1'001);
  body.must_be_absent("zone");
  return body.finish() ? "" : body.path();
}

}  // namespace

TEST_CASE("a body that is no flat, valid JSON object is refused as a whole") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::string bodies[] = {"[]",
                                "1",
                                "null",
                                "\"text\"",
                                "{",
                                "{}x",
                                "{\"seats\":[\"A\"],}",
                                "not json",
                                "{\"seats\":[\"A\"]}{}",
                                "{'seats':[\"A\"]}",
                                "{\"seats\":[\"\xff\"]}",
                                "{\"seats\":[\"\xc0\xaf\"]}",
                                "{\"seats\":[\"A\"],\"seats\":[\"B\"]}",
                                "{\"seats\":[\"A\"],\"x\":{\"y\":1,\"y\":2}}",
                                "{\"x\":" + deep + "}",
                                deep,
                                "{\"x\":" + std::string(50'000, '{')};
  for (const std::string& body : bodies) {
    INFO(body.substr(0, 60));
    CHECK(wrong_in_seats(body) == "$");
  }
}

TEST_CASE("what is wrong with a field is told by its path") {
  struct Row {
    const char* body;
    const char* path;
  };
  const Row rows[] = {
      {R"({"seats":["A-1-1"]})", ""},
      {R"({"seats":["A-1-1"],"zone":null})", ""},
      {R"({"seats":["A-1-1"],"zone":"A"})", "zone"},
      {R"({"seats":["A-1-1"],"colour":"red"})", "colour"},
      {R"({"seats":["A-1-1"],"colour":null})", "colour"},
      {R"({})", "seats"},
      {"", "seats"},
      {R"({"seats":null})", "seats"},
      {R"({"seats":[]})", "seats"},
      {R"({"seats":"A-1-1"})", "seats"},
      {R"({"seats":{"0":"A-1-1"}})", "seats"},
      {R"({"seats":["A-1-1",5]})", "seats[1]"},
      {R"({"seats":["A-1-1",null]})", "seats[1]"},
      {R"({"seats":["A-1-1","A-1-2","A-1-1"]})", "seats[2]"},
  };
  for (const Row& row : rows) {
    INFO(row.body);
    CHECK(wrong_in_seats(row.body) == row.path);
  }
}

TEST_CASE("quantities are whole numbers from one; huge ones pass on") {
  struct Row {
    const char* number;
    bool good;
    std::uint32_t value;
  };
  const Row rows[] = {{"1", true, 1},
                      {"4294967295", true, 4'294'967'295U},
                      {"4294967296", true, 4'294'967'295U},
                      {"18446744073709551615", true, 4'294'967'295U},
                      {"99999999999999999999999999", true, 4'294'967'295U},
                      {"0", false, 0},
                      {"-1", false, 0},
                      {"-0", false, 0},
                      {"-99999999999999999999999999", false, 0},
                      {"1.0", false, 0},
                      {"1.5", false, 0},
                      {"1e3", false, 0},
                      {"\"2\"", false, 0},
                      {"true", false, 0},
                      {"[2]", false, 0},
                      {"null", false, 0}};
  for (const Row& row : rows) {
    INFO(row.number);
    BodyReader body(std::string("{\"quantity\":") + row.number + "}");
    const auto value = body.required_count("quantity");
    CHECK(body.finish() == row.good);
    if (row.good)
      CHECK(value == row.value);
    else
      CHECK(body.path() == "quantity");
  }
}

TEST_CASE("a list is cut where its reader says, after all of it was checked") {
  BodyReader good(R"({"seats":["a","b","c","d"]})");
  CHECK(good.required_names("seats", 2) == std::vector<std::string>{"a", "b"});
  CHECK(good.finish());
  BodyReader bad(R"({"seats":["a","b","c","a"]})");
  bad.required_names("seats", 2);
  CHECK_FALSE(bad.finish());
  CHECK(bad.path() == "seats[3]");
}

TEST_CASE("together is a boolean or the word prefer") {
  const std::pair<const char*, int> rows[] = {
      {"true", 1}, {"false", 0}, {"null", 0}, {"\"prefer\"", 2}};
  for (const auto& [text, value] : rows) {
    BodyReader body(std::string("{\"together\":") + text + "}");
    CHECK(body.optional_together("together") == value);
    CHECK(body.finish());
  }
  for (const char* text : {"1", "\"yes\"", "[]", "{}"}) {
    BodyReader body(std::string("{\"together\":") + text + "}");
    body.optional_together("together");
    CHECK_FALSE(body.finish());
  }
}

TEST_CASE("the canonical body does not depend on order, spaces or fields that are null") {
  BodyReader one(R"({"zone":"A","quantity":2,"together":null})");
  BodyReader other(" { \"quantity\" : 2,\n \"zone\":\"A\" } ");
  BodyReader different(R"({"zone":"A","quantity":3})");
  CHECK(one.canonical() == other.canonical());
  CHECK(one.canonical() != different.canonical());
}
