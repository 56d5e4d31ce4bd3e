#include "core/store/PostgresStore.h"

#include "core/crypto/Hash.h"
#include "core/store/PostgresTables.h"
#include "core/store/ReplicaProjector.h"
#include "core/store/TablesProjector.h"

#include <algorithm>
#include <charconv>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;
using postgres::Connection;
using postgres::Values;

namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostAtOnce = 1'000; ///< records of one statement
constexpr int kPromotionS = 60;
constexpr int kPageOfRecords = 64;                 ///< that are read at a time
constexpr std::int64_t kMakingLock = 0x74616c6c79; ///< of two who make the tables at once

Hash sumOf(const std::string& journal, std::uint64_t number, ByteView record) {
    std::array<std::uint8_t, 8> place;
    putBigEndian64(place.data(), number);
    const std::uint8_t end = 0;
    return crypto::blake2b256({tallylock::viewOf(journal), ByteView(&end, 1), place, record});
}

/// A setting that was emptied makes each commit return at once, and without a warning.
constexpr const char* kIfMirrored = "AND current_setting('synchronous_standby_names') <> '' ";

StoreFailure notWithStandby() { return {StoreError::Io, "PostgreSQL: a commit is not known to be with the standby"}; }

/// A server that was set up to lose nothing with its machine.
Done checkStandby(Connection& connection) {
    const auto names = connection.ask("SELECT current_setting('synchronous_standby_names')");
    if (!names) return Err(names.error());
    if (bytesAt(*names, 0, 0).empty())
        return Err(StoreFailure{StoreError::Io, "PostgreSQL: synchronous_standby_names is empty, so nothing is with a "
                                                "standby when it is acknowledged"});
    return {};
}

class PostgresJournal final : public ports::Journal {
public:
    static Result<std::unique_ptr<ports::Journal>, StoreFailure> open(const PostgresPlace& place, std::uint64_t epoch,
                                                                      const std::string& name) {
        auto connection = Connection::open(place);
        if (!connection) return Err(connection.error());
        std::unique_ptr<PostgresJournal> made(
            new PostgresJournal(std::move(*connection), place.needsStandby, epoch, name));
        if (const auto sound = made->check(); !sound) return Err(sound.error());
        return std::unique_ptr<ports::Journal>(std::move(made));
    }

    std::uint64_t size() const override { return m_size; }

    Done append(const std::vector<Bytes>& records) override {
        if (m_isBroken) return Err(StoreFailure{StoreError::Io, "PostgreSQL: an earlier write has failed"});
        if (records.empty()) return {};
        if (m_epoch == 0) return Err(StoreFailure{StoreError::OtherOwner, "PostgreSQL: not claimed, only read"});
        const auto done = records.size() <= kMostAtOnce ? insert(records) : insertInParts(records);
        if (!done) m_isBroken = true; // it may be there or not: whoever opens anew sees
        return done;
    }

    Done read(std::uint64_t first, const std::function<bool(std::uint64_t, ByteView)>& visit) override {
        std::uint64_t expected = std::max<std::uint64_t>(first, 1);
        for (;;) {
            Values values;
            values.reserve(1);
            values.add(tallylock::viewOf(m_name));
            values.add(expected);
            const auto rows =
                m_connection->ask("SELECT number, record, sum FROM tallylock.record WHERE journal = $1 AND "
                                  "number >= $2::bigint ORDER BY number LIMIT " +
                                      std::to_string(kPageOfRecords),
                                  values);
            if (!rows) return Err(rows.error());
            const int count = PQntuples(rows->get());
            for (int row = 0; row < count; ++row, ++expected) {
                if (numberAt(*rows, row, 0) != expected) return Err(damagedAt(expected, "missing"));
                const ByteView record = bytesAt(*rows, row, 1);
                if (Hash::from(bytesAt(*rows, row, 2)) != sumOf(m_name, expected, record))
                    return Err(damagedAt(expected, "its check sum differs"));
                if (!visit(expected, record)) return {};
            }
            if (count < kPageOfRecords) break;
        }
        if (expected <= m_size) return Err(damagedAt(expected, "missing"));
        return {};
    }

private:
    PostgresJournal(std::unique_ptr<Connection> connection, bool needsStandby, std::uint64_t epoch, std::string name)
        : m_connection(std::move(connection)),
          m_needsStandby(needsStandby),
          m_epoch(epoch),
          m_name(std::move(name)) {}

