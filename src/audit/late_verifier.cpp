#include "audit/late_verifier.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "audit/draw_steps.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "round/drand_chains.hpp"

namespace frontrow::audit {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view algorithm_name = "frontrow/late/v1";
constexpr std::string_view seed_label = "frontrow/late/v1\0"sv;

std::array<std::uint8_t, 8> number_bytes(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t n = 0; n < bytes.size(); ++n)
    bytes[n] = static_cast<std::uint8_t>(number >> (8 * (bytes.size() - 1 - n)));
  return bytes;
}

/// The first window with which something is wrong, and what.
template <class Check>
Problem in_each(const LateFile& file, Check check) {
  for (const LateWindowFile& window : file.windows)
    if (const Problem wrong = check(window))
      return "window " + std::to_string(window.n) + ": " + *wrong;
  return {};
}

Problem check_algorithm(const LateFile& file) {
  if (file.algorithm.empty() || file.algorithm == algorithm_name) return {};
  return "the file follows \"" + file.algorithm + "\", this program knows " +
         std::string(algorithm_name);
}

Problem check_commitment(const LateFile& file) {
  if (!file.late_secret || !file.late_commitment) return {};
  const Bytes32 expected = sha256(*file.late_secret);
  if (expected == *file.late_commitment) return {};
  return "SHA-256 of the late secret is " + to_hex(expected);
}

Problem check_windows(const LateFile& file) {
  std::vector<Bytes16> entries;
  for (std::size_t n = 0; n < file.windows.size(); ++n) {
    if (n > 0 && file.windows[n].n <= file.windows[n - 1].n)
      return "window " + std::to_string(file.windows[n].n) + " stands behind window " +
             std::to_string(file.windows[n - 1].n);
    for (const PublicEntry& entry : file.windows[n].entries) entries.push_back(entry.entry);
  }
  std::sort(entries.begin(), entries.end());
  const auto twice = std::adjacent_find(entries.begin(), entries.end());
  if (twice == entries.end()) return {};
  return "entry " + to_hex(*twice) + " is there twice";
}

Problem check_window_secret(const LateFile& file) {
  if (!file.late_secret) return {};
  return in_each(file, [&](const LateWindowFile& window) -> Problem {
    const Bytes32 expected = hmac_sha256(*file.late_secret, number_bytes(window.n));
    if (expected == window.window_secret) return {};
    return "the late secret gives " + to_hex(expected);
  });
}

Problem check_window_root(const LateFile& file) {
  return in_each(file, [](const LateWindowFile& window) -> Problem {
    for (const PublicEntry& entry : window.entries)
      if (entry.tier != 1) return "entry " + to_hex(entry.entry) + " is not of tier 1";
    return root_problem(window.entries, window.window_root);
  });
}

Problem check_beacon(const LateFile& file) {
  return in_each(file, [](const LateWindowFile& window) {
    return beacon_problem(window.beacon, window.beacon_signature);
  });
}

/// Whether the file tells enough to say which round is a window's own.
bool tells_rounds(const LateFile& file) {
  return file.draw_at && file.window_length && round::drand_round_time(file.beacon_chain, 1);
}

Problem check_beacon_round(const LateFile& file) {
  return in_each(file, [&](const LateWindowFile& window) -> Problem {
    if (!window.beacon) {
      if (!window.beacon_round) return {};
      return "a round is named, but there is no beacon";
    }
    if (!window.beacon_round) return "the beacon's round is not named";
    if (!tells_rounds(file)) return {};
    const Duration since{static_cast<std::int64_t>(window.n + 1) *
                         file.window_length->microseconds};
    // Strictly after the window's end.
    const auto first =
        round::drand_round_at(file.beacon_chain, *file.draw_at + since + microseconds(1));
    if (first == window.beacon_round) return {};
    return "it names round " + std::to_string(*window.beacon_round) +
           ", the first after its end is " + std::to_string(first.value_or(0));
  });
}

