#include "core/host/Recovery.h"

#include "core/crypto/Hash.h"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

namespace {

constexpr std::uint64_t kSnapshotVersion = 1;

Err<StoreFailure> damagedJournal(std::string what) {
    return Err(StoreFailure{StoreError::Damaged, "journal, " + std::move(what)});
}

/// As Engine::stateHash.
Hash hashOfState(ByteView state) { return crypto::labelledHash("state", state); }

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
    // A state is canonical: what is read from these bytes would be written as these bytes.
    const ByteView state = bytes.last(reader.remaining());
    if (!reader.ok()) return std::nullopt;
    auto hash = std::async(std::launch::async, [&] { return hashOfState(state); });
    auto engine = engine::Engine::load(reader);
    if (hash.get() != stateHash || !engine || !reader.finish()) return std::nullopt;
    return Recovered{std::move(*engine), position};
}

} // namespace

Bytes encodeSnapshot(const engine::Engine& engine, const Position& position) {
    CborWriter state;
    engine.save(state);
    CborWriter writer;
    writer.array(7);
    writer.unsignedInt(kSnapshotVersion);
    writer.unsignedInt(position.batch);
    writer.unsignedInt(position.sequence);
    writer.signedInt(position.timeMs);
    writeCbor(writer, position.head);
    writeCbor(writer, hashOfState(state.bytes()));
    writer.raw(state.bytes());
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

/// {0, empty}: there is none.
Result<Recovery::Snapshot, StoreFailure> Recovery::newestSnapshot(ports::SnapshotStore& snapshots) const {
    auto newest = snapshots.newest();
    if (newest && m_journal.size() < newest->first) {
        return damagedJournal("its last record is " + std::to_string(m_journal.size()) +
                              ", but a snapshot was made at record " + std::to_string(newest->first));
    }
    return newest;
}

/// Whether this is where the batch has led.
static bool isAfter(const wire::Batch& batch, const Position& position) {
    return batch.number == position.batch && batch.timeMs == position.timeMs &&
           batch.firstSequence + batch.entries.size() == position.sequence + 1 && headOf(batch) == position.head;
}

Result<std::optional<Recovered>, StoreFailure> Recovery::load(const Snapshot& snapshot) {
    const auto& [size, bytes] = snapshot;
    if (size == 0) return std::optional<Recovered>();
    auto decoded = decodeSnapshot(bytes);
    if (!decoded || recordOfBatch(decoded->position.batch) != size || decoded->position.batch == 0) {
        return std::optional<Recovered>();
    }
    bool fits = false;
    const auto read = m_journal.read(size, [&](std::uint64_t, ByteView record) {
        const auto batch = decodeCbor<wire::Batch>(record);
        fits = batch.ok() && isAfter(*batch, decoded->position) &&
               encodeCbor(decoded->engine.config()) == encodeCbor(m_config);
        return false;
    });
    if (!read) return Err(read.error());
    if (!fits) decoded.reset();
    return decoded;
}

Result<std::optional<Recovered>, StoreFailure> Recovery::fromSnapshot(ports::SnapshotStore& snapshots) {
    const auto newest = newestSnapshot(snapshots);
    if (!newest) return Err(newest.error());
    return load(*newest);
}

static Result<void, StoreFailure> checkSums(const OpenJournal& openJournal, std::uint64_t lastRecord) {
    const auto journal = openJournal();
    if (!journal) return Err(journal.error());
    return (*journal)->read(1, [&](std::uint64_t number, ByteView) { return number < lastRecord; });
}

Result<std::optional<Recovered>, StoreFailure> Recovery::fromSnapshotAndSums(ports::SnapshotStore& snapshots,
                                                                             const OpenJournal& openJournal) {
    const auto newest = newestSnapshot(snapshots);
    if (!newest) return Err(newest.error());
    if (newest->first == 0) return std::optional<Recovered>();
    auto sums = std::async(std::launch::async, [&] { return checkSums(openJournal, newest->first); });
    auto found = load(*newest);
    const auto sound = sums.get();
    // Without the snapshot everything is replayed, which tells better what is wrong.
    if (found && *found && !sound) return Err(sound.error());
    return found;
}

/// A batch that has been read and checked by itself, and waits to be applied.
struct Checked {
    wire::Batch batch;
    Hash head;
    std::vector<engine::Command> commands;
};

/// Applies batches on a thread of its own, a few behind whoever reads them.
class Recovery::Applier {
public:
    Applier(Recovered& from, const Visit& visit) : m_from(from), m_visit(visit) {}
    ~Applier() { finish(); }

    /// Waits while many are on their way.
    void push(Checked checked) {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [this] { return m_onTheirWay < kMostOnTheirWay; });
        ++m_onTheirWay;
        m_thread.post([this, checked = std::make_shared<Checked>(std::move(checked))] { apply(*checked); });
    }
    bool hasFailed() {
        const std::lock_guard lock(m_mutex);
        return !m_wrong.empty();
    }
    /// Waits for all of them. Empty, or the batch that failed and why.
    std::string finish() {
        std::unique_lock lock(m_mutex);
        m_moved.wait(lock, [this] { return m_onTheirWay == 0; });
        return m_wrong;
    }

private:
    static constexpr std::size_t kMostOnTheirWay = 4;

    void apply(const Checked& checked) {
        std::string wrong;
        if (m_wrong.empty() && !applyOne(checked)) {
            wrong = "batch " + std::to_string(checked.batch.number) + ": replaying it gives other events";
        }
        const std::lock_guard lock(m_mutex);
        if (!wrong.empty()) m_wrong = std::move(wrong);
        --m_onTheirWay;
        m_moved.notify_one();
    }
    bool applyOne(const Checked& checked) {
        std::vector<const engine::Command*> commands;
        commands.reserve(checked.commands.size());
        for (const engine::Command& command : checked.commands) commands.push_back(&command);
        Position& at = m_from.position;
        Applied applied = m_applier.apply(m_from.engine, checked.batch.timeMs, at.sequence, commands);
        if (applied.eventsHash != checked.batch.eventsHash) return false;
        at = {checked.batch.number, at.sequence + commands.size(), checked.batch.timeMs, checked.head};
        m_visit(checked.batch, std::move(applied));
        return true;
    }

    Recovered& m_from;
    const Visit& m_visit;
    std::mutex m_mutex;
    std::condition_variable m_moved;
    std::size_t m_onTheirWay = 0;
    std::string m_wrong; ///< written on the thread
    BatchApplier m_applier;
    TaskThread m_thread; // last: its tasks use the others
};

