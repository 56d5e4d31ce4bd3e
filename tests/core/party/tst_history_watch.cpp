// What one identity checks of a real coordinator's history: that it only grows, that its own events are in it, and that
// it is counted among what is owed. And that each kind of lie is noticed.
#include "core/party/HistoryWatch.h"
#include "tests/core/host/HostScene.h"

#include <QTest>

using namespace tallylock;
using namespace tallylock::test;
using api::HistoryAlarm;
using party::HistoryKept;
using party::HistoryWatch;

namespace {
constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

/// A coordinator, somebody with money, and what it keeps of the history.
struct Watched {
    HostScene scene;
    std::optional<Person> ada;
    std::optional<Listener> listener;
    std::optional<HistoryWatch> watch;
    std::size_t seen = 0; ///< items that the watch has had

    Watched() {
        scene.start();
        ada.emplace(scene.person("Ada"));
        begin(nullptr);
        deposit(70);
    }
    /// As at a start of the app: the stream from its beginning.
    void begin(const HistoryKept* kept) {
        watch.emplace(scene.coordinator.key(), kept);
        scene.connect(*ada);
        listener.emplace(*ada->link, ports::Link::Stream::Own);
        seen = 0;
    }
    void deposit(std::int64_t dollars) {
        const auto assigned = [&] { return listener->eventsOf<engine::IdentifierAssigned>(); };
        if (assigned().empty()) ada->mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
        QVERIFY(eventually([&] { return !assigned().empty(); }));
        const auto balances = [&] { return listener->eventsOf<engine::BalanceChanged>().size(); };
        const std::size_t before = balances();
        QVERIFY(scene.world->bank().transfer(assigned()[0].identifier, usd(dollars)).ok());
        QVERIFY(eventually([&] { return balances() > before; }));
    }
    void pour() {
        const auto items = listener->items();
        for (; seen < items.size(); ++seen) watch->onItem(items[seen], 5);
    }
    wire::Witness witness(const wire::WitnessQuery& query) { return *ada->ask<wire::Witness>(query); }
    /// Until everything is proven, or something is wrong.
    void check() {
        pour();
        for (int i = 0; i < 100 && watch->row().alarm == HistoryAlarm::None; ++i) {
            const auto query = watch->query();
            watch->onWitness(query, witness(query), 5);
            if (!watch->hasUnproven()) return;
        }
    }
    HolderId holder() { return ada->ask<wire::Welcome>(wire::Hello{})->holder; }
    HistoryAlarm alarm() const { return watch->row().alarm; }
};
} // namespace

class TestHistoryWatch : public QObject {
    Q_OBJECT
private slots:
    void everythingOfOnesOwnIsProven() {
        Watched w;
        w.check();
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        QVERIFY(!w.watch->hasUnproven());
        QCOMPARE(w.watch->row().events, std::uint64_t{w.seen});
        const std::uint64_t batches = w.watch->row().batches;
        QVERIFY(w.seen >= 4 && batches > 2);
        w.deposit(5);
        w.check();
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        QVERIFY(w.watch->row().batches > batches);
        QCOMPARE(w.watch->row().events, std::uint64_t{w.seen});
    }

    /// It claims to be of a command that is far from being executed, and so to be due at some other time.
    void anEventOfNoCommandIsNoticed() {
        Watched w;
        w.check();
        wire::StreamItem forged = w.listener->items().back();
        ++forged.position;
        forged.sequence += 1'000'000;
        w.watch->onItem(forged, 5);
        const auto ask = [&](std::int64_t nowMs) {
            const auto query = w.watch->query();
            wire::Witness witness = w.witness(query);
            QVERIFY(witness.inclusions.empty());
            w.watch->onWitness(query, witness, nowMs);
        };
        for (int i = 0; i < 20; ++i) ask(kDayMs);
        QCOMPARE(w.alarm(), HistoryAlarm::None); // it may be on its way
        // The app is started anew in between.
        const HistoryKept kept = *decodeCbor<HistoryKept>(encodeCbor(w.watch->kept()));
        w.watch.emplace(w.scene.coordinator.key(), &kept);
        for (const wire::StreamItem& item : w.listener->items()) w.watch->onItem(item, kDayMs);
        ask(kDayMs); // before it comes again
        w.watch->onItem(forged, kDayMs);
        for (int i = 0; i < 4; ++i) ask(kDayMs + 5);
        QCOMPARE(w.alarm(), HistoryAlarm::None); // nor after one answer, when the machine has slept
        ask(kDayMs + 5);
        QCOMPARE(w.alarm(), HistoryAlarm::NotIncluded);
    }

