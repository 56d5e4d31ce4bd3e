// The coordinator's host: what it takes is durable and the same after a restart, what it cannot believe it refuses by
// name, and nobody waits for ever.
#include "core/store/FolderLock.h"
#include "tests/core/host/Gate.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <numeric>

using namespace tallylock;
using namespace tallylock::test;
using engine::Refused;
using ports::LinkError;
using ports::StoreError;
using Stream = ports::Link::Stream;

namespace {

engine::CommandBody registration(const Person& person) {
    return engine::RegisterHolder{person.name, false, person.identity.boxKey()};
}

std::uint64_t recordsIn(HostScene& scene) {
    auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
    return (*journal)->size();
}

/// A few registrations and listings, each in a batch of its own.
void liveALittle(HostScene& scene) {
    for (const char* name : {"Ada", "Bob", "Eve"}) {
        Person person = scene.person(name);
        engine::PublishListing listing;
        listing.assetId = hashNamed(person.name);
        listing.name = "A file of " + person.name;
        listing.mediaType = "text/plain";
        listing.sizeBytes = 1000;
        listing.sealedSize = 1200;
        listing.sealedRoot = hashNamed("sealed " + person.name);
        listing.plainRoot = hashNamed("plain " + person.name);
        listing.manifestHash = hashNamed("manifest " + person.name);
        listing.recipient = person.identity.boxKey();
        listing.price = usd(100);
        listing.manifest = {1};
        person.mustSubmit(listing);
    }
}

} // namespace

class TestHost : public QObject {
    Q_OBJECT
private slots:
    void takesCommandsAndTellsWhoAsks() {
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        auto welcome = ada.ask<wire::Welcome>(wire::Hello{});
        QVERIFY(welcome.has_value());
        QVERIFY(!welcome->holder);
        const auto submitted = ada.submit(registration(ada));
        QVERIFY(submitted.has_value());
        QCOMPARE(submitted->reply.refused, Refused::No);
        QCOMPARE(submitted->sequence, std::uint64_t{1});
        welcome = ada.ask<wire::Welcome>(wire::Hello{});
        QCOMPARE(welcome->holder.value, submitted->reply.value);
        QCOMPARE(welcome->lastCounter, std::uint64_t{1});
        QCOMPARE(welcome->sequence, std::uint64_t{1});
        QVERIFY(welcome->head == scene.host->status().head);
    }

