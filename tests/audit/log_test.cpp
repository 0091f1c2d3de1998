#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "audit/concern.hpp"
#include "audit/log_line.hpp"
#include "audit/names.hpp"
#include "audit/round_summary.hpp"
#include "audit/small_sale.hpp"
#include "base/command_codec.hpp"
#include "base/encoding.hpp"
#include "base/id_text.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;

std::vector<Json> json_log(Concern::Of of = {}) {
  std::vector<Json> lines;
  Concern concern(of);
  SmallSale sale([&](const Carried& carried) {
    if (concern.sees(carried)) lines.push_back(Json::parse(json_line(carried)));
  });
  sale.sell();
  return lines;
}

std::vector<std::string> commands_of(const std::vector<Json>& lines) {
  std::vector<std::string> names;
  for (const Json& line : lines) names.push_back(line["command"]);
  return names;
}

template <class... Kinds>
std::vector<Command> one_of_each(const std::variant<Kinds...>*) {
  return {Command(Kinds{})...};
}

}  // namespace

TEST_CASE("the log has a line a command, with its number, time, name and outcome") {
  const auto lines = json_log();
  REQUIRE(lines.size() > 15);
  for (std::size_t n = 0; n < lines.size(); ++n) {
    CHECK(lines[n]["sequence"] == n + 1);
    CHECK(lines[n]["time"].get<std::string>().back() == 'Z');
    CHECK(lines[n].contains("command"));
    CHECK(lines[n].contains("outcome"));
    CHECK(lines[n].contains("code") == (lines[n]["outcome"] == "refused"));
  }
  CHECK(lines[0]["command"] == "OpenRound");
  CHECK(lines[0]["time"] == "2027-01-15T08:00:00.000Z");
  CHECK(lines[0]["round"] == "small-1");
}

