// What disks do: a tail that was torn, a bit that flipped, a disk that is full. And restarts at any moment of a long
// random history, from snapshots and without them: always the same state, never a wrong one.
#include "tests/core/host/Gate.h"
#include "tests/support/Seed.h"

#include <QProcess>

#include <random>

using namespace tallylock;
using namespace tallylock::test;
using engine::Refused;
using ports::StoreError;

namespace {

Bytes contentOf(const std::string& path) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray all = file.readAll();
    return bytesOf(store::viewOf(all));
}
void writeContent(const std::string& path, ByteView content) {
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(store::blobOf(content)), static_cast<qint64>(content.size()));
}

engine::KeepRecord recordOfSize(std::size_t size, std::uint8_t byte) { return {Bytes(size, byte)}; }

} // namespace

class TestFaults : public QObject {
    Q_OBJECT
private slots:
    /// The journal's last writes lie in its write-ahead log. Cut anywhere, it ends with a whole batch: what follows is
    /// not there at all, and the host goes on from it.
    void cutsATornTailAtTheLastWholeBatch() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        std::vector<Hash> heads{scene.host->status().head};
        for (std::uint8_t i = 1; i <= 8; ++i) {
            ada.mustSubmit(recordOfSize(3000, i));
            heads.push_back(scene.host->status().head);
        }
        const Bytes file = contentOf(scene.pathOf("journal"));
        const Bytes log = contentOf(scene.pathOf("journal-wal"));
        QVERIFY(log.size() > 8 * 4096);
        ada.link.reset();
        scene.stop();

