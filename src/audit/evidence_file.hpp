// The JSON files that a fan keeps of the transparency log (docs/transparency-log.md), read into
// what `proof::check_evidence` judges. Any thread; every file may be hostile.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proof/evidence.hpp"

namespace frontrow::audit {

/// Room for `proof::evidence_facts_max` facts with the longest proofs.
inline constexpr std::size_t evidence_file_bytes_max = std::size_t{64} << 20;

/// Each of these: nothing, and `problem` in one line, where the text is not of its form.

/// The receipt itself, or an answer that has it as its `receipt`.
std::optional<proof::Receipt> parse_receipt(std::string_view text, std::string& problem);

struct EntryProofFile {
  std::string checkpoint;  ///< The signed note.
  std::vector<proof::LoggedFact> facts;
};
/// An answer of `GET /audit/proof`.
std::optional<EntryProofFile> parse_entry_proof(std::string_view text, std::string& problem);

/// An answer of `GET /audit/consistency`.
std::optional<proof::ConsistencyProof> parse_consistency(std::string_view text,
                                                         std::string& problem);

/// A whole file of at most `evidence_file_bytes_max`.
std::optional<std::string> read_evidence_file(const std::filesystem::path& path,
                                              std::string& problem);

}  // namespace frontrow::audit
