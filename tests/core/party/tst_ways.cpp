// The ways in which a key can reach its buyer, each as a whole sale of two parties with real servers, and proven by
// both.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::test;

class TestWays : public QObject {
    Q_OBJECT
private slots:
    void aSaleOfEachWay_data() {
        QTest::addColumn<int>("way");
        QTest::addColumn<std::vector<int>>("steps"); // from B12 on
        const auto row = [](const char* name, api::KeyWay way, const std::vector<int>& steps) {
            QTest::newRow(name) << static_cast<int>(way) << steps;
        };
        row("two channels", api::KeyWay::TwoChannels, {12, 13, 14});
        row("part one early", api::KeyWay::PartOneEarly, {13, 12, 14});
        row("one channel", api::KeyWay::OneChannel, {12, 13, 14});
    }
    void aSaleOfEachWay() {
        QFETCH(int, way);
        QFETCH(std::vector<int>, steps);
        Deal deal;
        deal.publish();
        QVERIFY(deal.buyerSees());
        api::OfferRequest request = deal.offerRequest();
        request.keyWay = static_cast<api::KeyWay>(way);
        deal.sale = deal.scene.must<SaleId>([&](auto done) { deal.buyer->makeOffer(request, done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Offered));
        QVERIFY(deal.scene.detail(*deal.seller, deal.sale).row.keyWay == request.keyWay);
        deal.accept();
        QVERIFY(deal.canPay());
        deal.pay();
        QVERIFY(deal.canUnlock());
        // What confirms part 1 is on its way beside the buyer's app: here it comes first.
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, [](const api::SaleDetail& now) {
            return now.steps[11].state == api::StepState::Done;
        }));
        const std::string path = deal.scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            QVERIFY(deal.scene.reaches(*who, deal.sale, api::SaleState::Completed));
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story.ok());
            std::vector<int> taken;
            for (const auto& line : story->lines) {
                if (line.receipt.step >= 12) taken.push_back(line.receipt.step);
            }
            QCOMPARE(taken, steps);
            for (const wire::Proven what : {wire::Proven::Part1Sent, wire::Proven::Part2Sent, wire::Proven::Opened})
                QVERIFY(story->has(what));
        }
    }

    /// The seller's silence after B8 costs the buyer nothing but time, and part 1 opens nothing.
    void partOneIsThereBeforeTheSellerIsPaid() {
        Deal deal;
        deal.publish();
        QVERIFY(deal.buyerSees());
        api::OfferRequest request = deal.offerRequest();
        request.keyWay = api::KeyWay::PartOneEarly;
        deal.sale = deal.scene.must<SaleId>([&](auto done) { deal.buyer->makeOffer(request, done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Offered));
        deal.accept();
        QVERIFY(deal.canPay());
        deal.scene.files.clear(); // no delivery, and so no payout
        deal.seller.reset();
        deal.pay();
        QVERIFY(
            deal.scene.reaches(*deal.buyer, deal.sale, [](const api::SaleDetail& now) { return now.part1Arrived; }));
        const auto now = deal.scene.detail(*deal.buyer, deal.sale);
        QVERIFY(now.row.state == api::SaleState::Funded && !now.part2Arrived && !now.row.needsMe);
        const auto early =
            deal.scene.ask<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
        QVERIFY(!early && early.error().problem == api::Problem::KeyPartsMissing);
        // And so it ends as if nothing had been given.
        deal.scene.host.clock.pass(now.row.deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Refunded));
    }
};

QTEST_GUILESS_MAIN(TestWays)
#include "tst_ways.moc"
