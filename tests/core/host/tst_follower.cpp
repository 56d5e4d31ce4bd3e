// An engine that follows what a host writes, and the host that goes on from it.
#include "tests/core/host/Gate.h"

using namespace tallylock;
using namespace tallylock::test;
using ports::StoreError;
using ports::StoreFailure;

namespace {

/// A host, and a second machine that reads its journal.
struct Scene : HostScene {
    Scene() {
        QDir(folder.path()).mkdir(QStringLiteral("second"));
        start();
        ada = person("Ada");
    }
    ~Scene() { stop(); }
    host::FollowerOptions following(std::uint64_t every = 10'000) {
        host::FollowerOptions options{config,
                                      [this]() -> Result<std::unique_ptr<ports::Journal>, StoreFailure> {
                                          if (failure) return Err(*failure);
                                          return store::SqliteJournal::open(pathOf("journal"));
                                      },
                                      [this] { return store::SqliteProjector::open(pathOf("second/tables")); },
                                      std::make_unique<store::FileSnapshots>(pathOf("second"))};
        options.snapshotEvery = every;
        return options;
    }
    void live(int batches) {
        for (int i = 0; i < batches; ++i) ada.mustSubmit(engine::KeepRecord{Bytes(10, static_cast<std::uint8_t>(i))});
    }
    bool isAt(const host::Follower& follower) const {
        const host::Status there = host->status();
        const host::Position here = follower.position();
        return here.batch == there.batch && here.sequence == there.sequence && here.head == there.head;
    }
    /// Of the host that goes on: with the tables of the second machine.
    void useSecond(std::optional<host::Recovered> from) {
        tables = "second/tables";
        warm = std::move(from);
    }
    Person ada{"Ada"};
    std::optional<StoreFailure> failure;
};

/// Counts the records that are read.
class CountingJournal final : public JournalAround {
public:
    CountingJournal(std::unique_ptr<ports::Journal> journal, std::atomic<int>& read)
        : JournalAround(std::move(journal)),
          m_read(read) {}
    Result<void, StoreFailure> read(std::uint64_t first,
                                    const std::function<bool(std::uint64_t, ByteView)>& visit) override {
        return JournalAround::read(first, [&](std::uint64_t number, ByteView record) {
            ++m_read;
            return visit(number, record);
        });
    }

private:
    std::atomic<int>& m_read;
};

} // namespace

class TestFollower : public QObject {
    Q_OBJECT
private slots:
    void itGoesAlong() {
        Scene scene;
        host::Follower follower(scene.following());
        for (int round = 0; round < 5; ++round) {
            scene.live(7);
            QVERIFY(follower.goOn().ok());
            QVERIFY(scene.isAt(follower));
            QVERIFY(follower.goOn().ok()); // nothing new
            QVERIFY(scene.isAt(follower));
        }
    }

    void theHostGoesOnFromIt() {
        Scene scene;
        host::Follower follower(scene.following());
        scene.live(20);
        QVERIFY(follower.goOn().ok());
        scene.live(20);
        const auto state = scene.host->stateHash();
        const host::Status before = scene.host->status();
        scene.stop();
        QVERIFY(follower.goOn().ok());
        scene.useSecond(follower.take());
        QVERIFY(scene.warm.has_value());
        QVERIFY(!follower.take());
        std::atomic<int> read{0};
        scene.wrapJournal = [&](auto journal) { return std::make_unique<CountingJournal>(std::move(journal), read); };
        scene.start();
        QVERIFY(read <= 3); // of forty: nothing is replayed
        QVERIFY(scene.host->stateHash() == state);
        QVERIFY(scene.host->status().head == before.head);
        scene.connect(scene.ada);
        scene.live(5); // the same counter goes on
        const Listener reader(*scene.ada.link, ports::Link::Stream::Own);
        QVERIFY(eventually([&] { return reader.items().size() >= 45; })); // the tables have all of it
        scene.restart();
        QVERIFY(scene.host->status().batch >= before.batch + 5);
    }