    /// Also where the tables, which give the proofs, were made anew.
    void itGoesOnAfterARestartOfBoth() {
        Watched w;
        w.check();
        const HistoryKept kept = *decodeCbor<HistoryKept>(encodeCbor(w.watch->kept()));
        w.listener.reset();
        w.scene.stop();
        w.scene.forgetAllButTheJournal();
        w.scene.start();
        w.begin(&kept);
        w.deposit(5);
        w.watch->onSequence(w.ada->ask<wire::Welcome>(wire::Hello{})->sequence, 6);
        w.check();
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        QCOMPARE(w.watch->row().events, std::uint64_t{w.seen});
    }

    void aLostEndIsNoticed() {
        Watched w;
        w.check();
        w.listener.reset();
        w.scene.stop();
        w.scene.forgetBatches(2);
        w.scene.start();
        w.scene.connect(*w.ada);
        w.watch->onSequence(w.ada->ask<wire::Welcome>(wire::Hello{})->sequence, 6);
        QCOMPARE(w.alarm(), HistoryAlarm::Lost);
    }

    /// It has gone on otherwise, and is as long as before again.
    void anotherPastIsNoticed() {
        Watched w;
        w.check();
        const HistoryKept kept = w.watch->kept();
        w.listener.reset();
        w.scene.stop();
        w.scene.forgetBatches(1);
        w.scene.start();
        Person bob("Bob");
        w.scene.connect(bob);
        for (int i = 0; i < 4; ++i)
            (void)bob.submit(engine::RequestDepositIdentifier{money::kUsd}); // refused, and journaled
        bob.mustSubmit(engine::RegisterHolder{"Bob", false, bob.identity.boxKey()});
        w.begin(&kept);
        w.watch->onSequence(w.ada->ask<wire::Welcome>(wire::Hello{})->sequence, 6);
        QCOMPARE(w.alarm(), HistoryAlarm::None); // it is long enough
        const auto query = w.watch->query();
        QVERIFY(!w.watch->onWitness(query, w.witness(query), 7));
        QCOMPARE(w.alarm(), HistoryAlarm::Changed);
        // Both heads are kept, signed by the same coordinator: anybody can see that they contradict each other.
        const HistoryKept& proof = w.watch->kept();
        QVERIFY(wire::verifyHistory(proof.head, proof.signature, w.scene.coordinator.key()));
        QVERIFY(wire::verifyHistory(*proof.other, *proof.otherSignature, w.scene.coordinator.key()));
        // What comes later does not wash it away.
        const HistoryKept again = *decodeCbor<HistoryKept>(encodeCbor(proof));
        QCOMPARE(HistoryWatch(w.scene.coordinator.key(), &again).row().alarm, HistoryAlarm::Changed);
    }

    void anOwnEventThatIsToldOtherwiseIsNoticed() {
        Watched w;
        w.check();
        const HistoryKept kept = w.watch->kept();
        auto items = w.listener->items();
        HistoryWatch same(w.scene.coordinator.key(), &kept);
        for (const auto& item : items) same.onItem(item, 5);
        QCOMPARE(same.row().alarm, HistoryAlarm::None);
        items[1].event.back() ^= 1;
        HistoryWatch other(w.scene.coordinator.key(), &kept);
        for (const auto& item : items) other.onItem(item, 9);
        QCOMPARE(other.row().alarm, HistoryAlarm::EventsChanged);
        QCOMPARE(*other.kept().alarmMs, std::int64_t{9});
    }

