// What goes on beside the write of a batch: the next one is applied, and nobody sees it before it is durable. And
// tables that fall behind: no order waits for them, and they catch up from the journal.
#include "core/host/GroupCommit.h"
#include "tests/core/host/Gate.h"

using namespace tallylock;
using namespace tallylock::test;
using engine::Refused;
using ports::LinkError;
using Stream = ports::Link::Stream;

namespace {

engine::KeepRecord recordOf(std::uint8_t byte) { return {Bytes(100, byte)}; }

/// Sends without waiting, and counts the answers.
class Sender {
public:
    void send(Person& person, const engine::CommandBody& body) {
        const Bytes envelope = wire::sealCommand(person.identity, ++person.counter, body);
        person.link->request(encodeCbor(wire::Request{wire::Submit{envelope}}), [this](Result<Bytes, LinkError> frame) {
            const auto answer = frame ? decodeCbor<wire::Answer>(*frame) : Err(CborError::Truncated);
            const auto* submitted = answer ? std::get_if<wire::Submitted>(&*answer) : nullptr;
            ++(submitted && submitted->reply.refused == Refused::No ? taken : refused);
        });
    }
    std::atomic<int> taken{0};
    std::atomic<int> refused{0};
};

std::int64_t timeOfBatch(HostScene& scene, std::uint64_t number) {
    auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
    std::int64_t timeMs = 0;
    const auto read = (*journal)->read(host::recordOfBatch(number), [&](std::uint64_t, ByteView record) {
        timeMs = decodeCbor<wire::Batch>(record)->timeMs;
        return false;
    });
    return read ? timeMs : 0;
}

std::vector<Bytes> itemsOf(const Listener& listener) {
    std::vector<Bytes> all;
    for (const wire::StreamItem& item : listener.items()) all.push_back(encodeCbor(item));
    return all;
}

/// Counts the journals that are closed: one for each snapshot that is made.
class Closed final : public JournalAround {
public:
    Closed(std::atomic<int>& count, std::unique_ptr<ports::Journal> journal)
        : JournalAround(std::move(journal)),
          m_count(count) {}
    ~Closed() override { ++m_count; }

private:
    std::atomic<int>& m_count;
};

/// A disk that takes its time.
class Slow final : public JournalAround {
public:
    static constexpr int kMs = 20;
    using JournalAround::JournalAround;
    Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
        QTest::qSleep(kMs);
        return JournalAround::append(records);
    }
};

std::size_t keptBy(const Listener& listener) { return listener.eventsOf<engine::RecordKept>().size(); }

} // namespace

class TestBatches : public QObject {
    Q_OBJECT
private slots:
    /// A batch has the time at which it was begun, so the time of the next one tells that it did not wait for the disk.
    void appliesTheNextBatchWhileOneIsWritten() {
        Gate gate;
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.start();
        Person ada = scene.person("Ada");
        bool ahead = false;
        for (int attempt = 0; attempt < 50 && !ahead; ++attempt) { // the second thread may be slow to come
            const std::uint64_t before = scene.host->status().batch;
            Sender sender;
            gate.shut();
            sender.send(ada, recordOf(1));
            QVERIFY(eventually([&] { return gate.isWaiting(); }));
            const std::int64_t nowMs = scene.clock.wallMs();
            for (std::uint8_t i = 0; i < 5; ++i) sender.send(ada, recordOf(i));
            QTest::qSleep(1 + attempt);
            scene.clock.pass(1000);
            QCOMPARE(sender.taken.load(), 0);
            gate.open();
            QVERIFY(eventually([&] { return sender.taken == 6; }));
            QCOMPARE(scene.host->status().batch, before + 2);
            ahead = timeOfBatch(scene, before + 2) == nowMs;
        }
        QVERIFY(ahead);
        const auto state = scene.host->stateHash();
        ada.link.reset();
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
    }

    void waitsForAsManyAsWereInFlight() {
        using host::GroupCommit;
        using std::chrono::milliseconds;
        GroupCommit group;
        const GroupCommit::Clock::time_point now{};
        QCOMPARE(group.wanted(), std::size_t{1}); // the first waits for nobody
        struct {
            std::size_t answered, waiting, wanted;
        } const cases[] = {{1, 0, 1}, {0, 0, 0}, {1, 1, 2}, {1, 7, 7}, {16, 16, 28}, {64, 0, 56}, {200, 300, 64}};
        for (const auto& one : cases) {
            group.written(one.answered, one.waiting, milliseconds(4), now);
            QCOMPARE(group.wanted(), one.wanted);
            QVERIFY(group.until() == now + milliseconds(2));
            group.begun();
            QCOMPARE(group.wanted(), std::size_t{1});
        }
        group.written(5, 5, std::chrono::seconds(3), now); // a disk that hangs
        QVERIFY(group.until() == now + GroupCommit::kLongest);
    }

