#include "core/wire/Witness.h"

#include "core/crypto/Merkle.h"

namespace tallylock::wire {

using money::Amount;

namespace {
constexpr const char* kHistoryLabel = "history";
constexpr const char* kOwedLabel = "owed";

struct OwedPair {
    OwedNode left;
    OwedNode right;
    static constexpr void fields(auto use) { use(field(1, &OwedPair::left), field(2, &OwedPair::right)); }
};

/// Rising units, each once, nothing that is zero or negative.
bool isInForm(const std::vector<Amount>& sums) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (!sums[i].isPositive() || (i > 0 && !(sums[i - 1].unit < sums[i].unit))) return false;
    }
    return true;
}

std::optional<std::vector<Amount>> sumOf(const std::vector<Amount>& a, const std::vector<Amount>& b) {
    if (!isInForm(a) || !isInForm(b)) return std::nullopt;
    std::vector<Amount> sums;
    auto inA = a.begin();
    auto inB = b.begin();
    while (inA != a.end() || inB != b.end()) {
        if (inB == b.end() || (inA != a.end() && inA->unit < inB->unit)) {
            sums.push_back(*inA++);
        } else if (inA == a.end() || inB->unit < inA->unit) {
            sums.push_back(*inB++);
        } else {
            Amount sum = *inA++;
            if (!money::addTo(sum.value, (inB++)->value)) return std::nullopt;
            sums.push_back(sum);
        }
    }
    return sums;
}
} // namespace

Hash historyLeaf(const Hash& head, const Hash& eventsHash) {
    CborWriter writer;
    writer.array(2);
    writeCbor(writer, head);
    writeCbor(writer, eventsHash);
    return crypto::merkleLeaf(writer.bytes());
}

Signature signHistory(const HistoryHead& head, const keys::Identity& coordinator) {
    return coordinator.sign(kHistoryLabel, head);
}
Signature signOwed(const OwedNote& note, const keys::Identity& coordinator) {
    return coordinator.sign(kOwedLabel, note);
}
bool verifyHistory(const HistoryHead& head, const Signature& signature, const IdentityKey& coordinator) {
    return crypto::verify(coordinator, kHistoryLabel, head, signature);
}
bool verifyOwed(const OwedNote& note, const Signature& signature, const IdentityKey& coordinator) {
    return crypto::verify(coordinator, kOwedLabel, note, signature);
}

bool isIncluded(const Inclusion& proof, const Hash& event, const HistoryHead& head) {
    const auto eventsHash = crypto::merkleRootFrom(event, proof.index, proof.count, proof.inBatch);
    if (!eventsHash || proof.batch == 0) return false;
    return crypto::merkleIncluded(historyLeaf(proof.head, *eventsHash), proof.batch - 1, head.batches, proof.inHistory,
                                  head.root);
}

OwedNode owedLeafNode(const OwedLeaf& leaf) { return {crypto::labelledHash("owed-leaf", leaf), leaf.amounts}; }

std::optional<OwedNode> owedNode(const OwedNode& left, const OwedNode& right) {
    auto sums = sumOf(left.sums, right.sums);
    if (!sums) return std::nullopt;
    return OwedNode{crypto::labelledHash("owed-node", OwedPair{left, right}), std::move(*sums)};
}

/// The way up is that of crypto::merkleRootFrom, with sums.
bool isOwed(const OwedProof& proof, const OwedNote& note) {
    if (proof.leaf.day != note.day || proof.index >= note.leaves || !isInForm(proof.leaf.amounts)) return false;
    OwedNode node = owedLeafNode(proof.leaf);
    std::uint64_t index = proof.index;
    std::uint64_t last = note.leaves - 1;
    for (const OwedNode& sibling : proof.path) {
        if (last == 0) return false;
        while (index == last && (index & 1) == 0) {
            index >>= 1;
            last >>= 1;
        }
        auto joined = (index & 1) != 0 ? owedNode(sibling, node) : owedNode(node, sibling);
        if (!joined) return false;
        node = std::move(*joined);
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && node == note.root;
}

} // namespace tallylock::wire
