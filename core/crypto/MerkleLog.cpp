#include "core/crypto/MerkleLog.h"

#include <bit>
#include <cassert>

namespace tallylock::crypto {

namespace {
/// The largest power of two below n; n > 1.
std::uint64_t splitOf(std::uint64_t n) { return std::bit_floor(n - 1); }

/// Walks down the tree of RFC 9162. `m_ok` is false once a node could not be read.
class Walk {
public:
    explicit Walk(const MerkleNodes& nodes) : m_nodes(nodes) {}

    /// Of the leaves [begin, begin + size): complete subtrees are read, and what is left joined.
    Hash rootOf(std::uint64_t begin, std::uint64_t size) {
        if (std::has_single_bit(size)) {
            const auto level = static_cast<unsigned>(std::countr_zero(size));
            const auto node = m_nodes(level, begin >> level);
            m_ok = m_ok && node;
            return node.value_or(Hash{});
        }
        const std::uint64_t left = splitOf(size);
        const Hash leftRoot = rootOf(begin, left);
        return merkleNode(leftRoot, rootOf(begin + left, size - left));
    }

    void path(std::uint64_t index, std::uint64_t begin, std::uint64_t size, std::vector<Hash>& into) {
        if (size == 1) return;
        const std::uint64_t left = splitOf(size);
        if (index < left) {
            path(index, begin, left, into);
            into.push_back(rootOf(begin + left, size - left));
        } else {
            path(index - left, begin + left, size - left, into);
            into.push_back(rootOf(begin, left));
        }
    }

    /// SUBPROOF: `isWhole` says that the first tree's root is known to whoever checks.
    void consistency(std::uint64_t first, std::uint64_t begin, std::uint64_t size, bool isWhole,
                     std::vector<Hash>& into) {
        if (first == size) {
            if (!isWhole) into.push_back(rootOf(begin, size));
            return;
        }
        const std::uint64_t left = splitOf(size);
        if (first <= left) {
            consistency(first, begin, left, isWhole, into);
            into.push_back(rootOf(begin + left, size - left));
        } else {
            consistency(first - left, begin + left, size - left, false, into);
            into.push_back(rootOf(begin, left));
        }
    }

    template <class T>
    std::optional<T> orNothing(T result) const {
        if (!m_ok) return std::nullopt;
        return result;
    }

private:
    const MerkleNodes& m_nodes;
    bool m_ok = true;
};
} // namespace

std::optional<std::vector<MerkleAddition>> merkleAdd(const MerkleNodes& nodes, std::uint64_t count, const Hash& leaf) {
    std::vector<MerkleAddition> added{{0, count, leaf}};
    for (std::uint64_t index = count; (index & 1) != 0; index >>= 1) {
        const MerkleAddition right = added.back();
        const auto left = nodes(right.level, right.index - 1);
        if (!left) return std::nullopt;
        added.push_back({right.level + 1, right.index >> 1, merkleNode(*left, right.hash)});
    }
    return added;
}

std::optional<Hash> merkleLogRoot(const MerkleNodes& nodes, std::uint64_t count) {
    if (count == 0) return sha256({});
    Walk walk(nodes);
    const Hash root = walk.rootOf(0, count);
    return walk.orNothing(root);
}

std::optional<std::vector<Hash>> merkleLogPath(const MerkleNodes& nodes, std::uint64_t index, std::uint64_t count) {
    assert(index < count);
    Walk walk(nodes);
    std::vector<Hash> path;
    walk.path(index, 0, count, path);
    return walk.orNothing(std::move(path));
}

std::optional<std::vector<Hash>> merkleLogConsistency(const MerkleNodes& nodes, std::uint64_t first,
                                                      std::uint64_t count) {
    assert(first > 0 && first <= count);
    Walk walk(nodes);
    std::vector<Hash> proof;
    walk.consistency(first, 0, count, true, proof);
    return walk.orNothing(std::move(proof));
}

bool merkleConsistent(std::uint64_t first, const Hash& firstRoot, std::uint64_t second, const Hash& secondRoot,
                      std::span<const Hash> proof) {
    if (first == 0 || first > second) return false;
    if (first == second) return proof.empty() && firstRoot == secondRoot;
    if (proof.empty()) return false;
    // A first tree that is complete is itself the first node of the proof, and is not sent.
    const bool isComplete = std::has_single_bit(first);
    std::uint64_t node = first - 1;
    std::uint64_t last = second - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    Hash fromFirst = isComplete ? firstRoot : proof.front();
    Hash fromSecond = fromFirst;
    for (const Hash& sibling : isComplete ? proof : proof.subspan(1)) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            fromFirst = merkleNode(sibling, fromFirst);
            fromSecond = merkleNode(sibling, fromSecond);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            fromSecond = merkleNode(fromSecond, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && fromFirst == firstRoot && fromSecond == secondRoot;
}

} // namespace tallylock::crypto
