// What it takes to raise a sum by selling into the bids of a book.
#include "MarketScene.h"
#include "core/market/DepthPrice.h"

using namespace tallylock;
using namespace tallylock::market;
using namespace tallylock::market::scene;

namespace {

Amount dollars(std::int64_t cents) { return {money::Int128{cents} * kCent.value, kUsd}; }
Amount satoshi(std::int64_t count) { return {count, kBtc}; }
constexpr std::int64_t kFifty = 5'000'000; // 50,000.00 dollars, in ticks
constexpr std::int64_t kForty = 4'000'000;

/// Two bids: 10 lots (0.001 BTC) at 50,000 and 10 at 40,000, so 50 dollars and 40.
struct Depth : Floor {
    Depth() {
        market.setReference(btcUsd, kFifty);
        bid(kFifty, 10);
        bid(kForty, 10);
    }
    void bid(std::int64_t ticks, std::int64_t lots) {
        const auto ticket = market.check(order(kAlice, Side::Buy, ticks, lots));
        QVERIFY(ticket);
        market.place(*ticket, HoldId{1}, heard);
    }
    Result<Amount, DepthProblem> raise(std::int64_t cents, std::int64_t before = 0) const {
        const auto bids = bidsFor(market, kBtc, kUsd);
        if (!bids) return Err(bids.error());
        return toRaise(*bids, dollars(cents), satoshi(before));
    }
    /// By one order; the taker pays this.
    Result<SaleAtOnce, DepthProblem> atOnce(std::int64_t cents, std::int64_t before = 0, std::uint32_t fee = 0,
                                            AboveReference above = AboveReference::AsItIs) const {
        auto bids = bidsFor(market, kBtc, kUsd);
        if (!bids) return Err(bids.error());
        bids->takerBasisPoints = fee;
        return toRaiseAtOnce(*bids, dollars(cents), satoshi(before), above);
    }
};

} // namespace

class tst_depth_price : public QObject {
    Q_OBJECT
private slots:
    void levelByLevelAndRoundedUp_data();
    void levelByLevelAndRoundedUp();
    void aFractionIsRoundedUp();
    void refusedByName();
    void aBidAboveTheReferenceCountsAsOneAtIt();
    void aBidBelowTheCollarDoesNotCount();
    void whatIsQuotedIsWhatASaleWouldFetch();
    void atOnceAtTheBestPriceThatIsDeepEnough_data();
    void atOnceAtTheBestPriceThatIsDeepEnough();
    void atOnceIsRefusedByName();
    void whatIsBidAboveTheReferenceCountsInThisMoment();
    void anOrderAtOnceBringsTheSum();
};

void tst_depth_price::levelByLevelAndRoundedUp_data() {
    QTest::addColumn<int>("cents");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("coins"); // satoshi
    QTest::newRow("one cent") << 1 << 0 << 20;
    QTest::newRow("part of the best bid") << 2'500 << 0 << 50'000;
    QTest::newRow("all of the best bid") << 5'000 << 0 << 100'000;
    QTest::newRow("a cent more: the next") << 5'001 << 0 << 100'025;
    QTest::newRow("all there is") << 9'000 << 0 << 200'000;
    QTest::newRow("part is promised to others") << 2'500 << 60'000 << 52'500;
    QTest::newRow("the best bid is promised") << 4'000 << 100'000 << 100'000;
}

void tst_depth_price::levelByLevelAndRoundedUp() {
    QFETCH(int, cents);
    QFETCH(int, before);
    QFETCH(int, coins);
    const Depth depth;
    const auto raised = depth.raise(cents, before);
    QVERIFY(raised);
    QCOMPARE(static_cast<std::int64_t>(raised->value), std::int64_t{coins});
}

