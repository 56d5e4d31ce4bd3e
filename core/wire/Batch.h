// A batch: what one journal record holds. Chained by hash and signed by the coordinator.
//
//   {1: number, 2: time, 3: previous head, 4: first sequence, 5: envelopes, 6: events hash, 7: signature}
//
// Head = labelledHash("batch", [1..6]); the signature is over that array, label "batch". A batch without envelopes is a
// tick: it was journaled because a deadline was due. Events hash: Merkle root (crypto/Merkle.h) of the encoded events
// of the batch, in order, refusals included as encoded replies.
#pragma once

#include "core/engine/Engine.h"
#include "core/keys/Identity.h"
#include "core/wire/Envelope.h"

namespace tallylock::wire {

struct Batch {
    std::uint64_t number = 0; ///< from 1, without gaps
    std::int64_t timeMs = 0;
    Hash previous;                   ///< head of the batch before; the genesis hash for the first
    std::uint64_t firstSequence = 0; ///< of its first command; commands are numbered from 1, without gaps
    std::vector<Bytes> envelopes;
    Hash eventsHash;
    Signature signature;
    static constexpr auto fields() {
        return std::tuple{field(1, &Batch::number),        field(2, &Batch::timeMs),    field(3, &Batch::previous),
                          field(4, &Batch::firstSequence), field(5, &Batch::envelopes), field(6, &Batch::eventsHash),
                          field(7, &Batch::signature)};
    }
};

/// The journal's first record.
struct Genesis {
    std::uint64_t format = 1;
    engine::Config config;
    Hash nonce; ///< random: makes each coordinator's chain its own
    static constexpr auto fields() {
        return std::tuple{field(1, &Genesis::format), field(2, &Genesis::config), field(3, &Genesis::nonce)};
    }
};

Hash genesisHash(const Genesis& genesis); ///< labelledHash("genesis", ...)
Hash headOf(const Batch& batch);
void signBatch(Batch& batch, const keys::Identity& coordinator);
[[nodiscard]] bool verifyBatch(const Batch& batch, const IdentityKey& coordinator);

/// An event as it is stored, streamed and hashed.
Bytes encodeEvent(const engine::EventBody& event);
Result<engine::EventBody, CborError> decodeEvent(ByteView bytes);

/// The events hash of a batch, made while the batch is applied.
class EventsHash {
public:
    void add(const engine::Event& event);
    void add(const engine::Reply& reply);
    Hash root() const;

private:
    std::vector<Hash> m_leaves;
};

/// The hash of a sale receipt: labelledHash("receipt", receipt). The next receipt of the sale names it.
Hash receiptHash(const engine::ReceiptMade& receipt);

} // namespace tallylock::wire