    StoreFailure damagedAt(std::uint64_t number, const char* what) const {
        return {StoreError::Damaged, m_name + ": record " + std::to_string(number) + ": " + what};
    }

    Done check() {
        Values values;
        values.add(tallylock::viewOf(m_name));
        const auto rows = m_connection->ask(
            "SELECT coalesce(min(number), 0)::bigint, coalesce(max(number), 0)::bigint FROM tallylock.record "
            "WHERE journal = $1",
            values);
        if (!rows) return Err(rows.error());
        m_size = numberAt(*rows, 0, 1);
        if (m_size != 0 && numberAt(*rows, 0, 0) != 1) return Err(damagedAt(1, "missing"));
        return {};
    }

    /// All or none: one statement is one transaction, unless it is in one.
    Done insert(const std::vector<Bytes>& records) {
        std::string sql = "WITH fence AS (SELECT 1 FROM tallylock.writer WHERE epoch = $2::bigint " +
                          std::string(m_needsStandby ? kIfMirrored : "") +
                          "FOR SHARE) "
                          "INSERT INTO tallylock.record (journal, number, record, sum) "
                          "SELECT $1, v.number, v.record, v.sum FROM fence, (VALUES ";
        Values values;
        values.reserve(records.size() + 1);
        values.add(tallylock::viewOf(m_name));
        values.add(m_epoch);
        std::vector<Hash> sums;
        sums.reserve(records.size());
        std::uint64_t number = m_size;
        for (const Bytes& record : records) {
            const std::string at = std::to_string(values.m_values.size() + 1);
            const std::string next = std::to_string(values.m_values.size() + 2);
            const std::string last = std::to_string(values.m_values.size() + 3);
            sql += (sums.empty() ? "($" : ", ($") + at + "::bigint, $" + next + "::bytea, $" + last + "::bytea)";
            sums.push_back(sumOf(m_name, ++number, record));
            values.add(number);
            values.add(record);
            values.add(sums.back().view());
        }
        sql += ") AS v(number, record, sum)";
        (void)m_connection->takeWarning();
        const auto rows = m_connection->ask(sql, values);
        if (!rows) return Err(rows.error());
        if (m_connection->takeWarning()) return Err(notWithStandby());
        std::size_t inserted = 0;
        const std::string_view told = PQcmdTuples(rows->get());
        std::from_chars(told.data(), told.data() + told.size(), inserted);
        if (inserted == records.size()) {
            m_size = number;
            return {};
        }
        if (m_needsStandby) {
            if (auto there = checkStandby(*m_connection); !there) return there;
        }
        return Err(StoreFailure{StoreError::OtherOwner, "another coordinator has taken over"});
    }

    Done insertInParts(const std::vector<Bytes>& records) {
        auto done = m_connection->run("BEGIN");
        for (std::size_t at = 0; done && at < records.size(); at += kMostAtOnce) {
            const auto from = records.begin() + static_cast<std::ptrdiff_t>(at);
            const std::size_t count = std::min(kMostAtOnce, records.size() - at);
            done = insert({from, from + static_cast<std::ptrdiff_t>(count)});
        }
        if (done) done = m_connection->run("COMMIT");
        if (done && m_connection->takeWarning()) done = Err(notWithStandby());
        if (!done) (void)m_connection->run("ROLLBACK");
        return done;
    }

    std::unique_ptr<Connection> m_connection;
    bool m_needsStandby;
    std::uint64_t m_epoch;
    std::string m_name;
    std::uint64_t m_size = 0;
    bool m_isBroken = false;
};

Done makeTables(Connection& connection) {
    const std::string sql =
        "BEGIN;"
        "SELECT pg_advisory_xact_lock(" +
        std::to_string(kMakingLock) +
        ");"
        "CREATE SCHEMA IF NOT EXISTS tallylock;"
        "CREATE TABLE IF NOT EXISTS tallylock.version (version bigint NOT NULL);"
        "INSERT INTO tallylock.version SELECT " +
        std::to_string(kVersion) +
        " WHERE NOT EXISTS (SELECT 1 FROM tallylock.version);"
        "CREATE TABLE IF NOT EXISTS tallylock.writer (epoch bigint NOT NULL);"
        "INSERT INTO tallylock.writer SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM tallylock.writer);"
        "CREATE TABLE IF NOT EXISTS tallylock.mirrored (epoch bigint NOT NULL);"
        "INSERT INTO tallylock.mirrored SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM tallylock.mirrored);"
        "CREATE TABLE IF NOT EXISTS tallylock.record (journal text NOT NULL, number bigint NOT NULL,"
        " record bytea NOT NULL, sum bytea NOT NULL, PRIMARY KEY (journal, number));"
        "COMMIT";
    auto done = connection.run(sql.c_str());
    if (!done) (void)connection.run("ROLLBACK");
    return done;
}

} // namespace