    void eachKindOfWrongProofIsNoticed_data() {
        using Lie = std::function<void(wire::Witness&)>;
        QTest::addColumn<Lie>("lie");
        QTest::addColumn<HistoryAlarm>("alarm");
        const auto row = [](const char* name, Lie lie, HistoryAlarm alarm = HistoryAlarm::NotIncluded) {
            QTest::newRow(name) << lie << alarm;
        };
        row(
            "a head that is not signed", [](auto& w) { w.head.root.bytes[0] ^= 1; }, HistoryAlarm::NotSigned);
        row("another batch", [](auto& w) { w.inclusions[0].batch += 1; });
        row("no batch", [](auto& w) { w.inclusions[0].batch = 0; });
        row("another head of the batch", [](auto& w) { w.inclusions[0].head.bytes[0] ^= 1; });
        row("another place in the batch", [](auto& w) { w.inclusions[0].index += 1; });
        row("a place beyond the batch", [](auto& w) { w.inclusions[0].index = w.inclusions[0].count; });
        row("a longer batch", [](auto& w) { w.inclusions[0].count += 7; });
        row("a changed path in the history", [](auto& w) { w.inclusions[0].inHistory[0].bytes[0] ^= 1; });
        row("a cut path in the history", [](auto& w) { w.inclusions[0].inHistory.pop_back(); });
        row("another event's proof", [](auto& w) {
            w.inclusions[0] = w.inclusions[1];
            w.inclusions[0].position -= 1;
        });
        row("the same leaf twice", [](auto& w) {
            w.inclusions[1] = w.inclusions[0];
            w.inclusions[1].position += 1;
        });
        row("another order", [](auto& w) { std::swap(w.inclusions[0], w.inclusions[1]); });
    }
    void eachKindOfWrongProofIsNoticed() {
        QFETCH(std::function<void(wire::Witness&)>, lie);
        QFETCH(HistoryAlarm, alarm);
        Watched w;
        w.pour();
        const auto query = w.watch->query();
        wire::Witness witness = w.witness(query);
        QVERIFY(witness.inclusions.size() >= 3);
        lie(witness);
        QVERIFY(!w.watch->onWitness(query, witness, 5));
        QCOMPARE(w.alarm(), alarm);
    }

    /// It has a leaf of its own, so the leaf of the first does not prove the second.
    void oneEventThatIsToldTwiceIsNoticed() {
        Watched w;
        w.pour();
        wire::StreamItem again = w.listener->items().back();
        ++again.position;
        w.watch->onItem(again, 5);
        const auto query = w.watch->query();
        wire::Witness witness = w.witness(query);
        QCOMPARE(witness.inclusions.size() + 1, query.positions.size());
        witness.inclusions.push_back(witness.inclusions.back());
        ++witness.inclusions.back().position;
        QVERIFY(!w.watch->onWitness(query, witness, 5));
        QCOMPARE(w.alarm(), HistoryAlarm::NotIncluded);
        QCOMPARE(w.watch->row().events, std::uint64_t{w.seen});
    }

    /// It need not be at once, since the tables run behind; but it must be some time.
    void anEventThatIsNeverProvenIsNoticed() {
        Watched w;
        w.pour();
        for (int i = 0; i < 10 && w.alarm() == HistoryAlarm::None; ++i) {
            const auto query = w.watch->query();
            wire::Witness witness = w.witness(query);
            witness.inclusions.clear();
            QVERIFY(!w.watch->onWitness(query, witness, 5));
            QVERIFY(i < 4 || w.alarm() != HistoryAlarm::None);
        }
        QCOMPARE(w.alarm(), HistoryAlarm::NotIncluded);
    }

