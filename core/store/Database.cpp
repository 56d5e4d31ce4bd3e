#include "core/store/Database.h"

#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>

#include <atomic>
#include <cassert>
#include <sqlite3.h>
#include <vector>

#include <fcntl.h>

namespace tallylock::store {

using ports::StoreError;
using ports::StoreFailure;

QString textOf(const std::string& text) { return QString::fromStdString(text); }
QByteArray blobOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}
ByteView viewOf(const QByteArray& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

namespace {

/// Result codes of SQLite (www.sqlite.org/rescode.html); the low byte of an extended code is its family.
StoreError errorOfCode(int code) {
    switch (code & 0xff) {
    case 5: // busy
    case 6: return StoreError::Locked;
    case 8:                               // read-only
    case 23: return StoreError::ReadOnly; // not authorised
    case 11:                              // corrupt
    case 26: return StoreError::Damaged;  // not a database
    case 13: return StoreError::DiskFull;
    default: return StoreError::Io;
    }
}

StoreFailure failureOfError(const std::string& path, const QSqlError& error) {
    bool isNumber = false;
    const int code = error.nativeErrorCode().toInt(&isNumber);
    return {isNumber ? errorOfCode(code) : StoreError::Io, path + ": " + error.databaseText().toStdString()};
}

/// The name of the value at this place. Kept, because Qt would make a name of each place anew at every binding.
const QString& nameOfPlace(int place) {
    constexpr int kPlaces = 32;
    static const std::vector<QString> names = [] {
        std::vector<QString> made;
        made.reserve(kPlaces);
        for (int i = 0; i < kPlaces; ++i) made.push_back(QStringLiteral(":v%1").arg(i));
        return made;
    }();
    return names.at(static_cast<std::size_t>(place));
}
/// The statement with names instead of question marks, which no literal of ours has within.
QString withNames(const char* sql) {
    QString named;
    int place = 0;
    for (const char* c = sql; *c != 0; ++c) {
        if (*c == '?') {
            named += nameOfPlace(place++);
        } else {
            named += QLatin1Char(*c);
        }
    }
    return named;
}

/// Ready to be used again, and free of the values of this time, when it goes.
class Using {
public:
    explicit Using(sqlite3_stmt* statement) : m_statement(statement) {}
    ~Using() {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
    Using(const Using&) = delete;
    Using& operator=(const Using&) = delete;

private:
    sqlite3_stmt* m_statement;
};

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : m_statement(statement) {}
    bool isNull(int column) const override { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
    std::int64_t signedNumber(int column) const override { return sqlite3_column_int64(m_statement, column); }
    ByteView bytes(int column) const override {
        const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(m_statement, column));
        return {data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
    }
    money::Amount amount(int column, money::UnitId unit) const override {
        const ByteView text = bytes(column);
        return amountOf({reinterpret_cast<const char*>(text.data()), text.size()}, unit);
    }

private:
    sqlite3_stmt* m_statement;
};

QString freshConnectionName() {
    static std::atomic<unsigned> made{0};
    return QStringLiteral("tallylock-%1").arg(++made);
}

} // namespace

Database::Database(std::string path, QString connection, Durability durability)
    : m_path(std::move(path)),
      m_connection(std::move(connection)),
      m_durability(durability) {}

Database::~Database() {
    m_statements.clear(); // a connection can be removed only when nothing uses it
    m_prepared.clear();
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<Database>, StoreFailure> Database::open(const std::string& path, Durability durability) {
    const QString connection = freshConnectionName();
    std::unique_ptr<Database> database(new Database(path, connection, durability));
    {
        QSqlDatabase handle = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        handle.setDatabaseName(textOf(path));
        handle.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=1000"));
        if (!handle.open()) return Err(failureOfError(path, handle.lastError()));
        const QVariant driver = handle.driver()->handle();
        if (qstrcmp(driver.typeName(), "sqlite3*") != 0)
            return Err(StoreFailure{StoreError::Io, path + ": Qt's database driver is another than SQLite's own"});
        database->m_handle = *static_cast<sqlite3* const*>(driver.constData());
    }
    const auto mode = database->valueOf("PRAGMA journal_mode=WAL");
    if (!mode) return Err(mode.error());
    if (mode->toString() != QStringLiteral("wal")) return Err(StoreFailure{StoreError::Io, path + ": no WAL here"});
    // The log is written back when it has some megabytes: that costs two syncs. Tables are worked on in memory till
    // then.
    const auto set = database->run(durability == Durability::EveryCommit
                                       ? "PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=4000"
                                       : "PRAGMA synchronous=NORMAL;PRAGMA wal_autocheckpoint=8000;"
                                         "PRAGMA cache_size=-65536");
    if (!set) return Err(set.error());
    return database;
}

StoreFailure Database::failureOf(const QSqlQuery& query) const { return failureOfError(m_path, query.lastError()); }

Done Database::run(const char* sql) {
    const auto statements = QString::fromUtf8(sql).split(QLatin1Char(';'), Qt::SkipEmptyParts);
    for (const QString& statement : statements) {
        if (statement.trimmed().isEmpty()) continue;
        QSqlQuery query(QSqlDatabase::database(m_connection, false));
        if (!query.exec(statement)) return Err(failureOf(query));
    }
    return {};
}

Result<QSqlQuery*, StoreFailure> Database::query(const char* sql, std::initializer_list<QVariant> values) {
    auto& prepared = m_prepared[sql];
    if (!prepared) {
        auto fresh = std::make_unique<QSqlQuery>(QSqlDatabase::database(m_connection, false));
        fresh->setForwardOnly(true);
        if (!fresh->prepare(withNames(sql))) return Err(failureOf(*fresh));
        prepared = std::move(fresh);
    }
    int place = 0;
    for (const QVariant& value : values) prepared->bindValue(nameOfPlace(place++), value);
    if (!prepared->exec()) return Err(failureOf(*prepared));
    return prepared.get();
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

StoreFailure Database::failureOfLast() const {
    return {errorOfCode(sqlite3_extended_errcode(m_handle)), m_path + ": " + sqlite3_errmsg(m_handle)};
}

/// The value must live until the statement is reset.
static int bind(sqlite3_stmt* statement, int place, const Value& value) {
    switch (value.kind()) {
    case Value::Kind::Null: return sqlite3_bind_null(statement, place);
    case Value::Kind::Number: return sqlite3_bind_int64(statement, place, value.number());
    case Value::Kind::Text:
        return sqlite3_bind_text64(statement, place, value.text().data(), value.text().size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
    case Value::Kind::Bytes: {
        static const std::uint8_t kNone = 0; // no address would be null
        const auto* data = value.bytes().empty() ? &kNone : value.bytes().data();
        return sqlite3_bind_blob64(statement, place, data, value.bytes().size(), SQLITE_STATIC);
    }
    }
    return SQLITE_MISUSE;
}

Result<sqlite3_stmt*, StoreFailure> Database::bound(const char* sql, std::initializer_list<Value> values) {
    Statement& statement = m_statements[sql];
    if (!statement) {
        sqlite3_stmt* fresh = nullptr;
        if (sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh, nullptr) != SQLITE_OK)
            return Err(failureOfLast());
        statement.reset(fresh);
    }
    assert(sqlite3_bind_parameter_count(statement.get()) == static_cast<int>(values.size()));
    int place = 0;
    for (const Value& value : values) {
        if (bind(statement.get(), ++place, value) != SQLITE_OK) return Err(failureOfLast());
    }
    return statement.get();
}

Done Database::change(const char* sql, std::initializer_list<Value> values) {
    const auto statement = bound(sql, values);
    if (!statement) return Err(statement.error());
    const Using once(*statement);
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(*statement);
    if (code != SQLITE_DONE) return Err(failureOfLast());
    return {};
}

Done Database::read(const char* sql, std::initializer_list<Value> values,
                    const std::function<bool(const Row&)>& visit) {
    const auto statement = bound(sql, values);
    if (!statement) return Err(statement.error());
    const Using once(*statement);
    const SqliteRow row(*statement);
    int code = sqlite3_step(*statement);
    while (code == SQLITE_ROW && visit(row)) code = sqlite3_step(*statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW) return Err(failureOfLast());
    return {};
}

bool Database::hasChanged() const { return sqlite3_changes(m_handle) != 0; }

Result<QVariant, StoreFailure> Database::valueOf(const char* sql, std::initializer_list<QVariant> values) {
    const auto rows = query(sql, values);
    if (!rows) return Err(rows.error());
    const QVariant value = (*rows)->next() ? (*rows)->value(0) : QVariant();
    if ((*rows)->lastError().isValid()) return Err(failureOf(**rows));
    (*rows)->finish();
    return value;
}

Done Database::commit() {
    auto done = change("COMMIT", {});
    if (done && m_durability == Durability::Rebuildable) startWriting();
    return done;
}

void Database::startWriting() {
#ifdef SYNC_FILE_RANGE_WRITE
    if (!m_log.isOpen()) m_log = DiskFile(sqlite3_filename_wal(sqlite3_db_filename(m_handle, "main")), O_RDONLY);
    // Nothing is promised by it: what it cannot do, the sync will.
    if (m_log.isOpen()) (void)::sync_file_range(m_log.number(), 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

void Database::rollback() {
    // Fails when SQLite has rolled back by itself, which it does on some errors.
    (void)run("ROLLBACK");
}

} // namespace tallylock::store
