#include "core/store/Database.h"

#include <QSqlDatabase>
#include <QSqlError>

#include <atomic>
#include <vector>

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

QString freshConnectionName() {
    static std::atomic<unsigned> made{0};
    return QStringLiteral("tallylock-%1").arg(++made);
}

} // namespace

Database::Database(std::string path, QString connection)
    : m_path(std::move(path)),
      m_connection(std::move(connection)) {}

Database::~Database() {
    m_prepared.clear(); // a connection can be removed only when nothing uses it
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<Database>, StoreFailure> Database::open(const std::string& path, Durability durability) {
    const QString connection = freshConnectionName();
    std::unique_ptr<Database> database(new Database(path, connection));
    {
        QSqlDatabase handle = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        handle.setDatabaseName(textOf(path));
        handle.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=1000"));
        if (!handle.open()) return Err(failureOfError(path, handle.lastError()));
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

Done Database::change(const char* sql, std::initializer_list<QVariant> values) {
    const auto done = query(sql, values);
    if (!done) return Err(done.error());
    (*done)->finish();
    return {};
}

Result<QVariant, StoreFailure> Database::valueOf(const char* sql, std::initializer_list<QVariant> values) {
    const auto rows = query(sql, values);
    if (!rows) return Err(rows.error());
    const QVariant value = (*rows)->next() ? (*rows)->value(0) : QVariant();
    if ((*rows)->lastError().isValid()) return Err(failureOf(**rows));
    (*rows)->finish();
    return value;
}

void Database::rollback() {
    // Fails when SQLite has rolled back by itself, which it does on some errors.
    (void)run("ROLLBACK");
}

} // namespace tallylock::store
