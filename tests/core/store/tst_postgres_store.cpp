// Journals in a real PostgreSQL: what a journal promises, the fence between two coordinators, and a standby that has
// all that was acknowledged when the machine of the other is lost.
#include "core/store/PostgresStore.h"
#include "tests/support/PostgresServer.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace tallylock;
using namespace tallylock::test;
using ports::StoreError;
using store::PostgresPlace;
using store::PostgresStore;

namespace {

struct Claimed {
    std::unique_ptr<PostgresStore> store;
    std::uint64_t epoch = 0;
};
std::unique_ptr<PostgresStore> mustReach(const PostgresServer& server, bool needsStandby = false) {
    auto opened = PostgresStore::open({server.connection(), needsStandby});
    if (!opened) qFatal("%s", opened.error().detail.c_str());
    return std::move(*opened);
}
Claimed mustClaim(const PostgresServer& server, bool needsStandby = false) {
    Claimed claimed{mustReach(server, needsStandby)};
    const auto epoch = claimed.store->claim();
    if (!epoch) qFatal("%s", epoch.error().detail.c_str());
    claimed.epoch = *epoch;
    return claimed;
}
std::unique_ptr<ports::Journal> mustOpen(const Claimed& claimed, const std::string& name = "journal") {
    auto opened = claimed.store->journal(name)();
    if (!opened) qFatal("%s", opened.error().detail.c_str());
    return std::move(*opened);
}
std::vector<Bytes> all(ports::Journal& journal, std::uint64_t first = 1) {
    std::vector<Bytes> records;
    const auto done = journal.read(first, [&](std::uint64_t, ByteView record) {
        records.push_back(bytesOf(record));
        return true;
    });
    if (!done) qFatal("%s", done.error().detail.c_str());
    return records;
}
Bytes record(std::uint64_t number) { return bytesOf("record " + std::to_string(number)); }

} // namespace

class TestPostgresStore : public QObject {
    Q_OBJECT
    std::unique_ptr<PostgresServer> m_server;

private slots:
    void initTestCase() {
        m_server = std::make_unique<PostgresServer>();
        m_server->make();
        m_server->start();
    }
    void cleanupTestCase() { m_server.reset(); }
    void init() { m_server->sql(QStringLiteral("DROP SCHEMA IF EXISTS tallylock CASCADE")); }

    void keepsWhatIsAppended() {
        const auto store = mustClaim(*m_server);
        const auto journal = mustOpen(store);
        QCOMPARE(journal->size(), std::uint64_t{0});
        QVERIFY(all(*journal).empty());
        QVERIFY(journal->append({}));
        Bytes every(256);
        for (std::size_t i = 0; i < every.size(); ++i) every[i] = static_cast<std::uint8_t>(i);
        QVERIFY(journal->append({record(1), {}, every}));
        QVERIFY(journal->append({Bytes(3'000'000, 7)}));
        QCOMPARE(journal->size(), std::uint64_t{4});
        const std::vector<Bytes> expected{record(1), {}, every, Bytes(3'000'000, 7)};
        QVERIFY(all(*journal) == expected);
        const auto other = mustOpen(store, "another");
        QCOMPARE(other->size(), std::uint64_t{0});
        QVERIFY(other->append({record(9)}));
        const auto again = mustOpen(mustClaim(*m_server));
        QVERIFY(all(*again) == expected);
        QVERIFY(all(*again, 3) == (std::vector<Bytes>{every, Bytes(3'000'000, 7)}));
        std::size_t visited = 0;
        QVERIFY(again->read(1, [&](std::uint64_t, ByteView) { return ++visited < 2; }));
        QCOMPARE(visited, std::size_t{2});
    }

