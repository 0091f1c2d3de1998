#include "proof/signed_note.hpp"

#include <catch2/catch.hpp>

#include "base/encoding.hpp"
#include "proof/note_text.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

// The published example of the format's first implementation: key, secret, text and signature.
constexpr auto known_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr auto known_seed = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
constexpr auto known_text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr auto known_signature =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6K"
    "E6RyyBwJnAM=\n";
const std::string known_note = std::string(known_text) + "\n" + known_signature;

// The example of the specification, whose key is not public: its form can be read.
const std::string specification_note =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
    "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

VerifierKey key_of(const std::string& text) {
  auto key = VerifierKey::parse(text);
  REQUIRE(key.has_value());
  return *key;
}

NoteSigner signer(const std::string& name, std::uint8_t filling) {
  Bytes32 seed;
  seed.fill(filling);
  return NoteSigner(name, seed);
}

std::string line_of(const std::string& note) { return note.substr(note.rfind("\n\n") + 2); }

}  // namespace

TEST_CASE("Ed25519 gives the signatures of RFC 8032") {
  Bytes32 seed;
  REQUIRE(from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", seed));
  const Ed25519Key key(seed);
  CHECK(to_hex(key.public_key()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const Signature64 signature = key.sign({});
  CHECK(
      to_hex(signature) ==
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
      "b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(ed25519_verify(key.public_key(), {}, signature));
  CHECK_FALSE(ed25519_verify(key.public_key(), as_bytes("x"), signature));
}

TEST_CASE("the known note opens with its key, and signing its text again gives its bytes") {
  const auto key = key_of(known_key);
  CHECK(key.name() == "PeterNeumann");
  CHECK(to_hex(key.id()) == "c74f20a3");
  const auto opened = open_note(known_note, key);
  CHECK(opened.fault == NoteFault::kNone);
  CHECK(opened.text == known_text);

  Bytes32 seed;
  REQUIRE(from_hex(known_seed, seed));
  const NoteSigner known("PeterNeumann", seed);
  CHECK(known.verifier_key() == key);
  CHECK(known.verifier_key().text() == known_key);
  CHECK(known.sign(known_text) == known_note);
}

TEST_CASE("the text of a note may hold empty lines: the last one ends it") {
  const auto note = parse_note(specification_note);
  REQUIRE(note.has_value());
  CHECK(note->text ==
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito "
        "sera.\n");
  REQUIRE(note->signatures.size() == 1);
  CHECK(note->signatures[0].name == "quasimodo.example/salvatore");
  CHECK(to_hex(note->signatures[0].id) == "367ba04b");
  CHECK(note->signatures[0].bytes.size() == 64);
  CHECK(open_note(specification_note, key_of(known_key)).fault == NoteFault::kNotSignedByKey);
}

TEST_CASE("a note with any one bit changed does not open") {
  const auto key = key_of(known_key);
  REQUIRE(open_note(known_note, key).fault == NoteFault::kNone);
  for (std::size_t bit = 0; bit < known_note.size() * 8; ++bit) {
    std::string changed = known_note;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CAPTURE(bit);
    const auto opened = open_note(changed, key);
    CHECK(opened.fault != NoteFault::kNone);
    CHECK(opened.text.empty());
  }
}

TEST_CASE("a note whose form is wrong is refused") {
  const std::string text = known_text;
  const std::string line = known_signature;
  const std::string cases[] = {
      "",
      "\n",
      "\n\n",
      text,
      text + "\n",
      text + line,
      line,
      known_note.substr(0, known_note.size() - 1),
      known_note + "\n",
      known_note + "x\n",
      known_note + "\n\n",
      text + "\n" + line + "- PeterNeumann x08go/ZJkg==\n",
      text + "\n" + "—PeterNeumann" + line.substr(line.rfind(' ')),
      text + "\n" + "— PeterNeumann\n",
      text + "\n" + "—  " + line.substr(line.rfind(' ') + 1),
      text + "\n" + "— Peter+Neumann" + line.substr(line.rfind(' ')),
      text + "\n" + "— Peter\xc2\xa0Neumann" + line.substr(line.rfind(' ')),
      text + "\n" + "— PeterNeumann x08gow==\n",   // an id alone
      text + "\n" + "— PeterNeumann x08go/ZJk\n",  // no padding where there should be
      text + "\n" + "— PeterNeumann  x08go/ZJkuBS\n",
      text + "\n" + "— PeterNeumann x08go/ZJkuBS \n",
      "a\tb\n\n" + line,
      "a\r\n\n" + line,
      std::string("a\0b\n\n", 5) + line,
      "a\xff\n\n" + line,
      "a\xc0\xaf\n\n" + line,      // overlong
      "a\xed\xa0\x80\n\n" + line,  // a surrogate
      "a\xe2\x80\n\n" + line,      // cut short
      std::string(note_bytes_max, 'a') + "\n\n" + line,
  };
  for (const auto& note : cases) {
    CAPTURE(note);
    CHECK_FALSE(parse_note(note).has_value());
    CHECK(open_note(note, key_of(known_key)).fault == NoteFault::kMalformed);
  }
}

TEST_CASE("signatures by other keys are passed over, but one by the key itself must be right") {
  const auto mine = signer("log.example/a", 1);
  const auto same_name = signer("log.example/a", 2);
  const auto other = signer("witness.example", 3);
  const std::string text = "a text\n";
  const std::string note = mine.sign(text);
  const auto opens = [&](const std::string& lines) {
    return open_note(text + "\n" + lines, mine.verifier_key()).fault;
  };
  const std::string my_line = line_of(note);
  const std::string wrong_line = line_of(mine.sign("another text\n"));
  CHECK(opens(my_line) == NoteFault::kNone);
  CHECK(opens(line_of(other.sign(text)) + my_line) == NoteFault::kNone);
  CHECK(opens(my_line + line_of(same_name.sign("whatever\n"))) == NoteFault::kNone);
  CHECK(opens(my_line + my_line) == NoteFault::kNone);
  CHECK(opens(line_of(other.sign(text))) == NoteFault::kNotSignedByKey);
  CHECK(opens(line_of(same_name.sign(text))) == NoteFault::kNotSignedByKey);
  CHECK(opens(wrong_line) == NoteFault::kBadSignature);
  CHECK(opens(my_line + wrong_line) == NoteFault::kBadSignature);
  CHECK(opens(wrong_line + my_line) == NoteFault::kBadSignature);

  // A key that was made to share the name and the id is found out by its signature.
  std::string short_line = "— log.example/a ";
  std::vector<std::uint8_t> bytes(mine.verifier_key().id().begin(), mine.verifier_key().id().end());
  bytes.resize(bytes.size() + 63, 7);
  short_line += to_base64(bytes) + "\n";
  CHECK(opens(short_line) == NoteFault::kBadSignature);
}

TEST_CASE("as many signatures as the bound are read, one more is refused") {
  const auto other = signer("witness.example", 3);
  const auto mine = signer("log.example/a", 1);
  const std::string text = "a text\n";
  std::string note = mine.sign(text);
  for (std::size_t n = 1; n < note_signatures_max; ++n) note += line_of(other.sign(text));
  CHECK(open_note(note, mine.verifier_key()).fault == NoteFault::kNone);
  note += line_of(other.sign(text));
  CHECK(open_note(note, mine.verifier_key()).fault == NoteFault::kMalformed);
}

TEST_CASE("a verifier key is read in exactly one spelling") {
  const std::string good = known_key;
  CHECK(key_of(good).text() == good);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string changed = good;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CAPTURE(changed);
    CHECK_FALSE(VerifierKey::parse(changed).has_value());
  }
  const std::string cases[] = {
      "",
      "PeterNeumann",
      "PeterNeumann+c74f20a3",
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
      " PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+AhpcmQ==",
      "PeterNeumann++ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  };
  for (const auto& text : cases) {
    CAPTURE(text);
    CHECK_FALSE(VerifierKey::parse(text).has_value());
  }
  CHECK_FALSE(VerifierKey::make("", {}).has_value());
  CHECK_FALSE(VerifierKey::make("a b", {}).has_value());
  CHECK_FALSE(VerifierKey::make(std::string(key_name_bytes_max + 1, 'a'), {}).has_value());
  CHECK(VerifierKey::make("สนาม.example/rounds/1", {}).has_value());
}

TEST_CASE("a key's name has no plus, no space of any script and no control character") {
  for (const std::string good : {"a", "example.com/log42", "ü", "\xf0\x9f\x8e\xab"})
    CHECK(is_key_name(good));
  for (const std::string bad :
       {"", " ", "a b", "a+b", "a\n", "a\tb", "\xc2\x85", "\xe1\x9a\x80", "\xe2\x80\x83",
        "\xe2\x80\xa8", "\xe3\x80\x80", "\xf8", "\x80", "\xf4\x90\x80\x80"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_key_name(bad));
  }
}
