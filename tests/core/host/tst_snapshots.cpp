// Snapshots that are made while the host runs: a second engine makes them from what is written, nobody waits for it,
// and it does not go along with a journal that leads elsewhere.
#include "tests/core/host/HostScene.h"
#include "tests/support/JournalAround.h"

#include <algorithm>
#include <mutex>

using namespace tallylock;
using namespace tallylock::test;
using ports::StoreError;

namespace {

/// Stands before the journals of the host from the second on: those that a snapshot is made from.
class Readers {
public:
    using Change = std::function<Bytes(std::uint64_t, ByteView)>;

    std::unique_ptr<ports::Journal> before(std::unique_ptr<ports::Journal> journal) {
        if (m_opened++ == 0) return journal;
        return std::make_unique<Reader>(*this, std::move(journal));
    }
    int count() const { return m_opened - 1; }
    /// What a reader is shown instead of a record.
    Change change;
    std::atomic<bool> fail{false};
    std::atomic<bool> hold{false};
    std::atomic<bool> isHeld{false};

private:
    class Reader final : public JournalAround {
    public:
        Reader(Readers& all, std::unique_ptr<ports::Journal> journal) : JournalAround(std::move(journal)), m_all(all) {}
        Result<void, ports::StoreFailure> append(const std::vector<Bytes>&) override {
            qFatal("a snapshot writes to the journal");
        }
        Result<void, ports::StoreFailure> read(std::uint64_t first,
                                               const std::function<bool(std::uint64_t, ByteView)>& visit) override {
            if (m_all.fail) return Err(ports::StoreFailure{StoreError::Io, "the reader"});
            for (m_all.isHeld = m_all.hold.load(); m_all.hold;) QTest::qSleep(1);
            return JournalAround::read(first, [&](std::uint64_t number, ByteView record) {
                return visit(number, m_all.change ? m_all.change(number, record) : bytesOf(record));
            });
        }

    private:
        Readers& m_all;
    };

    std::atomic<int> m_opened{0};
};

/// A store of a single snapshot, without a sum of its own.
class OneSnapshot final : public ports::SnapshotStore {
public:
    explicit OneSnapshot(std::pair<std::uint64_t, Bytes> snapshot) : m_snapshot(std::move(snapshot)) {}
    Result<void, ports::StoreFailure> save(std::uint64_t, ByteView) override { return {}; }
    Result<std::pair<std::uint64_t, Bytes>, ports::StoreFailure> newest() override { return m_snapshot; }

private:
    std::pair<std::uint64_t, Bytes> m_snapshot;
};

/// A host that makes a snapshot every few batches, and somebody who makes batches.
struct Scene : HostScene {
    explicit Scene(std::uint64_t every, std::optional<std::uint64_t> small = {}) {
        snapshotEvery = every;
        smallSnapshot = small;
        wrapJournal = [this](auto journal) { return readers.before(std::move(journal)); };
        onFailure = [this](const ports::StoreFailure& failure) {
            const std::lock_guard lock(m_mutex);
            m_failure = failure;
        };
        start();
        ada = person("Ada");
    }
    ~Scene() { stop(); } // before what it uses
    /// Until this batch is the last.
    void liveUntil(std::uint64_t batch) {
        while (host->status().batch < batch) {
            ada.mustSubmit(engine::KeepRecord{Bytes(10 + ada.counter % 40, 7)});
        }
    }
    /// The making of the snapshot of this batch, the first, is begun and goes no further.
    bool holdsAt(std::uint64_t batch) {
        readers.hold = true;
        liveUntil(batch);
        return eventually([&] { return readers.isHeld.load(); });
    }
    std::vector<std::uint64_t> snapshots() const {
        std::vector<std::uint64_t> sizes;
        for (const QString& name : QDir(folder.path()).entryList({QStringLiteral("snapshot-*")})) {
            if (!name.endsWith(QStringLiteral(".new"))) sizes.push_back(name.mid(9).toULongLong());
        }
        std::sort(sizes.begin(), sizes.end());
        return sizes;
    }
    bool hasSnapshotOf(std::uint64_t batch) const {
        const auto sizes = snapshots();
        return std::find(sizes.begin(), sizes.end(), host::recordOfBatch(batch)) != sizes.end();
    }
    std::optional<ports::StoreFailure> failure() const {
        const std::lock_guard lock(m_mutex);
        return m_failure;
    }

    Readers readers;
    Person ada{"Ada"};

private:
    mutable std::mutex m_mutex;
    std::optional<ports::StoreFailure> m_failure;
};

} // namespace

class TestSnapshots : public QObject {
    Q_OBJECT
private slots:
    /// From nothing, then from the one before; the state is the running engine's.
    void areTheStateOfTheRunningEngine() {
        Scene scene(5);
        for (const std::uint64_t batch : {5u, 10u, 15u}) {
            scene.liveUntil(batch);
            QVERIFY(eventually([&] { return scene.hasSnapshotOf(batch); }));
            auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
            QVERIFY(journal.ok());
            host::Recovery recovery(**journal, scene.config);
            store::FileSnapshots store(scene.folder.path().toStdString());
            const auto loaded = recovery.fromSnapshot(store);
            QVERIFY(loaded.ok() && loaded->has_value());
            QCOMPARE((*loaded)->position.batch, batch);
            QVERIFY((*loaded)->position.head == scene.host->status().head);
            QVERIFY((*loaded)->engine.stateHash() == scene.host->stateHash());
        }
        QVERIFY(eventually([&] { return scene.snapshots().size() == 2; })); // two are kept
        QCOMPARE(scene.readers.count(), 3);
    }

