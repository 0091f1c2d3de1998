#include <catch2/catch.hpp>

#include "text/placeholders.hpp"

using namespace frontrow;

TEST_CASE("placeholders are found in their order") {
  using Names = std::vector<std::string>;
  CHECK(text::placeholders_of("nothing") == Names{});
  CHECK(text::placeholders_of("") == Names{});
  CHECK(text::placeholders_of("{a}") == Names{"a"});
  CHECK(text::placeholders_of("x {retry_after} y {b2} z {a}") == Names{"retry_after", "b2", "a"});
}

TEST_CASE("braces that make no placeholder are a mistake") {
  for (const char* wrong : {"{", "}", "{}", "{a", "a}", "{a b}", "{A}", "{{a}}", "{a, plural}",
                            "}{", "{a}{", "{\xe0\xb8\x81}"}) {
    CAPTURE(wrong);
    CHECK_FALSE(text::placeholders_of(wrong));
  }
}

TEST_CASE("a text is filled, and what is filled in is not looked into again") {
  const auto value_of = [](std::string_view name) { return "<{" + std::string(name) + "}>"; };
  CHECK(text::filled("", value_of) == "");
  CHECK(text::filled("plain", value_of) == "plain");
  CHECK(text::filled("a {x} b {y}", value_of) == "a <{x}> b <{y}>");
  CHECK(text::filled("{x}{x}", value_of) == "<{x}><{x}>");
  CHECK(text::filled("open {x", value_of) == "open {x");
  CHECK(text::filled("close } here", value_of) == "close } here");
}
