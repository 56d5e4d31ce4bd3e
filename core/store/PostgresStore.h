// A coordinator's journals and tables in a PostgreSQL database, for a server that is to survive the loss of its
// machine.
//
//   tallylock.record(journal text, number bigint, record bytea, sum bytea)   primary key (journal, number)
//   tallylock.writer(epoch bigint)                                           one row
//   tallylock.mirrored(epoch bigint)                                         one row
//   tallylock.version(version bigint)                                        one row: 1
//   tallylock_tables.*                                                       see PostgresTables
//
// sum as in SqliteJournal, over the journal's name besides. An append is one statement that also looks at the epoch: it
// commits only while nobody else has claimed the database, so that of two coordinators never both write (the fence).
// With a synchronous standby PostgreSQL answers a commit when the standby has it, too. A writer that waits for that
// says so in `mirrored`: the standby's database then has all that this epoch acknowledges, and says so itself.
#pragma once

#include "core/ports/Projector.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace tallylock::store {

struct PostgresPlace {
    std::string connection; ///< as libpq takes it: "host=... dbname=..." or a URI
    /// Refuse a server that answers a commit before a standby has it.
    bool needsStandby = true;
    /// A statement that takes longer has failed: the standby is gone, or is somebody else's now. Only of one who needs
    /// a standby, who might wait for ever.
    std::int64_t answerWithinMs = 30'000;
};

/// Any thread.
class PostgresStore {
public:
    /// Makes the tables in an empty database, unless it is the replica of another. Its journals can be read from now
    /// on. Waits for the server, as all of these do.
    static Result<std::unique_ptr<PostgresStore>, ports::StoreFailure> open(PostgresPlace place);
    /// Whether it follows another database, and takes nothing of its own.
    Result<bool, ports::StoreFailure> isReplica() const;
    /// Whether the writer of the present epoch acknowledges nothing that its standby has not.
    Result<bool, ports::StoreFailure> isMirrored() const;
    /// Makes a replica a database of its own. Returns when it takes statements. Of one that is none: no effect.
    Result<void, ports::StoreFailure> promote() const;
    /// Becomes the writer, and gives its epoch: whoever was it before writes nothing more, from this moment on.
    /// Journals that are opened from now on can be appended to.
    Result<std::uint64_t, ports::StoreFailure> claim();

    using OpenJournal = std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()>;
    /// Each call of what is given opens a connection of its own, for the thread that calls. An append fails with
    /// OtherOwner before the claim, and once somebody else has claimed the database.
    OpenJournal journal(std::string name) const;

    using OpenTables = std::function<Result<std::unique_ptr<ports::Projector>, ports::StoreFailure>()>;
    /// The same of the tables. Before the claim: those of whoever writes them, which can be told where they stand
    /// alone.
    OpenTables tables() const;

private:
    explicit PostgresStore(PostgresPlace place) : m_place(std::move(place)) {}
    PostgresPlace m_place;
    /// Zero before the claim. What journal() has given reads it when it opens one.
    std::shared_ptr<std::atomic<std::uint64_t>> m_epoch = std::make_shared<std::atomic<std::uint64_t>>(0);
};

} // namespace tallylock::store
