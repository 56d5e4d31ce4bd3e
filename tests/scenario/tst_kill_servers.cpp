// A sale between people whose servers are processes of their own. One of these dies again and again at a lasting call
// of its own choosing (write, sync, send, rename, removal), before it, after it or in its middle, and is started again
// at once: first while it starts for the first time, then all through the sale. The sale ends as if nothing had
// happened. `./dev test --kill` shifts the deaths by one call in each of nine sales, else it is one sale a server.
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"
#include "tests/support/KillSwitch.h"

#include <atomic>
#include <thread>

using namespace tallylock;
using api::SaleState;
using test::Cluster;
using test::Household;
using test::ServerProcess;

namespace {

constexpr std::int64_t kPatienceMs = 120'000;
constexpr quint64 kStep = 9; ///< calls that each life lasts longer than the one before

/// Each life lasts a little longer than the one before, so that there is an end.
class Lives {
public:
    Lives(ServerProcess& server, quint64 first) : m_server(server), m_next(first) {
        QDir().mkpath(server.folder());
        m_folder = QDir(server.folder()).canonicalPath();
    }
    void begin() {
        static const QString kWhens[] = {QStringLiteral("before"), QStringLiteral("torn"), QStringLiteral("after")};
        m_server.environment = support::environmentOf({m_folder, m_next, kWhens[m_count++ % 3], {}});
        m_next += kStep;
        m_server.launch();
    }
    int count() const { return m_count; }

private:
    ServerProcess& m_server;
    QString m_folder;
    quint64 m_next;
    int m_count = 0;
};

/// Starts it again whenever it dies, on a thread of its own.
class Guardian {
public:
    Guardian(ServerProcess& server, quint64 first)
        : m_thread([this, &server, first] {
              Lives lives(server, first);
              for (lives.begin(); !m_isOver;) {
                  if (!server.hasEnded(10)) continue;
                  ++m_deaths;
                  lives.begin();
              }
              server.kill();
          }) {}
    ~Guardian() { end(); }
    /// Says how often it has died.
    int end() {
        m_isOver = true;
        if (m_thread.joinable()) m_thread.join();
        return m_deaths;
    }

private:
    std::atomic<bool> m_isOver{false};
    std::atomic<int> m_deaths{0};
    std::thread m_thread;
};

} // namespace

class TestKillServers : public QObject {
    Q_OBJECT
private slots:
    void aSaleGoesOn_data() {
        QTest::addColumn<bool>("isCoordinator");
        QTest::addColumn<quint64>("first");
        const quint64 sales = qgetenv("TALLYLOCK_KILL") == "all" ? kStep : 1;
        for (const bool isCoordinator : {true, false}) {
            for (quint64 first = 1; first <= sales; ++first)
                QTest::addRow("%s from %llu", isCoordinator ? "coordinator" : "key server", first)
                    << isCoordinator << first;
        }
    }
    void aSaleGoesOn() {
        QFETCH(bool, isCoordinator);
        QFETCH(quint64, first);
        Cluster cluster;
        ServerProcess& mortal = isCoordinator ? cluster.coordinator : cluster.keyServer;
        ServerProcess& other = isCoordinator ? cluster.keyServer : cluster.coordinator;
        QVERIFY(other.start() && cluster.standby.start());
        // It never was: each death leaves more of a folder that is begun.
        Lives lives(mortal, first);
        for (lives.begin(); !mortal.waitFor(" listening "); lives.begin()) QVERIFY(lives.count() < 100);
        QVERIFY(lives.count() > 1);
        mortal.kill();
        mortal.environment = QProcessEnvironment::systemEnvironment();
        QVERIFY(mortal.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        mortal.kill();
        Guardian guardian(mortal, first);
        const bool done = home.drive([](const api::SaleRow& sale) { return sale.terminal; }, kPatienceMs);
        const int deaths = guardian.end();
        QVERIFY2(done, home.trouble.c_str());
        qInfo("it died %d times before its first word, and %d times during the sale", lives.count() - 1, deaths);
        QVERIFY(deaths >= 5);
        mortal.environment = QProcessEnvironment::systemEnvironment();
        QVERIFY(mortal.start());
        QVERIFY(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs));
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QCOMPARE(opened.readAll(), home.content);
        for (ServerProcess* server : {&cluster.coordinator, &cluster.keyServer, &cluster.standby})
            QCOMPARE(server->stop(), 0);
    }
};

QTEST_GUILESS_MAIN(TestKillServers)
#include "tst_kill_servers.moc"
