#include "tests/audit/SaleNode.h"

#include "core/base/Planted.h"
#include "core/crypto/Hash.h"
#include "core/wire/Envelope.h"
#include "tests/support/FixedRandom.h"

#include <cassert>

namespace tallylock::audit {

namespace {

constexpr std::uint64_t kSnapshotEvery = 50; ///< batches
constexpr std::size_t kFrameHead = 8 + 8;    ///< length and sum

std::uint64_t sumOf(ByteView bytes) {
    std::uint64_t sum = 14695981039346656037ull; // FNV-1a
    for (const std::uint8_t byte : bytes) sum = (sum ^ byte) * 1099511628211ull;
    return sum;
}
void put(Bytes& bytes, std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}
std::uint64_t numberAt(ByteView bytes, std::size_t at) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{bytes[at + i]} << (8 * i);
    return number;
}
Bytes frameOf(ByteView record) {
    Bytes frame;
    put(frame, record.size());
    put(frame, sumOf(record));
    frame.insert(frame.end(), record.begin(), record.end());
    return frame;
}
bool isWhole(ByteView frame) {
    if (frame.size() < kFrameHead || numberAt(frame, 0) != frame.size() - kFrameHead) return false;
    return numberAt(frame, 8) == sumOf(frame.subspan(kFrameHead));
}

class DiskJournal final : public ports::Journal {
public:
    /// A torn end is of a write that nobody was told of: it is cut off.
    explicit DiskJournal(FaultyDisk& disk) : m_disk(disk) {
        if (TALLYLOCK_PLANTED(TornAccepted)) return;
        if (!disk.frames.empty() && !isWhole(disk.frames.back())) disk.frames.pop_back();
    }
    std::uint64_t size() const override { return m_disk.frames.size(); }
    Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
        assert(records.size() == 1);
        Bytes frame = frameOf(records.front());
        switch (m_disk.next) {
        case WriteFault::Full: return Err(ports::StoreFailure{ports::StoreError::DiskFull, "simulated"});
        case WriteFault::CrashBefore: return Err(ports::StoreFailure{ports::StoreError::Io, "crash"});
        case WriteFault::Torn:
            frame.resize(kFrameHead + sumOf(frame) % (frame.size() - kFrameHead));
            m_disk.frames.push_back(std::move(frame));
            return Err(ports::StoreFailure{ports::StoreError::Io, "crash"});
        default: m_disk.frames.push_back(std::move(frame)); return {};
        }
    }
    Result<void, ports::StoreFailure> read(std::uint64_t first,
                                           const std::function<bool(std::uint64_t, ByteView)>& visit) override {
        for (std::uint64_t number = first; number <= size(); ++number) {
            const Bytes& frame = m_disk.frames[static_cast<std::size_t>(number - 1)];
            if (!visit(number, ByteView(frame).subspan(kFrameHead))) break;
        }
        return {};
    }

private:
    FaultyDisk& m_disk;
};

class DiskSnapshots final : public ports::SnapshotStore {
public:
    explicit DiskSnapshots(FaultyDisk& disk) : m_disk(disk) {}
    Result<void, ports::StoreFailure> save(std::uint64_t journalSize, ByteView state) override {
        m_disk.snapshots.emplace_back(journalSize, bytesOf(state));
        return {};
    }
    Result<std::pair<std::uint64_t, Bytes>, ports::StoreFailure> newest() override {
        if (m_disk.snapshots.empty()) return std::pair<std::uint64_t, Bytes>{0, {}};
        return m_disk.snapshots.back();
    }

private:
    FaultyDisk& m_disk;
};

} // namespace

