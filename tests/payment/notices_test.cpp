// Signatures of notices, good and forged, of each gateway.
#include <catch2/catch.hpp>
#include <map>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "payment/gateway_factory.hpp"
#include "payment/signed_notice.hpp"

namespace frontrow::payment {
namespace {

constexpr Instant now{1'800'000'000'500'000};
const std::string at = "1800000000";
const std::string omise_secret = "c2VjcmV0LW9mLW9taXNl";  // secret-of-omise

std::string hex_of(const std::string& key, const std::string& time, const std::string& body) {
  return to_hex(hmac_sha256(as_bytes(key), as_bytes(time + "." + body)));
}

struct Sent {
  std::map<std::string, std::string> headers;
  std::string body;
  NoticeReading read(const NoticeReader& reader) const {
    return reader.read({[this](std::string_view name) -> std::string_view {
                          const auto found = headers.find(std::string(name));
                          return found == headers.end() ? std::string_view() : found->second;
                        },
                        body},
                       now);
  }
};

/// A gateway's way to sign, for one table over all of them.
struct Way {
  const char* gateway;
  std::vector<std::string> secrets;  ///< As the round file has them.
  std::vector<std::string> keys;     ///< What they stand for.
  std::string body;
  Sent sign(const std::vector<std::string>& with, const std::string& time) const {
    Sent sent;
    sent.body = body;
    std::string list;
    const bool omise = std::string(gateway) == "omise";
    for (const auto& key : with) {
      if (!list.empty()) list += ',';
      list += (omise ? "" : "v1=") + hex_of(key, time, body);
    }
    if (omise) {
      sent.headers = {{"Omise-Signature", list}, {"Omise-Signature-Timestamp", time}};
    } else {
      sent.headers = {{header(), "t=" + time + "," + list}};
    }
    return sent;
  }
  std::string header() const {
    const std::string name = gateway;
    return name == "stripe"  ? "Stripe-Signature"
           : name == "omise" ? "Omise-Signature"
                             : "Frontrow-Signature";
  }
  std::unique_ptr<NoticeReader> reader() const { return notice_reader(gateway, secrets); }
};

std::vector<Way> ways() {
  return {
      {"sandbox",
       {"new", "old"},
       {"new", "old"},
       R"({"id":"evt_1","type":"charge.updated","charge":{"reference":"r-1-o7-1"}})"},
      {"stripe",
       {"whsec_new", "whsec_old"},
       {"whsec_new", "whsec_old"},
       R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded",)"
       R"("data":{"object":{"id":"pi_1","metadata":{"reference":"r-1-o7-1"}}}})"},
      {"omise",
       {omise_secret, "b2xk"},
       {"secret-of-omise", "old"},
       R"({"object":"event","id":"evt_1","key":"charge.complete",)"
       R"("data":{"object":"charge","id":"chrg_1","metadata":{"reference":"r-1-o7-1"}}})"},
  };
}

}  // namespace

TEST_CASE("a good notice names its event and our reference, whichever secret signed it") {
  for (const Way& way : ways()) {
    CAPTURE(way.gateway);
    const auto reader = way.reader();
    for (const std::vector<std::string>& with :
         {std::vector{way.keys[0]}, std::vector{way.keys[1]},
          std::vector<std::string>{"someone else's", way.keys[1]}, way.keys}) {
      const auto reading = way.sign(with, at).read(*reader);
      CHECK(reading.fault == NoticeFault::kNone);
      CHECK(reading.notice.id == "evt_1");
      CHECK(reading.notice.reference == "r-1-o7-1");
    }
  }
}

TEST_CASE("a notice is taken up to five minutes from its time, either way") {
  for (const Way& way : ways()) {
    CAPTURE(way.gateway);
    const auto reader = way.reader();
    for (const std::int64_t apart : {-300, 0, 300}) {
      CHECK(way.sign(way.keys, std::to_string(1'800'000'000 + apart)).read(*reader).fault ==
            NoticeFault::kNone);
    }
    for (const std::int64_t apart : {-301, 301, -86'400, 1'000'000'000}) {
      CHECK(way.sign(way.keys, std::to_string(1'800'000'000 + apart)).read(*reader).fault ==
            NoticeFault::kStale);
    }
  }
}

TEST_CASE("a notice without a signature, or without a secret to check it by, is unsigned") {
  for (const Way& way : ways()) {
    CAPTURE(way.gateway);
    Sent bare{{}, way.body};
    CHECK(bare.read(*way.reader()).fault == NoticeFault::kUnsigned);
    const auto without = notice_reader(way.gateway, {});
    CHECK(way.sign(way.keys, at).read(*without).fault == NoticeFault::kUnsigned);
  }
  CHECK(notice_reader("nobody", {"x"}) == nullptr);
}

TEST_CASE("forged notices are refused, each kind") {
  for (const Way& way : ways()) {
    CAPTURE(way.gateway);
    const auto reader = way.reader();
    const bool omise = std::string(way.gateway) == "omise";
    const auto refused = [&](const Sent& sent) {
      return sent.read(*reader).fault == NoticeFault::kBadSignature;
    };
    CHECK(refused(way.sign({"another key"}, at)));
    CHECK(refused(way.sign({""}, at)));
    Sent other_body = way.sign(way.keys, at);
    other_body.body += " ";
    CHECK(refused(other_body));
    other_body.body.clear();
    CHECK(refused(other_body));

    const Sent good = way.sign({way.keys[0]}, at);
    std::string signature = hex_of(way.keys[0], at, way.body);
    const auto with = [&](const std::string& hex) {
      Sent sent = good;
      sent.headers[way.header()] = omise ? hex : "t=" + at + ",v1=" + hex;
      return sent;
    };
    CHECK(with(signature).read(*reader).fault == NoticeFault::kNone);
    CHECK(refused(with(signature.substr(0, 62))));
    CHECK(refused(with(signature + "00")));
    CHECK(refused(with("z" + signature.substr(1))));
    CHECK(refused(with(std::string(64, '0'))));
    for (std::size_t n = 0; n < signature.size(); ++n) {
      std::string flipped = signature;
      flipped[n] = flipped[n] == '0' ? '1' : '0';
      CHECK(refused(with(flipped)));
    }
    // The time is signed too, and is digits alone.
    for (const std::string& time :
         {std::string("1800000001"), std::string("1800000000.0"), std::string("+1800000000"),
          std::string("-1"), std::string("99999999999999999999"), std::string("now")}) {
      Sent sent = good;
      if (omise) {
        sent.headers["Omise-Signature-Timestamp"] = time;
      } else {
        sent.headers[way.header()] = "t=" + time + ",v1=" + signature;
      }
      CHECK(refused(sent));
    }
    if (omise) continue;
    for (const std::string& header :
         {"v1=" + signature, "t=" + at, "t=" + at + ",v0=" + signature,
          "t=" + at + ",t=" + at + ",v1=" + signature, std::string(","),
          "t=" + at + " ,v1=" + signature, std::string(10'000, 'a'), "t=,v1=" + signature}) {
      CAPTURE(header);
      Sent sent = good;
      sent.headers[way.header()] = header;
      CHECK(refused(sent));
    }
  }
}

TEST_CASE("only so many signatures are looked at") {
  const Way way = ways()[1];
  std::string header = "t=" + at;
  for (std::size_t n = 0; n < signatures_max; ++n) header += ",v1=" + std::string(64, 'a');
  header += ",v1=" + hex_of(way.keys[0], at, way.body);
  Sent sent{{{"Stripe-Signature", header}}, way.body};
  CHECK(sent.read(*way.reader()).fault == NoticeFault::kBadSignature);
}

TEST_CASE("a signed body that cannot be read is malformed, and one about others is about nothing") {
  for (Way way : ways()) {
    CAPTURE(way.gateway);
    const auto reader = way.reader();
    const auto fault_of = [&](const std::string& body) {
      way.body = body;
      return way.sign(way.keys, at).read(*reader).fault;
    };
    const std::string deep(100'000, '[');
    for (const std::string& body :
         {std::string("not json"), std::string("{\"id\":\"evt_1\""), std::string("[]"),
          std::string("{}"), std::string("{\"id\":7}"), std::string("null"), deep,
          "{\"id\":\"" + std::string(256, 'x') + "\"}", std::string("{\"id\":\"\xff\"}"),
          std::string(notice_bytes_max + 1, ' ')}) {
      CHECK(fault_of(body) == NoticeFault::kMalformed);
    }
    for (const std::string& body :
         {std::string(R"({"id":"evt_2"})"), std::string(R"({"id":"evt_2","data":7,"charge":[]})"),
          std::string(R"({"id":"evt_2","data":{"object":{"metadata":null}}})"),
          std::string(R"({"id":"evt_2","data":{"metadata":{"reference":7}}})")}) {
      way.body = body;
      const auto reading = way.sign(way.keys, at).read(*reader);
      CHECK(reading.fault == NoticeFault::kNone);
      CHECK(reading.notice.id == "evt_2");
      CHECK(reading.notice.reference.empty());
    }
  }
}

TEST_CASE("a secret of Omise's that is no base64 signs nothing") {
  const Way way = ways()[2];
  const auto reader = notice_reader("omise", {"not base64!"});
  CHECK(way.sign({"not base64!"}, at).read(*reader).fault == NoticeFault::kUnsigned);
}

}  // namespace frontrow::payment
