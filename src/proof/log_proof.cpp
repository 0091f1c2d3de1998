#include "proof/log_proof.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace frontrow::proof {

std::vector<std::string> nodes_to_text(std::span<const Bytes32> nodes) {
  std::vector<std::string> texts;
  texts.reserve(nodes.size());
  for (const auto& node : nodes) texts.push_back(to_base64(node));
  return texts;
}

std::optional<std::vector<Bytes32>> nodes_from_text(std::span<const std::string> texts) {
  if (texts.size() > proof_nodes_max) return std::nullopt;
  std::vector<Bytes32> nodes;
  nodes.reserve(texts.size());
  for (const auto& text : texts) {
    const auto bytes = from_base64(text);
    if (!bytes || bytes->size() != sizeof(Bytes32)) return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), nodes.emplace_back().begin());
  }
  return nodes;
}

}  // namespace frontrow::proof
