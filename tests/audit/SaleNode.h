// A coordinator without threads, for simulations: the product's own batches, journal records, snapshots and recovery
// over a disk that fails on demand. A batch is applied, encoded, signed and appended, and only then acknowledged; after
// a crash the engine is what the newest snapshot and the records behind it make of it.
#pragma once

#include "core/host/Recovery.h"
#include "core/keys/Identity.h"

namespace tallylock::audit {

/// What becomes of the next write.
enum class WriteFault {
    None,
    CrashBefore, ///< the process ends before anything is written
    Torn,        ///< a part of the record is written, and the process ends
    CrashAfter,  ///< everything is durable, and the process ends before anybody hears of it
    Full,        ///< refused: there is no room
    kCount
};

/// What outlives the process: records, each with its length and sum before it, and snapshots.
struct FaultyDisk {
    std::vector<Bytes> frames;
    std::vector<std::pair<std::uint64_t, Bytes>> snapshots;
    WriteFault next = WriteFault::None;
};

/// A command as it arrives, and as it is journaled.
struct Arrived {
    engine::Command command;
    Bytes envelope;
};
/// With a signature that nobody looks at: that is for admission, which is not simulated here.
Arrived arrivedFrom(const IdentityKey& signer, std::uint64_t counter, const engine::CommandBody& body);

/// A batch that is durable, and what came of it.
struct DurableBatch {
    std::uint64_t number = 0;
    std::int64_t timeMs = 0;
    std::vector<engine::Command> commands;
    host::Applied applied;
};

class SaleNode {
public:
    SaleNode(const engine::Config& config, const keys::Identity& coordinator);

    enum class Outcome {
        Acknowledged,
        Quiet,   ///< nothing happened, and nothing was written
        Refused, ///< by the disk. The engine is ahead of it: recover() comes next
        Crashed, ///< recover() comes next
    };
    /// The time never goes back. `made` is told what has come of it once that is acknowledged.
    Outcome run(std::int64_t timeMs, const std::vector<Arrived>& arrived, WriteFault fault, DurableBatch& made);

    /// Forgets everything in memory and starts from the disk. Tells of each batch that it replays, in order. Empty, or
    /// what is wrong with the disk.
    std::string recover(const std::function<void(DurableBatch)>& replayed);

    const engine::Engine& engine() const { return m_now->engine; }
    const host::Position& position() const { return m_now->position; }
    std::int64_t timeFor(std::int64_t timeMs) const { return std::max(timeMs, m_now->position.timeMs); }
    std::uint64_t snapshots() const { return m_disk.snapshots.size(); }

private:
    void maybeSnapshot();

    engine::Config m_config;
    const keys::Identity& m_coordinator;
    FaultyDisk m_disk;
    std::optional<host::Recovered> m_now;
    host::BatchApplier m_applier;
};

} // namespace tallylock::audit