std::string Recovery::check(Position& at, std::uint64_t number, ByteView record, Applier& applier) const {
    auto batch = decodeCbor<wire::Batch>(record);
    if (!batch) return std::string("it cannot be read: ") + nameOf(batch.error());
    if (batch->number != number) return "it has the number " + std::to_string(batch->number);
    if (batch->previous != at.head) return "it does not follow the one before";
    if (batch->firstSequence != at.sequence + 1) return "its commands are not numbered on";
    if (batch->timeMs < at.timeMs) return "its time is before the one before";
    const Hash head = wire::headOf(*batch);
    if (!wire::verifyBatch(*batch, head, m_config.coordinator.identity)) return "its signature is wrong";
    auto commands = wire::readCommands(*batch);
    if (!commands) return std::string("a command in it cannot be read: ") + wire::nameOf(commands.error());
    at = {number, at.sequence + commands->size(), batch->timeMs, head};
    applier.push({std::move(*batch), head, std::move(*commands)});
    return {};
}

Result<void, StoreFailure> Recovery::replay(Recovered& from, const Visit& visit, std::uint64_t lastBatch) {
    Position at = from.position;
    std::uint64_t number = at.batch;
    std::string wrong;
    Applier applier(from, visit);
    const auto read = m_journal.read(recordOfBatch(number + 1), [&](std::uint64_t, ByteView record) {
        wrong = check(at, ++number, record, applier);
        return wrong.empty() && number < lastBatch && !applier.hasFailed();
    });
    // What the applier has met comes before what the reader has.
    if (const std::string applied = applier.finish(); !applied.empty()) return damagedJournal(applied);
    if (!wrong.empty()) return damagedJournal("batch " + std::to_string(number) + ": " + wrong);
    if (!read) {
        auto failure = read.error();
        failure.detail += " (in batch " + std::to_string(number + 1) + ")";
        return Err(std::move(failure));
    }
    return {};
}

} // namespace tallylock::host