    /// The journal grows by as much as the last one has, first.
    void aLargeStateIsWrittenLessOften() {
        Scene scene(1, 0);
        QVERIFY(eventually([&] { return scene.hasSnapshotOf(1); }));
        std::uint64_t last = 1;
        std::uint64_t left = 0; // batches for which none was made
        for (int round = 0; round < 4; ++round) {
            store::FileSnapshots files(scene.folder.path().toStdString());
            const std::uint64_t wanted = files.newest()->second.size();
            const auto journaled = [&] {
                std::uint64_t bytes = 0;
                auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
                (void)(*journal)->read(host::recordOfBatch(last + 1), [&](std::uint64_t, ByteView record) {
                    bytes += record.size();
                    return true;
                });
                return bytes;
            };
            std::uint64_t batch = last;
            while (journaled() < wanted) {
                scene.liveUntil(++batch);
                ++left;
            }
            QVERIFY(batch > last);
            QVERIFY(eventually([&] { return scene.hasSnapshotOf(batch); }));
            --left;
            last = batch;
        }
        QVERIFY(left >= 4); // a batch alone is not enough
        QCOMPARE(scene.readers.count(), 5);
    }

    /// Below the check sum of its file: a state is what its hash says, and stands where the journal's batch has led.
    void anAlteredOneIsPassedOver() {
        Scene scene(1000);
        scene.liveUntil(3);
        scene.stop();
        store::FileSnapshots files(scene.folder.path().toStdString());
        const auto sound = files.newest();
        QVERIFY(sound.ok());
        auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
        host::Recovery recovery(**journal, scene.config);
        const auto isTaken = [&](Bytes bytes) {
            OneSnapshot altered({sound->first, std::move(bytes)});
            const auto found = recovery.fromSnapshot(altered);
            return found.ok() && found->has_value();
        };
        QVERIFY(isTaken(sound->second));
        for (std::size_t i = 0; i < sound->second.size(); ++i) {
            Bytes bytes = sound->second;
            bytes[i] ^= static_cast<std::uint8_t>(1u << i % 8);
            QVERIFY2(!isTaken(std::move(bytes)), std::to_string(i).c_str());
            QVERIFY(!isTaken(Bytes(sound->second.begin(), sound->second.begin() + static_cast<std::ptrdiff_t>(i))));
        }
    }

    void nobodyWaitsForThem() {
        Scene scene(5);
        QVERIFY(scene.holdsAt(5));
        scene.liveUntil(40); // one is being made, one waits, the others are left out
        scene.readers.hold = false;
        QVERIFY(eventually([&] { return scene.hasSnapshotOf(10); }));
        scene.liveUntil(45);
        QVERIFY(eventually([&] { return scene.hasSnapshotOf(45); }));
        QCOMPARE(scene.readers.count(), 3);
    }

    void oneThatIsBeingMadeIsNotInTheWayOfTheEnd() {
        Scene scene(300);
        QVERIFY(scene.holdsAt(300));
        auto stopped = std::async(std::launch::async, [&] { scene.host->stop(); });
        scene.readers.hold = false;
        stopped.get();
        const std::vector<std::uint64_t> own{host::recordOfBatch(300)}; // that of the graceful stop
        QVERIFY(scene.snapshots() == own);
        QVERIFY(!scene.failure());
    }

    void aJournalThatLeadsElsewhereStopsTheHost_data() {
        QTest::addColumn<bool>("unreadable");
        QTest::addColumn<QString>("why");
        QTest::newRow("a changed batch") << false << QStringLiteral("batch 3: its signature is wrong");
        QTest::newRow("no batch") << true << QStringLiteral("batch 3: it cannot be read");
    }
    void aJournalThatLeadsElsewhereStopsTheHost() {
        QFETCH(bool, unreadable);
        QFETCH(QString, why);
        Scene scene(5);
        scene.readers.change = [unreadable](std::uint64_t number, ByteView record) {
            if (number != host::recordOfBatch(3)) return bytesOf(record);
            if (unreadable) return Bytes{0xff};
            auto batch = *decodeCbor<wire::Batch>(record);
            batch.eventsHash = hashNamed("other events");
            return encodeCbor(batch);
        };
        scene.liveUntil(5);
        QVERIFY(eventually([&] { return scene.failure().has_value(); }));
        QCOMPARE(scene.failure()->error, StoreError::Damaged);
        const QString detail = QString::fromStdString(scene.failure()->detail);
        QVERIFY2(detail.contains(why), qPrintable(detail));
        QVERIFY(!scene.ada.submit(engine::KeepRecord{}).has_value());
        // Nor is the state of an engine kept that nobody can reach again.
        scene.stop();
        QVERIFY(scene.snapshots().empty());
    }

    void aJournalThatCannotBeReadNowIsReadAnotherTime() {
        Scene scene(5);
        scene.readers.fail = true;
        scene.liveUntil(5);
        QVERIFY(eventually([&] { return scene.readers.count() == 1; }));
        scene.liveUntil(9);
        scene.readers.fail = false;
        scene.liveUntil(10);
        QVERIFY(eventually([&] { return scene.hasSnapshotOf(10); }));
        QVERIFY(!scene.failure());
    }
};

QTEST_GUILESS_MAIN(TestSnapshots)
#include "tst_snapshots.moc"
