// Merkle trees as in RFC 6962, section 2.1, with SHA-256: used by sealed files and by the journal.
#pragma once

#include "core/crypto/Hash.h"

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

} // namespace tallylock::crypto
