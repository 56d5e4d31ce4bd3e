#include "core/wire/Batch.h"

#include "core/crypto/Merkle.h"

namespace tallylock::wire {

namespace {
constexpr const char* kBatchLabel = "batch";

Bytes batchContent(const Batch& batch) {
    return crypto::cborList(batch.number, batch.timeMs, batch.previous, batch.firstSequence, batch.envelopes,
                            batch.eventsHash);
}
} // namespace

Hash genesisHash(const Genesis& genesis) { return crypto::labelledHash("genesis", genesis); }
Hash headOf(const Batch& batch) { return crypto::labelledHash(kBatchLabel, batchContent(batch)); }

void signBatch(Batch& batch, const keys::Identity& coordinator) {
    batch.signature = coordinator.sign(kBatchLabel, batchContent(batch));
}

bool verifyBatch(const Batch& batch, const IdentityKey& coordinator) {
    return crypto::verify(coordinator, kBatchLabel, batchContent(batch), batch.signature);
}

Bytes encodeEvent(const engine::EventBody& event) { return encodeCbor(event); }
Result<engine::EventBody, CborError> decodeEvent(ByteView bytes) { return decodeCbor<engine::EventBody>(bytes); }

void EventsHash::add(const engine::Event& event) { m_leaves.push_back(crypto::merkleLeaf(encodeEvent(event.body))); }
void EventsHash::add(const engine::Reply& reply) { m_leaves.push_back(crypto::merkleLeaf(encodeCbor(reply))); }
Hash EventsHash::root() const { return crypto::merkleRoot(m_leaves); }

Hash receiptHash(const engine::ReceiptMade& receipt) { return crypto::labelledHash("receipt", receipt); }

} // namespace tallylock::wire
