// Disputes between two parties, a coordinator and a key server, all real: the time to look, an objection with its
// verdict, and a buyer who pays and is never seen again.
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {

constexpr std::int64_t kDayMs = engine::LateDeadlines::kDayMs;

void withArbiter(HostScene& host) {
    host.config.arbitration =
        engine::Arbitration{identityNamed("arbiter").key(), {identityNamed("deputy").key()}, kDayMs};
}

struct Opened : Deal {
    std::string path = scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
    Opened() : Deal(withArbiter) {
        publish();
        offer();
        accept();
        if (!canPay()) qFatal("cannot pay");
        pay();
        if (!canUnlock()) qFatal("cannot unlock");
    }
    void unlock() {
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, path, {}, done); });
        QVERIFY(scene.reaches(*buyer, sale, api::SaleState::Unlocked));
    }
    engine::Reply asArbiter(const engine::CommandBody& body) {
        Person arbiter("arbiter");
        scene.host.connect(arbiter);
        arbiter.counter = 100 + m_said++;
        const auto submitted = arbiter.submit(body);
        return submitted ? submitted->reply : engine::Reply{engine::Refused::NotPermitted, 0, "no answer"};
    }
    money::Amount dollarsOf(party::Party& who) {
        for (const api::BalanceRow& row :
             scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); }))
            if (row.unit == money::kUsd) return row.available;
        return {0, money::kUsd};
    }

private:
    std::uint64_t m_said = 0;
};

money::Amount cents(std::int64_t amount) { return {money::Int128{amount} * 1'000'000, money::kUsd}; }

} // namespace