        std::set<std::uint64_t> ends;
        for (std::size_t cut = 0; cut < log.size(); cut += log.size() / 23) {
            const std::size_t size = log.size() - cut;
            scene.forgetAllButTheJournal();
            QFile::remove(QString::fromStdString(scene.pathOf("journal-shm")));
            writeContent(scene.pathOf("journal"), file);
            writeContent(scene.pathOf("journal-wal"), ByteView(log).first(size));
            const auto started = scene.tryStart();
            QVERIFY2(started.ok(), started.ok() ? "" : started.error().detail.c_str());
            const host::Status status = scene.host->status();
            ends.insert(status.batch);
            if (status.batch > 0) QVERIFY(status.head == heads[status.batch - 1]);
            Person eve("Eve " + std::to_string(size));
            scene.connect(eve);
            eve.mustSubmit(engine::RegisterHolder{eve.name, false, eve.identity.boxKey()});
            eve.link.reset();
            scene.stop();
        }
        QVERIFY2(ends.size() > 5, "the log was cut in different batches");
        QVERIFY(ends.contains(9));
    }

    /// A snapshot makes it unnecessary to replay what lies before it, and does not hide that it was damaged.
    void refusesAFlippedBitThatASnapshotWouldHide_data() {
        QTest::addColumn<bool>("snapshot");
        QTest::newRow("behind a snapshot") << true;
        QTest::newRow("without a snapshot") << false;
    }
    void refusesAFlippedBitThatASnapshotWouldHide() {
        QFETCH(bool, snapshot);
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        for (std::uint8_t i = 1; i <= 8; ++i) ada.mustSubmit(recordOfSize(500, static_cast<std::uint8_t>(0xc0 + i)));
        ada.link.reset();
        scene.stop(); // writes a snapshot, and the log into the file
        if (!snapshot) scene.forgetAllButTheJournal();
        const Bytes sound = contentOf(scene.pathOf("journal"));
        const Bytes within(100, 0xc4); // batch 5 (a registration is the first), record 6
        const auto at = std::search(sound.begin(), sound.end(), within.begin(), within.end());
        QVERIFY(at != sound.end());
        Bytes changed = sound;
        changed[static_cast<std::size_t>(at - sound.begin()) + 50] ^= 0x10;
        writeContent(scene.pathOf("journal"), changed);
        const auto started = scene.tryStart();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().error, StoreError::Damaged);
        QVERIFY2(started.error().detail.find("record 6") != std::string::npos, started.error().detail.c_str());
        writeContent(scene.pathOf("journal"), sound);
        scene.start();
    }

    /// On a disk of a few megabytes, in a process of its own.
    void stopsWhenTheDiskIsFullAndLosesNothing() {
        if (!qEnvironmentVariableIsSet("TALLYLOCK_SMALL_DISK")) {
            const QTemporaryDir disk;
            QProcess child;
            child.setProcessChannelMode(QProcess::MergedChannels);
            child.start(QStringLiteral("unshare"),
                        {QStringLiteral("-rm"), QStringLiteral("sh"), QStringLiteral("-c"),
                         QStringLiteral("mount -t tmpfs -o size=4m none \"$1\" || exit 77; TMPDIR=$1 "
                                        "TALLYLOCK_SMALL_DISK=1 exec \"$2\" stopsWhenTheDiskIsFullAndLosesNothing"),
                         QStringLiteral("sh"), disk.path(), QCoreApplication::applicationFilePath()});
            QVERIFY2(child.waitForFinished(60'000), qPrintable(child.errorString()));
            const QByteArray said = child.readAll();
            QVERIFY2(child.exitCode() != 77, "a small disk cannot be mounted in a namespace of its own");
            QVERIFY2(child.exitStatus() == QProcess::NormalExit && child.exitCode() == 0, said.constData());
            return;
        }
        HostScene scene;
        std::promise<ports::StoreFailure> failed;
        scene.onFailure = [&](const ports::StoreFailure& failure) { failed.set_value(failure); };
        writeContent(scene.pathOf("ballast"), Bytes(std::size_t{1} << 20, 0));
        scene.start();
        Person ada = scene.person("Ada");
        std::uint64_t acknowledged = 1;
        for (int i = 0; i < 4000; ++i) {
            const auto submitted = ada.submit(recordOfSize(4000, 1));
            if (!submitted) break; // closed
            QCOMPARE(submitted->reply.refused, Refused::No);
            acknowledged = submitted->sequence;
        }
        QVERIFY(acknowledged > 20);
        const auto failure = failed.get_future().get();
        QVERIFY2(failure.error == StoreError::DiskFull, failure.detail.c_str());
        QVERIFY(scene.host->status().failure.has_value());
        ada.link.reset();
        scene.stop();

        QVERIFY(QFile::remove(QString::fromStdString(scene.pathOf("ballast"))));
        scene.onFailure = nullptr;
        scene.start();
        // One more may be there: written, and never acknowledged.
        const std::uint64_t sequence = scene.host->status().sequence;
        QVERIFY(sequence == acknowledged || sequence == acknowledged + 1);
        Person eve = scene.person("Eve");
        const auto state = scene.host->stateHash();
        eve.link.reset();
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
    }

    /// The next batch is applied while one is being written. When that write fails, neither has ever been.
    void losesNothingWhenTheDiskFailsWithTheNextBatchApplied() {
        Gate gate;
        HostScene scene;
        std::atomic<int> failures{0};
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.onFailure = [&](const ports::StoreFailure&) { ++failures; };
        scene.start();
        Person ada = scene.person("Ada");
        const Listener listener(*ada.link, ports::Link::Stream::Own);
        QVERIFY(eventually([&] { return !listener.items().empty(); }));
        const auto sound = scene.host->stateHash();
        const Hash head = scene.host->status().head;
        gate.shut();
        std::atomic<int> lost{0};
        std::atomic<int> answered{0};
        for (std::uint8_t i = 0; i < 20; ++i) {
            const Bytes envelope = wire::sealCommand(ada.identity, ++ada.counter, recordOfSize(100, i));
            ada.link->request(encodeCbor(wire::Request{wire::Submit{envelope}}),
                              [&](Result<Bytes, ports::LinkError> frame) { ++(frame.ok() ? answered : lost); });
            if (i == 0) QVERIFY(eventually([&] { return gate.isWaiting(); }));
        }
        std::atomic<bool> seen{false};
        auto question = std::async(std::launch::async, [&] { seen = scene.host->visit([](const engine::Engine&) {}); });
        QTest::qSleep(50); // whether they are applied by then or not, the same follows
        gate.breakDown();
        gate.open();
        question.get();
        QVERIFY(!seen); // by nobody
        QVERIFY(eventually([&] { return lost == 20 && failures == 1; }));
        QCOMPARE(answered.load(), 0);
        QVERIFY(scene.host->status().head == head);
        QVERIFY(scene.host->status().failure.has_value());
        ada.link.reset();
        scene.stop();
        QVERIFY(listener.eventsOf<engine::RecordKept>().empty());
        scene.wrapJournal = {};
        scene.onFailure = {};
        scene.start();
        QVERIFY(scene.host->stateHash() == sound);
        QVERIFY(scene.host->status().head == head);
    }

    /// Orders, changes and cancellations of several people, and a restart now and then: from the last snapshot, from
    /// an older one, or from nothing but the journal.
    void isTheSameWheneverItIsStopped() {
        const std::uint64_t seed = seedOr(20);
        std::mt19937_64 random(seed);
        const auto below = [&](std::uint64_t bound) { return random() % bound; };
        HostScene scene;
        scene.snapshotEvery = 37;
        scene.start();
        trade(scene, "nobody"); // opens the market
        std::vector<Person> people;
        for (const char* name : {"Ada", "Bob", "Eve"}) people.push_back(trade(scene, name));
        std::uint64_t lastOrder = 0;
        int restarts = 0;
        for (int step = 0; step < 900; ++step) {
            Person& person = people[below(people.size())];
            std::optional<wire::Submitted> submitted;
            switch (below(8)) {
            case 0: submitted = person.submitUnsigned(engine::CancelOrder{{1 + below(lastOrder + 1)}}); break;
            case 1: {
                engine::ReplaceOrder change;
                change.order = {1 + below(lastOrder + 1)};
                change.price = usd(static_cast<std::int64_t>(90 + below(20)));
                submitted = person.submitUnsigned(change);
                break;
            }
            case 2: submitted = person.submit(recordOfSize(below(300), 7)); break;
            default: {
                engine::PlaceOrder order;
                order.instrument = {1};
                order.side = static_cast<std::uint8_t>(below(2));
                order.price = usd(static_cast<std::int64_t>(90 + below(20)));
                order.quantity = {static_cast<std::int64_t>(1 + below(9)) * 10'000, money::kBtc};
                submitted = person.submitUnsigned(order);
                lastOrder = std::max(lastOrder, submitted->reply.value);
            }
            }
            QVERIFY(submitted.has_value());
            if (below(60) != 0) continue;
            ++restarts;
            const auto before = scene.host->stateHash();
            const Hash head = scene.host->status().head;
            for (Person& one : people) one.link.reset();
            scene.stop();
            const std::uint64_t how = below(3);
            if (how == 0) scene.forgetAllButTheJournal();
            if (how == 1) forgetTheNewestSnapshot(scene);
            scene.start();
            QVERIFY2(scene.host->stateHash() == before, qPrintable(QStringLiteral("seed %1").arg(seed)));
            QVERIFY(scene.host->status().head == head);
            for (Person& one : people) {
                scene.connect(one);
                QVERIFY(one.openSession(scene.coordinator.key()).has_value());
            }
        }
        QVERIFY(restarts > 3);
        QVERIFY(lastOrder > 200);
    }

private:
    static void forgetTheNewestSnapshot(HostScene& scene) {
        const QDir dir(scene.folder.path());
        QString newest;
        for (const QString& name : dir.entryList({QStringLiteral("snapshot-*")})) {
            if (newest.isEmpty() || name.mid(9).toULongLong() > newest.mid(9).toULongLong()) newest = name;
        }
        if (!newest.isEmpty()) QVERIFY(QFile::remove(dir.filePath(newest)));
    }
    /// Somebody with money on a session. The first also opens the market.
    static Person trade(HostScene& scene, const std::string& name) {
        const auto must = [&](engine::CommandBody body) {
            const auto replies = scene.host->perform({std::move(body)});
            if (!replies || replies->front().refused != Refused::No) qFatal("the coordinator was refused");
        };
        if (scene.host->status().sequence == 0) {
            engine::OpenInstrument market;
            market.symbol = "BTC/USD";
            market.base = money::kBtc;
            market.quote = money::kUsd;
            market.tick = {1'000'000, money::kUsd};
            market.lot = {10'000, money::kBtc};
            market.minimum = market.lot;
            market.maximum = {1'000'000 * market.lot.value, money::kBtc};
            market.makerBasisPoints = 7;
            market.takerBasisPoints = 13;
            must(market);
        }
        Person somebody = scene.person(name);
        const HolderId holder = somebody.ask<wire::Welcome>(wire::Hello{})->holder;
        must(engine::AssignDepositIdentifier{holder, money::kUsd, "a bank", name});
        must(engine::ObserveBankEntry{"a bank", "line of " + name, name, usd(1'000'000), 0});
        must(engine::AssignDepositIdentifier{holder, money::kBtc, "a chain", name});
        engine::ObservePayment payment;
        payment.rail = "a chain";
        payment.transaction = hashNamed("payment to " + name);
        payment.identifier = name;
        payment.amount = {money::Int128{1'000'000} * 100'000'000, money::kBtc};
        payment.confirmations = 6;
        must(payment);
        if (!somebody.openSession(scene.coordinator.key())) qFatal("no session");
        return somebody;
    }
};

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"
