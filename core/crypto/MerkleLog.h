// A Merkle tree that only grows, whose inner nodes are kept somewhere else: paths, and proofs that a longer one begins
// with a shorter one (RFC 9162, section 2.1; the tree is that of Merkle.h).
#pragma once

#include "core/crypto/Merkle.h"

#include <functional>

namespace tallylock::crypto {

/// The root of the complete subtree over the leaves [index << level, (index + 1) << level). Nothing if it cannot be
/// read; then the function that asked gives nothing either.
using MerkleNodes = std::function<std::optional<Hash>(unsigned level, std::uint64_t index)>;

/// What is to be kept when a leaf is added behind `count` others: the leaf itself (level 0), and the complete subtrees
/// that it ends, in rising levels. Of the nodes before it, it asks for those on its left.
struct MerkleAddition {
    unsigned level = 0;
    std::uint64_t index = 0;
    Hash hash;
};
std::optional<std::vector<MerkleAddition>> merkleAdd(const MerkleNodes& nodes, std::uint64_t count, const Hash& leaf);

/// The root of the first `count` leaves.
std::optional<Hash> merkleLogRoot(const MerkleNodes& nodes, std::uint64_t count);
/// The siblings from leaf `index` up to the root of the first `count` leaves; index < count.
std::optional<std::vector<Hash>> merkleLogPath(const MerkleNodes& nodes, std::uint64_t index, std::uint64_t count);
/// That the tree of `count` leaves begins with that of the first `first` (section 2.1.4.1); 0 < first <= count. Empty
/// if they are the same.
std::optional<std::vector<Hash>> merkleLogConsistency(const MerkleNodes& nodes, std::uint64_t first,
                                                      std::uint64_t count);

/// Whether the proof shows it (section 2.1.4.2). Takes what others sent.
bool merkleConsistent(std::uint64_t first, const Hash& firstRoot, std::uint64_t second, const Hash& secondRoot,
                      std::span<const Hash> proof);

} // namespace tallylock::crypto