Arrived arrivedFrom(const IdentityKey& signer, std::uint64_t counter, const engine::CommandBody& body) {
    CborWriter w;
    w.map(6);
    w.unsignedInt(1);
    w.unsignedInt(wire::kVersion);
    w.unsignedInt(2);
    w.unsignedInt(wire::typeOf(body));
    w.unsignedInt(3);
    w.unsignedInt(counter);
    w.unsignedInt(4);
    writeCbor(w, signer);
    w.unsignedInt(5);
    w.byteString(std::visit([](const auto& known) { return encodeCbor(known); }, body));
    w.unsignedInt(6);
    writeCbor(w, Signature());
    Bytes envelope = w.take();
    auto command = wire::readCommand(envelope);
    assert(command && "our own encoding reads back");
    return {std::move(*command), std::move(envelope)};
}

SaleNode::SaleNode(const engine::Config& config, const keys::Identity& coordinator)
    : m_config(config),
      m_coordinator(coordinator) {
    const std::string wrong = recover({});
    assert(wrong.empty());
    (void)wrong;
}

SaleNode::Outcome SaleNode::run(std::int64_t timeMs, const std::vector<Arrived>& arrived, WriteFault fault,
                                DurableBatch& made) {
    host::Position& at = m_now->position;
    const auto tickMs = m_now->engine.nextTickMs();
    made = {at.batch + 1, timeFor(timeMs), {}, {}};
    if (arrived.empty() && (!tickMs || *tickMs > made.timeMs)) return Outcome::Quiet;
    if (TALLYLOCK_PLANTED(HalfWritten) && fault == WriteFault::Torn && arrived.size() > 1) {
        DurableBatch half;
        (void)run(timeMs, {arrived.begin(), arrived.end() - 1}, WriteFault::None, half);
        return Outcome::Crashed;
    }
    std::vector<const engine::Command*> commands;
    for (const Arrived& one : arrived) commands.push_back(&one.command);
    made.applied = m_applier.apply(m_now->engine, made.timeMs, at.sequence, commands);
    for (const Arrived& one : arrived) made.commands.push_back(one.command);

    wire::BatchEntries entries;
    for (const Arrived& one : arrived) entries.addSigned(one.envelope);
    wire::Batch record;
    record.number = made.number;
    record.timeMs = made.timeMs;
    record.previous = at.head;
    record.firstSequence = at.sequence + 1;
    entries.moveInto(record);
    record.eventsHash = made.applied.eventsHash;
    const Hash head = wire::signBatch(record, m_coordinator);

    DiskJournal journal(m_disk);
    m_disk.next = fault;
    const auto written = journal.append({encodeCbor(record)});
    m_disk.next = WriteFault::None;
    if (!written) {
        return written.error().error == ports::StoreError::DiskFull ? Outcome::Refused : Outcome::Crashed;
    }
    if (fault == WriteFault::CrashAfter) return Outcome::Crashed;
    at = {made.number, at.sequence + arrived.size(), made.timeMs, head};
    maybeSnapshot();
    return Outcome::Acknowledged;
}

void SaleNode::maybeSnapshot() {
    if (m_now->position.batch % kSnapshotEvery != 0) return;
    const std::uint64_t record = host::recordOfBatch(m_now->position.batch);
    (void)DiskSnapshots(m_disk).save(record, host::encodeSnapshot(m_now->engine, m_now->position));
}

std::string SaleNode::recover(const std::function<void(DurableBatch)>& replayed) {
    DiskJournal journal(m_disk);
    DiskSnapshots snapshots(m_disk);
    host::Recovery recovery(journal, m_config);
    test::FixedRandom random;
    auto found = recovery.fromSnapshot(snapshots);
    if (!found) return found.error().detail;
    const auto genesis = recovery.genesis(random);
    if (!genesis) return genesis.error().detail;
    m_now = *found ? std::move(**found) : recovery.beginning(*genesis);
    const auto done = recovery.replay(*m_now, [&](const wire::Batch& batch, host::Applied applied) {
        auto commands = wire::readCommands(batch);
        assert(commands && "they were read before");
        if (replayed) replayed({batch.number, batch.timeMs, std::move(*commands), std::move(applied)});
    });
    return done ? std::string() : done.error().detail;
}

} // namespace tallylock::audit
