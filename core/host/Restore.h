// A running engine and the tables beside it, brought to the journal's end: from the newest snapshot, from the first
// batch, or from an engine that has been replayed before.
#pragma once

#include "core/host/Projection.h"

namespace tallylock::host {

class Restore {
public:
    struct Source {
        ports::Journal& journal;
        const engine::Config& config;
        const OpenJournal& openJournal;
        ports::SnapshotStore& snapshots;
    };
    struct Restored {
        Recovered now;
        Hash genesis;
        std::uint64_t snapshotFrom = 0; ///< the batch whose snapshot it began with; 0: none
        bool tablesLack = false;        ///< some batches, which are to be read back: nothing of them was replayed
    };
    Restore(const Source& source, Projection& projection, Random& random)
        : m_source(source),
          m_projection(projection),
          m_random(random) {}

    /// Opens the tables, too. `warm`: taken instead of a snapshot; it does not wait for tables that are not as far.
    /// Damaged if the journal does not lead there.
    Result<Restored, ports::StoreFailure> run(const OpenProjector& openProjector,
                                              std::optional<Recovered> warm = std::nullopt);

private:
    Result<std::optional<Recovered>, ports::StoreFailure> ahead(std::optional<Recovered> warm);
    Result<bool, ports::StoreFailure> hasBatch(std::uint64_t number, const Hash& head);
    Result<Restored, ports::StoreFailure> goOnBefore(const ports::ProjectedPlace& tables, Restored restored);
    Result<void, ports::StoreFailure> replayInto(Recovered& from, const ports::ProjectedPlace& tables, bool& fits);

    Source m_source;
    Projection& m_projection;
    Random& m_random;
};

} // namespace tallylock::host