Problem check_seed(const LateFile& file) {
  return in_each(file, [](const LateWindowFile& window) -> Problem {
    const ByteView beacon = window.beacon ? ByteView(*window.beacon) : ByteView{};
    const auto number = number_bytes(window.n);
    const Bytes32 expected =
        sha256({as_bytes(seed_label), ByteView(number), ByteView(window.window_secret),
                ByteView(window.window_root), beacon});
    if (expected == window.seed) return {};
    return "label, number, secret, root and beacon give " + to_hex(expected);
  });
}

Problem check_ranks(const LateFile& file) {
  std::uint64_t first = 1;
  if (file.lobby_count) {
    first = *file.lobby_count + 1;
  } else if (!file.windows.empty()) {
    std::uint64_t least = ~std::uint64_t{0};
    for (const PublicEntry& entry : file.windows.front().entries)
      least = std::min(least, entry.rank);
    first = least;
  }
  return in_each(file, [&](const LateWindowFile& window) {
    const std::uint64_t begin = std::exchange(first, first + window.entries.size());
    return rank_problem(window.entries, window.seed, begin);
  });
}

std::string numbers_of(const std::vector<std::uint64_t>& windows) {
  constexpr std::size_t named_max = 20;
  std::string text;
  for (std::size_t n = 0; n < windows.size() && n < named_max; ++n)
    text += (n == 0 ? "" : ", ") + std::to_string(windows[n]);
  if (windows.size() > named_max)
    text += " and " + std::to_string(windows.size() - named_max) + " more";
  return text;
}

std::vector<std::string> remarks_on(const LateFile& file) {
  std::vector<std::string> remarks;
  std::vector<std::uint64_t> without;
  for (const LateWindowFile& window : file.windows)
    if (!window.beacon) without.push_back(window.n);
  if (!without.empty())
    remarks.push_back((file.beacon_chain.empty()
                           ? "the round fetches no beacon for late windows; these went "
                             "without one: "
                           : "the beacon did not come in time; windows without one: ") +
                      numbers_of(without) + ". There the operator could have chosen the order");
  if (without.size() != file.windows.size()) {
    if (!tells_rounds(file))
      remarks.push_back(
          "that each beacon is the first after its window's end could not be checked: the file "
          "does not tell when the draw was, or the chain is not known here");
    remarks.push_back("compare the beacons with their drand rounds" +
                      (file.beacon_chain.empty() ? "" : " of chain " + file.beacon_chain) +
                      " at any relay: that the signatures are drand's own is not checked here");
  }
  if (!file.late_secret && !file.windows.empty())
    remarks.push_back(
        "the late secret is not public until the round is closed: check again then, and compare "
        "late_commitment with the copy from before the lobby opened");
  if (!file.lobby_count && !file.windows.empty())
    remarks.push_back(
        "the file does not tell how many were drawn before: where the ranks begin "
        "was not checked");
  return remarks;
}

}  // namespace

DrawVerdict verify_late(const LateFile& file) {
  using Check = Problem (*)(const LateFile&);
  static constexpr std::pair<const char*, Check> steps[] = {
      {"algorithm", check_algorithm},
      {"late_commitment", check_commitment},
      {"windows", check_windows},
      {"window_secret", check_window_secret},
      {"window_root", check_window_root},
      {"beacon", check_beacon},
      {"beacon_round", check_beacon_round},
      {"seed", check_seed},
      {"ranks", check_ranks},
  };
  DrawVerdict verdict;
  for (const auto& [name, check] : steps) {
    if (const Problem wrong = check(file)) {
      verdict.failure = DrawVerdict::Failure{name, *wrong};
      return verdict;
    }
    verdict.passed.emplace_back(name);
  }
  if (!file.late_secret) verdict.not_told = {"late_commitment", "window_secret"};
  if (!tells_rounds(file)) verdict.not_told.emplace_back("beacon_round");
  verdict.remarks = remarks_on(file);
  return verdict;
}

}  // namespace frontrow::audit
