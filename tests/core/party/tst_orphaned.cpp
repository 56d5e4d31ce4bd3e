// The coordinator is gone for good, in the middle of sales: what people see, and what they keep.
#include "core/party/Replica.h"
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"
#include "tests/core/party/Losing.h"

#include <QElapsedTimer>

using namespace tallylock;
using namespace tallylock::test;

namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

struct Scene : Deal {
    PartyScene::Between before = scene.throughCoordinator;

    /// As far as the wallet, and both have the trail.
    void reachWallet() {
        publish();
        offer();
        accept();
        QVERIFY(canPay());
        for (party::Party* who : {seller.get(), buyer.get()}) {
            QVERIFY(scene.pump.until([&] {
                const auto story = storyOf(*who);
                return story && story->state() == engine::SaleState::WalletOpen;
            }));
        }
    }
    std::optional<wire::SaleStory> storyOf(party::Party& who) {
        const auto file = scene.ask<Bytes>([&](auto done) { who.evidence(sale, done); });
        const auto evidence = file ? wire::readEvidence(*file) : Err(wire::EvidenceError::Empty);
        if (!evidence) return std::nullopt;
        auto story = wire::checkEvidence(*evidence);
        return story ? std::optional(std::move(*story)) : std::nullopt;
    }
    std::vector<api::SaleRow> sales(party::Party& who) {
        return scene.must<std::vector<api::SaleRow>>([&](auto done) { who.sales(done); });
    }
    /// Both apps anew, on whatever way there is to the coordinator now.
    void restart() {
        seller.reset();
        buyer.reset();
        seller = scene.open("seller");
        buyer = scene.open("buyer");
    }
    void leave() {
        seller.reset();
        buyer.reset();
        scene.throughCoordinator = [](auto) { return std::make_unique<Gone>(); };
    }
};

} // namespace

class TestOrphaned : public QObject {
    Q_OBJECT
private slots:
    /// Whoever starts the app then sees the sale as it was last known, and has its evidence.
    void itIsSeenFromTheOwnJournal() {
        Scene s;
        s.reachWallet();
        const std::int64_t heardMs = s.scene.host.clock.wallMs();
        s.leave();
        s.scene.host.clock.pass(8 * kDayMs);
        s.restart();
        for (party::Party* who : {s.seller.get(), s.buyer.get()}) {
            QVERIFY(s.scene.pump.until([&] { return !s.sales(*who).empty(); }));
            const auto rows = s.sales(*who);
            QCOMPARE(rows.size(), std::size_t{1});
            QCOMPARE(rows[0].id, s.sale);
            QCOMPARE(rows[0].state, api::SaleState::WalletOpen);
            QCOMPARE(rows[0].role, who == s.buyer.get() ? api::SaleRole::Buyer : api::SaleRole::Seller);
            QVERIFY(rows[0].price == usd(45));
            QVERIFY(!rows[0].needsMe && !rows[0].terminal);
            QVERIFY(rows[0].orphanedSinceMs > heardMs - kDayMs && rows[0].orphanedSinceMs <= heardMs);
            const api::SaleDetail detail = s.scene.detail(*who, s.sale);
            QVERIFY(!detail.payment && !detail.contract.isZero());
            for (int step = 1; step <= 14; ++step)
                QCOMPARE(detail.steps[static_cast<std::size_t>(step - 1)].state == api::StepState::Done, step <= 6);
            const auto story = s.storyOf(*who);
            QVERIFY(story && story->sale == s.sale && story->has(wire::Proven::TermsAgreed));
        }
    }

