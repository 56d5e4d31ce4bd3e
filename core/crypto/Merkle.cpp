#include "core/crypto/Merkle.h"

#include <cassert>

namespace tallylock::crypto {

static constexpr std::uint8_t kLeafPrefix = 0;
static constexpr std::uint8_t kNodePrefix = 1;

Hash merkleLeaf(ByteView data) {
    constexpr std::size_t kSmall = 1024;
    if (data.size() < kSmall) { // in one piece it takes half as long
        std::array<std::uint8_t, kSmall> whole;
        whole[0] = kLeafPrefix;
        std::copy(data.begin(), data.end(), whole.begin() + 1);
        return sha256(ByteView(whole).first(1 + data.size()));
    }
    thread_local Sha256 hasher; // making one costs more than hashing a small leaf
    hasher.update({&kLeafPrefix, 1});
    hasher.update(data);
    return hasher.finish();
}

Hash merkleNode(const Hash& left, const Hash& right) {
    std::array<std::uint8_t, 1 + 2 * Hash::kSize> both;
    both[0] = kNodePrefix;
    std::copy(left.bytes.begin(), left.bytes.end(), both.begin() + 1);
    std::copy(right.bytes.begin(), right.bytes.end(), both.begin() + 1 + Hash::kSize);
    return sha256(both);
}

void MerkleBuilder::add(const Hash& leaf) {
    Hash peak = leaf;
    // Each trailing one in the count is a complete subtree as wide as the peak in hand.
    for (std::uint64_t wide = m_count; wide & 1; wide >>= 1) {
        peak = merkleNode(m_peaks.back(), peak);
        m_peaks.pop_back();
    }
    m_peaks.push_back(peak);
    ++m_count;
}

Hash MerkleBuilder::root() const {
    if (m_peaks.empty()) return sha256({});
    Hash root = m_peaks.back();
    for (std::size_t i = m_peaks.size() - 1; i-- > 0;) root = merkleNode(m_peaks[i], root);
    return root;
}

Hash merkleRoot(const std::vector<Hash>& leaves) {
    MerkleBuilder builder;
    for (const Hash& leaf : leaves) builder.add(leaf);
    return builder.root();
}

MerkleTree::MerkleTree(std::vector<Hash> leaves) {
    m_levels.push_back(std::move(leaves));
    while (m_levels.back().size() > 1) {
        const std::vector<Hash>& below = m_levels.back();
        std::vector<Hash> level;
        level.reserve((below.size() + 1) / 2);
        for (std::size_t i = 0; i + 1 < below.size(); i += 2) level.push_back(merkleNode(below[i], below[i + 1]));
        if (below.size() % 2 != 0) level.push_back(below.back());
        m_levels.push_back(std::move(level));
    }
}

Hash MerkleTree::root() const { return count() == 0 ? sha256({}) : m_levels.back().front(); }

std::vector<Hash> MerkleTree::path(std::uint64_t index) const {
    assert(index < count());
    std::vector<Hash> path;
    for (const std::vector<Hash>& level : m_levels) {
        const std::uint64_t sibling = index ^ 1;
        if (sibling < level.size()) path.push_back(level[sibling]);
        index >>= 1;
    }
    return path;
}

std::optional<Hash> merkleRootFrom(const Hash& leaf, std::uint64_t index, std::uint64_t count,
                                   std::span<const Hash> path) {
    if (index >= count) return std::nullopt;
    Hash node = leaf;
    std::uint64_t last = count - 1; // the last node of the level that `node` is on
    for (const Hash& sibling : path) {
        if (last == 0) return std::nullopt; // at the root already
        // The last node of a level has no sibling on its right: it moves up until it is a right child.
        while (index == last && (index & 1) == 0) {
            index >>= 1;
            last >>= 1;
        }
        node = (index & 1) != 0 ? merkleNode(sibling, node) : merkleNode(node, sibling);
        index >>= 1;
        last >>= 1;
    }
    if (last != 0) return std::nullopt;
    return node;
}

bool merkleIncluded(const Hash& leaf, std::uint64_t index, std::uint64_t count, std::span<const Hash> path,
                    const Hash& root) {
    return merkleRootFrom(leaf, index, count, path) == root;
}

} // namespace tallylock::crypto
