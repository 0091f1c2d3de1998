#include "guard/jwks.hpp"
#include "guard/pass_issuer.hpp"

using namespace frontrow;
using namespace frontrow::testing;
using Catch::Matchers::Contains;
using guard::KeySet;
using guard::PassAlgorithm;

namespace {

std::string error_of(const std::string& text) {
  const auto set = KeySet::parse(text);
  CHECK((set.value.has_value() != !set.error.empty()));
  return set.error;
}

json changed(json key, const char* patch) {
  key.merge_patch(json::parse(patch));
  return key;
}

KeySet::Verdict verify(const KeySet& set, const std::string& token) {
  const std::size_t dot = token.rfind('.');
  const auto signature = from_base64url(token.substr(dot + 1));
  REQUIRE(signature);
  const auto header = from_base64url(token.substr(0, token.find('.')));
  REQUIRE(header);
  const json head = json::parse(header->begin(), header->end());
  const auto algorithm = guard::pass_algorithm_named(head["alg"].get<std::string>());
  REQUIRE(algorithm);
  const std::string id = head.value("kid", "");
  return set.verify(*algorithm, head.contains("kid") ? &id : nullptr,
                    as_bytes(std::string_view(token).substr(0, dot)), *signature);
}

}  // namespace

TEST_CASE("the signatures of the standards' own examples verify") {
  // RFC 8037 appendix A.4, RFC 7515 appendices A.3 and A.2.
  const struct {
    const char* key;
    const char* token;
  } examples[] = {
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
       "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
      {R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
       "eyJhbGciOiJFUzI1NiJ9."
       "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
       "cnVlfQ."
       "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
      {R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Va)"
       R"(w-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_)"
       R"(7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlx)"
       R"(vb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54)"
       R"(h4FRWyuXpoQ","e":"AQAB"})",
       "eyJhbGciOiJSUzI1NiJ9."
       "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
       "cnVlfQ."
       "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W"
       "2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkS"
       "jtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnv"
       "Wh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
  };
  for (const auto& example : examples) {
    const auto set = KeySet::parse(key_set_text({json::parse(example.key)}));
    INFO(set.error);
    REQUIRE(set);
    CHECK(verify(*set.value, example.token) == KeySet::Verdict::kGood);
    std::string forged = example.token;
    const std::size_t at = forged.find('.') + 3;
    forged[at] = forged[at] == 'a' ? 'b' : 'a';
    CHECK(verify(*set.value, forged) == KeySet::Verdict::kBadSignature);
  }
}

TEST_CASE("what is no key set is refused with the reason") {
  const struct {
    const char* text;
    const char* reason;
  } rows[] = {
      {"", "not a JSON object"},
      {"{", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"\xff", "not a JSON object"},
      {"{}", "no list `keys`"},
      {R"({"keys":{}})", "no list `keys`"},
      {R"({"keys":[7]})", "keys[0] is no object"},
      {R"({"keys":[{}]})", "keys[0] has no kty"},
      {R"({"keys":[{"kty":7}]})", "keys[0] has no kty"},
      {R"({"keys":[{"kty":"OKP","crv":"Ed25519"}]})", "its x is missing"},
      {R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]})", "its x has 3 bytes"},
      {R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"A+=="}]})", "its x is missing or not"},
      {R"({"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}]})", "its x has 3 bytes"},
      {R"({"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]})", "its n has 17 bits"},
      {R"({"keys":[{"kty":"RSA","n":"","e":"AQAB"}]})", "its n has 0 bits"},
      {R"({"keys":[{"kty":"RSA","e":"AQAB"}]})", "its n is missing"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK_THAT(error_of(row.text), Contains(row.reason));
  }
}

TEST_CASE("a point that is not on the curve is refused") {
  json key = issuers()[1].jwk();
  key["y"] = key["x"];
  CHECK_THAT(error_of(key_set_text({key})), Contains("no point of P-256"));
  const std::string zeros(43, 'A');
  key["x"] = key["y"] = zeros;
  CHECK_THAT(error_of(key_set_text({key})), Contains("no point of P-256"));
}

