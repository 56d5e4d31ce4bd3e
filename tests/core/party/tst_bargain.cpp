// Offers, counter-offers and new bids between two parties, on a real coordinator.
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;
using api::Problem;
using api::SaleState;

namespace {
constexpr std::int64_t kHourMs = 3600 * 1000;

struct Bargain : Deal {
    Bargain() {
        publish();
        offer(); // at most 50, at least 40
    }
    api::Answer<void> counter(party::Party& who, const money::Amount& price, std::int64_t expiresInMs = kHourMs) {
        return scene.ask<void>([&](auto done) { who.counterOffer(sale, price, expiresInMs, done); });
    }
    api::Answer<void> renew(party::Party& who, const money::Amount& bid, const money::Amount& minimum) {
        api::OfferRequest request{{}, money::kBtc, bid, minimum, kHourMs};
        return scene.ask<void>([&](auto done) { who.renewOffer(sale, request, done); });
    }
    api::SaleRow buyersRow() { return scene.detail(*buyer, sale).row; }
    api::SaleRow sellersRow() { return scene.detail(*seller, sale).row; }
};
} // namespace

class TestBargain : public QObject {
    Q_OBJECT
private slots:
    void aBidThatMeetsTheCounterOfferIsAccepted();
    void anotherOfferAtThatPriceIsLeftToTheSeller();
    void aLowerBidIsLeftToTheSeller();
    void theNewBidOutlivesARestart();
    void refusals();
    void eitherMayEndIt();
};

void TestBargain::aBidThatMeetsTheCounterOfferIsAccepted() {
    Bargain deal;
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    QVERIFY(deal.buyersRow().needsMe);
    QVERIFY(deal.buyersRow().counter == usd(60));
    QCOMPARE(deal.buyersRow().next, api::Actor::Buyer);
    QVERIFY(!deal.sellersRow().needsMe);
    QVERIFY(deal.renew(*deal.buyer, usd(65), usd(60)).ok());
    QVERIFY(deal.canPay()); // without another word from the seller
    QVERIFY(deal.buyersRow().price == usd(60));
    deal.pay();
    QVERIFY(deal.canUnlock());
    const auto row = deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
    QVERIFY(read(row.path) == deal.content);
    // The first step was taken twice, and each has its receipt in the chain.
    const auto receipts =
        deal.scene.must<std::vector<api::ReceiptRow>>([&](auto done) { deal.buyer->receipts(deal.sale, done); });
    QCOMPARE(std::count_if(receipts.begin(), receipts.end(), [](const auto& r) { return r.step == 1; }), 2);
    for (std::size_t i = 1; i < receipts.size(); ++i) QCOMPARE(receipts[i].previous, receipts[i - 1].hash);
}

/// The price is what was asked for, and the coins are others: that is for a person to decide.
void TestBargain::anotherOfferAtThatPriceIsLeftToTheSeller() {
    Bargain deal;
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    api::OfferRequest request{{}, money::kEth, usd(60), usd(60), kHourMs};
    deal.scene.mustDo([&](auto done) { deal.buyer->renewOffer(deal.sale, request, done); });
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, SaleState::Offered));
    QVERIFY(deal.scene.pump.until([&] { return deal.sellersRow().needsMe; }));
    deal.seller.reset();
    deal.seller = deal.scene.open("seller"); // what was asked for is not forgotten
    QVERIFY(deal.scene.pump.until([&] { return deal.sellersRow().needsMe; }));
    QTest::qWait(200);
    QCOMPARE(deal.sellersRow().state, SaleState::Offered);
    deal.scene.mustDo([&](auto done) { deal.seller->acceptOffer(deal.sale, usd(60), done); });
    QVERIFY(deal.canPay());
}

void TestBargain::aLowerBidIsLeftToTheSeller() {
    Bargain deal;
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    QVERIFY(deal.renew(*deal.buyer, usd(55), usd(52)).ok());
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, SaleState::Offered));
    QVERIFY(deal.scene.pump.until([&] { return deal.sellersRow().needsMe; }));
    QVERIFY(deal.sellersRow().bid == usd(55) && deal.sellersRow().counter.isZero());
    QVERIFY(deal.counter(*deal.seller, usd(58)).ok()); // and again
    QVERIFY(deal.renew(*deal.buyer, usd(56), usd(56)).ok());
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, SaleState::Offered));
    deal.scene.mustDo([&](auto done) { deal.seller->acceptOffer(deal.sale, usd(56), done); });
    QVERIFY(deal.canPay());
    QVERIFY(deal.buyersRow().price == usd(56));
}

/// The terms are compared with the last offer that was signed, which lies in the buyer's own journal.
void TestBargain::theNewBidOutlivesARestart() {
    Bargain deal;
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    deal.seller.reset(); // nobody accepts meanwhile
    QVERIFY(deal.renew(*deal.buyer, usd(60), usd(60)).ok());
    deal.buyer.reset();
    deal.seller = deal.scene.open("seller");
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, SaleState::Accepted) ||
            deal.scene.reaches(*deal.seller, deal.sale, SaleState::KeyWrapped));
    deal.buyer = deal.scene.open("buyer");
    QVERIFY(deal.canPay());
    QVERIFY(deal.buyersRow().price == usd(60));
}

void TestBargain::refusals() {
    Bargain deal;
    const auto problem = [](const api::Answer<void>& answer) {
        return answer ? std::nullopt : std::optional(answer.error().problem);
    };
    QCOMPARE(problem(deal.counter(*deal.seller, usd(50))), Problem::PriceBelowMinimum);
    QCOMPARE(problem(deal.counter(*deal.seller, {1, money::kBtc})), Problem::AmountInvalid);
    QCOMPARE(problem(deal.counter(*deal.seller, usd(60), -1)), Problem::ExpiryInvalid);
    QCOMPARE(problem(deal.counter(*deal.buyer, usd(60))), Problem::SaleNotYours);
    QCOMPARE(problem(deal.renew(*deal.buyer, usd(60), usd(60))), Problem::SaleWrongState);
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QCOMPARE(problem(deal.renew(*deal.seller, usd(60), usd(60))), Problem::SaleNotYours);
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    QCOMPARE(problem(deal.renew(*deal.buyer, usd(60), usd(61))), Problem::BidBelowMinimum);
    const auto accepted = deal.scene.ask<void>([&](auto done) { deal.seller->acceptOffer(deal.sale, usd(50), done); });
    QCOMPARE(problem(accepted), Problem::SaleWrongState); // the seller's own word stands until it is taken back
    deal.sale = {99};
    QCOMPARE(problem(deal.counter(*deal.seller, usd(60))), Problem::SaleUnknown);
    QCOMPARE(problem(deal.renew(*deal.buyer, usd(60), usd(60))), Problem::SaleUnknown);
}

void TestBargain::eitherMayEndIt() {
    {
        Bargain deal;
        QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
        deal.scene.mustDo([&](auto done) { deal.seller->rejectOffer(deal.sale, done); });
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Void));
    }
    Bargain deal;
    QVERIFY(deal.counter(*deal.seller, usd(60)).ok());
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Countered));
    deal.scene.mustDo([&](auto done) { deal.buyer->withdrawOffer(deal.sale, done); });
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, SaleState::Void));
}

QTEST_GUILESS_MAIN(TestBargain)
#include "tst_bargain.moc"