    /// As they come with a replica: the host does not wait for them.
    void theTablesMayBeBehindIt_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : {"none", "of some batches before", "of another history"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void theTablesMayBeBehindIt() {
        QFETCH(QString, what);
        TablesGate gate;
        Scene scene;
        scene.live(10);
        scene.stop();
        if (what == QLatin1String("of some batches before"))
            QVERIFY(QFile::copy(scene.folder.filePath(QStringLiteral("tables")),
                                scene.folder.filePath(QStringLiteral("second/others"))));
        if (what == QLatin1String("of another history")) {
            auto others = store::SqliteProjector::open(scene.pathOf("second/others"));
            ports::ProjectedBatch batch;
            batch.place = {1, 1, {}};
            QVERIFY(others && (*others)->project({&batch, 1}).ok());
        }
        scene.start();
        scene.connect(scene.ada);
        scene.live(30);
        const auto state = scene.host->stateHash();
        scene.stop();
        host::Follower follower(scene.following());
        QVERIFY(follower.goOn().ok());
        scene.useSecond(follower.take());
        scene.tables = "second/others";
        std::atomic<int> read{0};
        std::atomic<bool> isFirst{true}; // the host's own, not the one that is read again for the tables
        scene.wrapJournal = [&](std::unique_ptr<ports::Journal> journal) -> std::unique_ptr<ports::Journal> {
            if (!isFirst.exchange(false)) return journal;
            return std::make_unique<CountingJournal>(std::move(journal), read);
        };
        scene.wrapTables = [&](auto tables) { return gate.before(std::move(tables)); };
        gate.shut();
        scene.start();
        QVERIFY2(read <= 4, qPrintable(QString::number(read))); // of forty: nothing is replayed before
        QVERIFY(scene.host->stateHash() == state);
        scene.connect(scene.ada);
        scene.live(5);
        gate.open();
        const Listener reader(*scene.ada.link, ports::Link::Stream::Own);
        QVERIFY(eventually([&] { return reader.items().size() >= 45; })); // all of it, in the order of the stream
        const auto items = reader.items();
        for (std::size_t i = 0; i < items.size(); ++i) QCOMPARE(items[i].position, std::uint64_t{i + 1});
    }

    /// What it has not seen when it takes over is replayed.
    void theHostReplaysTheRest() {
        Scene scene;
        host::Follower follower(scene.following());
        scene.live(10);
        QVERIFY(follower.goOn().ok());
        scene.live(10);
        const auto state = scene.host->stateHash();
        scene.stop();
        scene.useSecond(follower.take());
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
    }

    void anotherHistoryIsRefused_data() {
        QTest::addColumn<bool>("isShorter");
        QTest::newRow("one that ends before") << true;
        QTest::newRow("one that went otherwise") << false;
    }
    void anotherHistoryIsRefused() {
        QFETCH(bool, isShorter);
        Scene scene;
        host::Follower follower(scene.following());
        scene.live(10);
        scene.stop();
        QVERIFY(follower.goOn().ok());
        const std::uint64_t last = follower.position().batch;
        scene.useSecond(follower.take());
        const std::string path = scene.pathOf("journal");
        if (isShorter) {
            std::vector<Bytes> records;
            {
                auto journal = store::SqliteJournal::open(path);
                QVERIFY((*journal)->read(1, [&](std::uint64_t number, ByteView record) {
                    records.push_back(bytesOf(record));
                    return number < last; // one less than there are
                }));
            }
            QVERIFY(QFile::remove(QString::fromStdString(path)));
            QVERIFY((*store::SqliteJournal::open(path))->append(records));
        } else {
            forgeBatch(path, last, [](wire::Batch& batch) { ++batch.timeMs; });
        }
        const auto started = scene.tryStart();
        QVERIFY(!started && started.error().error == StoreError::Damaged);
    }

    void itTriesAgainButNotForEver() {
        Scene scene;
        host::Follower follower(scene.following());
        scene.failure = StoreFailure{StoreError::Io, "the network"};
        QVERIFY(!follower.goOn() && !follower.isBroken());
        scene.failure.reset();
        QVERIFY(follower.goOn().ok());
        scene.live(3);
        scene.stop();
        const std::uint64_t next = follower.position().batch + 1;
        QVERIFY(follower.take().has_value()); // the journal is let go
        forgeBatch(scene.pathOf("journal"), next, [](wire::Batch& batch) { ++batch.timeMs; });
        host::Follower other(scene.following());
        const auto damaged = other.goOn();
        QVERIFY(!damaged && damaged.error().error == StoreError::Damaged && other.isBroken());
        QVERIFY(!other.goOn());
        QVERIFY(!other.take());
    }

    /// So that it is there soon when it has been started again.
    void itKeepsSnapshots() {
        Scene scene;
        {
            host::Follower follower(scene.following(10));
            scene.live(25);
            QVERIFY(follower.goOn().ok());
            scene.live(25);
            QVERIFY(follower.goOn().ok());
            QVERIFY(follower.take().has_value()); // all is written
        }
        QVERIFY(
            !QDir(scene.folder.filePath(QStringLiteral("second"))).entryList({QStringLiteral("snapshot-*")}).empty());
        host::Follower again(scene.following(10));
        QVERIFY(again.goOn().ok());
        QVERIFY(scene.isAt(again));
    }
};

QTEST_GUILESS_MAIN(TestFollower)
#include "tst_follower.moc"
