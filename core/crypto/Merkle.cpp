#include "core/crypto/Merkle.h"

namespace tallylock::crypto {

static constexpr std::uint8_t kLeafPrefix = 0;
static constexpr std::uint8_t kNodePrefix = 1;

Hash merkleLeaf(ByteView data) {
    Sha256 hash;
    hash.update({&kLeafPrefix, 1});
    hash.update(data);
    return hash.finish();
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

} // namespace tallylock::crypto
