// The engine of a coordinator that stands by: it replays what another one writes, as it comes, and keeps snapshots of
// its own, and tables if they are not in what it follows, so that it can go on in that one's place within moments. It
// writes to no journal.
#pragma once

#include "core/host/Restore.h"

namespace tallylock::host {

struct FollowerOptions {
    engine::Config config;   ///< the journal's
    OpenJournal openJournal; ///< called on the thread that calls goOn()
    OpenProjector openProjector;
    std::unique_ptr<ports::SnapshotStore> snapshots;
    std::uint64_t snapshotEvery = 10'000; ///< batches
};

/// Belongs to one thread, but for position().
class Follower {
public:
    explicit Follower(FollowerOptions options);
    /// Goes on to the end of what is there now. Called again after a failure, it opens the journal anew, unless
    /// isBroken().
    Result<void, ports::StoreFailure> goOn();
    /// The engine, for the host that takes over; the tables are closed. Nothing if it has never got anywhere, or has
    /// failed. Then it is used no more.
    std::optional<Recovered> take();

    /// The journal is damaged, or the tables can no longer follow.
    bool isBroken() const { return m_lasting.has_value(); }
    Position position() const; ///< any thread
    const engine::Config& config() const { return m_options.config; }

private:
    Result<void, ports::StoreFailure> goOnFrom();
    Result<void, ports::StoreFailure> restore();

    FollowerOptions m_options;
    SystemRandom m_random;
    std::unique_ptr<ports::Journal> m_journal;
    std::optional<Recovered> m_now;
    std::uint64_t m_lastSnapshot = 0;
    std::optional<ports::StoreFailure> m_lasting; ///< it does not help to try again
    mutable std::mutex m_mutex;
    Position m_shown;
    std::optional<ports::StoreFailure> m_tablesFailure;
    std::optional<Projection> m_projection; // last: its thread tells the others
};

} // namespace tallylock::host
