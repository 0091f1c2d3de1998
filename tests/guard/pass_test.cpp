#include "guard/pass.hpp"

#include <functional>
#include <random>
#include <set>

#include "guard/pass_issuer.hpp"

using namespace frontrow;
using namespace frontrow::testing;
using guard::KeySet;
using guard::Passes;
using guard::PassFault;

namespace {

constexpr std::int64_t now_seconds = 1'800'000'000;
constexpr Instant now{now_seconds * 1'000'000};

Passes::Settings settings() {
  Passes::Settings result;
  result.issuer = "https://accounts.example";
  result.audience = "frontrow-bkk-1";
  result.subject_key.fill(9);
  return result;
}

json good_claims() {
  return {{"iss", "https://accounts.example"},
          {"aud", "frontrow-bkk-1"},
          {"sub", "member-17"},
          {"exp", now_seconds + 300}};
}

KeySet set_of(const std::vector<json>& keys) {
  auto set = KeySet::parse(key_set_text(keys));
  INFO(set.error);
  REQUIRE(set);
  return std::move(*set.value);
}

const KeySet& all_keys() {
  static const KeySet set = set_of({issuers()[0].jwk(), issuers()[1].jwk(), issuers()[2].jwk()});
  return set;
}

Passes::Verdict check(const std::string& pass, Instant at = now) {
  static const Passes passes(settings());
  return passes.check(pass, at, all_keys());
}

std::string fault_of(const std::string& pass, Instant at = now) {
  return std::string(name_of(check(pass, at).fault));
}

}  // namespace

TEST_CASE("a pass of each algorithm is good and names its owner") {
  std::set<Bytes16> subjects;
  for (const auto& issuer : issuers()) {
    INFO(issuer.alg());
    const auto verdict = check(issuer.sign(good_claims()));
    CHECK(name_of(verdict.fault) == "none");
    CHECK(verdict.tier == 1);
    subjects.insert(verdict.subject);
  }
  // Whichever key signed: the owner is the same, and not "nobody".
  CHECK(subjects.size() == 1);
  CHECK_FALSE(subjects.contains(Bytes16{}));
}

TEST_CASE("a pass's owner is the first half of a keyed hash of issuer and subject") {
  const std::string message = std::string("https://accounts.example") + '\0' + "member-17";
  const Bytes32 hash = hmac_sha256(settings().subject_key, as_bytes(message));
  const auto verdict = check(issuers()[0].sign(good_claims()));
  CHECK(std::equal(verdict.subject.begin(), verdict.subject.end(), hash.begin()));

  json other = good_claims();
  other["sub"] = "member-18";
  CHECK(check(issuers()[0].sign(other)).subject != verdict.subject);
  auto other_key = settings();
  other_key.subject_key.fill(8);
  CHECK(Passes(other_key).check(issuers()[0].sign(good_claims()), now, all_keys()).subject !=
        verdict.subject);
}