void tst_depth_price::aFractionIsRoundedUp() {
    Depth depth;
    depth.bid(3'000'000, 10);
    QCOMPARE(static_cast<std::int64_t>(depth.raise(1, 200'000)->value), std::int64_t{34}); // 33 1/3
}

void tst_depth_price::refusedByName() {
    Depth depth;
    QVERIFY(depth.raise(9'001).error() == DepthProblem::TooLittleDepth);
    QVERIFY(depth.raise(1, 200'000).error() == DepthProblem::TooLittleDepth);
    QVERIFY(bidsFor(depth.market, kEth, kUsd).error() == DepthProblem::NotTraded);
    depth.market.setReference(depth.btcUsd, 0);
    QVERIFY(depth.raise(1).error() == DepthProblem::NoReference);
    depth.market.setReference(depth.btcUsd, kFifty);
    QVERIFY(depth.raise(1));
    depth.market.setHalted(depth.btcUsd, true);
    QVERIFY(depth.raise(1).error() == DepthProblem::NotTraded);
}

void tst_depth_price::aBidAboveTheReferenceCountsAsOneAtIt() {
    Depth depth;
    depth.bid(10 * kFifty, 10);
    QCOMPARE(static_cast<std::int64_t>(depth.raise(5'000)->value), std::int64_t{100'000});
}

void tst_depth_price::aBidBelowTheCollarDoesNotCount() {
    Market market;
    InstrumentSpec narrow = spec();
    narrow.collarBasisPoints = 1'000;
    const InstrumentId id = *market.addInstrument(narrow);
    Depth wide;
    Recorder heard;
    for (const std::int64_t ticks : {kForty, kFifty}) { // before there is a reference, anything goes
        const auto ticket = market.check(wide.order(kAlice, Side::Buy, ticks, 10));
        QVERIFY(ticket);
        market.place(*ticket, HoldId{1}, heard);
    }
    market.setReference(id, kFifty);
    const auto bids = bidsFor(market, kBtc, kUsd);
    QVERIFY(bids);
    QVERIFY(toRaise(*bids, dollars(5'000), satoshi(0)));
    QVERIFY(toRaise(*bids, dollars(5'001), satoshi(0)).error() == DepthProblem::TooLittleDepth);
}

/// Against the book itself: the quoted coins, in whole lots, sold by a market order.
void tst_depth_price::whatIsQuotedIsWhatASaleWouldFetch() {
    for (const std::int64_t cents : {1'000, 5'000, 5'400, 7'700, 9'000}) {
        Depth depth;
        const auto quoted = depth.raise(cents);
        QVERIFY(quoted);
        const auto lots = static_cast<std::int64_t>((quoted->value + kLot.value - 1) / kLot.value);
        const auto ticket = depth.market.check(depth.order(kBob, Side::Sell, 1, lots));
        QVERIFY(ticket);
        depth.market.place(*ticket, HoldId{2}, depth.heard);
        Int128 fetched = 0; // a lot at a tick is the ten-thousandth part of a cent
        for (const auto& trade : depth.heard.trades) fetched += Int128{trade.ticks} * trade.lots;
        const Int128 wanted = Int128{cents} * 10'000;
        QVERIFY(fetched >= wanted);
        QVERIFY(fetched - wanted < Int128{kFifty}); // less than one lot too much
    }
}

// A lot is 5 dollars at the better price, 4 at the other.
void tst_depth_price::atOnceAtTheBestPriceThatIsDeepEnough_data() {
    QTest::addColumn<int>("cents");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("fee");
    QTest::addColumn<int>("dollars"); // the limit
    QTest::addColumn<int>("lots");
    QTest::newRow("one lot") << 500 << 0 << 0 << 50'000 << 1;
    QTest::newRow("a cent more: another") << 501 << 0 << 0 << 50'000 << 2;
    QTest::newRow("all of the best bid") << 5'000 << 0 << 0 << 50'000 << 10;
    QTest::newRow("a cent more: all of it at the next") << 5'001 << 0 << 0 << 40'000 << 13;
    QTest::newRow("all there is") << 8'000 << 0 << 0 << 40'000 << 20;
    QTest::newRow("part is taken before") << 2'000 << 60'000 << 0 << 50'000 << 4;
    QTest::newRow("too much is taken before") << 2'001 << 60'000 << 0 << 40'000 << 6;
    QTest::newRow("the fee comes on top") << 4'990 << 0 << 20 << 50'000 << 10;
    QTest::newRow("and is rounded up") << 4'991 << 0 << 20 << 40'000 << 13;
}

void tst_depth_price::atOnceAtTheBestPriceThatIsDeepEnough() {
    QFETCH(int, cents);
    QFETCH(int, before);
    QFETCH(int, fee);
    QFETCH(int, dollars);
    QFETCH(int, lots);
    const Depth depth;
    const auto order = depth.atOnce(cents, before, static_cast<std::uint32_t>(fee));
    QVERIFY(order);
    QCOMPARE(order->priceTicks, std::int64_t{dollars} * 100);
    QCOMPARE(order->lots, std::int64_t{lots});
}

void tst_depth_price::atOnceIsRefusedByName() {
    const Depth depth;
    QVERIFY(depth.atOnce(8'001).error() == DepthProblem::TooLittleDepth); // though 90 dollars are bid in all
    QVERIFY(depth.atOnce(1, 200'000).error() == DepthProblem::TooLittleDepth);
    QVERIFY(depth.atOnce(1, 0, money::kBasisPointsInOne).error() == DepthProblem::TooLittleDepth);
    auto bids = bidsFor(depth.market, kBtc, kUsd, 1'000); // nothing below 45,000
    QVERIFY(bids);
    const auto order = [&](std::int64_t cents) {
        return toRaiseAtOnce(*bids, dollars(cents), satoshi(0), AboveReference::AsItIs);
    };
    bids->takerBasisPoints = 0;
    QVERIFY(order(5'000));
    QVERIFY(order(5'001).error() == DepthProblem::TooLittleDepth);
    bids->minLots = 5;
    QCOMPARE(order(1)->lots, std::int64_t{5});
    bids->maxLots = 9;
    QVERIFY(order(4'500));
    QVERIFY(order(4'501).error() == DepthProblem::TooLarge);
}

void tst_depth_price::whatIsBidAboveTheReferenceCountsInThisMoment() {
    Depth depth;
    depth.bid(10 * kFifty, 10);
    QCOMPARE(depth.atOnce(5'000, 0, 0, AboveReference::AsItIs)->lots, std::int64_t{1});
    const auto quoted = depth.atOnce(5'001, 0, 0, AboveReference::AtReference);
    QVERIFY(quoted && quoted->priceTicks == kFifty && quoted->lots == 11);
}

/// Against the book itself: filled wholly, and never less than was asked for.
void tst_depth_price::anOrderAtOnceBringsTheSum() {
    for (const std::int64_t cents : {1, 499, 500, 4'989, 4'990, 4'991, 5'000, 7'000, 7'984}) {
        Depth depth;
        const auto made = depth.atOnce(cents, 0, 20);
        QVERIFY(made);
        NewOrder order = depth.order(kBob, Side::Sell, made->priceTicks, made->lots);
        order.type = OrderType::FillOrKill;
        const auto ticket = depth.market.check(order);
        QVERIFY(ticket);
        const auto fee = money::feeOf(ticket->fiat, 20);
        QVERIFY(fee && ticket->fiat.value - fee->value >= dollars(cents).value);
    }
}

QTEST_APPLESS_MAIN(tst_depth_price)
#include "tst_depth_price.moc"