    /// Eight commands in flight, of which one got into another batch than the rest: soon all are in one again, so the
    /// disk writes about once for eight of them and not twice.
    void whoWasAnsweredTogetherIsWrittenTogether() {
        constexpr int kInFlight = 8;
        constexpr int kAll = 15 * kInFlight;
        constexpr std::uint64_t kFew = 20;
        Gate gate;
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::make_unique<Slow>(std::move(journal))); };
        scene.start();
        Person ada = scene.person("Ada");
        std::uint64_t batches = 0;
        for (int attempt = 0; attempt < 10 && (batches == 0 || batches > kFew); ++attempt) { // we may be slow ourselves
            const std::uint64_t before = scene.host->status().batch;
            Sender sender;
            gate.shut();
            sender.send(ada, recordOf(0));
            QVERIFY(eventually([&] { return gate.isWaiting(); }));
            int sent = 1;
            const auto sendUpTo = [&](int count) {
                for (; sent < count; ++sent) sender.send(ada, recordOf(1));
            };
            sendUpTo(kInFlight);
            QTest::qSleep(Slow::kMs);
            gate.open();
            while (sent < kAll && sender.refused == 0) {
                QTest::qSleep(1);
                sendUpTo(std::min(kAll, sender.taken + kInFlight));
            }
            QVERIFY(eventually([&] { return sender.taken == kAll; }));
            batches = scene.host->status().batch - before;
            qInfo("%d commands in %llu batches", kAll, static_cast<unsigned long long>(batches));
        }
        QVERIFY2(batches <= kFew, std::to_string(batches).c_str());
        ada.link.reset();
    }

    /// Who asks while the next batch is applied already is answered when it is durable, and not from in between.
    void answersFromWhatIsDurableAlone() {
        Gate gate;
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.start();
        for (std::uint64_t round = 0; round < 20; ++round) {
            Person first("first " + std::to_string(round));
            Person second("second " + std::to_string(round));
            scene.connect(first);
            scene.connect(second);
            Sender sender;
            gate.shut();
            sender.send(first, engine::RegisterHolder{first.name, false, first.identity.boxKey()});
            QVERIFY(eventually([&] { return gate.isWaiting(); }));
            sender.send(second, engine::RegisterHolder{second.name, false, second.identity.boxKey()});
            QTest::qSleep(static_cast<int>(1 + round % 5));
            auto asked = std::async(std::launch::async, [&] { return second.ask<wire::Welcome>(wire::Hello{}); });
            QTest::qSleep(1);
            gate.open();
            const auto welcome = asked.get();
            QVERIFY(welcome.has_value());
            const auto status = scene.host->status();
            // It tells where it stands: with the registration if it is that far, and without if not.
            const std::uint64_t both = 2 * (round + 1);
            QVERIFY2(welcome->holder ? welcome->sequence == both : welcome->sequence < both,
                     qPrintable(QStringLiteral("%1 of %2").arg(welcome->sequence).arg(both)));
            QVERIFY(welcome->sequence <= status.sequence);
            QVERIFY(eventually([&] { return sender.taken == 2; }));
        }
    }

    /// Our own commands and those of others, from several threads, with questions in between and a journal that takes
    /// its time: everybody is answered once, and a replay gives the same.
    void keepsTheOrderUnderLoad() {
        HostScene scene;
        scene.snapshotEvery = 7;
        scene.tablesBacklog = 40;
        scene.start();
        constexpr int kEach = 60;
        std::vector<Person> people;
        for (const char* name : {"Ada", "Bob", "Eve"}) people.push_back(scene.person(name));
        std::vector<Sender> senders(people.size());
        std::vector<std::future<void>> running;
        for (std::size_t i = 0; i < people.size(); ++i) {
            running.push_back(std::async(std::launch::async, [&, i] {
                for (int n = 0; n < kEach; ++n) {
                    senders[i].send(people[i], recordOf(static_cast<std::uint8_t>(n)));
                    if (n % 10 == 0) (void)people[i].ask<wire::Welcome>(wire::Hello{});
                }
            }));
        }
        for (int n = 0; n < 20; ++n) {
            const auto replies = scene.host->perform(
                {engine::AssignDepositIdentifier{{1}, money::kUsd, "a bank", "number " + std::to_string(n)}});
            QVERIFY(replies && replies->size() == 1);
        }
        for (auto& one : running) one.get();
        for (const Sender& sender : senders) QVERIFY(eventually([&] { return sender.taken == kEach; }));
        QCOMPARE(scene.host->status().sequence, std::uint64_t{3 + 3 * kEach + 20});
        const auto state = scene.host->stateHash();
        for (Person& person : people) person.link.reset();
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
    }

    void takesOrdersWhileTheTablesAreBehind_data() {
        QTest::addColumn<quint64>("snapshotEvery");
        QTest::newRow("read back from the first batch") << quint64{10'000};
        QTest::newRow("read back from a snapshot") << quint64{10};
    }
    /// Far more than is kept for them.
    void takesOrdersWhileTheTablesAreBehind() {
        QFETCH(quint64, snapshotEvery);
        TablesGate gate;
        std::atomic<int> closed{0};
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return std::make_unique<Closed>(closed, std::move(journal)); };
        scene.snapshotEvery = snapshotEvery;
        scene.tablesBacklog = 10;
        scene.wrapTables = [&](auto tables) { return gate.before(std::move(tables)); };
        std::atomic<bool> ahead{false}; // a snapshot of what the tables lack
        gate.look = [&](const ports::ProjectedPlace& place) {
            for (const QString& name : snapshotsOf(scene)) {
                if (name.mid(9).toULongLong() > host::recordOfBatch(place.batch)) ahead = true;
            }
        };
        scene.start();
        Person ada = scene.person("Ada");
        for (std::uint8_t i = 0; i < 30; ++i) ada.mustSubmit(recordOf(i));
        if (snapshotEvery < 100) QVERIFY(eventually([&] { return !snapshotsOf(scene).isEmpty(); }));
        const Listener listener(*ada.link, Stream::Own);
        gate.shut();
        for (std::uint8_t i = 0; i < 100; ++i) ada.mustSubmit(recordOf(i)); // one batch each, none refused
        QVERIFY(eventually([&] { return gate.isWaiting(); }));
        std::size_t kept = 130;
        // The second that is made from now on is of a batch that the tables lack.
        const int before = closed;
        while (snapshotEvery < 100 && closed < before + 2 && kept < 5000) {
            ada.mustSubmit(recordOf(0));
            ++kept;
            QTest::qSleep(1);
        }
        gate.open();
        QVERIFY(eventually([&] { return keptBy(listener) == kept; }));
        for (std::uint8_t i = 0; i < 5; ++i) ada.mustSubmit(recordOf(i)); // followed as before
        QVERIFY(eventually([&] { return keptBy(listener) == kept + 5; }));
        QVERIFY(!ahead);
        const auto caughtUp = itemsOf(listener);
        const auto state = scene.host->stateHash();
        ada.link.reset();
        scene.restart();
        QVERIFY(scene.host->stateHash() == state);
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        scene.connect(ada);
        const Listener rebuilt(*ada.link, Stream::Own);
        QVERIFY(eventually([&] { return rebuilt.items().size() == caughtUp.size(); }));
        QVERIFY(itemsOf(rebuilt) == caughtUp);
    }

    /// What they lack is then read at the next start.
    void stopsWhileTheTablesAreBehind() {
        TablesGate gate;
        HostScene scene;
        scene.tablesBacklog = 10;
        scene.wrapTables = [&](auto tables) { return gate.before(std::move(tables)); };
        scene.start();
        Person ada = scene.person("Ada");
        gate.shut();
        for (std::uint8_t i = 0; i < 60; ++i) ada.mustSubmit(recordOf(i));
        const auto state = scene.host->stateHash();
        ada.link.reset();
        auto stopped = std::async(std::launch::async, [&] { scene.stop(); });
        QTest::qSleep(20);
        gate.open();
        stopped.get();
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        QVERIFY(eventually([&] { return keptBy(listener) == 60; }));
    }

private:
    static QStringList snapshotsOf(const HostScene& scene) {
        return QDir(scene.folder.path()).entryList({QStringLiteral("snapshot-*")});
    }
};

QTEST_GUILESS_MAIN(TestBatches)
#include "tst_batches.moc"
