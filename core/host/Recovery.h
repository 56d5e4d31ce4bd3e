// From the disk to a running engine: the first record, the newest good snapshot, and the batches after it, each checked
// before it is believed.
#pragma once

#include "core/host/Apply.h"

namespace tallylock::host {

/// Where the journal's end is, and the engine as it stands there.
struct Position {
    std::uint64_t batch = 0;    ///< number of the last batch; 0: none
    std::uint64_t sequence = 0; ///< of the last command
    std::int64_t timeMs = 0;    ///< of the last batch
    Hash head;                  ///< of the last batch; the genesis hash before the first
};
struct Recovered {
    engine::Engine engine;
    Position position;
};

/// The journal's record of a batch; the first record is the genesis.
inline std::uint64_t recordOfBatch(std::uint64_t batch) { return batch + 1; }

using OpenJournal = std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()>;

class Recovery {
public:
    Recovery(ports::Journal& journal, const engine::Config& config) : m_journal(journal), m_config(config) {}

    /// The hash of the first record, which is made if the journal is empty. OtherOwner: it was made with another
    /// config.
    Result<Hash, ports::StoreFailure> genesis(Random& random);
    /// An engine as no batch has touched it.
    Recovered beginning(const Hash& genesisHash) const;
    /// The engine of a snapshot; nothing if it does not fit the journal, so that everything is replayed. Damaged if the
    /// journal is shorter than the snapshot.
    Result<std::optional<Recovered>, ports::StoreFailure> fromSnapshot(ports::SnapshotStore& snapshots);
    /// The same, and meanwhile, on another thread, reads the records up to the snapshot and compares each with its sum.
    /// What a snapshot makes unnecessary to replay is still the record of what has happened. Damaged names the first
    /// that differs.
    Result<std::optional<Recovered>, ports::StoreFailure> fromSnapshotAndSums(ports::SnapshotStore& snapshots,
                                                                              const OpenJournal& openJournal);

    /// Told in the order of the batches, one at a time, on another thread than the caller's.
    using Visit = std::function<void(const wire::Batch&, Applied)>;
    /// Replays what follows `from`, up to this batch. Damaged names the batch that breaks the chain, and why. Batches
    /// are read and checked on the caller's thread, while those before them are applied on another.
    Result<void, ports::StoreFailure> replay(Recovered& from, const Visit& visit, std::uint64_t lastBatch = UINT64_MAX);

private:
    class Applier;
    using Snapshot = std::pair<std::uint64_t, Bytes>;
    Result<Snapshot, ports::StoreFailure> newestSnapshot(ports::SnapshotStore& snapshots) const;
    Result<std::optional<Recovered>, ports::StoreFailure> load(const Snapshot& snapshot);
    /// Empty, or what is wrong with a record; else it is on its way to the applier, and `at` stands after it.
    std::string check(Position& at, std::uint64_t number, ByteView record, Applier& applier) const;

    ports::Journal& m_journal;
    const engine::Config& m_config;
};

Bytes encodeSnapshot(const engine::Engine& engine, const Position& position);

} // namespace tallylock::host
