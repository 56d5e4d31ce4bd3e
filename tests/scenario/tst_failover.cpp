// The machine of the coordinator is lost in the middle of a sale, database and all; another one takes over with what
// the standby has. And there is never more than one that writes.
#include "tests/scenario/Household.h"
#include "tests/support/Cluster.h"

using namespace tallylock;
using api::SaleState;
using test::Cluster;
using test::copyIdentity;
using test::Household;
using test::PostgresServer;
using test::postgresTable;
using test::ServerProcess;

namespace {

constexpr std::int64_t kPatienceMs = 120'000;

} // namespace

class TestFailover : public QObject {
    Q_OBJECT
private slots:
    void anotherMachineTakesOver() {
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        Cluster cluster;
        const QString settings = cluster.coordinator.more;
        cluster.coordinator.more = settings + postgresTable(primary, true);
        QVERIFY(cluster.start());
        QVERIFY(cluster.coordinator.log().contains("writer epoch=1"));
        QVERIFY(!QFile::exists(cluster.coordinator.folder() + QStringLiteral("/journal.sqlite")));

        Household home;
        home.coordinator = cluster.row();
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.step >= 8; }, kPatienceMs),
                 home.trouble.c_str());

        // The machine goes, with everything on it but what had been copied.
        ServerProcess second(QStringLiteral("tallylockd"), cluster.folder.filePath(QStringLiteral("second")),
                             cluster.coordinator.port());
        copyIdentity(cluster.coordinator.folder(), second.folder(), {"files"});
        primary.kill();
        cluster.coordinator.kill();
        const auto before = home.salesOf(home.buyer).front();
        standby.promote();
        second.more = settings + postgresTable(standby, false);
        QVERIFY(second.start());
        QVERIFY(second.log().contains("writer epoch=2"));
        // A second copy, and machines with another identity or other key servers, depose nobody: the sale goes on
        // below.
        const QString program = QStringLiteral("tallylockd");
        const QStringList arguments{QStringLiteral("--config"), second.settings()};
        const test::Ended copy = test::run(program, arguments);
        QVERIFY2(copy.code == 1 && copy.said.contains("folder-in-use"), copy.said.constData());
        const test::Ended stranger =
            test::run(program, arguments,
                      {QStringLiteral("TALLYLOCK_FOLDER=") + cluster.folder.filePath(QStringLiteral("stranger"))});
        const QString third = cluster.folder.filePath(QStringLiteral("third"));
        QDir().mkpath(third);
        copyIdentity(second.folder(), third, {"files"});
        const test::Ended astray = test::run(program, arguments,
                                             {QStringLiteral("TALLYLOCK_FOLDER=") + third,
                                              QStringLiteral("TALLYLOCK_KEY_SERVER_IDENTITY=") + QString(64, u'a')});
        QVERIFY2(astray.code == 1 && astray.said.contains("another key server's"), astray.said.constData());
        QVERIFY2(stranger.code == 1 && stranger.said.contains("is not that of the journal"), stranger.said.constData());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }, kPatienceMs),
                 home.trouble.c_str());
        QVERIFY(home.salesOf(home.buyer).front().step >= before.step); // nothing that was shown is taken back
        QFile opened(home.openedPath());
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QCOMPARE(opened.readAll(), home.content);

        // The old machine comes back, and believes that it is the one.
        ServerProcess old(QStringLiteral("tallylockd"), cluster.coordinator.folder(), test::freePort());
        old.more = second.more;
        QVERIFY(old.start());
        QVERIFY(old.log().contains("writer epoch=3"));
        // Whoever was deposed writes nothing more, and ends at the first thing that it would write.
        auto late = home.loop.ask<Household::SessionPointer>([&](auto done) {
            home.node->createProfile("late", home.node->newPhrase(12), test::secret("late's passphrase"), done);
        });
        QVERIFY(late.ok());
        (*late)->registerHolder("late", false, [](const api::Answer<HolderId>&) {});
        home.loop.runFor(500);
        QCOMPARE(second.waitUntilEnded(), 1);
        QVERIFY2(second.log().contains("another coordinator has taken over"), second.log().constData());
        QCOMPARE(old.stop(), 0);
    }
};

QTEST_GUILESS_MAIN(TestFailover)
#include "tst_failover.moc"
