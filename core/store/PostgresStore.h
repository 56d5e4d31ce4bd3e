// A coordinator's journals in a PostgreSQL database, for a server that is to survive the loss of its machine.
//
//   tallylock.record(journal text, number bigint, record bytea, sum bytea)   primary key (journal, number)
//   tallylock.writer(epoch bigint)                                           one row
//   tallylock.version(version integer)                                       one row: 1
//
// sum as in SqliteJournal, over the journal's name besides. An append is one statement that also looks at the epoch: it
// commits only while nobody else has claimed the database, so that of two coordinators never both write (the fence).
// With a synchronous standby PostgreSQL answers a commit when the standby has it, too.
#pragma once

#include "core/ports/Journal.h"

#include <functional>
#include <memory>
#include <string>

namespace tallylock::store {

struct PostgresPlace {
    std::string connection; ///< as libpq takes it: "host=... dbname=..." or a URI
    /// Refuse a server that answers a commit before a standby has it.
    bool needsStandby = true;
};

/// Any thread.
class PostgresStore {
public:
    /// Makes the tables in an empty database, and becomes the writer: whoever was it before writes nothing more, from
    /// this moment on. Waits for the server.
    static Result<std::unique_ptr<PostgresStore>, ports::StoreFailure> claim(PostgresPlace place);

    std::uint64_t epoch() const { return m_epoch; }
    using OpenJournal = std::function<Result<std::unique_ptr<ports::Journal>, ports::StoreFailure>()>;
    /// Each call of what is given opens a connection of its own, for the thread that calls. An append fails with
    /// OtherOwner once somebody else has claimed the database.
    OpenJournal journal(std::string name) const;

private:
    PostgresStore(PostgresPlace place, std::uint64_t epoch) : m_place(std::move(place)), m_epoch(epoch) {}
    PostgresPlace m_place;
    std::uint64_t m_epoch;
};

} // namespace tallylock::store
