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

QTEST_APPLESS_MAIN(tst_depth_price)
#include "tst_depth_price.moc"
