#include "core/store/SqliteProjector.h"

#include "core/store/Database.h"
#include "core/store/Schema.h"
#include "core/store/TablesProjector.h"

#include <unistd.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

namespace {

class SqliteTables final : public TableStore {
public:
    explicit SqliteTables(std::string path) : m_path(std::move(path)) {
        if (::access(m_path.c_str(), F_OK) == 0) (void)open(); // one that does not open is made anew
    }
    std::string name() const override { return m_path; }

    bool hasTables() override {
        if (!m_database) return false;
        const auto version = m_database->valueOf("PRAGMA user_version");
        return version && version->toInt() == kProjectionVersion;
    }
    Done beginAnew() override {
        m_database.reset();
        for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((m_path + suffix).c_str());
        auto done = open();
        if (done) done = m_database->begin();
        for (const std::string& statement : projectionSchema(Dialect::Sqlite)) {
            if (done) done = m_database->run(statement.c_str());
        }
        return done;
    }

    Done begin() override {
        if (!m_database) return Err(StoreFailure{StoreError::Io, m_path + ": not open"});
        return m_database->begin();
    }
    Done commit() override { return m_database->commit(); }
    void rollback() override {
        if (m_database) m_database->rollback();
    }
    Done change(const char* sql, std::initializer_list<Value> values) override {
        return m_database->change(sql, values);
    }
    /// At once: SQLite gains nothing by waiting.
    Done addRow(const char* sql, std::initializer_list<Value> values) override {
        return m_database->change(sql, values);
    }
    Done writeRows() override { return {}; }
    bool hasChanged() const override { return m_database->hasChanged(); }
    Done read(const char* sql, std::initializer_list<Value> values,
              const std::function<bool(const Row&)>& visit) override {
        return m_database->read(sql, values, visit);
    }

private:
    Done open() {
        auto database = Database::open(m_path, Database::Durability::Rebuildable);
        if (!database) return Err(database.error());
        m_database = std::move(*database);
        return {};
    }

    std::string m_path;
    std::unique_ptr<Database> m_database; ///< null: it could not be opened
};

} // namespace

Result<std::unique_ptr<ports::Projector>, StoreFailure> SqliteProjector::open(const std::string& path) {
    return TablesProjector::open(std::make_unique<SqliteTables>(path));
}

} // namespace tallylock::store
