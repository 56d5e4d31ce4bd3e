// Merkle trees as in RFC 6962, section 2.1, with SHA-256: used by sealed files and by the journal.
#pragma once

#include "core/crypto/Hash.h"

#include <optional>
#include <span>
#include <vector>

namespace tallylock::crypto {

/// SHA-256(0x00 | data).
Hash merkleLeaf(ByteView data);
/// SHA-256(0x01 | left | right).
Hash merkleNode(const Hash& left, const Hash& right);

/// Takes leaf hashes one by one and knows the root at any time, in memory that grows with the logarithm of their
/// number.
class MerkleBuilder {
public:
    void add(const Hash& leaf);
    std::uint64_t count() const { return m_count; }
    /// The root of all leaves so far. Of none it is SHA-256 of nothing.
    Hash root() const;

private:
    std::vector<Hash> m_peaks; // roots of the complete subtrees, the widest first
    std::uint64_t m_count = 0;
};

/// The root of these leaf hashes.
Hash merkleRoot(const std::vector<Hash>& leaves);

/// A whole tree in memory, 64 bytes a leaf, for audit paths (RFC 6962, section 2.1.1).
class MerkleTree {
public:
    explicit MerkleTree(std::vector<Hash> leaves);
    std::uint64_t count() const { return m_levels.front().size(); }
    Hash root() const;
    const Hash& leaf(std::uint64_t index) const { return m_levels.front()[index]; }
    /// The siblings from leaf `index` up to the root. `index` is below count(), which is the caller's bug otherwise.
    std::vector<Hash> path(std::uint64_t index) const;

private:
    std::vector<std::vector<Hash>> m_levels; // the leaves first; a node without a sibling moves up as it is
};

/// The root to which this path leads from leaf `index` of `count` leaves (RFC 9162, section 2.1.3.2, the same tree).
/// Takes what others sent: any index, count and path may come; nothing if the path is not as long as it must be.
std::optional<Hash> merkleRootFrom(const Hash& leaf, std::uint64_t index, std::uint64_t count,
                                   std::span<const Hash> path);
/// Whether it leads to this root.
bool merkleIncluded(const Hash& leaf, std::uint64_t index, std::uint64_t count, std::span<const Hash> path,
                    const Hash& root);

} // namespace tallylock::crypto
