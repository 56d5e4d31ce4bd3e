// Two machines of one coordinator, each beside a database, of which one is the synchronous standby of the other. The
// first is lost in the middle of its work, or believes that it still is the one: nothing that was acknowledged is lost,
// the apps go on by themselves, and never do two write.
#include "core/api/Treasury.h"
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"

using namespace tallylock;
using api::SaleState;
using test::Cluster;
using test::dollars;
using test::Ended;
using test::Household;
using test::PostgresServer;
using test::ServerProcess;

namespace {

constexpr std::int64_t kPatienceMs = 120'000;
const QString kProgram = QStringLiteral("tallylockd");

std::uint64_t batchesOf(ServerProcess& server) {
    const auto found = QRegularExpression(QStringLiteral("\ntallylock_journal_batches (\\d+)"))
                           .match(QString::fromUtf8(server.told("/metrics")));
    return found.captured(1).toULongLong();
}
Ended promote(const ServerProcess& server) {
    return test::run(kProgram, {QStringLiteral("--config"), server.settings(), QStringLiteral("--promote")});
}

/// Places one order after the other, and remembers those that were acknowledged.
class Trader {
public:
    explicit Trader(Household& home) : m_home(home) {}
    bool begin() {
        auto made = m_home.create("trader", m_home.node->newPhrase(12), "trader's passphrase");
        if (!made) return false;
        m_session = *made;
        if (!m_home.get<HolderId>([&](auto done) { m_session->registerHolder("Trader", false, done); })) return false;
        const auto place =
            m_home.get<api::DepositRow>([&](auto done) { m_session->depositIdentifier(money::kUsd, done); });
        const auto markets =
            m_home.get<std::vector<api::InstrumentRow>>([&](auto done) { m_session->instruments(done); });
        if (!place || !markets || markets->empty()) return false;
        m_market = markets->front().id;
        const auto paid = m_home.loop.ask<void>([&](auto done) {
            m_home.node->practice()->bankTransfer(money::kUsd, place->identifier, dollars(100'000), done);
        });
        return paid.ok() && until([&] { return available() == dollars(100'000); });
    }
    void start() {
        m_isStopping = false;
        placeNext();
    }
    void stop() { m_isStopping = true; }
    std::size_t acknowledged() const { return m_acknowledged.size(); }
    /// Waits, asking again, since the servers may be in between.
    bool hasAll() {
        return until([&] {
            const auto rows = m_home.loop.ask<std::vector<api::OrderRow>>([&](auto done) { m_session->orders(done); });
            if (!rows) return false;
            std::set<OrderId> there;
            for (const api::OrderRow& row : *rows) there.insert(row.id);
            return std::includes(there.begin(), there.end(), m_acknowledged.begin(), m_acknowledged.end());
        });
    }
    /// One more, however often it has to be sent.
    bool goesOn() {
        const std::size_t before = acknowledged();
        start();
        const bool isSo = until([&] { return acknowledged() > before; });
        stop();
        return isSo;
    }
    template <class Predicate>
    bool until(Predicate isSo) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
        while (!isSo()) {
            if (std::chrono::steady_clock::now() > end) return false;
            m_home.loop.runFor(20);
        }
        return true;
    }

private:
    money::Amount available() {
        const auto rows = m_home.loop.ask<std::vector<api::BalanceRow>>([&](auto done) { m_session->balances(done); });
        if (rows) {
            for (const api::BalanceRow& row : *rows) {
                if (row.unit == money::kUsd) return row.available;
            }
        }
        return dollars(0);
    }
    void placeNext() {
        if (m_isStopping || m_isPlacing) return;
        m_isPlacing = true;
        m_session->placeOrder({m_market, api::Side::Buy, dollars(1), {10'000, money::kBtc}, ++m_lastId},
                              [this](const api::Answer<api::OrderRow>& placed) {
                                  m_isPlacing = false;
                                  if (placed) m_acknowledged.insert(placed->id);
                                  placeNext();
                              });
    }
    Household& m_home;
    Household::SessionPointer m_session;
    InstrumentId m_market;
    std::uint64_t m_lastId = 0;
    std::set<OrderId> m_acknowledged;
    bool m_isPlacing = false;
    bool m_isStopping = false;
};

struct Scene {
    explicit Scene(int takeoverAfterS) {
        PostgresServer::startPair(primary, replica);
        cluster.useTwoMachines(primary, replica, takeoverAfterS);
    }
    bool start() { return cluster.start() && cluster.startStandIn(); }
    bool hasFollowed() {
        const std::uint64_t there = batchesOf(cluster.coordinator);
        return there != 0 && QTest::qWaitFor([&] { return batchesOf(cluster.standIn) >= there; }, 20'000);
    }
    PostgresServer primary;
    PostgresServer replica;
    Cluster cluster;
};

} // namespace

class TestHotStandby : public QObject {
    Q_OBJECT
private slots:
    void itTakesOverByItself() {
        Scene scene(2);
        Cluster& cluster = scene.cluster;
        QVERIFY(scene.start());
        QVERIFY(cluster.coordinator.log().contains("writer epoch=1"));
        const QByteArray well = cluster.standIn.told("/healthz");
        QVERIFY2(well.startsWith("HTTP/1.1 200") && well.endsWith("\r\n\r\nstandby\n"), well.constData());
        QVERIFY(cluster.standIn.told("/metrics").contains("\ntallylock_standby 1\n"));

        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        Trader trader(home);
        QVERIFY(trader.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.step >= 8; }, kPatienceMs),
                 home.trouble.c_str());
        QVERIFY(scene.hasFollowed());
        trader.start();
        QVERIFY(trader.until([&] { return trader.acknowledged() >= 50; }));

        // The tables go along with the replica. Whoever made them anew would take this one away.
        scene.primary.sql(QStringLiteral("CREATE TABLE tallylock_tables.mark ()"));
        QTRY_COMPARE_WITH_TIMEOUT(scene.replica.sql(QStringLiteral("SELECT count(*) FROM tallylock_tables.mark")),
                                  QStringLiteral("0"), 20'000);

        // The machine goes, in the middle of an order.
        scene.primary.kill();
        cluster.coordinator.kill();
        trader.stop();
        const auto before = home.salesOf(home.buyer).front();
        QVERIFY(cluster.standIn.waitFor(" listening ", kPatienceMs));
        const QByteArray log = cluster.standIn.log();
        QVERIFY2(log.contains("takes-over why=\"the coordinator is unreachable\"") && log.contains("writer epoch=2"),
                 log.constData());
        const auto warm = QRegularExpression(QStringLiteral("goes-on batch=(\\d+)")).match(QString::fromUtf8(log));
        QVERIFY(warm.captured(1).toULongLong() >= 50); // nothing of it is replayed
        QVERIFY(trader.hasAll());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs),
                 home.trouble.c_str());
        QVERIFY(home.salesOf(home.buyer).front().step >= before.step); // nothing that was shown is taken back
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QCOMPARE(opened.readAll(), home.content);
        QTRY_VERIFY_WITH_TIMEOUT(cluster.standIn.told("/healthz").endsWith("\r\n\r\nok\n"), 20'000);
        QVERIFY(cluster.standIn.told("/metrics").contains("\ntallylock_standby 0\n"));

        QCOMPARE(scene.replica.sql(QStringLiteral("SELECT count(*) FROM tallylock_tables.mark")), QStringLiteral("0"));
        const QString orders = QStringLiteral("SELECT count(*) FROM tallylock_tables.any_order");
        QTRY_VERIFY_WITH_TIMEOUT(scene.replica.sql(orders).toULongLong() >= trader.acknowledged(), 20'000);
        QCOMPARE(scene.replica.sql(QStringLiteral("SELECT state FROM tallylock_tables.sale")),
                 QStringLiteral("Completed"));
        for (const ServerProcess* server : {&cluster.coordinator, &cluster.standIn})
            QVERIFY(!QFile::exists(server->folder() + QStringLiteral("/projections.sqlite")));

        // The old machine comes back, and believes that it is the one: but its database has lost its standby.
        scene.primary.start();
        const Ended old = test::run(kProgram, {QStringLiteral("--config"), cluster.coordinator.settings()});
        QVERIFY2(old.code == 1 && old.said.contains("not known to be with the standby"), old.said.constData());
        QVERIFY(!old.said.contains(" listening "));
        QVERIFY(trader.goesOn() && trader.hasAll());
        // And the new one, started again, is the one.
        QCOMPARE(cluster.standIn.stop(), 0);
        QVERIFY(cluster.standIn.start());
        QVERIFY(cluster.standIn.log().contains("writer epoch=3"));
        QVERIFY(trader.hasAll());
    }

    /// The first coordinator and its database live, and know nothing of it.
    void itTakesOverFromOneThatLives() {
        Scene scene(0);
        Cluster& cluster = scene.cluster;
        QVERIFY(scene.start());
        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        Trader trader(home);
        QVERIFY(trader.begin());
        // Whoever would depose a coordinator that is at its work by wrong settings does not start.
        const QString astray = cluster.folder.filePath(QStringLiteral("astray"));
        QDir().mkpath(astray);
        test::copyIdentity(cluster.coordinator.folder(), astray);
        const Ended wrong = test::run(
            kProgram, {QStringLiteral("--config"), cluster.standIn.settings()},
            {QStringLiteral("TALLYLOCK_FOLDER=") + astray,
             QStringLiteral("TALLYLOCK_POSTGRES_CONNECTION=") + QString::fromStdString(scene.primary.connection())});
        QVERIFY2(wrong.code == 1 && wrong.said.contains("is at its work"), wrong.said.constData());
        const Ended nobody =
            test::run(kProgram, {QStringLiteral("--config"), cluster.standIn.settings(), QStringLiteral("--promote")},
                      {QStringLiteral("TALLYLOCK_FOLDER=") + astray});
        QVERIFY2(nobody.code == 1 && nobody.said.contains("nobody stands by"), nobody.said.constData());
        const Ended leader = promote(cluster.coordinator);
        QVERIFY2(leader.code == 1 && leader.said.contains("does not stand by"), leader.said.constData());
        QVERIFY(trader.goesOn());

        trader.start();
        QVERIFY(trader.until([&] { return trader.acknowledged() >= 20; }));
        const Ended told = promote(cluster.standIn);
        QVERIFY2(told.code == 0 && told.said.contains("takes over"), told.said.constData());
        QVERIFY(cluster.standIn.waitFor(" listening ", kPatienceMs));
        QVERIFY(cluster.standIn.log().contains("writer epoch=2"));
        // What the old one would write now it cannot acknowledge, and ends.
        home.loop.runFor(500); // the next order is on its way
        QCOMPARE(cluster.coordinator.waitUntilEnded(), 1);
        QVERIFY2(cluster.coordinator.log().contains("not known to be with the standby"),
                 cluster.coordinator.log().constData());
        const std::size_t meanwhile = trader.acknowledged();
        QVERIFY(trader.until([&] { return trader.acknowledged() > meanwhile; })); // at the other address
        trader.stop();
        QVERIFY(trader.hasAll());
    }

    /// What such a coordinator has acknowledged need not be in the replica.
    void nobodyWhoDidNotWaitIsReplacedUnasked() {
        Scene scene(1);
        Cluster& cluster = scene.cluster;
        cluster.coordinator.more = cluster.plain + test::postgresTable(scene.primary, false);
        QVERIFY(scene.start());
        QVERIFY(scene.hasFollowed());
        cluster.coordinator.kill();
        QVERIFY(cluster.standIn.waitFor("has not waited for a standby"));
        const QByteArray ill = cluster.standIn.told("/healthz");
        QVERIFY2(ill.startsWith("HTTP/1.1 503") && ill.contains("Told to"), ill.constData());
        QVERIFY(!cluster.standIn.log().contains("takes-over"));
        QCOMPARE(promote(cluster.standIn).code, 0);
        QVERIFY(cluster.standIn.waitFor(" listening ", kPatienceMs));
        QVERIFY(cluster.standIn.log().contains("takes-over why=\"told to\""));
    }
};

QTEST_GUILESS_MAIN(TestHotStandby)
#include "tst_hot_standby.moc"
