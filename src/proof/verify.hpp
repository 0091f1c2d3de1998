// Checks proofs about the log, from the proof and the roots alone (RFC 9162 sections 2.1.3.2 and
// 2.1.4.2). Pure; any thread; everything that is passed in may be hostile.
//
// A root fixes its tree only together with the size: take both from one signed checkpoint.
#pragma once

#include "frontrow/round_definition.hpp"
#include "proof/log_proof.hpp"

namespace frontrow::proof {

/// `leaf_hash` is leaf `proof.index` of the tree of `proof.size` leaves whose root is `root`.
bool verify_inclusion(const Bytes32& leaf_hash, const InclusionProof& proof, const Bytes32& root);

/// The tree of `proof.from` leaves with `from_root` is the beginning of the tree of `proof.to`
/// leaves with `to_root`.
bool verify_consistency(const ConsistencyProof& proof, const Bytes32& from_root,
                        const Bytes32& to_root);

}  // namespace frontrow::proof
