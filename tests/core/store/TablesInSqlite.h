// Tables in a file, with its folder.
#pragma once

#include "core/store/SqliteProjector.h"
#include "tests/core/store/ProjectedTables.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>

namespace tallylock::test {

class TablesInSqlite final : public TablesOfTest {
public:
    static constexpr const char* kTypeOfDelta = "SELECT typeof(delta) FROM ledger_entry";
    static constexpr const char* kAmountType = "text";
    static constexpr const char* kDamages[] = {"gone", "empty", "text", "truncated", "version", "no place"};

    TablesInSqlite() { open(); }
    static void startServer() {}
    static void stopServer() {}

    using TablesOfTest::row;
    QString row(const QString& sql) override {
        QStringList found;
        {
            auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("reader"));
            database.setDatabaseName(QString::fromStdString(path()));
            if (!database.open()) qFatal("not open");
            QSqlQuery query(database);
            if (!query.exec(sql)) qFatal("%s", qPrintable(query.lastError().text()));
            while (query.next()) {
                QStringList columns;
                for (int i = 0; query.value(i).isValid(); ++i) {
                    const QVariant value = query.value(i);
                    const bool isBytes = value.typeId() == QMetaType::QByteArray;
                    columns << (isBytes ? QStringLiteral("\\x") + QString::fromLatin1(value.toByteArray().toHex())
                                        : value.toString());
                }
                found << columns.join(QLatin1Char('|'));
            }
        }
        QSqlDatabase::removeDatabase(QStringLiteral("reader"));
        return found.join(QLatin1Char('\n'));
    }

    /// While they are closed.
    void damage(const QString& what) {
        if (what == QStringLiteral("version")) row("PRAGMA user_version = 99");
        if (what == QStringLiteral("no place")) row("DELETE FROM place");
        QFile file(QString::fromStdString(path()));
        bool done = true;
        if (what == QStringLiteral("gone")) done = file.remove();
        if (what == QStringLiteral("empty")) done = file.resize(0);
        if (what == QStringLiteral("truncated")) done = file.resize(5000);
        if (what == QStringLiteral("text")) {
            done = file.open(QIODevice::WriteOnly) && file.write(QByteArray("no database").repeated(1000)) > 0;
        }
        if (!done) qFatal("not damaged");
    }

private:
    Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> openProjector() override {
        return store::SqliteProjector::open(path());
    }
    std::string path() const { return m_folder.filePath(QStringLiteral("tables")).toStdString(); }
    QTemporaryDir m_folder;
};
#ifndef TALLYLOCK_OVER_POSTGRES
using ProjectedTables = TablesInSqlite;
#endif

} // namespace tallylock::test