Result<std::unique_ptr<PostgresStore>, StoreFailure> PostgresStore::open(PostgresPlace place) {
    auto opened = Connection::open(place);
    if (!opened) return Err(opened.error());
    Connection& connection = **opened;
    if (place.needsStandby) {
        if (const auto there = checkStandby(connection); !there) return Err(there.error());
    }
    const auto isReplica = isInRecovery(connection);
    if (!isReplica) return Err(isReplica.error());
    if (!*isReplica) {
        if (const auto made = makeTables(connection); !made) return Err(made.error());
    }
    const auto version = connection.ask("SELECT version FROM tallylock.version");
    if (!version) return Err(version.error());
    if (PQntuples(version->get()) != 1 || numberAt(*version, 0, 0) != kVersion)
        return Err(StoreFailure{StoreError::Newer, "PostgreSQL: tables of another version"});
    return std::unique_ptr<PostgresStore>(new PostgresStore(std::move(place)));
}

Result<std::uint64_t, StoreFailure> PostgresStore::claim() {
    auto connection = Connection::open(m_place);
    if (!connection) return Err(connection.error());
    Values values;
    values.reserve(1);
    values.add(m_place.needsStandby ? 1U : 0U);
    // Waits for the appends that are under way, and none of an earlier epoch commits after it.
    const auto epoch =
        askNumber(**connection,
                  "WITH claimed AS (UPDATE tallylock.writer SET epoch = epoch + 1 RETURNING epoch), "
                  "told AS (UPDATE tallylock.mirrored SET epoch = claimed.epoch * $1::bigint FROM claimed) "
                  "SELECT epoch FROM claimed",
                  values);
    if (!epoch) return Err(epoch.error());
    if ((*connection)->takeWarning()) return Err(notWithStandby());
    *m_epoch = *epoch;
    return *epoch;
}

Result<bool, StoreFailure> PostgresStore::isReplica() const {
    auto connection = Connection::open(m_place);
    if (!connection) return Err(connection.error());
    return isInRecovery(**connection);
}

Result<bool, StoreFailure> PostgresStore::isMirrored() const {
    auto connection = Connection::open(m_place);
    if (!connection) return Err(connection.error());
    const auto count = askNumber(**connection, "SELECT count(*) FROM tallylock.writer JOIN tallylock.mirrored "
                                               "USING (epoch)");
    if (!count) return Err(count.error());
    return *count != 0;
}

Result<void, StoreFailure> PostgresStore::promote() const {
    auto connection = Connection::open(m_place);
    if (!connection) return Err(connection.error());
    const auto isReplica = isInRecovery(**connection);
    if (!isReplica) return Err(isReplica.error());
    if (!*isReplica) return {};
    (*connection)->waitForever();
    const auto done =
        askNumber(**connection, "SELECT pg_promote(true, " + std::to_string(kPromotionS) + ")::int::bigint");
    if (!done) return Err(done.error());
    if (*done == 0) return Err(StoreFailure{StoreError::Io, "PostgreSQL: the promotion takes too long"});
    return {};
}

PostgresStore::OpenJournal PostgresStore::journal(std::string name) const {
    return [place = m_place, epoch = m_epoch, name = std::move(name)] {
        return PostgresJournal::open(place, *epoch, name);
    };
}

PostgresStore::OpenTables PostgresStore::tables() const {
    return [place = m_place, epoch = m_epoch]() -> Result<std::unique_ptr<ports::Projector>, StoreFailure> {
        if (*epoch == 0) return ReplicaProjector::open(place);
        auto opened = PostgresTables::open(place, *epoch);
        if (!opened) return Err(opened.error());
        return TablesProjector::open(std::move(*opened));
    };
}

} // namespace tallylock::store
