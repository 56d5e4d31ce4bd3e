#include "core/wire/Batch.h"

#include <unordered_set>

namespace tallylock::wire {

namespace {
constexpr const char* kBatchLabel = "batch";
constexpr const char* kHeadLabel = "batch-head";

Bytes batchContent(const Batch& batch) {
    CborWriter writer;
    writer.array(batch.devices ? 7 : 6);
    writeCbor(writer, batch.number);
    writeCbor(writer, batch.timeMs);
    writeCbor(writer, batch.previous);
    writeCbor(writer, batch.firstSequence);
    writeCbor(writer, batch.entries);
    writeCbor(writer, batch.eventsHash);
    if (batch.devices) writeCbor(writer, *batch.devices);
    return writer.take();
}
} // namespace

Hash genesisHash(const Genesis& genesis) { return crypto::labelledHash("genesis", genesis); }
Hash headOf(const Batch& batch) { return crypto::labelledHash(kBatchLabel, batchContent(batch)); }

Hash signBatch(Batch& batch, const keys::Identity& coordinator) {
    const Bytes content = batchContent(batch);
    const Hash head = crypto::labelledHash(kBatchLabel, content);
    batch.signature =
        batch.devices ? coordinator.sign(kHeadLabel, crypto::cborList(head)) : coordinator.sign(kBatchLabel, content);
    return head;
}

bool verifyBatch(const Batch& batch, const IdentityKey& coordinator) {
    return verifyBatch(batch, batch.devices ? headOf(batch) : Hash{}, coordinator);
}

bool verifyBatch(const Batch& batch, const Hash& head, const IdentityKey& coordinator) {
    return batch.devices ? crypto::verify(coordinator, kHeadLabel, crypto::cborList(head), batch.signature)
                         : crypto::verify(coordinator, kBatchLabel, batchContent(batch), batch.signature);
}

void BatchEntries::addUnsigned(const IdentityKey& device, const UnsignedCommand& command) {
    const auto [known, isNew] = m_places.try_emplace(device, m_devices.size());
    if (isNew) m_devices.push_back(device);
    m_entries.push_back(entryOf(known->second, command));
}

void BatchEntries::moveInto(Batch& batch) {
    batch.entries = std::move(m_entries);
    batch.devices = std::move(m_devices);
    *this = {};
}

Result<std::vector<engine::Command>, WireError> readCommands(const Batch& batch) {
    std::span<const IdentityKey> devices;
    if (batch.devices) devices = *batch.devices;
    std::vector<engine::Command> commands;
    commands.reserve(batch.entries.size());
    std::uint64_t seen = 0; // devices whose first command has come
    for (const Bytes& bytes : batch.entries) {
        auto entry = readEntry(bytes, devices);
        if (!entry) return Err(entry.error());
        if (entry->place && *entry->place > seen) return Err(WireError::Malformed);
        if (entry->place && *entry->place == seen) ++seen;
        commands.push_back(std::move(entry->command));
    }
    const std::unordered_set<IdentityKey> different(devices.begin(), devices.end());
    if (seen != devices.size() || different.size() != devices.size()) return Err(WireError::Malformed);
    return commands;
}

Bytes encodeEvent(const engine::EventBody& event) { return encodeCbor(event); }
Result<engine::EventBody, CborError> decodeEvent(ByteView bytes) { return decodeCbor<engine::EventBody>(bytes); }

void EventsHash::add(const engine::Event& event) {
    m_writer.clear();
    writeCbor(m_writer, event.body);
    addLeaf();
}
void EventsHash::add(const engine::Reply& reply) {
    m_writer.clear();
    writeCbor(m_writer, reply);
    addLeaf();
}
void EventsHash::addLeaf() {
    m_leaves.push_back(crypto::merkleLeaf(m_writer.bytes()));
    m_tree.add(m_leaves.back());
}

Hash receiptHash(const engine::ReceiptMade& receipt) { return crypto::labelledHash("receipt", receipt); }

} // namespace tallylock::wire

namespace tallylock {
template Bytes encodeCbor(const wire::Batch&);
template Result<wire::Batch, CborError> decodeCbor(ByteView);
} // namespace tallylock
