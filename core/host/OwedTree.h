// The tree of what a coordinator owed at the end of a day (wire/Witness.h). Each account is cut into parts at random,
// and the leaves lie in the order of their hashes, so that whoever gets a proof sees of others parts without a name, at
// another place every day. What is random follows from the coordinator's own secret and the day: the tree of a day is
// the same whenever and wherever it is made.
//
// Kept in memory: the balances, 40 bytes a leaf, and the nodes above blocks of leaves; what is below them is made again
// for a proof.
#pragma once

#include "core/base/SecretBytes.h"
#include "core/ports/Projector.h"

namespace tallylock::host {

/// Belongs to one thread.
class OwedTree {
public:
    static constexpr std::uint8_t kParts = 2; ///< of an account

    /// `rows` rise by holder and unit; `secret`: 32 bytes, the coordinator's own.
    OwedTree(std::uint32_t day, std::vector<ports::OwedRow> rows, const SecretBytes& secret);

    std::uint32_t day() const { return m_day; }
    std::uint64_t leaves() const { return m_leaves.size(); }
    /// Nothing if no sum fits into an amount.
    const std::optional<wire::OwedNode>& root() const { return m_root; }
    /// By part; none if the holder had nothing.
    std::vector<wire::OwedProof> proofsOf(HolderId holder) const;

private:
    static constexpr unsigned kBlockLevel = 6;
    struct Leaf {
        Hash hash;
        std::uint32_t row = 0; ///< the first of its holder
        std::uint8_t part = 0;
    };
    wire::OwedLeaf leafOf(std::uint32_t row, std::uint8_t part) const;
    std::vector<wire::OwedNode> blockAt(std::uint64_t block) const;
    void climb(wire::OwedProof& proof) const;

    std::uint32_t m_day;
    std::vector<ports::OwedRow> m_rows;
    SecretBytes m_secret; ///< the day's
    std::vector<Leaf> m_leaves;
    std::vector<std::vector<wire::OwedNode>> m_levels; ///< from kBlockLevel up
    std::optional<wire::OwedNode> m_root;
};

} // namespace tallylock::host
