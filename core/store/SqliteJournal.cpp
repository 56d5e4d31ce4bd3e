#include "core/store/SqliteJournal.h"

#include "core/crypto/Hash.h"
#include "core/store/Disk.h"

#include <QSqlError>

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {
constexpr std::int64_t kJournalVersion = 1;

Hash sumOf(std::uint64_t number, ByteView record) {
    std::array<std::uint8_t, 8> place;
    putBigEndian64(place.data(), number);
    return crypto::blake2b256({place, record});
}

void removeWithCompanions(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((path + suffix).c_str());
}

/// Makes an empty journal beside the place and moves it there as a whole.
Done createJournal(const std::string& path) {
    const std::string fresh = path + ".new";
    removeWithCompanions(fresh); // what an interrupted creation left
    {
        auto database = Database::open(fresh, Database::Durability::EveryCommit);
        if (!database) return Err(database.error());
        auto made = (*database)->run("PRAGMA application_id=0x746c796a;"
                                     "BEGIN IMMEDIATE;"
                                     "CREATE TABLE record (number INTEGER PRIMARY KEY, record BLOB NOT NULL,"
                                     " sum BLOB NOT NULL);"
                                     "PRAGMA user_version=1;"
                                     "COMMIT");
        if (!made) return made;
    } // closing writes everything into the one file
    const std::string folder = std::filesystem::path(path).parent_path().string();
    if (::rename(fresh.c_str(), path.c_str()) != 0 || !syncFolder(folder)) return Err(diskFailure(path));
    return {};
}
} // namespace

Result<std::unique_ptr<ports::Journal>, StoreFailure> SqliteJournal::open(const std::string& path) {
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) {
        if (failure) return Err(StoreFailure{StoreError::Io, path + ": " + failure.message()});
        if (std::filesystem::exists(path + "-wal", failure)) {
            return Err(StoreFailure{StoreError::Damaged, path + ": gone, but its write-ahead log is there"});
        }
        const auto created = createJournal(path);
        if (!created) return Err(created.error());
    } else if (std::filesystem::file_size(path, failure) == 0 || failure) {
        // SQLite would take an empty file for a new database.
        return Err(StoreFailure{StoreError::Damaged, path + ": empty"});
    }
    auto database = Database::open(path, Database::Durability::EveryCommit);
    if (!database) return Err(database.error());
    std::unique_ptr<SqliteJournal> journal(new SqliteJournal(std::move(*database)));
    const auto sound = journal->check();
    if (!sound) return Err(sound.error());
    return std::unique_ptr<ports::Journal>(std::move(journal));
}

StoreFailure SqliteJournal::damagedAt(std::uint64_t number, const char* what) const {
    return {StoreError::Damaged, m_database->path() + ": record " + std::to_string(number) + ": " + what};
}

Done SqliteJournal::check() {
    const auto version = m_database->valueOf("PRAGMA user_version");
    if (!version) return Err(version.error());
    if (version->toLongLong() > kJournalVersion) {
        return Err(
            StoreFailure{StoreError::Newer, m_database->path() + ": version " + version->toString().toStdString()});
    }
    const auto tables = m_database->valueOf("SELECT count(*) FROM sqlite_master WHERE type='table' AND name='record'");
    if (!tables) return Err(tables.error());
    if (version->toLongLong() != kJournalVersion || tables->toInt() != 1) {
        return Err(StoreFailure{StoreError::Damaged, m_database->path() + ": not a journal"});
    }
    const auto lowest = m_database->valueOf("SELECT min(number) FROM record");
    if (!lowest) return Err(lowest.error());
    const auto highest = m_database->valueOf("SELECT max(number) FROM record");
    if (!highest) return Err(highest.error());
    if (highest->isNull()) return {};
    if (lowest->toLongLong() != 1) return Err(damagedAt(1, "missing"));
    m_size = unsignedOf(*highest);
    return {};
}

Done SqliteJournal::insertAll(const std::vector<Bytes>& records) {
    std::uint64_t number = m_size;
    for (const Bytes& record : records) {
        ++number;
        auto inserted = m_database->change("INSERT INTO record (number, record, sum) VALUES (?, ?, ?)",
                                           {number, ByteView(record), sumOf(number, record).view()});
        if (!inserted) return inserted;
    }
    return {};
}

Done SqliteJournal::append(const std::vector<Bytes>& records) {
    if (m_broken) return Err(StoreFailure{StoreError::Io, m_database->path() + ": an earlier write has failed"});
    if (records.empty()) return {};
    auto done = m_database->begin();
    if (done) done = insertAll(records);
    if (done) done = m_database->commit();
    if (!done) {
        m_broken = done.error().error == StoreError::Io;
        m_database->rollback();
        return done;
    }
    m_size += records.size();
    return {};
}

Done SqliteJournal::read(std::uint64_t first, const std::function<bool(std::uint64_t, ByteView)>& visit) {
    const auto opened = m_database->query("SELECT number, record, sum FROM record WHERE number >= ? ORDER BY number",
                                          {numberOf(first)});
    if (!opened) return Err(opened.error());
    QSqlQuery& rows = **opened;
    std::uint64_t expected = std::max<std::uint64_t>(first, 1);
    while (rows.next()) {
        const std::uint64_t number = unsignedOf(rows.value(0));
        if (number != expected) return Err(damagedAt(expected, "missing"));
        const QByteArray record = rows.value(1).toByteArray();
        if (viewOf(rows.value(2).toByteArray()).size() != Hash::kSize ||
            Hash::from(viewOf(rows.value(2).toByteArray())) != sumOf(number, viewOf(record))) {
            return Err(damagedAt(number, "its check sum differs"));
        }
        ++expected;
        if (!visit(number, viewOf(record))) {
            rows.finish();
            return {};
        }
    }
    if (rows.lastError().isValid()) {
        auto failure = m_database->failureOf(rows);
        failure.detail += ", at record " + std::to_string(expected);
        return Err(std::move(failure));
    }
    if (expected <= m_size) return Err(damagedAt(expected, "missing"));
    return {};
}

} // namespace tallylock::store