TEST_CASE("lines name seats, fans and orders by their public ids, and tell what was made") {
  std::vector<std::string> readable;
  std::vector<Json> json;
  SmallSale sale([&](const Carried& carried) {
    readable.push_back(readable_line(carried));
    json.push_back(Json::parse(json_line(carried)));
  });
  const auto [bought, expired] = sale.sell();

  const auto at = [&](const std::string& name, std::size_t which) {
    for (std::size_t n = 0; n < json.size(); ++n) {
      if (json[n]["command"] == name && which-- == 0) return n;
    }
    FAIL("no such line: " << name);
    return std::size_t{0};
  };
  const auto join = at("JoinQueue", 1);
  CHECK(json[join]["fan"] == "f1");
  CHECK(json[join]["entry"] == to_hex(test::bytes_of(2)));

  const auto hold = at("PlaceHold", 0);
  CHECK(json[hold]["fan"] == "f0");
  CHECK(json[hold]["seats"] == Json({"A-1-1", "A-1-2"}));
  CHECK(json[hold]["outcome"] == "accepted");
  CHECK(json[hold]["order"] == to_text(bought));
  CHECK(readable[hold].find("2027-01-15T08:01:10.000Z PlaceHold fan=f0 seats=A-1-1,A-1-2 -> "
                            "accepted order=o0 state=held") != std::string::npos);

  const auto refused = at("PlaceHold", 1);
  CHECK(json[refused]["outcome"] == "refused");
  CHECK(json[refused]["code"] == "seats-unavailable");
  CHECK(json[refused]["in_the_way"] == Json({"A-1-1"}));
  CHECK(readable[refused].find("-> refused: seats-unavailable") != std::string::npos);

  CHECK(json[at("RecordPaymentFailure", 0)]["failure"] == "declined");
  CHECK(json[at("RecordPaymentSuccess", 0)]["amount"] == 2 * 680'000);
  CHECK(json[at("RecordPaymentSuccess", 0)]["gateway_reference"] == "charge-7");
  CHECK(json[at("RefundOrder", 0)]["operator"] == "ops");
}

TEST_CASE("a text from outside cannot forge a line") {
  std::vector<std::string> readable;
  SmallSale sale([&](const Carried& carried) { readable.push_back(readable_line(carried)); });
  sale.sell();
  sale.apply(BanFan{"ops", SmallSale::first, "x -> accepted\n13 2027 Fake"}, seconds(500));
  sale.apply(BanFan{"ops", SmallSale::first, std::string("\xff\xfe\x1b[2J\0", 7)}, seconds(500));
  for (const auto& line : readable) {
    CHECK(std::none_of(line.begin(), line.end(), [](char c) { return c >= 0 && c < ' '; }));
  }
  CHECK(readable[readable.size() - 2].find(R"(reason="x -> accepted\n13 2027 Fake")") !=
        std::string::npos);
}

TEST_CASE("the draw's secret is told with the draw, not before, and the late one not at all") {
  std::string before, all;
  bool drawn = false;
  SmallSale sale([&](const Carried& carried) {
    if (std::holds_alternative<DrawLine>(carried.command)) drawn = true;
    for (const std::string& line : {readable_line(carried), json_line(carried)}) {
      all += line;
      if (!drawn) before += line;
    }
  });
  sale.sell();
  const DrawSecrets secrets = sale.engine.definition().secrets;
  REQUIRE(drawn);
  CHECK(before.find("OpenRound") != std::string::npos);
  CHECK(before.find(to_hex(secrets.secret)) == std::string::npos);
  CHECK(all.find(to_hex(secrets.secret)) != std::string::npos);
  CHECK(all.find(to_hex(secrets.late_secret)) == std::string::npos);
  CHECK(all.find("the definition") == std::string::npos);
}

TEST_CASE("every kind of command can be shown, also with names that were unknown") {
  const auto kinds = one_of_each(static_cast<const Command*>(nullptr));
  std::set<std::string> names;
  for (const Command& command : kinds) {
    SmallSale sale([&](const Carried& carried) {
      names.insert(Json::parse(json_line(carried))["command"].get<std::string>());
      CHECK_FALSE(readable_line(carried).empty());
    });
    if (!std::holds_alternative<OpenRound>(command)) sale.apply(OpenRound{}, seconds(0));
    sale.apply(command, seconds(1));
  }
  CHECK(names.size() == std::variant_size_v<Command>);
  SmallSale sale([&](const Carried& carried) {
    if (std::holds_alternative<PlaceHold>(carried.command)) {
      CHECK(Json::parse(json_line(carried))["seats"] == Json({nullptr}));
    }
  });
  sale.open();
  sale.try_hold(SmallSale::first, {SeatIndex::none()}, seconds(70));
}

TEST_CASE("an order's lines are those that made, named or changed it") {
  Concern::Of of;
  of.order = OrderId{0};
  CHECK(commands_of(json_log(of)) ==
        std::vector<std::string>{"PlaceHold", "StartPayment", "RecordPaymentFailure",
                                 "StartPayment", "RecordPaymentSuccess", "RefundOrder",
                                 "RecordRefund"});
  of.order = OrderId{1};
  CHECK(commands_of(json_log(of)) == std::vector<std::string>{"PlaceHold", "Tick"});
  of.order = OrderId{2};
  CHECK(json_log(of).empty());
}

TEST_CASE("a fan's lines are those that made, named or changed them or their orders") {
  Concern::Of of;
  of.fan = SmallSale::second;
  const auto names = commands_of(json_log(of));
  std::map<std::string, int> counts;
  for (const auto& name : names) ++counts[name];
  CHECK(counts["JoinQueue"] == 1);
  CHECK(counts["DrawLine"] == 1);  // it gave a rank
  CHECK(counts["EnterShop"] == 1);
  CHECK(counts["PlaceHold"] == 2);  // the refused one too
  CHECK(counts["Tick"] >= 2);       // called; the hold expired
  CHECK(counts["StartPayment"] == 0);
  CHECK(counts["RefundOrder"] == 0);
  of.fan = FanId{99};
  CHECK(json_log(of).empty());
}

TEST_CASE("a seat's lines are those that named it, changed it or touched its order") {
  Concern::Of of;
  of.seat = SmallSale().seat("A-1-1");
  CHECK(commands_of(json_log(of)) ==
        std::vector<std::string>{"PlaceHold", "StartPayment", "RecordPaymentFailure",
                                 "StartPayment", "RecordPaymentSuccess", "PlaceHold", "RefundOrder",
                                 "RecordRefund"});
  of.seat = SmallSale().seat("A-2-1");
  CHECK(commands_of(json_log(of)) == std::vector<std::string>{"PlaceHold", "Tick"});
  of.seat = SmallSale().seat("B-1-1");
  CHECK(json_log(of).empty());
}

TEST_CASE("several filters together show what concerns all of them") {
  Concern::Of of;
  of.seat = SmallSale().seat("A-1-1");
  of.fan = SmallSale::second;
  const auto lines = json_log(of);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["code"] == "seats-unavailable");
}

TEST_CASE("the summary agrees with the state") {
  SmallSale sale;
  sale.sell();
  const RoundSummary summary{sale.engine, sale.engine.sequence(), 1, test::after_start({})};
  const Json json = Json::parse(json_summary(summary));
  CHECK(json["commands"] == sale.engine.sequence());
  CHECK(json["time_first"] == "2027-01-15T08:00:00.000Z");
  CHECK(json["time_last"] == "2027-01-15T08:06:41.000Z");
  CHECK(json["orders"]["refunded"] == 1);
  CHECK(json["orders"]["expired"] == 1);
  CHECK(json["fans"]["shopping"] == 2);
  CHECK(json["seats"]["free"] == json["seats"]["capacity"]);
  CHECK(json["revenue"]["currency"] == "THB");
  CHECK(json["invariants"] == "ok");
  const StateHash hash = sale.engine.state_hash();
  CHECK(json["state_hash"] == state_hash_text(hash));
  CHECK(state_hash_text({0x1, 0xabc}) == "0000000000000abc0000000000000001");
  CHECK(readable_summary(summary).find("state_hash  " + state_hash_text(hash)) !=
        std::string::npos);
}

TEST_CASE("every rejection has a name of its own") {
  std::set<std::string_view> names;
  for (std::uint16_t n = 0; n < static_cast<std::uint16_t>(Rejection::kCount); ++n) {
    names.insert(name_of(static_cast<Rejection>(n)));
  }
  CHECK(names.size() == static_cast<std::size_t>(Rejection::kCount));
  CHECK_FALSE(names.contains("unknown"));
}

}  // namespace frontrow::audit