    void isTheSameAfterARestart_data() {
        QTest::addColumn<bool>("all");
        QTest::addColumn<quint64>("snapshotEvery");
        QTest::newRow("from a snapshot") << false << quint64{10'000};
        QTest::newRow("from the journal alone") << true << quint64{10'000};
        QTest::newRow("from a snapshot and the batches after it") << false << quint64{4};
    }
    void isTheSameAfterARestart() {
        QFETCH(bool, all);
        QFETCH(quint64, snapshotEvery);
        HostScene scene;
        scene.snapshotEvery = snapshotEvery;
        scene.start();
        liveALittle(scene);
        const auto before = scene.host->stateHash();
        const auto head = scene.host->status().head;
        scene.stop();
        if (all) scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(before.has_value());
        QVERIFY(scene.host->stateHash() == before);
        QVERIFY(scene.host->status().head == head);
        scene.restart();
        QVERIFY(scene.host->stateHash() == before);
    }

    void answersARepeatedCommandTheSame() {
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        const Bytes envelope = wire::sealCommand(ada.identity, 1, registration(ada));
        const auto first = ada.ask<wire::Submitted>(wire::Submit{envelope});
        const auto again = ada.ask<wire::Submitted>(wire::Submit{envelope});
        QVERIFY(first && again);
        QVERIFY(first->reply == again->reply);
        scene.restart();
        scene.connect(ada);
        const auto later = ada.ask<wire::Submitted>(wire::Submit{envelope});
        QVERIFY(later && later->reply == first->reply);
        Person other("Adam");
        const auto reused =
            ada.ask<wire::Submitted>(wire::Submit{wire::sealCommand(ada.identity, 1, registration(other))});
        QCOMPARE(reused->reply.refused, Refused::IdReused);
    }

    void refusesAtTheDoorAndKeepsNothingOfIt_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<int>("problem");
        QTest::newRow("signature") << 0 << int(wire::FrameProblem::SignatureInvalid);
        QTest::newRow("cut short") << 1 << int(wire::FrameProblem::Malformed);
        QTest::newRow("no frame") << 2 << int(wire::FrameProblem::Malformed);
        QTest::newRow("not for this server") << 3 << int(wire::FrameProblem::NotFound);
        QTest::newRow("another version") << 4 << int(wire::FrameProblem::UnknownVersion);
    }
    void refusesAtTheDoorAndKeepsNothingOfIt() {
        QFETCH(int, what);
        QFETCH(int, problem);
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        Bytes envelope = wire::sealCommand(ada.identity, 1, registration(ada));
        if (what == 0) envelope.back() ^= 1;
        if (what == 1) envelope.pop_back();
        Bytes frame = encodeCbor(wire::Request{wire::Submit{envelope}});
        if (what == 2) frame = {0xff, 0x00};
        if (what == 3) frame = encodeCbor(wire::Request{wire::FetchPart{}});
        if (what == 4) frame = encodeCbor(wire::Request{wire::Hello{wire::kVersion + 1}});
        const auto answered = ada.sendFrame(frame);
        QVERIFY(answered.ok());
        const auto answer = decodeCbor<wire::Answer>(*answered);
        QVERIFY(answer.ok());
        QCOMPARE(int(std::get<wire::Problem>(*answer).problem), problem);
        QCOMPARE(scene.host->status().batch, std::uint64_t{0});
        scene.stop();
        QCOMPARE(recordsIn(scene), std::uint64_t{1}); // the genesis
    }

    void refusesAFrameThatIsTooLarge() {
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        const auto answer = ada.sendFrame(Bytes(std::size_t{3} << 20));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error(), LinkError::TooLarge);
    }

