// What lets a client know that the coordinator has one history, and owes what it says: signed heads of the history,
// proofs that the client's own events are in it, and its place in the daily tree of what is owed.
// docs/decisions/witness.md.
//
// The history is a Merkle tree (RFC 9162, section 2.1) whose leaf n - 1 is merkleLeaf of [head of batch n, its events
// hash] in CBOR. A batch's events hash is the root of such a tree, too, so two paths lead from an event to the signed
// root. The tree of what is owed has sums beside its hashes.
#pragma once

#include "core/keys/Identity.h"
#include "core/money/Amount.h"

namespace tallylock::wire {

inline constexpr std::size_t kMostWitnessed = 512; ///< events in one query

// --- the history ---------------------------------------------------------------------------------------------------

/// Signed by the coordinator, label "history".
struct HistoryHead {
    std::uint64_t batches = 0; ///< leaves of the tree
    Hash root;
    Hash head; ///< of the last batch
    std::uint64_t sequence = 0;
    bool operator==(const HistoryHead&) const = default;
    static constexpr void fields(auto use) {
        using H = HistoryHead;
        use(field(1, &H::batches), field(2, &H::root), field(3, &H::head), field(4, &H::sequence));
    }
};
/// One event of the asker's own stream.
struct Inclusion {
    std::uint64_t position = 0;  ///< of that stream
    std::uint64_t batch = 0;     ///< from 1
    Hash head;                   ///< of that batch
    std::uint64_t index = 0;     ///< among its events
    std::uint64_t count = 0;     ///< of its events
    std::vector<Hash> inBatch;   ///< from the event to the batch's events hash
    std::vector<Hash> inHistory; ///< from the batch to the root
    static constexpr void fields(auto use) {
        using I = Inclusion;
        use(field(1, &I::position), field(2, &I::batch), field(3, &I::head), field(4, &I::index), field(5, &I::count),
            field(6, &I::inBatch), field(7, &I::inHistory));
    }
};
/// To the coordinator. Answered by Witness.
struct WitnessQuery {
    static constexpr std::uint64_t kType = 90;
    std::uint64_t known = 0;              ///< batches of the head that the asker keeps; 0: it has none
    std::vector<std::uint64_t> positions; ///< rising, at most kMostWitnessed
    static constexpr void fields(auto use) { use(field(1, &WitnessQuery::known), field(2, &WitnessQuery::positions)); }
};
struct Witness {
    static constexpr std::uint64_t kType = 91;
    HistoryHead head;
    Signature signature;
    std::vector<Hash> consistency;     ///< from `known` batches to these (RFC 9162, section 2.1.4)
    std::vector<Inclusion> inclusions; ///< of the positions that were asked for and lie in these batches
    static constexpr void fields(auto use) {
        use(field(1, &Witness::head), field(2, &Witness::signature), field(3, &Witness::consistency),
            field(4, &Witness::inclusions));
    }
};

// --- what is owed --------------------------------------------------------------------------------------------------

/// A node of the tree: what is below it, in sum.
struct OwedNode {
    Hash hash;
    std::vector<money::Amount> sums; ///< by rising unit, each once, none of them zero or negative
    bool operator==(const OwedNode&) const = default;
    static constexpr void fields(auto use) { use(field(1, &OwedNode::hash), field(2, &OwedNode::sums)); }
};
/// Signed by the coordinator, label "owed". What it owed to all accounts when the last batch of a day (UTC) was done.
struct OwedNote {
    std::uint32_t day = 0; ///< since 1970-01-01
    std::uint64_t batch = 0;
    std::uint64_t sequence = 0; ///< of the last command in it
    Hash head;
    std::uint64_t leaves = 0;
    OwedNode root;
    bool operator==(const OwedNote&) const = default;
    static constexpr void fields(auto use) {
        using N = OwedNote;
        use(field(1, &N::day), field(2, &N::batch), field(3, &N::sequence), field(4, &N::head), field(5, &N::leaves),
            field(6, &N::root));
    }
};
/// A leaf: labelledHash("owed-leaf", it), with `amounts` as its sums. An account has several, so that whoever sees one
/// as a sibling does not learn what the account holds.
struct OwedLeaf {
    std::uint32_t day = 0;
    HolderId holder;
    std::uint8_t part = 0; ///< of the account
    Hash salt;
    std::vector<money::Amount> amounts;
    static constexpr void fields(auto use) {
        using L = OwedLeaf;
        use(field(1, &L::day), field(2, &L::holder), field(3, &L::part), field(4, &L::salt), field(5, &L::amounts));
    }
};
struct OwedProof {
    std::uint64_t index = 0;
    OwedLeaf leaf;
    std::vector<OwedNode> path; ///< siblings, up to the root
    static constexpr void fields(auto use) {
        use(field(1, &OwedProof::index), field(2, &OwedProof::leaf), field(3, &OwedProof::path));
    }
};
/// To the coordinator: the newest day that is over. Answered by Owed; NotFound before there is one.
struct OwedQuery {
    static constexpr std::uint64_t kType = 92;
    static constexpr void fields(auto use) { use(); }
};
struct Owed {
    static constexpr std::uint64_t kType = 93;
    OwedNote note;
    Signature signature;
    std::vector<OwedProof> proofs; ///< of the asker's account; none if it had nothing
    static constexpr void fields(auto use) {
        use(field(1, &Owed::note), field(2, &Owed::signature), field(3, &Owed::proofs));
    }
};

// --- made and checked ----------------------------------------------------------------------------------------------

Hash historyLeaf(const Hash& head, const Hash& eventsHash);
Signature signHistory(const HistoryHead& head, const keys::Identity& coordinator);
Signature signOwed(const OwedNote& note, const keys::Identity& coordinator);
[[nodiscard]] bool verifyHistory(const HistoryHead& head, const Signature& signature, const IdentityKey& coordinator);
[[nodiscard]] bool verifyOwed(const OwedNote& note, const Signature& signature, const IdentityKey& coordinator);
/// Whether an event of this leaf hash (crypto::merkleLeaf of its bytes) lies where the proof says in this history.
[[nodiscard]] bool isIncluded(const Inclusion& proof, const Hash& event, const HistoryHead& head);

OwedNode owedLeafNode(const OwedLeaf& leaf);
/// Nothing if their sums cannot be added, or are not in the form that OwedNode asks for.
std::optional<OwedNode> owedNode(const OwedNode& left, const OwedNode& right);
/// Whether the leaf counts in the sums of the note.
[[nodiscard]] bool isOwed(const OwedProof& proof, const OwedNote& note);

} // namespace tallylock::wire
