// Tables in a database of their own, of a real PostgreSQL that all tables of the test share.
#pragma once

#include "core/store/PostgresStore.h"
#include "tests/core/store/ProjectedTables.h"
#include "tests/support/PostgresServer.h"

namespace tallylock::test {

class TablesInPostgres final : public TablesOfTest {
public:
    static constexpr const char* kTypeOfDelta = "SELECT pg_typeof(delta) FROM ledger_entry";
    static constexpr const char* kAmountType = "numeric";
    static constexpr const char* kDamages[] = {"gone",          "empty", "no table", "fewer columns",
                                               "older columns", "other", "no place", "no head"};

    TablesInPostgres() {
        static int made = 0;
        m_name = QStringLiteral("tables%1").arg(++made);
        server().sql(QStringLiteral("CREATE DATABASE ") + m_name);
        claim();
        open();
    }
    static void startServer() {
        shared() = std::make_unique<PostgresServer>();
        server().make();
        server().append(QStringLiteral("fsync = off\n")); // there are many databases, and the machine lives
        server().start();
    }
    static void stopServer() { shared().reset(); }
    static PostgresServer& server() { return *shared(); }

    /// Another coordinator's, from now on.
    void claim() {
        auto opened = store::PostgresStore::open(place());
        if (!opened || !(*opened)->claim()) qFatal("not claimed");
        m_store = std::move(*opened);
    }
    store::PostgresStore& store() { return *m_store; }
    store::PostgresPlace place() const { return {server().connection(m_name), false}; }

    using TablesOfTest::row;
    QString row(const QString& sql) override {
        return server().sql(QStringLiteral("SET search_path TO tallylock_tables; ") + sql, m_name);
    }

    /// While they are closed.
    void damage(const QString& what) {
        const auto change = [&](const char* sql) { row(sql); };
        if (what == QLatin1String("gone")) change("DROP SCHEMA tallylock_tables CASCADE");
        if (what == QLatin1String("empty"))
            change("DROP SCHEMA tallylock_tables CASCADE; CREATE SCHEMA tallylock_tables");
        if (what == QLatin1String("no table")) change("DROP TABLE audit");
        if (what == QLatin1String("fewer columns")) change("ALTER TABLE balance DROP held");
        if (what == QLatin1String("older columns")) change("ALTER TABLE receipt RENAME attempt TO attempts");
        if (what == QLatin1String("other")) change("UPDATE version SET version = 99");
        if (what == QLatin1String("no place")) change("DELETE FROM place");
        if (what == QLatin1String("no head")) change("UPDATE place SET head = ''");
    }

private:
    Result<std::unique_ptr<ports::Projector>, ports::StoreFailure> openProjector() override {
        return m_store->tables()();
    }
    static std::unique_ptr<PostgresServer>& shared() {
        static std::unique_ptr<PostgresServer> one;
        return one;
    }
    QString m_name;
    std::unique_ptr<store::PostgresStore> m_store;
};
#ifdef TALLYLOCK_OVER_POSTGRES
using ProjectedTables = TablesInPostgres;
#endif

} // namespace tallylock::test