TEST_CASE("what a pass claims decides") {
  const struct {
    const char* what;
    const char* change;  // a merge patch of RFC 7396
    const char* fault;
  } rows[] = {
      {"as it is", R"({})", "none"},
      {"another issuer", R"({"iss":"https://accounts.example.evil"})", "issuer"},
      {"no issuer", R"({"iss":null})", "issuer"},
      {"a list of issuers", R"({"iss":["https://accounts.example"]})", "issuer"},
      {"another audience", R"({"aud":"frontrow-bkk-2"})", "audience"},
      {"no audience", R"({"aud":null})", "audience"},
      {"one of several audiences", R"({"aud":["shop","frontrow-bkk-1"]})", "none"},
      {"none of several audiences", R"({"aud":["shop","frontrow"]})", "audience"},
      {"no audience in the list", R"({"aud":[]})", "audience"},
      {"an audience that is no text", R"({"aud":["frontrow-bkk-1",7]})", "audience"},
      {"an audience inside another", R"({"aud":[["frontrow-bkk-1"]]})", "audience"},
      {"no subject", R"({"sub":null})", "subject"},
      {"an empty subject", R"({"sub":""})", "subject"},
      {"a subject that is a number", R"({"sub":17})", "subject"},
      {"no expiry", R"({"exp":null})", "expired"},
      {"expired now", R"({"exp":1800000000})", "expired"},
      {"expired long ago", R"({"exp":1})", "expired"},
      {"expires in a second", R"({"exp":1800000001})", "none"},
      {"expires in part of a second", R"({"exp":1800000000.5})", "none"},
      {"an expiry that is a text", R"({"exp":"1800000300"})", "malformed"},
      {"an expiry beyond all time", R"({"exp":1e300})", "malformed"},
      {"begins within the leeway", R"({"nbf":1800000060})", "none"},
      {"begins after the leeway", R"({"nbf":1800000061})", "not-yet"},
      {"a beginning that is a text", R"({"nbf":"now"})", "malformed"},
      {"issued within the leeway", R"({"iat":1800000060})", "none"},
      {"issued in the future", R"({"iat":1800000061})", "not-yet"},
      {"issued at no time", R"({"iat":[]})", "malformed"},
      {"the first tier", R"({"tier":0})", "none"},
      {"the last tier", R"({"tier":254})", "none"},
      {"the tier of the slow lane", R"({"tier":255})", "tier"},
      {"a huge tier", R"({"tier":18446744073709551615})", "tier"},
      {"a tier below all", R"({"tier":-1})", "tier"},
      {"a tier with a fraction", R"({"tier":1.5})", "tier"},
      {"a tier that is a text", R"({"tier":"0"})", "tier"},
      {"a tier that is yes", R"({"tier":true})", "tier"},
      {"no seats elsewhere", R"({"seats_elsewhere":0})", "none"},
      {"the most seats elsewhere", R"({"seats_elsewhere":1000})", "none"},
      {"too many seats elsewhere", R"({"seats_elsewhere":1001})", "seats-elsewhere"},
      {"fewer seats elsewhere than none", R"({"seats_elsewhere":-1})", "seats-elsewhere"},
      {"half a seat elsewhere", R"({"seats_elsewhere":0.5})", "seats-elsewhere"},
      {"seats elsewhere in words", R"({"seats_elsewhere":"2"})", "seats-elsewhere"},
      {"a list of seats elsewhere", R"({"seats_elsewhere":[2]})", "seats-elsewhere"},
      {"claims that nobody here knows", R"({"name":"A","roles":{"a":{"b":["c"]}}})", "none"},
  };
  for (const auto& row : rows) {
    json claims = good_claims();
    claims.merge_patch(json::parse(row.change));
    INFO(row.what);
    for (const auto& issuer : issuers()) CHECK(fault_of(issuer.sign(claims)) == row.fault);
  }
}

TEST_CASE("a pass's tier is told, and is 1 where none is claimed") {
  const PassIssuer& issuer = issuers()[0];
  json claims = good_claims();
  for (const int tier : {0, 1, 2, 254}) {
    claims["tier"] = tier;
    CHECK(check(issuer.sign(claims)).tier == tier);
  }
  claims["tier"] = nullptr;
  CHECK(check(issuer.sign(claims)).good());
  CHECK(check(issuer.sign(claims)).tier == 1);
}

TEST_CASE("the seats that a person has elsewhere are told, and are none where none are claimed") {
  const PassIssuer& issuer = issuers()[0];
  json claims = good_claims();
  CHECK(check(issuer.sign(claims)).seats_elsewhere == 0);
  for (const int seats : {0, 1, 4, 1'000}) {
    claims["seats_elsewhere"] = seats;
    CHECK(check(issuer.sign(claims)).seats_elsewhere == seats);
  }
  claims["seats_elsewhere"] = nullptr;
  CHECK(check(issuer.sign(claims)).good());
  CHECK(check(issuer.sign(claims)).seats_elsewhere == 0);
}

TEST_CASE("a subject may have up to 255 bytes") {
  json claims = good_claims();
  claims["sub"] = std::string(255, 's');
  CHECK(fault_of(issuers()[0].sign(claims)) == "none");
  claims["sub"] = std::string(256, 's');
  CHECK(fault_of(issuers()[0].sign(claims)) == "subject");
}

TEST_CASE("a pass is good until its expiry and not at it") {
  const std::string pass = issuers()[0].sign(good_claims());
  CHECK(fault_of(pass, now + seconds(300) - microseconds(1)) == "none");
  CHECK(fault_of(pass, now + seconds(300)) == "expired");
}

TEST_CASE("only the three algorithms are known, spelt exactly") {
  const PassIssuer& issuer = issuers()[0];
  for (const char* const name :
       {"none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES384",
        "ES512", "ES256K", "Ed25519", "eddsa", "EDDSA", "EdDSA ", "A128KW"}) {
    json header = issuer.header();
    header["alg"] = name;
    INFO(name);
    CHECK(fault_of(issuer.sign(header, good_claims())) == "algorithm");
  }
  for (const json& value : {json(nullptr), json(7), json::array({"EdDSA"}), json(true)}) {
    json header = issuer.header();
    header["alg"] = value;
    CHECK(fault_of(issuer.sign(header, good_claims())) == "malformed");
  }
  CHECK(fault_of(issuer.sign(json::object(), good_claims())) == "malformed");
}

TEST_CASE("an unsigned pass is refused however it says so") {
  for (const char* const alg : {"none", "EdDSA", "ES256", "RS256"}) {
    const std::string pass =
        base64url_of(json{{"alg", alg}}.dump()) + "." + base64url_of(good_claims().dump()) + ".";
    INFO(alg);
    CHECK_FALSE(check(pass).good());
  }
}

TEST_CASE("a public key is no secret: a pass with an HMAC by it is refused") {
  for (const auto& issuer : issuers()) {
    const json jwk = issuer.jwk();
    std::vector<Bytes> secrets;
    const std::string text = jwk.dump();
    secrets.emplace_back(text.begin(), text.end());
    for (const char* const member : {"n", "x", "y"})
      if (jwk.contains(member))
        secrets.push_back(*from_base64url(jwk[member].get_ref<const std::string&>()));
    for (const auto& secret : secrets) {
      for (const char* const alg : {"HS256", "RS256", "ES256", "EdDSA"}) {
        json header = issuer.header();
        header["alg"] = alg;
        const std::string input =
            base64url_of(header.dump()) + "." + base64url_of(good_claims().dump());
        CHECK_FALSE(check(input + "." + to_base64url(hmac_sha256(secret, as_bytes(input)))).good());
      }
    }
  }
}

TEST_CASE("a key verifies its own algorithm alone") {
  // The name of every key with the algorithm of every other, signed by either.
  for (const auto& signer : issuers())
    for (const auto& named : issuers())
      for (const auto& claimed : issuers()) {
        const json header = {{"alg", claimed.alg()}, {"kid", named.key_id()}};
        const bool honest = &signer == &named && &named == &claimed;
        INFO(signer.alg() << " " << named.alg() << " " << claimed.alg());
        CHECK(check(signer.sign(header, good_claims())).good() == honest);
      }
}

TEST_CASE("a pass by a key that is not in the set is refused, whatever it brings along") {
  const std::string addresses[] = {"jku", "x5u"};
  for (const char* const alg : {"EdDSA", "ES256"}) {
    const PassIssuer stranger(alg, "stranger");
    CHECK(fault_of(stranger.sign(good_claims())) == "unknown-key");
    json header = stranger.header();
    header["jwk"] = stranger.jwk();
    CHECK(fault_of(stranger.sign(header, good_claims())) == "unknown-key");
    header.erase("kid");
    CHECK(fault_of(stranger.sign(header, good_claims())) == "signature");
    for (const auto& name : addresses) header[name] = "https://evil.example/keys";
    CHECK(fault_of(stranger.sign(header, good_claims())) == "signature");
  }
  // An honest pass may carry them; nobody reads them.
  json header = issuers()[0].header();
  header["jku"] = "https://accounts.example/keys";
  header["x5t"] = "AAAA";
  CHECK(fault_of(issuers()[0].sign(header, good_claims())) == "none");
}

TEST_CASE("a header that demands an extension is refused") {
  json header = issuers()[0].header();
  for (const json& demand : {json::array({"exp"}), json::array({"b64"}), json::array(), json(1)}) {
    header["crit"] = demand;
    CHECK(fault_of(issuers()[0].sign(header, good_claims())) == "critical-extension");
  }
}

TEST_CASE("a key's name in a pass must be a text") {
  for (const json& id : {json(1), json(nullptr), json::array({"ed"}), json::object()}) {
    json header = issuers()[0].header();
    header["kid"] = id;
    CHECK(fault_of(issuers()[0].sign(header, good_claims())) == "malformed");
  }
  json header = issuers()[0].header();
  header["kid"] = "";
  CHECK(fault_of(issuers()[0].sign(header, good_claims())) == "unknown-key");
}

TEST_CASE("a pass changed in any bit is refused") {
  for (const auto& issuer : issuers()) {
    const std::string pass = issuer.sign(good_claims());
    REQUIRE(check(pass).good());
    // Every character of short passes, a share of RSA's long ones.
    const std::size_t step = issuer.alg() == "RS256" ? 7 : 1;
    for (std::size_t at = 0; at < pass.size(); at += step) {
      std::string changed = pass;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      if (changed == pass) continue;
      INFO(issuer.alg() << " at " << at);
      CHECK_FALSE(check(changed).good());
    }
  }
}

TEST_CASE("a signature must have its one length and form") {
  for (const auto& issuer : issuers()) {
    const std::string input =
        base64url_of(issuer.header().dump()) + "." + base64url_of(good_claims().dump());
    const Bytes good = issuer.signature(input);
    REQUIRE(check(input + "." + to_base64url(good)).good());
    std::vector<Bytes> bad = {{},        Bytes(1),   Bytes(63),   Bytes(64),
                              Bytes(65), Bytes(256), Bytes(2'000)};
    for (const std::size_t fewer : {1U, 2U, 32U})
      bad.emplace_back(good.begin(), good.end() - fewer);
    Bytes longer = good;
    longer.push_back(0);
    bad.push_back(longer);
    Bytes led = good;
    led.insert(led.begin(), 0);
    bad.push_back(led);
    bad.emplace_back(Bytes(64, 0xff));
    for (const auto& signature : bad) {
      INFO(issuer.alg() << " " << signature.size());
      CHECK_FALSE(check(input + "." + to_base64url(signature)).good());
    }
    CHECK_FALSE(check(input + "." + to_base64url(good) + "=").good());
  }
}

TEST_CASE("what is no token at all is refused") {
  const PassIssuer& issuer = issuers()[0];
  const std::string pass = issuer.sign(good_claims());
  const std::string cases[] = {
      "",
      ".",
      "..",
      "...",
      "a.b",
      "a.b.c.d",
      pass + ".",
      "." + pass,
      pass + " ",
      " " + pass,
      pass + "\n",
      "Bearer " + pass,
      pass.substr(0, pass.rfind('.')),
      issuer.sign_texts("{", good_claims().dump()),
      issuer.sign_texts("[]", "{}"),
      issuer.sign_texts(issuer.header().dump() + "x", good_claims().dump()),
      issuer.sign_texts(issuer.header().dump(), "not json"),
      issuer.sign_texts(issuer.header().dump(), "[]"),
      issuer.sign_texts(issuer.header().dump(), "\xff\xfe"),
      issuer.sign_texts(issuer.header().dump(), good_claims().dump() + "{}"),
      issuer.sign_texts(issuer.header().dump(), "")};
  for (const auto& text : cases) {
    INFO(text);
    CHECK(fault_of(text) == "malformed");
  }
}

TEST_CASE("a pass has at most 8192 bytes and nests at most eight deep") {
  const PassIssuer& issuer = issuers()[0];
  json claims = good_claims();
  claims["padding"] = std::string(5'000, 'x');
  const std::string roomy = issuer.sign(claims);
  REQUIRE(roomy.size() < guard::pass_bytes_max);
  CHECK(check(roomy).good());
  claims["padding"] = std::string(6'500, 'x');
  CHECK(fault_of(issuer.sign(claims)) == "malformed");

  const auto nested = [&](int depth) {
    std::string text = good_claims().dump();
    text.back() = ',';
    return issuer.sign_texts(issuer.header().dump(), text + "\"deep\":" + std::string(depth, '[') +
                                                         std::string(depth, ']') + "}");
  };
  CHECK(fault_of(nested(7)) == "none");
  CHECK(fault_of(nested(8)) == "malformed");
  CHECK(fault_of(nested(2'000)) == "malformed");
}

TEST_CASE("noise never passes and never breaks anything") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string alphabet = "ABCDEFabcdef0123456789-_.{}\"";
  for (int n = 0; n < 2'000; ++n) {
    std::string pass = issuers()[n % 3].sign(good_claims());
    const std::size_t changes = 1 + random() % 4;
    for (std::size_t change = 0; change < changes; ++change) {
      const std::size_t at = random() % pass.size();
      const char letter = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          pass[at] = letter;
          break;
        case 1:
          pass.erase(at, 1 + random() % 20);
          break;
        default:
          pass.insert(at, 1, letter);
      }
      if (pass.empty()) break;
    }
    // The signature covers everything, so only an undone change can pass.
    const auto verdict = check(pass);
    if (verdict.good()) CHECK(verdict.subject == check(issuers()[0].sign(good_claims())).subject);
  }
}