    void oneIsCountedAmongWhatIsOwed() {
        Watched w;
        Person bob = w.scene.person("Bob");
        w.check();
        QVERIFY(!w.ada->ask<wire::Owed>(wire::OwedQuery{})); // no day is over
        w.scene.clock.pass(kDayMs);
        w.deposit(5); // of the next day: it does not count yet
        w.check();
        const auto owed = w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(owed);
        QVERIFY(w.watch->onOwed(*owed, w.holder(), 6));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        const auto row = w.watch->row();
        QCOMPARE(row.owed.size(), std::size_t{1});
        QCOMPARE(row.owed[0].own, std::vector{usd(70)});
        QCOMPARE(row.owed[0].all, std::vector{usd(70)});
        // Whoever had nothing has nothing to show, and sees the same sums.
        const auto bobs = bob.ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(bobs && bobs->proofs.empty() && bobs->note == owed->note);

        // A tree that is made anew, from tables that are made anew, is the same.
        const HistoryKept kept = w.watch->kept();
        w.listener.reset();
        w.scene.stop();
        w.scene.forgetAllButTheJournal();
        w.scene.start();
        w.begin(&kept);
        const auto again = w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(again && again->note == owed->note);

        w.scene.clock.pass(kDayMs);
        w.deposit(1);
        w.check();
        const auto next = w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(next && next->note.day == owed->note.day + 1);
        QVERIFY(w.watch->onOwed(*next, w.holder(), 7));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        QCOMPARE(w.watch->row().owed[0].own, std::vector{usd(75)});
    }

    void eachKindOfWrongSumIsNoticed_data() {
        using Lie = std::function<void(wire::Owed&, const keys::Identity&)>;
        QTest::addColumn<Lie>("lie");
        QTest::addColumn<HistoryAlarm>("alarm");
        const auto row = [](const char* name, Lie lie, HistoryAlarm alarm = HistoryAlarm::NotOwed) {
            QTest::newRow(name) << lie << alarm;
        };
        row("it is left out", [](auto& o, auto&) { o.proofs.clear(); });
        row("a part of it is left out", [](auto& o, auto&) { o.proofs.pop_back(); });
        row("a part of it twice", [](auto& o, auto&) { o.proofs[1] = o.proofs[0]; });
        row("the sums are others", [](auto& o, const auto& c) {
            o.note.root.sums[0].value -= 1;
            o.signature = wire::signOwed(o.note, c);
        });
        row(
            "not signed", [](auto& o, auto&) { o.note.root.sums[0].value -= 1; }, HistoryAlarm::NotSigned);
        row("half of it, shown twice", [](auto& o, const auto& c) {
            wire::OwedProof& half = o.proofs[0];
            half.leaf.amounts = {{usd(70).value / 2, money::kUsd}};
            half.index = 0;
            half.path.clear();
            o.note.leaves = 1;
            o.note.root = wire::owedLeafNode(half.leaf);
            o.signature = wire::signOwed(o.note, c);
            o.proofs[1] = half;
            QVERIFY(wire::isOwed(half, o.note));
        });
        row("a tree in which it has less", [](auto& o, const auto& c) {
            for (auto& proof : o.proofs) {
                if (proof.leaf.amounts.empty()) continue;
                proof.leaf.amounts[0].value -= 1;
                break;
            }
            const auto a = wire::owedLeafNode(o.proofs[0].leaf);
            const auto b = wire::owedLeafNode(o.proofs[1].leaf);
            const bool first = o.proofs[0].index == 0;
            o.note.root = *wire::owedNode(first ? a : b, first ? b : a);
            o.proofs[0].path = {b};
            o.proofs[1].path = {a};
            o.signature = wire::signOwed(o.note, c);
            QVERIFY(wire::isOwed(o.proofs[0], o.note) && wire::isOwed(o.proofs[1], o.note));
        });
    }
    void eachKindOfWrongSumIsNoticed() {
        QFETCH(std::function<void(wire::Owed&, const keys::Identity&)>, lie);
        QFETCH(HistoryAlarm, alarm);
        Watched w;
        w.scene.clock.pass(kDayMs);
        w.deposit(5);
        w.check();
        auto owed = *w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QCOMPARE(owed.proofs.size(), std::size_t{2});
        lie(owed, w.scene.coordinator);
        QVERIFY(w.watch->onOwed(owed, w.holder(), 6));
        QCOMPARE(w.alarm(), alarm);
    }

