// A batch: what one journal record holds. Chained by hash and signed by the coordinator.
//
//   {1: number, 2: time, 3: previous head, 4: first sequence, 5: entries, 6: events hash, 7: signature, 8: devices}
//
// Head = labelledHash("batch", [1..6, 8]); the signature is over [head], label "batch-head". A batch without entries is
// a tick: it was journaled because a deadline was due. Events hash: Merkle root (crypto/Merkle.h) of the encoded events
// of the batch, in order, refusals included as encoded replies.
//
// Entries are signed envelopes, and commands that came on sessions (Envelope.h). Of those, `devices` lists the senders,
// each once, in the order of their first. A batch without key 8 is from before there were sessions: all its entries are
// envelopes, its head is labelledHash("batch", [1..6]), and the signature is over that array, label "batch".
#pragma once

#include "core/crypto/Merkle.h"
#include "core/engine/Engine.h"
#include "core/keys/Identity.h"
#include "core/wire/Envelope.h"

#include <unordered_map>

namespace tallylock::wire {

struct Batch {
    std::uint64_t number = 0; ///< from 1, without gaps
    std::int64_t timeMs = 0;
    Hash previous;                   ///< head of the batch before; the genesis hash for the first
    std::uint64_t firstSequence = 0; ///< of its first command; commands are numbered from 1, without gaps
    std::vector<Bytes> entries;
    Hash eventsHash;
    Signature signature;
    std::optional<std::vector<IdentityKey>> devices{};
    static constexpr void fields(auto use) {
        use(field(1, &Batch::number), field(2, &Batch::timeMs), field(3, &Batch::previous),
            field(4, &Batch::firstSequence), field(5, &Batch::entries), field(6, &Batch::eventsHash),
            field(7, &Batch::signature), field(8, &Batch::devices));
    }
};

/// The journal's first record.
struct Genesis {
    std::uint64_t format = 1;
    engine::Config config;
    Hash nonce; ///< random: makes each coordinator's chain its own
    static constexpr void fields(auto use) {
        use(field(1, &Genesis::format), field(2, &Genesis::config), field(3, &Genesis::nonce));
    }
};

Hash genesisHash(const Genesis& genesis); ///< labelledHash("genesis", ...)
Hash headOf(const Batch& batch);
/// Gives the head.
Hash signBatch(Batch& batch, const keys::Identity& coordinator);
[[nodiscard]] bool verifyBatch(const Batch& batch, const IdentityKey& coordinator);
/// The same for whoever knows the head already.
[[nodiscard]] bool verifyBatch(const Batch& batch, const Hash& head, const IdentityKey& coordinator);

/// Collects the commands of a batch in the form in which they are journaled.
class BatchEntries {
public:
    void addSigned(Bytes envelope) { m_entries.push_back(std::move(envelope)); }
    void addUnsigned(const IdentityKey& device, const UnsignedCommand& command);
    /// Into a batch. Nothing is left here.
    void moveInto(Batch& batch);

private:
    std::vector<Bytes> m_entries;
    std::vector<IdentityKey> m_devices;
    std::unordered_map<IdentityKey, std::uint64_t> m_places;
};
/// The commands of a batch, in order, without a look at their signatures. Malformed also if its devices are not those
/// of its unsigned commands, in the order of their first.
Result<std::vector<engine::Command>, WireError> readCommands(const Batch& batch);

/// An event as it is stored, streamed and hashed.
Bytes encodeEvent(const engine::EventBody& event);
Result<engine::EventBody, CborError> decodeEvent(ByteView bytes);

/// The events hash of a batch, made while the batch is applied.
class EventsHash {
public:
    void add(const engine::Event& event);
    void add(const engine::Reply& reply);
    Hash root() const { return m_tree.root(); }
    /// What has been added, in order. Nothing is left here.
    std::vector<Hash> takeLeaves() { return std::move(m_leaves); }

private:
    void addLeaf();
    CborWriter m_writer;
    crypto::MerkleBuilder m_tree;
    std::vector<Hash> m_leaves;
};

/// The hash of a sale receipt: labelledHash("receipt", receipt). The next receipt of the sale names it.
Hash receiptHash(const engine::ReceiptMade& receipt);

} // namespace tallylock::wire

// Coded once, in Batch.cpp: what takes long to compile is not compiled wherever it is used.
namespace tallylock {
extern template Bytes encodeCbor(const wire::Batch&);
extern template Result<wire::Batch, CborError> decodeCbor(ByteView);
} // namespace tallylock
