// Receipts and proofs of the transparency log as JSON, under the names of docs/transparency-log.md.
// Pure; any thread.
#pragma once

#include "http/json_writer.hpp"
#include "proof/log_proof.hpp"
#include "proof/receipt.hpp"
#include "proof/transparency_log.hpp"

namespace frontrow::http {

void write_receipt(JsonWriter& json, const proof::ReceiptFields& receipt);
/// The newest checkpoint and what it proves of one entry.
void write_entry_proof(JsonWriter& json, const proof::EntryProof& proof);
void write_consistency(JsonWriter& json, const proof::ConsistencyProof& proof);

}  // namespace frontrow::http