class TestDisputes : public QObject {
    Q_OBJECT
private slots:
    /// 45 dollars, of which 0.45 are the fee and 2.25 are held back.
    void theBuyerIsContent() {
        Opened deal;
        auto detail = deal.scene.detail(*deal.buyer, deal.sale);
        QVERIFY(detail.mayObject && detail.inspectionEndsMs == 0);
        QVERIFY(!deal.scene.detail(*deal.seller, deal.sale).mayObject);
        deal.unlock();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale,
                                   [](const api::SaleDetail& now) { return now.inspectionEndsMs != 0; }));
        detail = deal.scene.detail(*deal.buyer, deal.sale);
        QVERIFY(detail.row.objectUntilMs == detail.inspectionEndsMs); // of which the buyer is reminded
        QVERIFY(deal.scene.detail(*deal.seller, deal.sale).row.objectUntilMs == 0);
        QVERIFY(deal.dollarsOf(*deal.seller) == cents(42'30));
        deal.scene.mustDo([&](auto done) { deal.buyer->releaseHoldback(deal.sale, done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Completed));
        QVERIFY(deal.scene.pump.until([&] { return deal.dollarsOf(*deal.seller) == cents(44'55); }));
        const auto late = deal.scene.ask<void>(
            [&](auto done) { deal.buyer->raiseDispute(deal.sale, api::Claim::NotAsDescribed, "Late.", done); });
        QVERIFY(!late.ok()); // it is over
    }

    /// The arbiter does not. A deputy is no party, and its app knows nothing of the sale.
    void aDeputyDecidesInItsTurn() {
        Opened deal;
        deal.scene.mustDo([&](auto done) {
            deal.buyer->raiseDispute(deal.sale, api::Claim::NotAsDescribed, "The river is missing.", done);
        });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Disputed));
        const auto deputy = deal.scene.open("deputy");
        const auto decides = [&](party::Party& who) {
            const auto answer = deal.scene.ask<void>(
                [&](auto done) { who.decideDispute(deal.sale, cents(2'00), "It is missing indeed.", done); });
            return answer ? std::nullopt : std::optional(answer.error().problem);
        };
        QCOMPARE(decides(*deputy), api::Problem::NotPermitted); // it is the arbiter's turn
        QCOMPARE(decides(*deal.buyer), api::Problem::SaleNotYours);
        deal.scene.host.clock.pass(engine::Arbitration().deputyMs);
        QCOMPARE(decides(*deputy), std::nullopt);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Resolved));
        const auto dispute = *deal.scene.detail(*deal.buyer, deal.sale).dispute;
        QVERIFY(dispute.toBuyer == cents(2'00) && dispute.decidedBy == api::Actor::Arbiter);
        QVERIFY(deal.scene.pump.until([&] { return deal.dollarsOf(*deal.buyer) == cents(2'00); }));
    }

    void anArbiterDecides() {
        Opened deal;
        deal.unlock();
        const auto empty = deal.scene.ask<void>(
            [&](auto done) { deal.buyer->raiseDispute(deal.sale, api::Claim::NotAsDescribed, "", done); });
        QVERIFY(!empty && empty.error().problem == api::Problem::TextInvalid);
        deal.scene.mustDo([&](auto done) {
            deal.buyer->raiseDispute(deal.sale, api::Claim::NotAsDescribed, "The river is missing.", done);
        });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, [](const api::SaleDetail& now) {
            return now.dispute && now.dispute->statements.size() == 1 && now.row.needsMe && now.mayState;
        }));
        deal.scene.mustDo([&](auto done) { deal.seller->stateInDispute(deal.sale, "It is on page two.", done); });
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, [](const api::SaleDetail& now) {
            return now.dispute->statements.size() == 2 && now.dispute->statements[1].by == api::Actor::Seller &&
                   now.dispute->sellerAnswered && !now.dispute->toBuyer;
        }));
        QVERIFY(!deal.scene.detail(*deal.seller, deal.sale).row.needsMe);

        const engine::DecideDispute verdict{deal.sale, cents(1'00), "Page two is hard to find."};
        Person stranger("stranger");
        deal.scene.host.connect(stranger);
        QCOMPARE(stranger.submit(verdict)->reply.refused, engine::Refused::SaleNotYours);
        QCOMPARE(deal.asArbiter(verdict).refused, engine::Refused::No);
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            QVERIFY(deal.scene.reaches(*who, deal.sale, api::SaleState::Resolved));
            const auto dispute = *deal.scene.detail(*who, deal.sale).dispute;
            QVERIFY(dispute.toBuyer == cents(1'00) && dispute.decidedBy == api::Actor::Arbiter);
            QCOMPARE(dispute.statements.back().text, std::string("Page two is hard to find."));
        }
        QVERIFY(deal.scene.pump.until([&] { return deal.dollarsOf(*deal.seller) == cents(43'55); }));
        QVERIFY(deal.scene.pump.until([&] { return deal.dollarsOf(*deal.buyer) == cents(1'00); }));
        QVERIFY(read(deal.path) == deal.content); // the file stays the buyer's
        const auto library =
            deal.scene.must<std::vector<api::LibraryRow>>([&](auto done) { deal.buyer->library(done); });
        QCOMPARE(library.size(), std::size_t{1});
    }

    /// The key server opens the whole file anew, through the coordinator's outbox, and finds nothing.
    void theKeyServerIsAskedAboutBadData() {
        Opened deal;
        deal.scene.mustDo(
            [&](auto done) { deal.buyer->raiseDispute(deal.sale, api::Claim::BadData, "It will not open.", done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, [](const api::SaleDetail& now) {
            return now.dispute && now.dispute->foundBad.has_value() && !*now.dispute->foundBad;
        }));
        QCOMPARE(deal.scene.detail(*deal.buyer, deal.sale).row.state, api::SaleState::Disputed);
        // Opening works all the while.
        (void)deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, deal.path, {}, done); });
        QVERIFY(read(deal.path) == deal.content);
        QCOMPARE(deal.asArbiter(engine::DecideDispute{deal.sale, cents(0), "It opens."}).refused, engine::Refused::No);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Resolved));
        QVERIFY(deal.scene.pump.until([&] { return deal.dollarsOf(*deal.seller) == cents(44'55); }));
    }

    /// The buyer pays and is never seen again: the file lies in the store, so the seller is paid, and the key server,
    /// which has no receipt of the buyer's, takes the store's.
    void aBuyerWhoIsNeverSeenAgain() {
        Deal deal(withArbiter);
        deal.publish();
        deal.offer();
        deal.accept();
        QVERIFY(deal.canPay());
        const auto payment = *deal.scene.detail(*deal.buyer, deal.sale).payment;
        deal.buyer.reset();
        QVERIFY(deal.scene.host.world->chain().payTo(payment.address, payment.amount).ok());
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Funded));
        QVERIFY(eventually([&] { // the store has been read
            bool stored = false;
            deal.scene.host.host->visit(
                [&](const engine::Engine& e) { stored = e.sale(deal.sale)->stored.has_value(); });
            return stored;
        }));
        const std::int64_t deadlineMs = deal.scene.detail(*deal.seller, deal.sale).row.deadlineMs;
        deal.scene.host.clock.pass(deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::KeySent2));
        bool counted = false;
        for (const api::ReceiptRow& row :
             deal.scene.must<std::vector<api::ReceiptRow>>([&](auto done) { deal.seller->receipts(deal.sale, done); }))
            counted |= row.stateAfter == api::SaleState::Delivered && row.actor == api::Actor::Coordinator;
        QVERIFY(counted);
        // And when the buyer is back, the key is there.
        deal.buyer = deal.scene.open("buyer");
        QVERIFY(deal.canUnlock());
        const std::string path = deal.scene.folder.filePath(QStringLiteral("late.bin")).toStdString();
        (void)deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);
    }
};

QTEST_GUILESS_MAIN(TestDisputes)
#include "tst_disputes.moc"
