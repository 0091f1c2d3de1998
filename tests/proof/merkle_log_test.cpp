#include "proof/merkle_log.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "base/encoding.hpp"
#include "leaves.hpp"
#include "naive_tree.hpp"
#include "proof/verify.hpp"

using namespace frontrow;
using namespace frontrow::proof;

namespace {

constexpr std::size_t size_max = 200;

std::vector<std::string> hex_of(const std::vector<Bytes32>& nodes) {
  std::vector<std::string> texts;
  for (const auto& node : nodes) texts.push_back(to_hex(node));
  return texts;
}

}  // namespace

TEST_CASE("the root of every size is RFC 6962's, also while the log grows") {
  const auto leaves = make_leaves(size_max);
  MerkleLog log;
  CHECK(log.root(0) == naive::root({}));
  for (std::size_t size = 1; size <= size_max; ++size) {
    CHECK(log.append(leaves[size - 1]) == size - 1);
    log.publish();
    CAPTURE(size);
    CHECK(log.root(size) == naive::root(naive::Leaves(leaves).first(size)));
    CHECK(log.root(size) ==
          merkle_root({leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
  for (std::size_t size = 0; size <= size_max; ++size)
    CHECK(log.root(size) == naive::root(naive::Leaves(leaves).first(size)));
}

TEST_CASE("every inclusion proof is RFC 6962's and verifies") {
  const auto leaves = make_leaves(size_max);
  MerkleLog log;
  append_all(log, leaves);
  bool all_equal = true;
  bool all_verify = true;
  for (std::size_t size = 1; size <= size_max; ++size) {
    const auto tree = naive::Leaves(leaves).first(size);
    const Bytes32 root = naive::root(tree);
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = log.prove_inclusion(index, size);
      REQUIRE(proof.has_value());
      all_equal = all_equal && *proof == InclusionProof{index, size, naive::path(index, tree)};
      all_verify = all_verify && verify_inclusion(leaves[index], *proof, root);
    }
  }
  CHECK(all_equal);
  CHECK(all_verify);
}

TEST_CASE("every consistency proof is RFC 6962's and verifies") {
  const auto leaves = make_leaves(size_max);
  MerkleLog log;
  append_all(log, leaves);
  std::vector<Bytes32> roots;
  for (std::size_t size = 0; size <= size_max; ++size)
    roots.push_back(naive::root(naive::Leaves(leaves).first(size)));
  bool all_equal = true;
  bool all_verify = true;
  for (std::size_t to = 0; to <= size_max; ++to) {
    for (std::size_t from = 0; from <= to; ++from) {
      const auto proof = log.prove_consistency(from, to);
      REQUIRE(proof.has_value());
      const auto expected = from == 0 ? std::vector<Bytes32>{}
                                      : naive::consistency(from, naive::Leaves(leaves).first(to));
      all_equal = all_equal && *proof == ConsistencyProof{from, to, expected};
      all_verify = all_verify && verify_consistency(*proof, roots[from], roots[to]);
    }
  }
  CHECK(all_equal);
  CHECK(all_verify);
}

TEST_CASE(
    "the eight leaves that implementations of RFC 6962 share have the known roots and proofs") {
  const std::vector<std::string> data = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  MerkleLog log;
  for (const auto& hex : data) log.append(merkle_leaf(*from_hex(hex)));
  log.publish();
  for (std::size_t size = 0; size < roots.size(); ++size)
    CHECK(to_hex(log.root(size).value()) == roots[size]);

  CHECK(
      hex_of(log.prove_inclusion(0, 8)->nodes) ==
      std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                               "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                               "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
  CHECK(
      hex_of(log.prove_inclusion(5, 8)->nodes) ==
      std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                               "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
  CHECK(
      hex_of(log.prove_consistency(1, 8)->nodes) ==
      std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                               "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                               "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
  CHECK(
      hex_of(log.prove_consistency(6, 8)->nodes) ==
      std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                               "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                               "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
}

TEST_CASE("a log over many chunks agrees with the tree hash over all its leaves") {
  const std::size_t size = 40'000;
  const auto leaves = make_leaves(size);
  MerkleLog log;
  append_all(log, leaves);
  const Bytes32 root = merkle_root(leaves);
  CHECK(log.root(size) == root);

  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 500; ++n) {
    const std::size_t index = random() % size;
    const std::size_t from = random() % (size + 1);
    CAPTURE(index, from);
    CHECK(log.leaf(index) == leaves[index]);
    CHECK(verify_inclusion(leaves[index], *log.prove_inclusion(index, size), root));
    CHECK(verify_consistency(*log.prove_consistency(from, size), *log.root(from), root));
  }
}

TEST_CASE("nothing is told of leaves that are not published, and nothing of what is out of order") {
  const auto leaves = make_leaves(10);
  MerkleLog log;
  for (const auto& leaf : leaves) log.append(leaf);
  CHECK(log.appended() == 10);
  CHECK(log.size() == 0);
  CHECK_FALSE(log.leaf(0).has_value());
  CHECK_FALSE(log.root(1).has_value());
  CHECK_FALSE(log.prove_inclusion(0, 1).has_value());
  CHECK_FALSE(log.prove_consistency(1, 2).has_value());

  log.publish();
  CHECK(log.size() == 10);
  CHECK(log.leaf(9) == leaves[9]);
  CHECK_FALSE(log.leaf(10).has_value());
  CHECK_FALSE(log.root(11).has_value());
  CHECK_FALSE(log.prove_inclusion(10, 10).has_value());
  CHECK_FALSE(log.prove_inclusion(0, 11).has_value());
  CHECK_FALSE(log.prove_inclusion(0, 0).has_value());
  CHECK_FALSE(log.prove_consistency(3, 11).has_value());
  CHECK_FALSE(log.prove_consistency(4, 3).has_value());
  CHECK_FALSE(log.root(~std::uint64_t{0}).has_value());
}

TEST_CASE("readers prove what is published while another thread appends") {
  constexpr std::size_t leaf_count = 20'000;
  const auto leaves = make_leaves(leaf_count);
  MerkleLog log;
  std::atomic<int> ready{0};
  std::atomic<bool> all_good{true};
  std::atomic<std::uint64_t> checked{0};

  const auto read = [&](unsigned seed) {
    std::mt19937 random(seed);
    Bytes32 seen_root = *log.root(0);
    std::uint64_t seen_size = 0;
    ready.fetch_add(1);
    bool done = false;
    while (!done) {
      const std::uint64_t size = log.size();
      done = size == leaf_count;
      if (size == seen_size) continue;
      const auto root = log.root(size);
      const std::uint64_t index = random() % size;
      const auto included = log.prove_inclusion(index, size);
      const auto consistent = log.prove_consistency(seen_size, size);
      const bool good = root && included && consistent && log.leaf(index) == leaves[index] &&
                        verify_inclusion(leaves[index], *included, *root) &&
                        verify_consistency(*consistent, seen_root, *root);
      if (!good) all_good = false;
      seen_root = *root;
      seen_size = size;
      checked.fetch_add(1);
    }
  };
  std::thread first(read, 1);
  std::thread second(read, 2);
  while (ready.load() < 2) std::this_thread::yield();
  for (std::size_t n = 0; n < leaf_count; ++n) {
    log.append(leaves[n]);
    // Now and then the appender waits until a reader has looked at a size that was new to it, so
    // that the two really alternate on any machine.
    const bool wait = n % 1'000 == 0;
    const auto before = checked.load();
    if (wait || n % 7 == 0) log.publish();
    while (wait && checked.load() == before) std::this_thread::yield();
  }
  log.publish();
  first.join();
  second.join();
  CHECK(all_good.load());
  CHECK(checked.load() >= 20);
  CHECK(log.root(leaf_count) == merkle_root(leaves));
}
