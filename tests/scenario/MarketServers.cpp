#include "tests/scenario/MarketServers.h"

#include "core/store/PostgresStore.h"
#include "core/store/SqliteJournal.h"

namespace tallylock::marketplace {

using test::ServerProcess;

bool MarketServers::start() {
#ifdef TALLYLOCK_OVER_POSTGRES
    test::PostgresServer::startPair(m_primary, m_replica);
    m_cluster.useTwoMachines(m_primary, m_replica, 0);
#endif
    m_wires = std::make_unique<test::Wires>(m_cluster);
    for (ServerProcess* server : {&m_cluster.coordinator, &m_cluster.standIn, &m_cluster.keyServer, &m_cluster.standby})
        server->more = m_wires->through(server->more);
    if (!m_cluster.start()) return false;
#ifdef TALLYLOCK_OVER_POSTGRES
    return m_cluster.startStandIn();
#else
    return true;
#endif
}

bool MarketServers::takeOver() {
#ifdef TALLYLOCK_OVER_POSTGRES
    if (m_hasTakenOver) return true;
    m_primary.kill();
    m_cluster.coordinator.kill();
    const QStringList told{QStringLiteral("--config"), m_cluster.standIn.settings(), QStringLiteral("--promote")};
    if (test::run(QStringLiteral("tallylockd"), told).code != 0) return false;
    m_hasTakenOver = true;
    return m_cluster.standIn.waitFor(" listening ");
#else
    return true;
#endif
}

std::string MarketServers::stop() {
    std::vector<ServerProcess*> running{&leader(), &keyServer(), &standby()};
#ifdef TALLYLOCK_OVER_POSTGRES
    if (!m_hasTakenOver) running.push_back(&m_cluster.standIn);
#endif
    for (ServerProcess* server : running) {
        if (const int code = server->stop(); code != 0)
            return server->path().toStdString() + " ends with " + std::to_string(code) + ": " +
                   server->log().toStdString();
    }
    return {};
}

std::unique_ptr<ports::Journal> MarketServers::journal() {
#ifdef TALLYLOCK_OVER_POSTGRES
    const auto store =
        store::PostgresStore::open({(m_hasTakenOver ? m_replica : m_primary).connection(), false, 30'000});
    if (!store) qFatal("%s", store.error().detail.c_str());
    auto opened = (*store)->journal("journal")();
#else
    auto opened = store::SqliteJournal::open((leader().folder() + QStringLiteral("/journal.sqlite")).toStdString());
#endif
    if (!opened) qFatal("%s", opened.error().detail.c_str());
    return std::move(*opened);
}

/// What is in a database is copied, record by record, into the file that it would be in a folder.
QString MarketServers::folderToVerify() {
#ifdef TALLYLOCK_OVER_POSTGRES
    const QString folder = m_cluster.folder.filePath(QStringLiteral("copied"));
    const QString coordinator = folder + QStringLiteral("/coordinator");
    QDir().mkpath(coordinator);
    if (!QFile::link(filesFolder(), coordinator + QStringLiteral("/files"))) qFatal("no link");
    auto copy = store::SqliteJournal::open((coordinator + QStringLiteral("/journal.sqlite")).toStdString());
    if (!copy) qFatal("%s", copy.error().detail.c_str());
    std::vector<Bytes> records;
    const auto read = journal()->read(1, [&](std::uint64_t, ByteView record) {
        records.push_back(bytesOf(record));
        return true;
    });
    if (!read || !(*copy)->append(records)) qFatal("cannot copy the journal");
    return folder;
#else
    return m_cluster.folder.path();
#endif
}

} // namespace tallylock::marketplace
