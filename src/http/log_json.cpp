#include "http/log_json.hpp"

#include "base/encoding.hpp"

namespace frontrow::http {
namespace {

void write_nodes(JsonWriter& json, std::span<const Bytes32> nodes) {
  json.key("nodes").begin_array();
  for (const auto& node : proof::nodes_to_text(nodes)) json.value(node);
  json.end_array();
}

}  // namespace

void write_receipt(JsonWriter& json, const proof::ReceiptFields& receipt) {
  json.begin_object();
  json.field("round", receipt.round);
  json.field("entry", receipt.entry);
  json.field("tier", receipt.tier);
  json.field("joined_at", receipt.joined_at);
  json.field("sequence", receipt.sequence);
  json.field("leaf", receipt.leaf);
  json.field("signature", receipt.signature);
  json.end_object();
}

void write_entry_proof(JsonWriter& json, const proof::EntryProof& proof) {
  json.begin_object();
  json.field("checkpoint", proof.checkpoint->note);
  json.key("facts").begin_array();
  for (const auto& [name, logged] : proof.facts) {
    json.begin_object();
    json.field("name", name);
    json.field("leaf", to_base64(logged.leaf));
    json.key("proof").begin_object();
    json.field("index", logged.inclusion.index);
    json.field("size", logged.inclusion.size);
    write_nodes(json, logged.inclusion.nodes);
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_consistency(JsonWriter& json, const proof::ConsistencyProof& proof) {
  json.begin_object();
  json.field("from", proof.from);
  json.field("to", proof.to);
  write_nodes(json, proof.nodes);
  json.end_object();
}

}  // namespace frontrow::http
