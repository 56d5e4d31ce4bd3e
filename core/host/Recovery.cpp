#include "core/host/Recovery.h"

#include "core/crypto/Hash.h"

#include <cassert>

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

namespace {

constexpr std::uint64_t kSnapshotVersion = 1;

Err<StoreFailure> damagedJournal(std::string what) {
    return Err(StoreFailure{StoreError::Damaged, "journal, " + std::move(what)});
}

/// The position and the engine, if the state is what the snapshot says it is.
std::optional<Recovered> decodeSnapshot(ByteView bytes) {
    CborReader reader(bytes);
    if (reader.array(7) != 7 || reader.unsignedInt() != kSnapshotVersion) return std::nullopt;
    Position position;
    position.batch = reader.unsignedInt();
    position.sequence = reader.unsignedInt();
    position.timeMs = reader.signedInt();
    position.head = readCbor<Hash>(reader);
    const Hash stateHash = readCbor<Hash>(reader);
    auto engine = engine::Engine::load(reader);
    if (!engine || !reader.finish() || engine->stateHash() != stateHash) return std::nullopt;
    return Recovered{std::move(*engine), position};
}

} // namespace

Bytes encodeSnapshot(const engine::Engine& engine, const Position& position) {
    CborWriter writer;
    writer.array(7);
    writer.unsignedInt(kSnapshotVersion);
    writer.unsignedInt(position.batch);
    writer.unsignedInt(position.sequence);
    writer.signedInt(position.timeMs);
    writeCbor(writer, position.head);
    writeCbor(writer, engine.stateHash());
    engine.save(writer);
    return writer.take();
}

Result<Hash, StoreFailure> Recovery::genesis(Random& random) {
    if (m_journal.size() == 0) {
        wire::Genesis fresh;
        fresh.config = m_config;
        fresh.nonce = random.fixed<Hash>();
        const auto written = m_journal.append({encodeCbor(fresh)});
        if (!written) return Err(written.error());
        return wire::genesisHash(fresh);
    }
    Bytes first;
    const auto read = m_journal.read(1, [&](std::uint64_t, ByteView record) {
        first = bytesOf(record);
        return false;
    });
    if (!read) return Err(read.error());
    const auto genesis = decodeCbor<wire::Genesis>(first);
    if (!genesis) return damagedJournal("its first record: " + std::string(nameOf(genesis.error())));
    if (genesis->format > wire::Genesis{}.format) return Err(StoreFailure{StoreError::Newer, "journal"});
    if (encodeCbor(genesis->config) != encodeCbor(m_config)) {
        return Err(StoreFailure{StoreError::OtherOwner, "journal"});
    }
    return wire::genesisHash(*genesis);
}

Recovered Recovery::beginning(const Hash& genesisHash) const {
    Position position;
    position.head = genesisHash;
    return {engine::Engine(m_config), position};
}

Result<std::optional<Recovered>, StoreFailure> Recovery::fromSnapshot(ports::SnapshotStore& snapshots) {
    auto newest = snapshots.newest();
    if (!newest) return Err(newest.error());
    const std::uint64_t size = newest->first;
    if (size == 0) return std::optional<Recovered>();
    if (m_journal.size() < size) {
        return damagedJournal("its last record is " + std::to_string(m_journal.size()) +
                              ", but a snapshot was made at record " + std::to_string(size));
    }
    auto decoded = decodeSnapshot(newest->second);
    if (!decoded || recordOfBatch(decoded->position.batch) != size || decoded->position.batch == 0) {
        return std::optional<Recovered>();
    }
    bool fits = false;
    const auto read = m_journal.read(size, [&](std::uint64_t, ByteView record) {
        const auto batch = decodeCbor<wire::Batch>(record);
        fits = batch.ok() && headOf(*batch) == decoded->position.head &&
               encodeCbor(decoded->engine.config()) == encodeCbor(m_config);
        return false;
    });
    if (!read) return Err(read.error());
    if (!fits) decoded.reset();
    return decoded;
}

/// Empty, or what is wrong with the record.
std::string Recovery::checkAndApply(Recovered& from, std::uint64_t number, ByteView record, const Visit& visit) const {
    const auto batch = decodeCbor<wire::Batch>(record);
    if (!batch) return std::string("it cannot be read: ") + nameOf(batch.error());
    Position& at = from.position;
    if (batch->number != number) return "it has the number " + std::to_string(batch->number);
    if (batch->previous != at.head) return "it does not follow the one before";
    if (batch->firstSequence != at.sequence + 1) return "its commands are not numbered on";
    if (batch->timeMs < at.timeMs) return "its time is before the one before";
    if (!wire::verifyBatch(*batch, m_config.coordinator.identity)) return "its signature is wrong";
    std::vector<engine::Command> commands;
    for (const Bytes& envelope : batch->envelopes) {
        auto command = wire::readCommand(envelope);
        if (!command) return std::string("a command in it cannot be read: ") + wire::nameOf(command.error());
        commands.push_back(std::move(*command));
    }
    Applied applied = applyBatch(from.engine, batch->timeMs, at.sequence, commands);
    if (applied.eventsHash != batch->eventsHash) return "replaying it gives other events";
    at = {number, at.sequence + commands.size(), batch->timeMs, headOf(*batch)};
    visit(*batch, std::move(applied));
    return {};
}

Result<void, StoreFailure> Recovery::replay(Recovered& from, const Visit& visit) {
    std::string wrong;
    std::uint64_t number = from.position.batch;
    const auto read = m_journal.read(recordOfBatch(number + 1), [&](std::uint64_t, ByteView record) {
        wrong = checkAndApply(from, ++number, record, visit);
        return wrong.empty();
    });
    if (!wrong.empty()) return damagedJournal("batch " + std::to_string(number) + ": " + wrong);
    if (!read) {
        auto failure = read.error();
        failure.detail += " (in batch " + std::to_string(number + 1) + ")";
        return Err(std::move(failure));
    }
    return {};
}

} // namespace tallylock::host
