#include "audit/draw_verifier.hpp"

#include <string_view>
#include <utility>

#include "audit/draw_steps.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace frontrow::audit {
namespace {

using namespace std::string_view_literals;
using Failure = std::optional<DrawVerdict::Failure>;

constexpr std::string_view algorithm_name = "frontrow/draw/v1";
constexpr std::string_view seed_label = "frontrow/draw/v1\0"sv;

Failure check_algorithm(const DrawFile& file) {
  if (file.algorithm.empty() || file.algorithm == algorithm_name) return {};
  return {{"algorithm", "the file follows \"" + file.algorithm + "\", this program knows " +
                            std::string(algorithm_name)}};
}

Failure check_commitment(const DrawFile& file) {
  if (sha256(file.secret) == file.commitment) return {};
  return {{"commitment", "SHA-256 of the secret is " + to_hex(sha256(file.secret))}};
}

Failure check_count(const DrawFile& file) {
  if (file.entries.size() == file.count) return {};
  return {{"count", "the file says " + std::to_string(file.count) + " and lists " +
                        std::to_string(file.entries.size()) + " entries"}};
}

Failure check_root(const DrawFile& file) {
  if (auto wrong = root_problem(file.entries, file.lobby_root)) return {{"lobby_root", *wrong}};
  return {};
}

Failure check_beacon(const DrawFile& file) {
  if (auto wrong = beacon_problem(file.beacon, file.beacon_signature)) return {{"beacon", *wrong}};
  return {};
}

Failure check_seed(const DrawFile& file) {
  const ByteView beacon = file.beacon ? ByteView(*file.beacon) : ByteView{};
  const Bytes32 seed =
      sha256({as_bytes(seed_label), ByteView(file.secret), ByteView(file.lobby_root), beacon});
  if (seed == file.seed) return {};
  return {{"seed", "label, secret, root and beacon give " + to_hex(seed)}};
}

Failure check_ranks(const DrawFile& file) {
  if (auto wrong = rank_problem(file.entries, file.seed, 1)) return {{"ranks", *wrong}};
  return {};
}

std::vector<std::string> remarks_on(const DrawFile& file) {
  std::vector<std::string> remarks;
  if (!file.beacon) {
    const std::string why =
        file.beacon_round
            ? "the named beacon, round " + std::to_string(*file.beacon_round) + ", was not used"
            : "the round names no beacon";
    remarks.push_back("drawn without a beacon (" + why +
                      "): the operator could have chosen the result");
  } else if (!file.beacon_round) {
    remarks.push_back(
        "the file does not name the beacon's round: unless it was public before the lobby opened, "
        "the operator could have chosen the result");
  } else {
    const std::string chain = file.beacon_chain.empty() ? "" : " of chain " + file.beacon_chain;
    remarks.push_back("compare the beacon with drand round " + std::to_string(*file.beacon_round) +
                      chain +
                      " at any relay: that the signature is drand's own is not checked here");
  }
  return remarks;
}

}  // namespace

DrawVerdict verify_draw(const DrawFile& file) {
  using Check = Failure (*)(const DrawFile&);
  static constexpr std::pair<const char*, Check> steps[] = {
      {"algorithm", check_algorithm}, {"commitment", check_commitment}, {"count", check_count},
      {"lobby_root", check_root},     {"beacon", check_beacon},         {"seed", check_seed},
      {"ranks", check_ranks},
  };
  DrawVerdict verdict;
  for (const auto& [name, check] : steps) {
    verdict.failure = check(file);
    if (verdict.failure) return verdict;
    verdict.passed.emplace_back(name);
  }
  if (!file.beacon) verdict.not_told = {"beacon"};
  verdict.remarks = remarks_on(file);
  return verdict;
}

}  // namespace frontrow::audit