    /// Not after a week-end, nor before it was tried to reach.
    void aWhileIsNotForGood() {
        Scene s;
        s.reachWallet();
        s.leave();
        s.scene.host.clock.pass(6 * kDayMs);
        s.restart();
        QTest::qWait(3'500);
        s.scene.pump.run();
        QVERIFY(s.sales(*s.buyer).empty() && s.sales(*s.seller).empty()); // it may have gone on since
    }

    /// It was only this app that had been off for long, or the coordinator comes back: then the sale goes on.
    void itComesBack() {
        Scene s;
        s.reachWallet();
        s.seller.reset();
        s.buyer.reset();
        s.scene.throughCoordinator = [](auto) { return std::make_unique<Gone>(); };
        s.restart();
        QTest::qWait(3'500); // it gives up waiting
        s.scene.throughCoordinator = s.before;
        s.restart();
        QVERIFY(s.canPay());
        QCOMPARE(s.sales(*s.buyer).front().orphanedSinceMs, std::int64_t{0});
        s.pay();
        QVERIFY(s.canUnlock());
        QCOMPARE(s.sales(*s.buyer).size(), std::size_t{1});
        QCOMPARE(s.sales(*s.buyer).front().orphanedSinceMs, std::int64_t{0});
    }

    /// The app runs all the while.
    void itGoesWhileTheAppRuns() {
        Scene s;
        s.scene.goneLookMs = 20;
        s.restart();
        s.reachWallet();
        QCOMPARE(s.sales(*s.buyer).front().orphanedSinceMs, std::int64_t{0});
        QTest::qWait(3'500); // and now they look
        s.scene.host.stop();
        for (party::Party* who : {s.seller.get(), s.buyer.get()}) (void)s.sales(*who); // what it has said is heard
        s.scene.host.clock.pass(8 * kDayMs);
        for (party::Party* who : {s.seller.get(), s.buyer.get()})
            QVERIFY(s.scene.pump.until([&] { return s.sales(*who).front().orphanedSinceMs != 0; }));
        const api::SaleDetail detail = s.scene.detail(*s.buyer, s.sale);
        QVERIFY(!detail.row.needsMe && !detail.payment); // nobody pays into it any more
    }

    /// The stream begins anew, and is behind what is known by now: that is not taken from under anybody.
    void theStreamTakesNothingBack() {
        party::Replica replica;
        engine::SaleChanged sale;
        sale.sale = {7};
        sale.state = engine::SaleState::KeySent2;
        sale.step = 13;
        replica.recall(sale);
        auto tell = [&, position = std::uint64_t{0}](engine::SaleState state, std::uint8_t step) mutable {
            engine::SaleChanged told = sale;
            told.state = state;
            told.step = step;
            wire::StreamItem item;
            item.position = ++position;
            item.sequence = position;
            item.event = encodeCbor(engine::EventBody(told));
            replica.apply(ports::Link::Stream::Own, item);
            return replica.sale({7})->last.state;
        };
        QCOMPARE(tell(engine::SaleState::SellerPaid, 10), engine::SaleState::KeySent2);
        QVERIFY(replica.isRecalled({7}));
        QCOMPARE(tell(engine::SaleState::KeySent2, 13), engine::SaleState::KeySent2);
        QVERIFY(!replica.isRecalled({7}));
        QCOMPARE(tell(engine::SaleState::Disputed, 13), engine::SaleState::Disputed);
    }

    /// The machine has slept for long, and once it had not reached the coordinator: nobody takes that for gone before
    /// it was asked again.
    void aLongSleepIsNoSilence() {
        Scene s;
        s.scene.goneLookMs = 3'000;
        QElapsedTimer timer;
        timer.start();
        s.restart();
        s.reachWallet();
        QTest::qWait(3'500); // the first look
        s.scene.host.stop();
        for (party::Party* who : {s.seller.get(), s.buyer.get()}) (void)s.sales(*who);
        s.scene.host.clock.pass(5'000);
        QTest::qWait(std::max(0, 9'600 - static_cast<int>(timer.elapsed()))); // and two that are in vain
        s.scene.host.clock.pass(8 * kDayMs);
        for (party::Party* who : {s.seller.get(), s.buyer.get()}) {
            for (const api::SaleRow& row : s.sales(*who)) QCOMPARE(row.orphanedSinceMs, std::int64_t{0});
        }
    }

    /// The app was started without a coordinator, which answers later: whose side is whose stays as it was.
    void itAnswersLater() {
        party::Replica replica;
        for (const bool buys : {true, false}) {
            engine::SaleChanged sale;
            sale.sale = {buys ? 7u : 8u};
            (buys ? sale.seller : sale.buyer) = party::Replica::kAnother;
            replica.recall(sale);
        }
        replica.setHolder({5});
        QVERIFY(replica.sale({7})->last.buyer == replica.holder());
        QVERIFY(replica.sale({7})->last.seller == party::Replica::kAnother);
        QVERIFY(replica.sale({8})->last.seller == replica.holder());
        QVERIFY(replica.sale({8})->last.buyer == party::Replica::kAnother);
    }

    /// What is over is over, on both sides.
    void noEndedSaleIsOrphaned() {
        Scene s;
        s.reachWallet();
        s.scene.host.clock.pass(2 * kDayMs);
        for (party::Party* who : {s.seller.get(), s.buyer.get()}) {
            QVERIFY(s.scene.pump.until([&] {
                const auto story = s.storyOf(*who);
                return story && story->state() == engine::SaleState::Void;
            }));
        }
        s.leave();
        s.scene.host.clock.pass(8 * kDayMs);
        s.restart();
        QTest::qWait(3'500);
        s.scene.pump.run();
        QVERIFY(s.sales(*s.buyer).empty() && s.sales(*s.seller).empty());
    }
};

QTEST_GUILESS_MAIN(TestOrphaned)
#include "tst_orphaned.moc"