    void journalsWhatTheEngineRefuses() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        const auto refused = ada.submit(registration(ada));
        QCOMPARE(refused->reply.refused, Refused::AlreadyRegistered);
        QCOMPARE(refused->sequence, std::uint64_t{2});
        const auto before = scene.host->stateHash();
        scene.stop();
        QCOMPARE(recordsIn(scene), std::uint64_t{3});
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == before);
    }

    /// Commands that come while a batch is being written form the next one.
    void gathersWhatComesWhileItWrites() {
        Gate gate;
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.start();
        gate.shut();
        std::vector<Person> people;
        std::atomic<int> answered{0};
        for (int i = 0; i < 20; ++i) {
            people.emplace_back("person " + std::to_string(i));
            scene.connect(people.back());
            const Bytes envelope = wire::sealCommand(people.back().identity, 1, registration(people.back()));
            people.back().link->request(encodeCbor(wire::Request{wire::Submit{envelope}}),
                                        [&](Result<Bytes, LinkError> frame) { answered += frame.ok() ? 1 : 0; });
            if (i == 0) QVERIFY(eventually([&] { return gate.isWaiting(); }));
        }
        QCOMPARE(answered.load(), 0); // nothing is acknowledged before it is durable
        gate.open();
        QVERIFY(eventually([&] { return answered == 20; }));
        QCOMPARE(scene.host->status().batch, std::uint64_t{2});
        QCOMPARE(scene.host->status().sequence, std::uint64_t{20});
    }

    void saysBusyWhenTheQueueIsFull() {
        Gate gate;
        HostScene scene;
        scene.queueLimit = 3;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.start();
        gate.shut();
        Person ada("Ada");
        scene.connect(ada);
        std::atomic<int> busy{0};
        std::atomic<int> taken{0};
        for (int i = 0; i < 6; ++i) {
            const Bytes envelope = wire::sealCommand(ada.identity, ++ada.counter, registration(ada));
            ada.link->request(encodeCbor(wire::Request{wire::Submit{envelope}}), [&](Result<Bytes, LinkError> frame) {
                if (frame.ok()) ++taken;
                if (!frame.ok() && frame.error() == LinkError::Busy) ++busy;
            });
            if (i == 0) QVERIFY(eventually([&] { return gate.isWaiting(); }));
        }
        QCOMPARE(busy.load(), 2); // one is being written, three wait
        gate.open();
        QVERIFY(eventually([&] { return taken == 4; }));
    }

    void acknowledgesNothingThatCouldNotBeWritten() {
        Gate gate;
        HostScene scene;
        std::atomic<int> failures{0};
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.onFailure = [&](const ports::StoreFailure& f) { failures += f.error == StoreError::DiskFull ? 1 : 0; };
        scene.start();
        Person ada = scene.person("Ada");
        const auto sound = scene.host->stateHash();
        gate.breakDown();
        const auto lost = ada.sendFrame(
            encodeCbor(wire::Request{wire::Submit{wire::sealCommand(ada.identity, 2, registration(ada))}}));
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error(), LinkError::Closed);
        QVERIFY(eventually([&] { return failures == 1; }));
        QVERIFY(scene.host->status().failure.has_value());
        QCOMPARE(ada.sendFrame(encodeCbor(wire::Request{wire::Hello{}})).error(), LinkError::Closed);
        scene.stop();
        scene.wrapJournal = {};
        scene.start();
        QVERIFY(scene.host->stateHash() == sound);
    }

    void namesTheBatchThatBreaksTheChain_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("why");
        QTest::newRow("number") << 0 << QStringLiteral("number");
        QTest::newRow("previous head") << 1 << QStringLiteral("follow");
        QTest::newRow("first sequence") << 2 << QStringLiteral("numbered");
        QTest::newRow("time") << 3 << QStringLiteral("time");
        QTest::newRow("signature") << 4 << QStringLiteral("signature");
        QTest::newRow("events") << 5 << QStringLiteral("other events");
        QTest::newRow("a command left out") << 6 << QStringLiteral("other events");
        QTest::newRow("a command that is none") << 7 << QStringLiteral("command");
    }
    void namesTheBatchThatBreaksTheChain() {
        QFETCH(int, what);
        QFETCH(QString, why);
        HostScene scene;
        scene.start();
        liveALittle(scene);
        scene.stop();
        forgeBatch(scene.pathOf("journal"), 4, [&](wire::Batch& batch) {
            if (what == 0) batch.number = 9;
            if (what == 1) batch.previous.bytes[0] ^= 1;
            if (what == 2) batch.firstSequence += 1;
            if (what == 3) batch.timeMs -= 1'000'000;
            if (what == 5) batch.eventsHash.bytes[0] ^= 1;
            if (what == 6) batch.entries.clear();
            if (what == 7) batch.entries = {{0x01}};
            wire::signBatch(batch, scene.coordinator);
            if (what == 4) batch.signature.bytes[0] ^= 1;
        });
        scene.forgetAllButTheJournal();
        const auto started = scene.tryStart();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().error, StoreError::Damaged);
        const QString detail = QString::fromStdString(started.error().detail);
        QVERIFY2(detail.contains(QStringLiteral("batch 4")) && detail.contains(why), qPrintable(detail));
    }

    void namesTheRecordThatCannotBeRead() {
        HostScene scene;
        scene.start();
        liveALittle(scene);
        scene.stop();
        {
            auto journal = store::SqliteJournal::open(scene.pathOf("journal"));
            QVERIFY((*journal)->append({{0xa1, 0x01}}));
        }
        const auto started = scene.tryStart();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().error, StoreError::Damaged);
        QVERIFY2(started.error().detail.find("batch 7: it cannot be read") != std::string::npos,
                 started.error().detail.c_str());
    }

    void refusesAJournalThatIsShorterThanItsSnapshot() {
        HostScene scene;
        scene.start();
        liveALittle(scene);
        scene.stop();
        for (const char* suffix : {"", "-wal", "-shm"}) {
            QFile::remove(QString::fromStdString(scene.pathOf("journal") + suffix));
        }
        const auto started = scene.tryStart();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().error, StoreError::Damaged);
    }

    void refusesAFolderOfAnotherCoordinator() {
        HostScene scene;
        scene.start();
        scene.stop();
        scene.config.saleFeeBasisPoints += 1;
        QCOMPARE(scene.tryStart().error().error, StoreError::OtherOwner);
        scene.config.coordinator.identity = scene.keyServer.key();
        QCOMPARE(scene.tryStart().error().error, StoreError::OtherOwner);
    }

    void isOneForAFolder() {
        HostScene scene;
        auto lock = store::FolderLock::take(scene.folder.path().toStdString());
        QVERIFY(lock.ok());
        scene.start();
        QCOMPARE(store::FolderLock::take(scene.folder.path().toStdString()).error().error, StoreError::Locked);
    }

    void rebuildsItsTables_data() {
        QTest::addColumn<QString>("how");
        QTest::newRow("gone") << QStringLiteral("gone");
        QTest::newRow("of another history") << QStringLiteral("other");
        QTest::newRow("ahead of the journal") << QStringLiteral("ahead");
    }
    void rebuildsItsTables() {
        QFETCH(QString, how);
        HostScene scene;
        scene.start();
        liveALittle(scene);
        Person ada("Ada");
        scene.connect(ada);
        const auto before =
            ada.ask<wire::HistoryPage>(wire::HistoryQuery{engine::ListingPublished::kType, {}, 0, 100, 6});
        QVERIFY(before.has_value());
        QCOMPARE(before->rows.size(), std::size_t{3});
        ada.link.reset();
        scene.stop();
        const QString tables = QString::fromStdString(scene.pathOf("tables"));
        if (how == QStringLiteral("gone")) QVERIFY(QFile::remove(tables));
        {
            auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("meddler"));
            database.setDatabaseName(tables);
            QVERIFY(database.open());
            QSqlQuery query(database);
            if (how == QStringLiteral("other"))
                QVERIFY(query.exec(QStringLiteral("UPDATE place SET head = zeroblob(32)")));
            if (how == QStringLiteral("ahead")) QVERIFY(query.exec(QStringLiteral("UPDATE place SET batch = 99")));
            if (how != QStringLiteral("gone")) QVERIFY(query.exec(QStringLiteral("DELETE FROM stream")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("meddler"));
        scene.start();
        scene.connect(ada);
        const auto after =
            ada.ask<wire::HistoryPage>(wire::HistoryQuery{engine::ListingPublished::kType, {}, 0, 100, 6});
        QVERIFY(after.has_value());
        QVERIFY(!after->stale);
        QCOMPARE(encodeCbor(*after), encodeCbor(*before));
    }

    void saysStaleWhenTheTablesDoNotReach() {
        HostScene scene;
        scene.start();
        liveALittle(scene);
        Person ada("Ada");
        scene.connect(ada);
        const auto page =
            ada.ask<wire::HistoryPage>(wire::HistoryQuery{engine::ListingPublished::kType, {}, 0, 100, 7});
        QVERIFY(page.has_value());
        QVERIFY(page->stale);
        QCOMPARE(page->standsAt, std::uint64_t{6});
    }

    void waitsForTheTablesToReach() {
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        const auto submitted = ada.submit(registration(ada));
        const auto page = ada.ask<wire::HistoryPage>(
            wire::HistoryQuery{engine::HolderRegistered::kType, {}, 0, 100, submitted->sequence});
        QVERIFY(!page->stale);
        QCOMPARE(page->rows.size(), std::size_t{1});
    }

    /// Over cuts and restarts: every item once, in order.
    void resumesAStreamWithoutLossOrRepetition() {
        HostScene scene;
        scene.start();
        Person watcher("Watcher");
        std::vector<std::uint64_t> positions;
        std::uint64_t cursor = 0;
        for (int round = 0; round < 3; ++round) {
            scene.connect(watcher);
            Listener listener(*watcher.link, Stream::Public, cursor);
            const std::string name = "seller " + std::to_string(round);
            Person seller = scene.person(name);
            engine::PublishListing listing;
            listing.name = name;
            listing.assetId = hashNamed(name);
            listing.sealedRoot = hashNamed("sealed " + name);
            listing.plainRoot = hashNamed("plain " + name);
            listing.manifestHash = hashNamed("manifest " + name);
            listing.recipient = seller.identity.boxKey();
            listing.price = usd(10);
            listing.mediaType = "text/plain";
            listing.sizeBytes = 100;
            listing.sealedSize = 200;
            listing.manifest = {1};
            seller.mustSubmit(listing);
            QVERIFY(eventually([&] { return !listener.items().empty(); }));
            listener.end();
            for (const auto& item : listener.items()) positions.push_back(item.position);
            cursor = positions.back();
            if (round == 1) forgetAfterStop(scene);
            scene.restart();
        }
        scene.connect(watcher);
        Listener all(*watcher.link, Stream::Public, 0);
        QVERIFY(eventually([&] { return all.items().size() >= positions.size(); }));
        std::vector<std::uint64_t> wanted(positions.size());
        std::iota(wanted.begin(), wanted.end(), std::uint64_t{1});
        QCOMPARE(positions, wanted);
        QCOMPARE(all.items().size(), positions.size());
    }

    void opensTheOwnStreamWithTheRegistration() {
        HostScene scene;
        scene.start();
        Person ada("Ada");
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        Person bob = scene.person("Bob");
        const Listener bobs(*bob.link, Stream::Own);
        QVERIFY(eventually([&] { return bobs.eventsOf<engine::HolderRegistered>().size() == 1; }));
        QVERIFY(listener.items().empty());
        ada.mustSubmit(registration(ada));
        QVERIFY(eventually([&] { return !listener.eventsOf<engine::HolderRegistered>().empty(); }));
        QCOMPARE(listener.eventsOf<engine::HolderRegistered>().front().name, std::string("Ada"));
        QCOMPARE(bobs.eventsOf<engine::HolderRegistered>().size(), std::size_t{1});
    }

    void letsASubscriptionEndFromItsOwnCallback() {
        HostScene scene;
        scene.start();
        Person ada("Somebody");
        scene.connect(ada);
        std::atomic<int> calls{0};
        std::unique_ptr<ports::Subscription> subscription;
        std::mutex mutex;
        {
            const std::lock_guard lock(mutex);
            subscription = ada.link->subscribe(Stream::Public, 0, [&](const wire::StreamItem&) {
                const std::lock_guard inner(mutex);
                ++calls;
                subscription.reset();
            });
        }
        liveALittle(scene);
        QVERIFY(eventually([&] { return calls == 1; }));
        ada.mustSubmit(registration(ada));
        QCOMPARE(calls.load(), 1);
    }

    void closesItsLinks() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        const Listener listener(*ada.link, Stream::Public);
        scene.host->stop();
        scene.host->stop();
        QCOMPARE(ada.sendFrame(encodeCbor(wire::Request{wire::Hello{}})).error(), LinkError::Closed);
        QVERIFY(!ada.submit(registration(ada)).has_value());
        QVERIFY(!scene.host->stateHash().has_value());
        scene.stop();
        QCOMPARE(ada.sendFrame(encodeCbor(wire::Request{wire::Hello{}})).error(), LinkError::Closed);
    }

    void answersEverybodyWhenItStops() {
        Gate gate;
        HostScene scene;
        scene.wrapJournal = [&](auto journal) { return gate.before(std::move(journal)); };
        scene.start();
        gate.shut();
        std::atomic<int> answered{0};
        Person ada("Ada");
        scene.connect(ada);
        for (int i = 0; i < 5; ++i) {
            const Bytes envelope = wire::sealCommand(ada.identity, ++ada.counter, registration(ada));
            ada.link->request(encodeCbor(wire::Request{wire::Submit{envelope}}),
                              [&](Result<Bytes, LinkError>) { ++answered; });
            if (i == 0) QVERIFY(eventually([&] { return gate.isWaiting(); }));
        }
        auto stopped = std::async(std::launch::async, [&] { scene.host->stop(); });
        // A question cannot be answered while the gate is shut: it is dropped when the host closes.
        QCOMPARE(ada.sendFrame(encodeCbor(wire::Request{wire::Hello{}})).error(), LinkError::Closed);
        gate.open();
        stopped.get();
        QCOMPARE(answered.load(), 5);
    }

private:
    static void forgetAfterStop(HostScene& scene) {
        scene.stop();
        scene.forgetAllButTheJournal();
    }
};

QTEST_GUILESS_MAIN(TestHost)
#include "tst_host.moc"
