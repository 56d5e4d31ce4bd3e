// The seller has the price of a sale paid to another account, with a real coordinator and key server between.
#include "core/wire/EvidenceCheck.h"
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;

class TestPayee : public QObject {
    Q_OBJECT
private slots:
    void anotherAccountIsPaid() {
        Deal deal;
        const auto firm = deal.scene.open("firm");
        const auto of = [&](party::Party& who) {
            return deal.scene.must<api::AccountInfo>([&](auto done) { who.account(done); });
        };
        (void)deal.scene.must<HolderId>([&](auto done) { firm->registerHolder("firm", true, done); });
        deal.publish();
        deal.offer();
        deal.accept();
        QVERIFY(deal.canPay());
        const api::PayeeRow payee{of(*firm).holder, of(*firm).name};
        const api::SaleDetail before = deal.scene.detail(*deal.seller, deal.sale);
        QVERIFY(before.mayNamePayee && before.payee->holder == of(*deal.seller).holder);

        const auto mistyped = deal.scene.ask<void>([&](auto done) {
            deal.seller->setPayee(deal.sale, {payee.holder, "frm"}, done);
        });
        QVERIFY(!mistyped && mistyped.error().problem == api::Problem::PayeeUnknown);
        const auto meddling = deal.scene.ask<void>([&](auto done) { deal.buyer->setPayee(deal.sale, payee, done); });
        QVERIFY(!meddling && meddling.error().problem == api::Problem::SaleNotYours);
        deal.scene.mustDo([&](auto done) { deal.seller->setPayee(deal.sale, payee, done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale,
                                   [&](const api::SaleDetail& now) { return now.payee == payee; }));
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).payee); // the seller's business

        deal.pay();
        QVERIFY(deal.canUnlock());
        const api::SaleDetail after = deal.scene.detail(*deal.seller, deal.sale);
        QVERIFY(!after.mayNamePayee && after.payee == payee);
        const auto dollars = [&](party::Party& who) {
            for (const api::BalanceRow& row :
                 deal.scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); }))
                if (row.unit == money::kUsd) return row.available;
            return money::Amount{0, money::kUsd};
        };
        QVERIFY(deal.scene.pump.until([&] { return dollars(*firm).value > 0; }));
        QVERIFY(dollars(*deal.seller).isZero());
        const auto late = deal.scene.ask<void>([&](auto done) { deal.seller->setPayee(deal.sale, payee, done); });
        QVERIFY(!late && late.error().problem == api::Problem::SaleWrongState);
        // Whoever checks the evidence finds one account paid, and as much as was agreed.
        for (party::Party* who : {deal.seller.get(), deal.buyer.get()}) {
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story.ok() && story->has(wire::Proven::SellerPaid));
        }
    }
};

QTEST_GUILESS_MAIN(TestPayee)
#include "tst_payee.moc"
