#include "tests/scenario/MarketServers.h"

#include "core/store/PostgresStore.h"
#include "core/store/SqliteJournal.h"

namespace tallylock::marketplace {

using test::ServerProcess;

namespace {
/// Longer than it takes to pay, and shorter than anybody waits. It follows upon the settings of the practice world.
const QString kQuotesLapse = QStringLiteral("quote_ms = 2000\n");
} // namespace

bool MarketServers::start() {
    m_cluster.plain += kQuotesLapse;
    m_cluster.coordinator.more = m_cluster.plain;
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
        if (auto wrong = stop(*server); !wrong.empty()) return wrong;
    }
    return {};
}

std::string MarketServers::stop(ServerProcess& server) {
    const int code = server.stop();
    if (code == 0) return {};
    return server.path().toStdString() + " ends with " + std::to_string(code) + ": " + server.log().toStdString();
}

std::string MarketServers::letQuotesHold() {
    for (ServerProcess* server : {&m_cluster.coordinator, &m_cluster.standIn}) server->more.remove(kQuotesLapse);
    if (auto wrong = stop(leader()); !wrong.empty()) return wrong;
    return leader().start() ? std::string() : "it does not start with other settings: " + leader().log().toStdString();
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
