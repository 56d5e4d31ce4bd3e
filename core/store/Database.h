// One SQLite file through Qt Sql: opened with our settings, its failures named, its statements prepared once.
//
// Rows are written and read through SQLite's own interface (www.sqlite.org/c3ref), on Qt's connection: Qt takes several
// times as long to bind a row's values as SQLite to store it, and a coordinator writes some ten rows an order. Text
// goes in as the UTF-8 that it is kept as.
//
// Lives on the thread that made it. Needs a QCoreApplication, which Qt wants for finding the driver.
#pragma once

#include "core/store/Disk.h"
#include "core/store/TableStore.h"

#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <memory>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace tallylock::store {

QString textOf(const std::string& text);
QByteArray blobOf(ByteView bytes); ///< a copy
ByteView viewOf(const QByteArray& bytes);
/// SQLite counts in 63 bits; every number of ours stays below.
inline QVariant numberOf(std::uint64_t number) { return QVariant::fromValue(static_cast<qlonglong>(number)); }
inline QVariant numberOf(std::int64_t number) { return QVariant::fromValue(static_cast<qlonglong>(number)); }
inline std::uint64_t unsignedOf(const QVariant& value) { return static_cast<std::uint64_t>(value.toLongLong()); }

class Database {
public:
    enum class Durability {
        EveryCommit, ///< synchronous=FULL: a commit that returned is on the disk
        Rebuildable, ///< synchronous=NORMAL: the last commits may be lost, but the file stays whole. On Linux they are
                     ///< on their way to the disk, so that the log's sync before it is written back finds little to
                     ///< wait for
    };
    /// Opens `path`, or creates it empty. WAL. Damaged if there is a file that is no database.
    static Result<std::unique_ptr<Database>, ports::StoreFailure> open(const std::string& path, Durability durability);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const std::string& path() const { return m_path; }

    /// One or several statements without values or result, separated by semicolons.
    Done run(const char* sql);
    /// A statement of one line of `sql`, a literal: it is prepared the first time and kept. The query stays valid until
    /// the same literal is used again; read its rows with next() and call finish() if rows are left.
    Result<QSqlQuery*, ports::StoreFailure> query(const char* sql, std::initializer_list<QVariant> values);
    /// The same for a statement whose result does not matter.
    Done change(const char* sql, std::initializer_list<Value> values);
    /// Whether the last change has met a row.
    bool hasChanged() const;
    /// The same as change(), with rows, which are visited until the visitor returns false.
    Done read(const char* sql, std::initializer_list<Value> values, const std::function<bool(const Row&)>& visit);
    /// The first column of the only row; an invalid value if there is no row.
    Result<QVariant, ports::StoreFailure> valueOf(const char* sql, std::initializer_list<QVariant> values = {});

    Done begin() { return change("BEGIN IMMEDIATE", {}); }
    Done commit();
    void rollback();

    ports::StoreFailure failureOf(const QSqlQuery& query) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    Database(std::string path, QString connection, Durability durability);
    void startWriting();
    ports::StoreFailure failureOfLast() const;
    /// Ready to be stepped through. The values must live until it is reset.
    Result<sqlite3_stmt*, ports::StoreFailure> bound(const char* sql, std::initializer_list<Value> values);

    std::string m_path;
    QString m_connection;
    Durability m_durability;
    DiskFile m_log;              ///< once it is to be written; SQLite locks nothing in it
    sqlite3* m_handle = nullptr; ///< the connection's
    std::unordered_map<const char*, std::unique_ptr<QSqlQuery>> m_prepared;
    std::unordered_map<const char*, Statement> m_statements;
};

} // namespace tallylock::store