TEST_CASE("weak and monstrous RSA keys are refused") {
  const json good = issuers()[2].jwk();
  CHECK(error_of(key_set_text({good})).empty());
  CHECK_THAT(error_of(key_set_text({PassIssuer("RS256", "", 1'024).jwk()})),
             Contains("its n has 1024 bits"));
  json key = good;
  Bytes huge(1'025, 0xff);
  key["n"] = to_base64url(huge);
  CHECK_THAT(error_of(key_set_text({key})), Contains("its n has 8200 bits"));
  huge.resize(1'024);
  key["n"] = to_base64url(huge);
  CHECK(error_of(key_set_text({key})).empty());
  huge.back() = 0xfe;
  key["n"] = to_base64url(huge);
  CHECK_THAT(error_of(key_set_text({key})), Contains("its n is even"));
  key = good;
  for (const Bytes& exponent : {Bytes{}, Bytes{0}, Bytes{1}, Bytes{3}, Bytes{1, 0, 0},
                                Bytes{1, 0, 0, 0, 1}, Bytes(256, 0xff)}) {
    key["e"] = to_base64url(exponent);
    CHECK_THAT(error_of(key_set_text({key})), Contains("its e is not an odd number"));
  }
  // A zero in front, as signed encodings have it, changes no number.
  Bytes padded = *from_base64url(good["n"].get<std::string>());
  padded.insert(padded.begin(), 0);
  key = good;
  key["n"] = to_base64url(padded);
  const auto set = KeySet::parse(key_set_text({key}));
  REQUIRE(set);
  CHECK(verify(*set.value, issuers()[2].sign(json::object())) == KeySet::Verdict::kGood);
}

TEST_CASE("a private key in the set is refused") {
  for (const auto& issuer : issuers())
    CHECK_THAT(error_of(key_set_text({changed(issuer.jwk(), R"({"d":"AAAA"})")})),
               Contains("keys[0] holds a private key"));
}

TEST_CASE("keys of other kinds are left out and named") {
  const json good = issuers()[0].jwk();
  const json others[] = {
      json::parse(R"({"kty":"oct","k":"AAAA","kid":"ed"})"),
      json::parse(R"({"kty":"OKP","crv":"X25519","x":"AAAA"})"),
      json::parse(R"({"kty":"OKP","crv":"Ed448","x":"AAAA"})"),
      json::parse(R"({"kty":"EC","crv":"P-384","x":"AAAA","y":"AAAA"})"),
      json::parse(R"({"kty":"EC"})"),
      json::parse(R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"})"),
      changed(issuers()[2].jwk(), R"({"use":"enc"})"),
      changed(issuers()[2].jwk(), R"({"alg":"RS512"})"),
      changed(issuers()[2].jwk(), R"({"alg":"HS256"})"),
      changed(issuers()[2].jwk(), R"({"key_ops":["encrypt"]})"),
      changed(issuers()[2].jwk(), R"({"key_ops":"verify"})"),
  };
  for (const auto& other : others) {
    INFO(other.dump());
    const auto set = KeySet::parse(key_set_text({other, good}));
    REQUIRE(set);
    CHECK(set.value->size() == 1);
    REQUIRE(set.warnings.size() == 1);
    CHECK_THAT(set.warnings[0], Contains("keys[0] is left out"));
    CHECK(verify(*set.value, issuers()[0].sign(json::object())) == KeySet::Verdict::kGood);
  }
  for (const char* const fitting :
       {R"({"use":"sig"})", R"({"alg":"RS256"})", R"({"key_ops":["sign","verify"]})"}) {
    const auto set = KeySet::parse(key_set_text({changed(issuers()[2].jwk(), fitting)}));
    REQUIRE(set);
    CHECK(set.value->size() == 1);
  }
}

TEST_CASE("a key set has at most 64 keys and 256 KB") {
  std::vector<json> keys;
  for (int n = 0; n < 64; ++n) {
    json key = issuers()[0].jwk();
    key["kid"] = "key-" + std::to_string(n);
    keys.push_back(key);
  }
  auto set = KeySet::parse(key_set_text(keys));
  REQUIRE(set);
  CHECK(set.value->size() == 64);
  keys.push_back(json::parse(R"({"kty":"oct"})"));
  CHECK_THAT(error_of(key_set_text(keys)), Contains("more than 64 keys"));

  const std::string one = key_set_text({issuers()[0].jwk()});
  CHECK(error_of(one + std::string(guard::jwks_bytes_max - one.size(), ' ')).empty());
  CHECK_THAT(error_of(one + std::string(guard::jwks_bytes_max - one.size() + 1, ' ')),
             Contains("larger than"));
  CHECK_THAT(error_of(R"({"keys":[)" + std::string(100'000, '[') + "]}"),
             Contains("not a JSON object"));
}

TEST_CASE("key names are texts, and none is taken twice for one algorithm") {
  const json key = issuers()[0].jwk();
  for (const char* const patch : {R"({"kid":7})", R"({"kid":""})", R"({"kid":[]})"})
    CHECK_THAT(error_of(key_set_text({changed(key, patch)})), Contains("has a kid that is not"));
  json longer = key;
  longer["kid"] = std::string(256, 'k');
  CHECK_THAT(error_of(key_set_text({longer})), Contains("has a kid that is not"));
  CHECK_THAT(error_of(key_set_text({key, changed(PassIssuer("EdDSA").jwk(), R"({"kid":"ed"})")})),
             Contains("keys[1] has the kid of a key before it"));
  // RFC 7517 section 4.5 allows one name for keys of different types.
  CHECK(error_of(key_set_text({key, changed(issuers()[1].jwk(), R"({"kid":"ed"})")})).empty());
}

TEST_CASE("a token without a key's name is tried with the few keys of its algorithm") {
  std::vector<PassIssuer> four;
  std::vector<json> keys = {issuers()[1].jwk(), issuers()[2].jwk()};
  for (int n = 0; n < 4; ++n) {
    four.emplace_back("EdDSA", "key-" + std::to_string(n));
    keys.push_back(four.back().jwk());
  }
  const json bare = {{"alg", "EdDSA"}};
  const PassIssuer fifth("EdDSA");
  {
    const auto set = KeySet::parse(key_set_text(keys));
    REQUIRE(set);
    for (const auto& issuer : four)
      CHECK(verify(*set.value, issuer.sign(bare, json::object())) == KeySet::Verdict::kGood);
    CHECK(verify(*set.value, fifth.sign(bare, json::object())) == KeySet::Verdict::kBadSignature);
  }
  // One more, and nobody may make a check cost them all: the token must say which.
  keys.push_back(fifth.jwk());
  const auto set = KeySet::parse(key_set_text(keys));
  REQUIRE(set);
  for (const auto& issuer : four) {
    CHECK(verify(*set.value, issuer.sign(bare, json::object())) == KeySet::Verdict::kUnknownKey);
    CHECK(verify(*set.value, issuer.sign(json::object())) == KeySet::Verdict::kGood);
  }
}

TEST_CASE("an empty key set is a key set and verifies nothing") {
  const auto set = KeySet::parse(R"({"keys":[]})");
  REQUIRE(set);
  CHECK(set.value->size() == 0);
  for (const auto& issuer : issuers())
    CHECK(verify(*set.value, issuer.sign(json::object())) == KeySet::Verdict::kUnknownKey);
}
