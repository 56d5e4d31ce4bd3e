#include "core/host/Restore.h"

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

/// An engine that need not replay everything.
Result<std::optional<Recovered>, StoreFailure> Restore::ahead(std::optional<Recovered> warm) {
    Recovery recovery(m_source.journal, m_source.config);
    if (!warm) return recovery.fromSnapshotAndSums(m_source.snapshots, m_source.openJournal);
    const auto fits = hasBatch(warm->position.batch, warm->position.head);
    if (!fits) return Err(fits.error());
    if (!*fits) return Err(StoreFailure{StoreError::Damaged, "journal: what was read before is not there any more"});
    return warm;
}

Result<bool, StoreFailure> Restore::hasBatch(std::uint64_t number, const Hash& head) {
    if (number == 0) return true;
    bool fits = false;
    const auto read = m_source.journal.read(recordOfBatch(number), [&](std::uint64_t, ByteView record) {
        const auto batch = decodeCbor<wire::Batch>(record);
        fits = batch.ok() && wire::headOf(*batch) == head;
        return false;
    });
    if (!read) return Err(read.error());
    return fits;
}

/// The engine to the journal's end, and the tables from where they stand, later: from the first batch if they belong to
/// another history.
Result<Restore::Restored, StoreFailure> Restore::goOnBefore(const ports::ProjectedPlace& tables, Restored restored) {
    const auto fits = hasBatch(tables.batch, tables.head);
    if (!fits) return Err(fits.error());
    if (!*fits) {
        if (const auto cleared = m_projection.clear(); !cleared) return Err(cleared.error());
    }
    const auto replayed =
        Recovery(m_source.journal, m_source.config).replay(restored.now, [](const wire::Batch&, const Applied&) {});
    if (!replayed) return Err(replayed.error());
    restored.tablesLack = true;
    return restored;
}

Result<Restore::Restored, StoreFailure> Restore::run(const OpenProjector& openProjector,
                                                     std::optional<Recovered> warm) {
    const bool isWarm = warm.has_value();
    Recovery recovery(m_source.journal, m_source.config);
    auto there = ahead(std::move(warm));
    if (!there) return Err(there.error());
    const auto genesis = recovery.genesis(m_random);
    if (!genesis) return Err(genesis.error());
    const auto tables = m_projection.open(openProjector);
    if (!tables) return Err(tables.error());

    if (isWarm && tables->batch < (*there)->position.batch) {
        return goOnBefore(*tables, {std::move(**there), *genesis, 0});
    }
    // The tables need the events of every batch that they lack, so what lies beyond them is of no use.
    const bool usable = *there && (*there)->position.batch <= tables->batch;
    Restored restored{usable ? std::move(**there) : recovery.beginning(*genesis), *genesis, 0};
    if (usable && !isWarm) restored.snapshotFrom = restored.now.position.batch;
    bool fits = true;
    auto replayed = replayInto(restored.now, *tables, fits);
    if (replayed && !fits) {
        const auto cleared = m_projection.clear();
        if (!cleared) return Err(cleared.error());
        restored.now = recovery.beginning(*genesis);
        restored.snapshotFrom = 0;
        replayed = replayInto(restored.now, {}, fits);
    }
    if (!replayed) return Err(replayed.error());
    return restored;
}

/// `fits` tells whether the tables stand at a batch of this very history.
Result<void, StoreFailure> Restore::replayInto(Recovered& from, const ports::ProjectedPlace& tables, bool& fits) {
    Recovery recovery(m_source.journal, m_source.config);
    fits = tables.batch == from.position.batch && (tables.batch == 0 || tables.head == from.position.head);
    return recovery.replay(from, [&](const wire::Batch& batch, Applied applied) {
        if (batch.number == tables.batch) fits = from.position.head == tables.head;
        if (batch.number <= tables.batch) return;
        if (tables.batch != 0 && !fits) return;
        if (m_projection.isBehind()) m_projection.waitUntilCaughtUp();
        m_projection.follow({{batch.number, from.position.sequence, from.position.head},
                             std::move(applied.projected),
                             std::move(applied.leaves),
                             batch.timeMs});
    });
}

} // namespace tallylock::host
