// A journal in one SQLite file: WAL, synchronous=FULL, one transaction an append.
//
//   record(number INTEGER PRIMARY KEY, record BLOB, sum BLOB)     user_version = 1, application_id = "tlyj"
//
// sum = BLAKE2b-256 of the number (8 bytes, big-endian) and the record: a record that the disk has changed or moved is
// named, not replayed. A new file is made under another name and renamed, so an empty or broken file of the journal's
// name is never the rest of an interrupted creation, and is never written over.
#pragma once

#include "core/store/Database.h"

namespace tallylock::store {

/// Lives on the thread that opened it. Needs a QCoreApplication. Take the folder's lock first (FolderLock).
class SqliteJournal final : public ports::Journal {
public:
    /// The folder exists. Creates the file if there is none.
    static Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> open(const std::string& path);

    std::uint64_t size() const override { return m_size; }
    /// After a failure of the disk (Io) nothing more is appended until the file is opened again: what the system told
    /// about earlier writes is no longer to be trusted.
    Done append(const std::vector<Bytes>& records) override;
    Done read(std::uint64_t first, const std::function<bool(std::uint64_t, ByteView)>& visit) override;

private:
    explicit SqliteJournal(std::unique_ptr<Database> database) : m_database(std::move(database)) {}
    Done check();
    Done insertAll(const std::vector<Bytes>& records);
    ports::StoreFailure damagedAt(std::uint64_t number, const char* what) const;

    std::unique_ptr<Database> m_database;
    std::uint64_t m_size = 0;
    bool m_broken = false;
};

} // namespace tallylock::store
