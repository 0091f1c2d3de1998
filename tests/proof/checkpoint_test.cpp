#include "proof/checkpoint.hpp"

#include <catch2/catch.hpp>

#include "base/encoding.hpp"
#include "proof/note_text.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

// A checkpoint of a public log, as its server signed it.
constexpr auto public_key = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
const std::string public_checkpoint =
    "go.sum database tree\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— sum.golang.org "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

Bytes32 root_of(std::uint8_t filling) {
  Bytes32 root;
  root.fill(filling);
  return root;
}

const NoteSigner& signer() {
  static const NoteSigner one(log_name("tickets.example", "bkk-1"), root_of(1));
  return one;
}

const std::string root_line = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

}  // namespace

TEST_CASE("a public log's checkpoint opens with that log's key") {
  const auto key = VerifierKey::parse(public_key);
  REQUIRE(key.has_value());
  const auto opened = open_checkpoint(public_checkpoint, *key, "go.sum database tree");
  REQUIRE(opened.checkpoint.has_value());
  CHECK(opened.checkpoint->size == 20852163);
  CHECK(to_base64(opened.checkpoint->root) + "\n" == root_line);
  CHECK(opened.checkpoint->extensions.empty());
  // As a log of the key's own name it is refused: one key may serve several logs.
  const auto of_another = open_checkpoint(public_checkpoint, *key);
  CHECK_FALSE(of_another.checkpoint.has_value());
  CHECK(of_another.fault == "it is of the log go.sum database tree");
}

TEST_CASE("a checkpoint comes back from its note") {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
    const std::string note = sign_checkpoint(signer(), size, root_of(9));
    const auto opened = open_checkpoint(note, signer().verifier_key());
    REQUIRE(opened.checkpoint.has_value());
    CHECK(*opened.checkpoint == Checkpoint{"tickets.example/rounds/bkk-1", size, root_of(9), {}});
    CHECK(opened.fault.empty());
  }
}

TEST_CASE("a checkpoint's text is read in exactly one spelling") {
  const Checkpoint checkpoint{"example.com/log", 42, root_of(3), {"an extension", "another"}};
  CHECK(parse_checkpoint(checkpoint_text(checkpoint)) == checkpoint);
  CHECK(parse_checkpoint("a\n0\n" + root_line).has_value());

  const std::string cases[] = {
      "",
      "a\n",
      "a\n1\n",
      "\n1\n" + root_line,
      "a\n\n" + root_line,
      "a\n01\n" + root_line,
      "a\n00\n" + root_line,
      "a\n+1\n" + root_line,
      "a\n-1\n" + root_line,
      "a\n 1\n" + root_line,
      "a\n1 \n" + root_line,
      "a\n0x1\n" + root_line,
      "a\n18446744073709551616\n" + root_line,
      "a\n1\n" + root_line.substr(0, root_line.size() - 1),
      "a\n1\n" + root_line.substr(0, root_line.size() - 2) + "\n",
      "a\n1\nAAAA\n",
      "a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
      "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // a stray bit
      "a\n1\n" + root_line + "\n",
      "a\n1\n" + root_line + "x",
      "a\n1\n" + root_line + "x\n\ny\n",
      "a\r\n1\n" + root_line,
  };
  for (const auto& text : cases) {
    CAPTURE(text);
    CHECK_FALSE(parse_checkpoint(text).has_value());
  }
}

TEST_CASE("why a checkpoint does not open is said") {
  const auto& key = signer().verifier_key();
  const auto fault = [&](const std::string& note) { return open_checkpoint(note, key).fault; };
  const std::string good = sign_checkpoint(signer(), 7, root_of(7));
  CHECK(fault(good).empty());
  CHECK(fault("hello") == "it is not a signed note");
  CHECK(fault(public_checkpoint) ==
        "it has no signature by tickets.example/rounds/bkk-1 with the key id " + to_hex(key.id()));
  std::string changed = good;
  changed.replace(changed.find("\n7\n"), 3, "\n8\n");
  CHECK(fault(changed) == "the signature by tickets.example/rounds/bkk-1 is not valid");
  CHECK(fault(signer().sign("hello\n")) == "the signed text is not a checkpoint");
  CHECK(fault(signer().sign("a\n7\n" + root_line)) == "it is of the log a");
}

TEST_CASE("a log is named after its round, whatever the round is called") {
  CHECK(log_name("tickets.example", "bkk-1") == "tickets.example/rounds/bkk-1");
  CHECK(log_name("localhost:8443/x", "a b+c/d\n") == "localhost:8443/x/rounds/a%20b%2Bc%2Fd%0A");
  CHECK(log_name("", "ก") == "/rounds/%E0%B8%81");
  for (const std::string round : {"bkk-1", "a b", "a+b", "\xff", "\n", "%"}) {
    const auto name = log_name("host", round);
    CAPTURE(name);
    CHECK(is_key_name(name));
    CHECK(is_log_of_round(name, round));
    CHECK_FALSE(is_log_of_round(name, round + "x"));
    CHECK_FALSE(is_log_of_round(name, "x" + round));
  }
  CHECK_FALSE(is_log_of_round("host/rounds/a/rounds/b", "a/rounds/b"));
  CHECK_FALSE(is_log_of_round("bkk-1", "bkk-1"));
}