    /// A later day ends behind an earlier one: an account of an old moment, in which a deposit is missing, is none.
    void aLaterDayAtAnOlderBatchIsNoticed() {
        Watched w;
        w.scene.clock.pass(kDayMs);
        w.deposit(5);
        w.check();
        const auto first = *w.ada->ask<wire::Owed>(wire::OwedQuery{});
        w.scene.clock.pass(kDayMs);
        w.deposit(5);
        w.check();
        const auto second = *w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(second.note.batch > first.note.batch);
        QVERIFY(w.watch->onOwed(second, w.holder(), 6));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        auto old = first;
        old.note.day = second.note.day + 1;
        wire::OwedProof& all = old.proofs.front(); // as that day was, in a tree of one leaf
        all.leaf.day = old.note.day;
        all.leaf.amounts = {first.note.root.sums.front()};
        all.index = 0;
        all.path.clear();
        old.note.leaves = 1;
        old.note.root = wire::owedLeafNode(all.leaf);
        old.proofs.resize(1);
        QVERIFY(wire::isOwed(all, old.note));
        old.signature = wire::signOwed(old.note, w.scene.coordinator);
        QVERIFY(w.watch->onOwed(old, w.holder(), 7));
        QCOMPARE(w.alarm(), HistoryAlarm::NotOwed);
    }

    /// Two accounts of one day, both signed.
    void twoAccountsOfOneDayAreNoticed() {
        Watched w;
        w.scene.clock.pass(kDayMs);
        w.deposit(5);
        w.check();
        auto owed = *w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(w.watch->onOwed(owed, w.holder(), 6));
        QVERIFY(w.watch->onOwed(owed, w.holder(), 7));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        owed.note.leaves += 1;
        owed.signature = wire::signOwed(owed.note, w.scene.coordinator);
        QVERIFY(w.watch->onOwed(owed, w.holder(), 8));
        QCOMPARE(w.alarm(), HistoryAlarm::NotOwed);
    }

    /// Before everything up to that day is proven, nothing is said of it.
    void whatIsNotProvenYetWaits() {
        Watched w;
        w.scene.clock.pass(kDayMs);
        w.deposit(5);
        w.pour();
        const auto owed = w.ada->ask<wire::Owed>(wire::OwedQuery{});
        QVERIFY(!w.watch->onOwed(*owed, w.holder(), 6));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
        w.check();
        QVERIFY(w.watch->onOwed(*owed, w.holder(), 7));
        QCOMPARE(w.alarm(), HistoryAlarm::None);
    }

    void aStrangerIsToldNothingOfOthers() {
        Watched w;
        Person eve("Eve");
        w.scene.connect(eve);
        const auto witness = eve.ask<wire::Witness>(wire::WitnessQuery{0, {1, 2, 3}});
        QVERIFY(witness && witness->inclusions.empty());
        QVERIFY(wire::verifyHistory(witness->head, witness->signature, w.scene.coordinator.key()));
        // Bob's positions are Bob's, not Ada's.
        Person bob = w.scene.person("Bob");
        const Listener listener(*bob.link, ports::Link::Stream::Own);
        QVERIFY(eventually([&] { return !listener.items().empty(); }));
        const auto bobs = bob.ask<wire::Witness>(wire::WitnessQuery{0, {1, 99}});
        QVERIFY(bobs && bobs->inclusions.size() == 1);
        QVERIFY(wire::isIncluded(bobs->inclusions[0], crypto::merkleLeaf(listener.items()[0].event), bobs->head));
        QVERIFY(bob.ask<wire::Problem>(wire::WitnessQuery{0, std::vector<std::uint64_t>(wire::kMostWitnessed + 1, 1)}));
    }
};

QTEST_GUILESS_MAIN(TestHistoryWatch)
#include "tst_history_watch.moc"
