#include "audit/evidence_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/encoding.hpp"
#include "proof/fact.hpp"
#include "round/json_text.hpp"

namespace frontrow::audit {
namespace {

using Json = nlohmann::json;

/// What a person is told; never leaves this file.
struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const Json& member(const Json& object, const std::string& name) {
  if (!object.is_object()) throw Malformed("not an object where " + name + " should be");
  const auto found = object.find(name);
  if (found == object.end()) throw Malformed(name + " is missing");
  return *found;
}

std::string text_of(const Json& object, const std::string& name) {
  const Json& value = member(object, name);
  if (!value.is_string()) throw Malformed(name + " is not a text");
  return value.get<std::string>();
}

std::uint64_t number_of(const Json& object, const std::string& name) {
  const Json& value = member(object, name);
  if (!value.is_number_unsigned()) throw Malformed(name + " is not a whole number");
  return value.get<std::uint64_t>();
}

std::vector<Bytes32> nodes_of(const Json& object) {
  const Json& list = member(object, "nodes");
  if (!list.is_array() || list.size() > proof::proof_nodes_max)
    throw Malformed("nodes is not a list of at most " + std::to_string(proof::proof_nodes_max));
  std::vector<std::string> texts;
  for (const Json& node : list) {
    if (!node.is_string()) throw Malformed("nodes has something that is not a text");
    texts.push_back(node.get<std::string>());
  }
  auto nodes = proof::nodes_from_text(texts);
  if (!nodes) throw Malformed("nodes has something that is not 32 bytes in base64");
  return std::move(*nodes);
}

proof::LoggedFact fact_of(const Json& value) {
  proof::LoggedFact logged;
  const auto leaf = from_base64(text_of(value, "leaf"));
  if (!leaf) throw Malformed("leaf is not base64");
  logged.leaf = *leaf;
  // A name beside the leaf that says something else would mislead whoever reads the file.
  const auto fact = proof::decode_fact(logged.leaf);
  if (fact && text_of(value, "name") != proof::fact_name(*fact))
    throw Malformed("a fact is called " + text_of(value, "name") + ", but its leaf says " +
                    std::string(proof::fact_name(*fact)));
  const Json& inclusion = member(value, "proof");
  logged.inclusion = {number_of(inclusion, "index"), number_of(inclusion, "size"),
                      nodes_of(inclusion)};
  return logged;
}

/// Runs `read` over the parsed text; what it throws becomes the problem.
template <class Read>
auto read_json(std::string_view text, std::string& problem, Read&& read)
    -> std::optional<decltype(read(Json()))> {
  try {
    return read(Json::parse(text));
  } catch (const Malformed& malformed) {
    problem = malformed.what();
  } catch (const Json::exception&) {
    problem = "it is not JSON";
  }
  return std::nullopt;
}

}  // namespace

std::optional<proof::Receipt> parse_receipt(std::string_view text, std::string& problem) {
  return read_json(text, problem, [](const Json& file) {
    const bool whole_answer = file.is_object() && file.contains("receipt");
    const Json& object = whole_answer ? file["receipt"] : file;
    const proof::ReceiptFields fields{text_of(object, "round"),      text_of(object, "entry"),
                                      number_of(object, "tier"),     text_of(object, "joined_at"),
                                      number_of(object, "sequence"), text_of(object, "leaf"),
                                      text_of(object, "signature")};
    auto receipt = proof::from_fields(fields);
    if (!receipt) throw Malformed("a member is not spelled as the server spells it");
    return std::move(*receipt);
  });
}

std::optional<EntryProofFile> parse_entry_proof(std::string_view text, std::string& problem) {
  return read_json(text, problem, [](const Json& file) {
    EntryProofFile read{text_of(file, "checkpoint"), {}};
    const Json& facts = member(file, "facts");
    if (!facts.is_array() || facts.size() > proof::evidence_facts_max)
      throw Malformed("facts is not a list of at most " +
                      std::to_string(proof::evidence_facts_max));
    for (const Json& fact : facts) read.facts.push_back(fact_of(fact));
    return read;
  });
}

std::optional<proof::ConsistencyProof> parse_consistency(std::string_view text,
                                                         std::string& problem) {
  return read_json(text, problem, [](const Json& file) {
    return proof::ConsistencyProof{number_of(file, "from"), number_of(file, "to"), nodes_of(file)};
  });
}

std::optional<std::string> read_evidence_file(const std::filesystem::path& path,
                                              std::string& problem) {
  return round::read_file(path, evidence_file_bytes_max, problem);
}

}  // namespace frontrow::audit
