#include "core/host/OwedTree.h"

#include "core/crypto/Kdf.h"

#include <algorithm>

namespace tallylock::host {

using money::Amount;
using wire::OwedLeaf;
using wire::OwedNode;
using wire::OwedProof;

namespace {
/// The next level: pairs joined, a node without a sibling as it is. Empty if a sum does not fit.
std::vector<OwedNode> above(const std::vector<OwedNode>& level) {
    std::vector<OwedNode> next;
    next.reserve((level.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2) {
        auto joined = wire::owedNode(level[i], level[i + 1]);
        if (!joined) return {};
        next.push_back(std::move(*joined));
    }
    if (level.size() % 2 != 0) next.push_back(level.back());
    return next;
}

/// A secret number of this holder and purpose.
template <class... Parts>
Hash drawn(const SecretBytes& secret, const Parts&... parts) {
    return crypto::hmacSha256(secret.view(), crypto::cborList(parts...));
}

/// The first part of an account's balance: anything from nothing to all of it.
money::Int128 firstPart(money::Int128 total, const Hash& random) {
    constexpr int kBits = 16;
    const auto share = static_cast<money::Int128>(random.bytes[0] << 8 | random.bytes[1]);
    return (total >> kBits) * share + (((total & 0xffff) * share) >> kBits);
}
} // namespace

OwedTree::OwedTree(std::uint32_t day, std::vector<ports::OwedRow> rows, const SecretBytes& secret)
    : m_day(day),
      m_rows(std::move(rows)),
      m_secret(crypto::labelledKdf(secret.view(), {}, "owed-salts", crypto::cborList(day))) {
    for (std::uint32_t row = 0; row < m_rows.size(); ++row) {
        if (row > 0 && m_rows[row - 1].holder == m_rows[row].holder) continue;
        for (std::uint8_t part = 0; part < kParts; ++part)
            m_leaves.push_back({wire::owedLeafNode(leafOf(row, part)).hash, row, part});
    }
    std::sort(m_leaves.begin(), m_leaves.end(), [](const Leaf& a, const Leaf& b) { return a.hash < b.hash; });
    std::vector<OwedNode> blocks;
    for (std::uint64_t block = 0; block << kBlockLevel < m_leaves.size(); ++block) {
        std::vector<OwedNode> level = blockAt(block);
        while (level.size() > 1) level = above(level);
        if (level.empty()) return;
        blocks.push_back(std::move(level.front()));
    }
    if (blocks.empty()) {
        m_root.emplace(); // nothing is owed
        return;
    }
    m_levels.push_back(std::move(blocks));
    while (m_levels.back().size() > 1) m_levels.push_back(above(m_levels.back()));
    if (!m_levels.back().empty()) m_root = m_levels.back().front();
}

OwedLeaf OwedTree::leafOf(std::uint32_t row, std::uint8_t part) const {
    const HolderId holder = m_rows[row].holder;
    OwedLeaf leaf{m_day, holder, part, drawn(m_secret, holder, part), {}};
    for (; row < m_rows.size() && m_rows[row].holder == holder; ++row) {
        const Amount& total = m_rows[row].total;
        Amount amount{firstPart(total.value, drawn(m_secret, holder, kParts, total.unit)), total.unit};
        if (part != 0) amount.value = total.value - amount.value;
        if (amount.isPositive()) leaf.amounts.push_back(amount);
    }
    return leaf;
}

std::vector<OwedNode> OwedTree::blockAt(std::uint64_t block) const {
    std::vector<OwedNode> nodes;
    const std::uint64_t begin = block << kBlockLevel;
    const std::uint64_t end = std::min<std::uint64_t>(begin + (1u << kBlockLevel), m_leaves.size());
    for (std::uint64_t i = begin; i < end; ++i)
        nodes.push_back(wire::owedLeafNode(leafOf(m_leaves[i].row, m_leaves[i].part)));
    return nodes;
}

std::vector<OwedProof> OwedTree::proofsOf(HolderId holder) const {
    const auto row = std::lower_bound(m_rows.begin(), m_rows.end(), holder,
                                      [](const ports::OwedRow& a, HolderId sought) { return a.holder < sought; });
    std::vector<OwedProof> proofs;
    if (!m_root || row == m_rows.end() || row->holder != holder) return proofs;
    const auto first = static_cast<std::uint32_t>(row - m_rows.begin());
    for (std::uint8_t part = 0; part < kParts; ++part) {
        OwedProof proof{0, leafOf(first, part), {}};
        const Hash hash = wire::owedLeafNode(proof.leaf).hash;
        const auto leaf = std::lower_bound(m_leaves.begin(), m_leaves.end(), hash,
                                           [](const Leaf& a, const Hash& sought) { return a.hash < sought; });
        proof.index = static_cast<std::uint64_t>(leaf - m_leaves.begin());
        climb(proof);
        proofs.push_back(std::move(proof));
    }
    return proofs;
}

void OwedTree::climb(OwedProof& proof) const {
    std::uint64_t index = proof.index;
    const auto step = [&](const std::vector<OwedNode>& level, std::uint64_t offset) {
        const std::uint64_t sibling = (index ^ 1) - offset;
        if (sibling < level.size()) proof.path.push_back(level[sibling]);
        index >>= 1;
    };
    const std::uint64_t block = index >> kBlockLevel;
    std::vector<OwedNode> below = blockAt(block);
    for (unsigned level = 0; level < kBlockLevel; ++level) {
        step(below, block << (kBlockLevel - level));
        below = above(below);
    }
    for (const std::vector<OwedNode>& level : m_levels) step(level, 0);
}

} // namespace tallylock::host