    void manyAtOnceAreOneAct() {
        const auto store = mustClaim(*m_server);
        const auto journal = mustOpen(store);
        std::vector<Bytes> many;
        for (std::uint64_t i = 1; i <= 2'500; ++i) many.push_back(record(i));
        QVERIFY(journal->append(many));
        QVERIFY(all(*journal) == many);
        const auto deposed = mustOpen(store);
        (void)mustClaim(*m_server);
        QVERIFY(!deposed->append(many));
        QCOMPARE(mustOpen(mustClaim(*m_server))->size(), std::uint64_t{2'500});
    }

    void damageIsNamed_data() {
        QTest::addColumn<QString>("damage");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("a changed byte")
            << "UPDATE tallylock.record SET record = set_byte(record, 0, 1) WHERE number = 2"
            << QByteArray("record 2: its check sum differs");
        QTest::newRow("one that is gone")
            << "DELETE FROM tallylock.record WHERE number = 2" << QByteArray("record 2: missing");
        QTest::newRow("one of another journal")
            << "UPDATE tallylock.record SET journal = 'journal', number = 4 WHERE journal = 'other'"
            << QByteArray("record 4: its check sum differs");
    }
    void damageIsNamed() {
        QFETCH(QString, damage);
        QFETCH(QByteArray, says);
        const auto store = mustClaim(*m_server);
        QVERIFY(mustOpen(store)->append({record(1), record(2), record(3)}));
        QVERIFY(mustOpen(store, "other")->append({record(4)}));
        m_server->sql(damage);
        const auto journal = mustOpen(store);
        const auto read = journal->read(1, [](std::uint64_t, ByteView) { return true; });
        QVERIFY(!read && read.error().error == StoreError::Damaged);
        QVERIFY2(QByteArray::fromStdString(read.error().detail).contains(says), read.error().detail.c_str());
    }

    void thereIsOneWriter() {
        const auto first = mustClaim(*m_server);
        const auto old = mustOpen(first);
        QVERIFY(old->append({record(1)}));
        const auto second = mustClaim(*m_server);
        QCOMPARE(second.epoch, first.epoch + 1);
        const auto refused = old->append({record(2)});
        QVERIFY(!refused && refused.error().error == StoreError::OtherOwner);
        const auto fresh = mustOpen(second);
        QCOMPARE(fresh->size(), std::uint64_t{1});
        QVERIFY(fresh->append({record(3)}));
        QVERIFY(!old->append({record(2)})); // and for ever
        QVERIFY(all(*fresh) == (std::vector<Bytes>{record(1), record(3)}));
        QVERIFY(!mustOpen(first)->append({record(4)}));
    }

    /// Whoever only looks deposes nobody.
    void whoHasNotClaimedReads() {
        const auto writer = mustClaim(*m_server);
        const auto journal = mustOpen(writer);
        QVERIFY(journal->append({record(1)}));
        const auto looker = mustReach(*m_server)->journal("journal")();
        QVERIFY(looker.ok() && all(**looker) == (std::vector<Bytes>{record(1)}));
        const auto refused = (*looker)->append({record(2)});
        QVERIFY(!refused && refused.error().error == StoreError::OtherOwner);
        QVERIFY(journal->append({record(2)}));
    }

    /// Whatever the one is doing when the other takes over.
    void theTakeoverIsAtOneMoment() {
        for (int round = 0; round < 20; ++round) {
            const auto first = mustClaim(*m_server);
            const std::uint64_t before = mustOpen(first)->size();
            std::atomic<std::uint64_t> acknowledged{before};
            std::thread writer([&] {
                const auto journal = mustOpen(first);
                while (journal->append({record(journal->size() + 1)})) acknowledged = journal->size();
            });
            while (acknowledged < before + 3) std::this_thread::yield();
            const auto second = mustClaim(*m_server);
            const auto journal = mustOpen(second);
            const std::uint64_t there = journal->size(); // nothing more of the first comes
            QVERIFY(journal->append({record(there + 1)}));
            writer.join();
            QVERIFY(acknowledged <= there);
            QCOMPARE(journal->size(), there + 1);
            QCOMPARE(all(*journal).size(), there + 1);
        }
    }

    void aServerThatIsGoneIsNamed() {
        PostgresServer server;
        server.make();
        server.start();
        const auto store = mustClaim(server);
        const auto journal = mustOpen(store);
        QVERIFY(journal->append({record(1)}));
        server.kill();
        const auto refused = journal->append({record(2)});
        QVERIFY(!refused && refused.error().error == StoreError::Io);
        server.start();
        QVERIFY(!journal->append({record(2)})); // it may be there or not
        QVERIFY(all(*mustOpen(mustClaim(server))) == (std::vector<Bytes>{record(1)}));
        const auto nowhere = PostgresStore::open({"host=127.0.0.1 port=1 connect_timeout=2", false});
        QVERIFY(!nowhere && nowhere.error().error == StoreError::Io);
    }

    void tablesOfALaterVersionAreLeftAlone() {
        (void)mustClaim(*m_server);
        m_server->sql(QStringLiteral("UPDATE tallylock.version SET version = 2"));
        const auto claimed = PostgresStore::open({m_server->connection(), false});
        QVERIFY(!claimed && claimed.error().error == StoreError::Newer);
    }

    // --- a standby ---------------------------------------------------------------------------------------------------

    void aServerWithoutAStandbyIsRefused() {
        const auto claimed = PostgresStore::open({m_server->connection(), true});
        QVERIFY(!claimed && claimed.error().detail.find("synchronous_standby_names") != std::string::npos);
    }

    /// PostgreSQL itself says nothing then.
    void aStandbyThatIsNoLongerWaitedForIsNoticed() {
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        const auto waiting = mustClaim(primary, true);
        const auto before = mustOpen(waiting);
        QVERIFY(before->append({record(1)}));
        const auto waitFor = [&](const char* names) {
            primary.append(QStringLiteral("synchronous_standby_names = '%1'\n").arg(QLatin1String(names)));
            primary.sql(QStringLiteral("SELECT pg_reload_conf()"));
            QTRY_COMPARE(primary.sql(QStringLiteral("SHOW synchronous_standby_names")), QLatin1String(names));
        };
        waitFor("");
        const auto refused = before->append({record(2)});
        QVERIFY(!refused && refused.error().error == StoreError::Io);
        QVERIFY(refused.error().detail.find("synchronous_standby_names is empty") != std::string::npos);
        waitFor("standby");
        QVERIFY(!before->append({record(2)})); // for good: whoever opens anew sees
        const auto after = mustOpen(waiting);
        QVERIFY(all(*after) == std::vector<Bytes>{record(1)});
        QVERIFY(after->append({record(2)}));
        // And by another reason than that somebody else writes now.
        const auto next = mustClaim(primary, true);
        const auto deposed = after->append({record(3)});
        QVERIFY(!deposed && deposed.error().error == StoreError::OtherOwner);
    }

    void whoWaitsForAStandbySaysSo() {
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        const auto plain = mustClaim(primary);
        QVERIFY(!*plain.store->isMirrored() && !*plain.store->isReplica());
        const auto waiting = mustClaim(primary, true);
        const auto follower = mustReach(standby); // makes no tables there
        QVERIFY(*follower->isReplica());
        QTRY_VERIFY_WITH_TIMEOUT(*follower->isMirrored(), 20'000);
        QVERIFY(!follower->claim());
        (void)mustClaim(primary); // of another who does not wait
        QTRY_VERIFY_WITH_TIMEOUT(!*follower->isMirrored(), 20'000);
        primary.sql(QStringLiteral("UPDATE tallylock.mirrored SET epoch = 7; UPDATE tallylock.writer SET epoch = 7"));
        QTRY_VERIFY_WITH_TIMEOUT(*follower->isMirrored(), 20'000);
        primary.sql(QStringLiteral("UPDATE tallylock.writer SET epoch = 8")); // as older programs claim
        QTRY_VERIFY_WITH_TIMEOUT(!*follower->isMirrored(), 20'000);
    }

    /// After a promotion both databases take statements: the fence between them is that the old one's writer waits.
    void whoeverHasLostItsStandbyAcknowledgesNothing() {
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        const auto open = [&] {
            auto opened = PostgresStore::open({primary.connection(), true, 500});
            if (!opened) qFatal("%s", opened.error().detail.c_str());
            return std::move(*opened);
        };
        const auto old = open();
        QVERIFY(old->claim().ok());
        const auto journal = old->journal("journal")();
        QVERIFY(journal && (*journal)->append({record(1)}));
        const auto next = mustReach(standby);
        QVERIFY(next->promote().ok());
        QVERIFY(!*next->isReplica());
        QVERIFY(next->promote().ok()); // once more: no effect
        const auto refused = (*journal)->append({record(2)});
        QVERIFY(!refused && refused.error().detail.find("not known to be with the standby") != std::string::npos);
        QVERIFY(!(*journal)->append({record(3)}));
        const auto claimed = open()->claim();
        QVERIFY(!claimed && claimed.error().detail.find("not known to be with the standby") != std::string::npos);
        QVERIFY(next->claim().ok());
        const auto fresh = next->journal("journal")();
        QVERIFY(fresh && (*fresh)->append({record(9)}));
        QVERIFY(all(**fresh) == (std::vector<Bytes>{record(1), record(9)}));
    }

    /// A machine that is frozen takes what comes until it has no more room, and says nothing: neither to the statement
    /// nor to its cancellation.
    void aFrozenServerIsGivenUp_data() {
        QTest::addColumn<int>("bytes");
        QTest::newRow("the statement is taken") << 10;
        QTest::newRow("it is not") << (16 << 20);
    }
    void aFrozenServerIsGivenUp() {
        QFETCH(int, bytes);
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        const std::string place = primary.connection() + " tcp_user_timeout=0"; // which knows of no such machine
        auto store = PostgresStore::open({place, true, 500});
        QVERIFY(store && (*store)->claim());
        const auto journal = (*store)->journal("journal")();
        QVERIFY(journal && (*journal)->append({record(1)}));
        primary.freeze(true);
        const auto refused = (*journal)->append({Bytes(static_cast<std::size_t>(bytes), 7)});
        QVERIFY(!refused && refused.error().error == StoreError::Io);
        QVERIFY(!(*journal)->append({record(3)}));
        primary.freeze(false);
        const std::vector<Bytes> there = all(*mustOpen(mustClaim(primary)));
        QVERIFY(there.size() <= 2 && there.front() == record(1)); // what was under way may be there
    }

    void nothingIsAcknowledgedThatTheStandbyHasNot() {
        PostgresServer primary;
        PostgresServer standby;
        PostgresServer::startPair(primary, standby);
        const auto store = mustClaim(primary, true);
        std::atomic<std::uint64_t> acknowledged{0};
        std::thread writer([&] {
            const auto journal = mustOpen(store);
            while (journal->append({record(journal->size() + 1)})) acknowledged = journal->size();
        });
        QTRY_VERIFY_WITH_TIMEOUT(acknowledged > 20, 20'000);
        standby.freeze(true); // now it has nothing more
        QTest::qWait(500);
        const std::uint64_t frozen = acknowledged;
        QTest::qWait(500);
        QCOMPARE(acknowledged.load(), frozen);
        standby.freeze(false);
        QTRY_VERIFY_WITH_TIMEOUT(acknowledged > frozen + 20, 20'000);
        primary.kill(); // the machine is lost
        writer.join();
        standby.promote();
        standby.append(QStringLiteral("synchronous_standby_names = ''\n"));
        standby.sql(QStringLiteral("SELECT pg_reload_conf()"));
        const auto next = mustClaim(standby);
        QCOMPARE(next.epoch, store.epoch + 1);
        const auto journal = mustOpen(next);
        QVERIFY(journal->size() >= acknowledged);
        QVERIFY(journal->size() <= acknowledged + 1); // what was under way may be there
        std::uint64_t number = 0;
        for (const Bytes& found : all(*journal)) QVERIFY(found == record(++number));
        QVERIFY(journal->append({record(number + 1)}));
    }
};

QTEST_GUILESS_MAIN(TestPostgresStore)
#include "tst_postgres_store.moc"
