#include "core/host/Follower.h"

namespace tallylock::host {

using ports::StoreError;
using ports::StoreFailure;

Follower::Follower(FollowerOptions options) : m_options(std::move(options)) {}

Result<void, StoreFailure> Follower::goOn() {
    if (m_lasting) return Err(*m_lasting);
    auto gone = goOnFrom();
    {
        const std::lock_guard lock(m_mutex);
        if (m_now) m_shown = m_now->position;
        if (m_tablesFailure) gone = Err(*m_tablesFailure);
        if (m_tablesFailure) m_lasting = m_tablesFailure;
    }
    if (gone) return gone;
    m_journal.reset();
    if (gone.error().error == StoreError::Damaged) m_lasting = gone.error();
    return gone;
}

Result<void, StoreFailure> Follower::goOnFrom() {
    if (!m_journal) {
        auto opened = m_options.openJournal();
        if (!opened) return Err(opened.error());
        m_journal = std::move(*opened);
    }
    if (!m_now) return restore();
    auto replayed =
        Recovery(*m_journal, m_options.config).replay(*m_now, [this](const wire::Batch& batch, Applied applied) {
            if (m_projection->isBehind()) m_projection->waitUntilCaughtUp();
            const Position& at = m_now->position;
            m_projection->follow(
                {{batch.number, at.sequence, at.head}, std::move(applied.projected), std::move(applied.leaves)});
        });
    const std::uint64_t batch = m_now->position.batch;
    if (replayed && batch >= m_lastSnapshot + m_options.snapshotEvery) {
        m_lastSnapshot = batch;
        m_projection->saveSnapshot(*m_options.snapshots, batch, encodeSnapshot(m_now->engine, m_now->position));
    }
    return replayed;
}

/// The first time, or again when it could not be done the last time.
Result<void, StoreFailure> Follower::restore() {
    m_projection.emplace([this](const StoreFailure& failure) {
        const std::lock_guard lock(m_mutex);
        m_tablesFailure = failure;
    });
    Restore restore({*m_journal, m_options.config, m_options.openJournal, *m_options.snapshots}, *m_projection,
                    m_random);
    auto restored = restore.run(m_options.openProjector);
    if (!restored) {
        m_projection.reset();
        return Err(restored.error());
    }
    m_now.emplace(std::move(restored->now));
    m_lastSnapshot = restored->snapshotFrom;
    return {};
}

std::optional<Recovered> Follower::take() {
    if (m_projection) m_projection->stop();
    const std::lock_guard lock(m_mutex);
    m_journal.reset();
    if (m_lasting || m_tablesFailure) return std::nullopt;
    return std::exchange(m_now, std::nullopt);
}

Position Follower::position() const {
    const std::lock_guard lock(m_mutex);
    return m_shown;
}

} // namespace tallylock::host
