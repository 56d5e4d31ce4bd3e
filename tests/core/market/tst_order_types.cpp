// What each type of order does, what self-trade prevention does, and how orders change.
#include "tests/core/market/MarketScene.h"

using namespace tallylock;
using namespace tallylock::market;
using namespace tallylock::market::scene;

namespace {
using Cancels = std::vector<Recorder::Cancelled>;
using Orders = std::vector<OrderId>;

Amount price(std::int64_t ticks) { return {kCent.value * ticks, kUsd}; }
Amount quantity(std::int64_t lots) { return {kLot.value * lots, kBtc}; }

/// A floor where orders of any type are placed.
struct Hall : Floor {
    NewOrder of(OrderType type, HolderId holder, Side side, std::int64_t ticks, std::int64_t lots) const {
        NewOrder made = order(holder, side, ticks, lots);
        made.type = type;
        if (type == OrderType::Market) made.price = {};
        return made;
    }
    NewOrder stop(HolderId holder, Side side, std::int64_t stopTicks, std::int64_t ticks, std::int64_t lots) const {
        NewOrder made = of(OrderType::StopLimit, holder, side, ticks, lots);
        made.stopPrice = price(stopTicks);
        return made;
    }
    std::string changeRefusal(OrderId id, HolderId by, const OrderChange& change) const {
        const auto ticket = market.checkChange(id, by, change);
        return ticket ? "accepted" : nameOf(ticket.error());
    }
    Placed change(OrderId id, HolderId by, const OrderChange& wanted) {
        const auto ticket = market.checkChange(id, by, wanted);
        if (!ticket) qFatal("refused: %s", nameOf(ticket.error()));
        return market.change(*ticket, heard);
    }
};
} // namespace

class TestOrderTypes : public QObject {
    Q_OBJECT
private slots:
    void immediateOrCancel() {
        Hall hall;
        const OrderId maker = hall.sell(kBob, 100, 3).order;
        const Placed taker = hall.place(hall.of(OrderType::ImmediateOrCancel, kAlice, Side::Buy, 100, 5));
        QVERIFY((hall.heard.trades == Trades{{maker, taker.order, 100, 3}}));
        QVERIFY((hall.heard.cancelled == Cancels{{taker.order, 2, CancelCause::NotFilled}}));
        QCOMPARE(taker.filledLots, std::int64_t{3});
        QCOMPARE(taker.restingLots, std::int64_t{0});
        QCOMPARE(hall.market.openOrderCount(), std::size_t{0});
        QVERIFY(hall.levels(Side::Buy).empty());
    }

    void fillOrKill() {
        Hall hall;
        (void)hall.sell(kBob, 100, 3);
        (void)hall.sell(kBob, 101, 3);
        QCOMPARE(hall.refusal(hall.of(OrderType::FillOrKill, kAlice, Side::Buy, 100, 4)),
                 name(PlaceRefusal::NotFillable));
        QCOMPARE(hall.refusal(hall.of(OrderType::FillOrKill, kAlice, Side::Buy, 101, 7)),
                 name(PlaceRefusal::NotFillable));
        QCOMPARE(hall.place(hall.of(OrderType::FillOrKill, kAlice, Side::Buy, 101, 6)).filledLots, std::int64_t{6});
        QVERIFY(hall.heard.cancelled.empty());
    }

    void postOnly() {
        Hall hall;
        (void)hall.sell(kBob, 100, 3);
        (void)hall.buy(kBob, 90, 3);
        QCOMPARE(hall.refusal(hall.of(OrderType::PostOnly, kAlice, Side::Buy, 100, 1)), name(PlaceRefusal::WouldTrade));
        QCOMPARE(hall.refusal(hall.of(OrderType::PostOnly, kAlice, Side::Sell, 90, 1)), name(PlaceRefusal::WouldTrade));
        QCOMPARE(hall.place(hall.of(OrderType::PostOnly, kAlice, Side::Buy, 99, 1)).restingLots, std::int64_t{1});
        QCOMPARE(hall.place(hall.of(OrderType::PostOnly, kAlice, Side::Sell, 101, 1)).restingLots, std::int64_t{1});
    }

    /// It costs exactly what it will, and its rest goes.
    void marketOrders() {
        Hall hall;
        QCOMPARE(hall.refusal([&] {
            NewOrder priced = hall.of(OrderType::Market, kAlice, Side::Buy, 100, 1);
            priced.price = price(100);
            return priced;
        }()),
                 name(PlaceRefusal::PriceNotMeant));
        (void)hall.sell(kBob, 100, 3);
        (void)hall.sell(kBob, 5000, 2);
        const NewOrder buy = hall.of(OrderType::Market, kAlice, Side::Buy, 0, 4);
        const auto ticket = hall.market.check(buy);
        QCOMPARE(ticket->fiat.value, (3 * 100 + 5000) * 100); // a lot at a tick is 100 of the dollar's last digit
        QCOMPARE(hall.place(buy).filledLots, std::int64_t{4});
        const Placed rest = hall.place(hall.of(OrderType::Market, kAlice, Side::Buy, 0, 4));
        QCOMPARE(rest.filledLots, std::int64_t{1});
        QVERIFY((hall.heard.cancelled == Cancels{{rest.order, 3, CancelCause::NotFilled}}));
        const auto nobody = hall.market.check(hall.of(OrderType::Market, kAlice, Side::Sell, 0, 4));
        QVERIFY(nobody.ok() && nobody->fiat.isZero());
    }

    void theCollar() {
        Hall hall;
        InstrumentSpec narrow = spec();
        narrow.name = "narrow";
        narrow.collarBasisPoints = 1000;
        const InstrumentId id = *hall.market.addInstrument(narrow);
        const auto here = [&](NewOrder order) {
            order.instrument = id;
            return order;
        };
        // No reference, no collar.
        (void)hall.place(here(hall.order(kBob, Side::Sell, 105, 1)));
        (void)hall.place(here(hall.order(kBob, Side::Sell, 109, 1)));
        QVERIFY(hall.market.setReference(id, 97)); // 87.3 to 106.7
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Buy, 107, 1))), name(PlaceRefusal::OutsideCollar));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Sell, 87, 1))), name(PlaceRefusal::OutsideCollar));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Buy, 106, 1))), std::string("accepted"));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Sell, 88, 1))), std::string("accepted"));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Buy, 1, 1))), std::string("accepted"));
        const Placed taker = hall.place(here(hall.of(OrderType::Market, kAlice, Side::Buy, 0, 5)));
        QCOMPARE(taker.filledLots, std::int64_t{1}); // 109 is too dear today
        // Without a reference of its own, the last trade's price is it: 94.5 to 115.5.
        QVERIFY(hall.market.setReference(id, 0));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Sell, 94, 1))), name(PlaceRefusal::OutsideCollar));
        QCOMPARE(hall.refusal(here(hall.order(kAlice, Side::Sell, 95, 1))), std::string("accepted"));
        QVERIFY(!hall.market.setReference(id, -1) && !hall.market.setReference(InstrumentId{9}, 1));
    }

    void halted() {
        Hall hall;
        const OrderId open = hall.sell(kBob, 100, 3).order;
        QVERIFY(hall.market.setHalted(hall.btcUsd, true));
        QCOMPARE(hall.refusal(hall.order(kAlice, Side::Buy, 1, 1)), name(PlaceRefusal::Halted));
        QCOMPARE(hall.changeRefusal(open, kBob, {price(101), {}, {}}), name(PlaceRefusal::Halted));
        QVERIFY(reloaded(hall.market).instrument(hall.btcUsd)->halted);
        QVERIFY(hall.market.cancel(open, kBob, hall.heard).ok());
        QVERIFY(hall.market.setHalted(hall.btcUsd, false));
        QCOMPARE(hall.refusal(hall.order(kAlice, Side::Buy, 1, 1)), std::string("accepted"));
        QVERIFY(!hall.market.setHalted(InstrumentId{9}, true));
    }

    // --- self-trade prevention ---------------------------------------------------------------------------------------

    void selfTrade_data() {
        QTest::addColumn<int>("rule");
        QTest::addColumn<int>("tradedWithHerself");
        QTest::addColumn<int>("tradedWithBob");
        QTest::addColumn<int>("resting"); // of the incoming order
        QTest::addColumn<bool>("oldRemains");
        // The incoming order buys 10: Alice sells 2 at 99 and Bob 3 at 100.
        QTest::newRow("allow") << int(SelfTrade::Allow) << 2 << 3 << 5 << false;
        QTest::newRow("newest") << int(SelfTrade::CancelNewest) << 0 << 0 << 0 << true;
        QTest::newRow("oldest") << int(SelfTrade::CancelOldest) << 0 << 3 << 7 << false;
        QTest::newRow("both") << int(SelfTrade::CancelBoth) << 0 << 0 << 0 << false;
    }
    void selfTrade() {
        QFETCH(int, rule);
        QFETCH(int, tradedWithHerself);
        QFETCH(int, tradedWithBob);
        QFETCH(int, resting);
        QFETCH(bool, oldRemains);
        Hall hall;
        const OrderId old = hall.sell(kAlice, 99, 2).order;
        (void)hall.sell(kBob, 100, 3);
        NewOrder incoming = hall.order(kAlice, Side::Buy, 100, 10);
        incoming.selfTrade = SelfTrade(rule);
        incoming.type = OrderType::FillOrKill;
        const bool fillable = tradedWithHerself + tradedWithBob >= 3;
        incoming.quantity = quantity(3);
        QCOMPARE(hall.refusal(incoming), fillable ? std::string("accepted") : name(PlaceRefusal::NotFillable));
        incoming.type = OrderType::Limit;
        incoming.quantity = quantity(10);
        hall.heard.clear();
        const Placed placed = hall.place(incoming);
        std::int64_t herself = 0;
        std::int64_t bob = 0;
        for (const auto& trade : hall.heard.trades) (trade.maker == old ? herself : bob) += trade.lots;
        QCOMPARE(herself, std::int64_t{tradedWithHerself});
        QCOMPARE(bob, std::int64_t{tradedWithBob});
        QCOMPARE(placed.restingLots, std::int64_t{resting});
        QCOMPARE(hall.market.order(old) != nullptr, oldRemains);
        std::size_t cancels = 0;
        if (incoming.selfTrade != SelfTrade::Allow) cancels = incoming.selfTrade == SelfTrade::CancelBoth ? 2 : 1;
        QCOMPARE(hall.heard.cancelled.size(), cancels);
        for (const auto& one : hall.heard.cancelled) QVERIFY(one.cause == CancelCause::SelfTrade);
        (void)reloaded(hall.market);
    }

    /// The level of an order that went and that of one that was filled are told once, as they are in the end.
    void selfTradeTellsTheLevels() {
        Hall hall;
        (void)hall.sell(kBob, 100, 1);
        (void)hall.sell(kAlice, 100, 2);
        (void)hall.sell(kBob, 100, 4);
        hall.heard.clear();
        NewOrder incoming = hall.order(kAlice, Side::Buy, 100, 3);
        incoming.selfTrade = SelfTrade::CancelOldest;
        QCOMPARE(hall.place(incoming).filledLots, std::int64_t{3});
        QVERIFY((hall.heard.changes == Changes{{Side::Sell, {100, 2, 1}}}));
    }

    // --- stop orders -------------------------------------------------------------------------------------------------

    void theOrderOfStopReasons() {
        Hall hall;
        NewOrder wrong = hall.stop(kAlice, Side::Buy, 0, 100, 1);
        wrong.stopPrice.unit = kEth;
        QCOMPARE(hall.refusal(wrong), name(PlaceRefusal::WrongUnit));
        wrong.stopPrice = price(0);
        QCOMPARE(hall.refusal(wrong), name(PlaceRefusal::StopPriceNotPositive));
        wrong.stopPrice.value = kCent.value * 100'000'001 + 1;
        QCOMPARE(hall.refusal(wrong), name(PlaceRefusal::StopPriceNotOnTick));
        wrong.stopPrice = price(100'000'001);
        QCOMPARE(hall.refusal(wrong), name(PlaceRefusal::StopPriceTooHigh));
        wrong.stopPrice = price(100'000'000);
        QCOMPARE(hall.refusal(wrong), std::string("accepted"));
        wrong.type = OrderType::Limit;
        QCOMPARE(hall.refusal(wrong), name(PlaceRefusal::StopPriceNotMeant));
    }

    void stopsWaitForATrade() {
        Hall hall;
        const OrderId stop = hall.place(hall.stop(kAlice, Side::Buy, 105, 110, 2)).order;
        QVERIFY(hall.levels(Side::Buy).empty());
        QVERIFY(hall.heard.changes.empty()); // nobody sees it
        QCOMPARE(hall.market.stopTicksOf(stop), std::int64_t{105});
        QCOMPARE(hall.market.openOrdersOf(kAlice).size(), std::size_t{1});
        (void)hall.sell(kBob, 104, 1);
        (void)hall.sell(kBob, 105, 1);
        (void)hall.sell(kBob, 107, 5);
        QVERIFY(hall.heard.triggered.empty()); // an offer is no trade
        (void)hall.buy(kBob, 104, 1);
        QVERIFY(hall.heard.triggered.empty());
        (void)reloaded(hall.market);
        hall.heard.clear();
        const OrderId cause = hall.buy(kBob, 105, 1).order;
        QVERIFY((hall.heard.triggered == Orders{stop}));
        QCOMPARE(hall.heard.trades.size(), std::size_t{2});
        QVERIFY(hall.heard.trades[0].taker == cause);
        QVERIFY((hall.heard.trades[1].taker == stop && hall.heard.trades[1].ticks == 107));
        QCOMPARE(hall.market.stopTicksOf(stop), std::int64_t{0});
    }

    void aStopThatWasReachedBefore() {
        Hall hall;
        (void)hall.sell(kBob, 100, 1);
        (void)hall.buy(kBob, 100, 1);
        hall.heard.clear();
        const Placed buys = hall.place(hall.stop(kAlice, Side::Buy, 100, 90, 1));
        QVERIFY((hall.heard.triggered == Orders{buys.order}));
        QCOMPARE(buys.restingLots, std::int64_t{1});
        QVERIFY((hall.levels(Side::Buy) == Levels{{90, 1, 1}}));
        const Placed sells = hall.place(hall.stop(kAlice, Side::Sell, 99, 120, 1));
        QCOMPARE(hall.heard.triggered.size(), std::size_t{1});
        QVERIFY(hall.market.stopTicksOf(sells.order) == 99);
    }

    /// Buyers first, by stop price, then by time; what they trade triggers more.
    void stopsTriggerStops() {
        Hall hall;
        const OrderId late = hall.place(hall.stop(kAlice, Side::Buy, 103, 104, 1)).order;
        const OrderId second = hall.place(hall.stop(kAlice, Side::Buy, 101, 103, 1)).order;
        const OrderId third = hall.place(hall.stop(kAlice, Side::Buy, 101, 103, 1)).order;
        const OrderId first = hall.place(hall.stop(kAlice, Side::Buy, 100, 90, 1)).order;
        const OrderId seller = hall.place(hall.stop(kBob, Side::Sell, 102, 200, 1)).order;
        for (const std::int64_t ticks : {101, 102, 103, 104}) (void)hall.sell(kBob, ticks, 1);
        hall.heard.clear();
        (void)hall.buy(kBob, 101, 1);
        QVERIFY((hall.heard.triggered == Orders{first, second, third, late, seller}));
        std::vector<std::int64_t> prices;
        for (const auto& trade : hall.heard.trades) prices.push_back(trade.ticks);
        QVERIFY((prices == std::vector<std::int64_t>{101, 102, 103, 104}));
    }

    /// A sweep trades at several prices, and each of them counts.
    void everyPriceOfASweepCounts() {
        Hall hall;
        const OrderId seller = hall.place(hall.stop(kBob, Side::Sell, 101, 200, 1)).order;
        (void)hall.sell(kBob, 101, 1);
        (void)hall.sell(kBob, 105, 1);
        hall.heard.clear();
        (void)hall.buy(kAlice, 105, 2); // the last price is 105, but 101 was there
        QVERIFY((hall.heard.triggered == Orders{seller}));
    }

    void waitingStopsAreCancelled() {
        Hall hall;
        const OrderId stop = hall.place(hall.stop(kAlice, Side::Sell, 95, 90, 2)).order;
        QCOMPARE(outcome(hall.market.cancel(stop, kBob, hall.heard)), std::string(nameOf(CancelRefusal::NotOwner)));
        const auto cancelled = hall.market.cancel(stop, kAlice, hall.heard);
        QVERIFY(cancelled.ok() && cancelled->remainingLots == 2);
        QCOMPARE(hall.market.openOrderCount(), std::size_t{0});
        (void)hall.sell(kBob, 95, 1);
        (void)hall.buy(kBob, 95, 1);
        QVERIFY(hall.heard.triggered.empty());
        QVERIFY(!hall.heard.changes.empty());
    }

    // --- changes -----------------------------------------------------------------------------------------------------

    void theOrderOfChangeReasons() {
        Hall hall;
        const OrderId id = hall.buy(kAlice, 100, 10).order;
        (void)hall.sell(kBob, 100, 4);
        const OrderChange bad{Amount{-1, kEth}, Amount{-1, kBtc}, price(5)};
        OrderChange change = bad;
        QCOMPARE(hall.changeRefusal(OrderId{99}, kAlice, change), name(PlaceRefusal::UnknownOrder));
        QCOMPARE(hall.changeRefusal(id, kBob, change), name(PlaceRefusal::NotOwner));
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::WrongUnit));
        change.price = price(0);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::PriceNotPositive));
        change.price = Amount{kCent.value + 1, kUsd};
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::PriceNotOnTick));
        change.price = price(100'000'001);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::PriceTooHigh));
        change.price = price(101);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::QuantityNotPositive));
        change.quantity = Amount{kLot.value + 1, kBtc};
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::QuantityNotOnLot));
        change.quantity = quantity(1'000'001);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::QuantityAboveMaximum));
        change.quantity = quantity(4);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::QuantityAlreadyFilled));
        change.quantity = quantity(5);
        QCOMPARE(hall.changeRefusal(id, kAlice, change), name(PlaceRefusal::StopPriceNotMeant));
        change.stopPrice = {};
        QCOMPARE(hall.changeRefusal(id, kAlice, change), std::string("accepted"));

        const OrderId maker = hall.place(hall.of(OrderType::PostOnly, kAlice, Side::Buy, 90, 1)).order;
        (void)hall.sell(kBob, 110, 1);
        QCOMPARE(hall.changeRefusal(maker, kAlice, {price(110), {}, {}}), name(PlaceRefusal::WouldTrade));
    }

    void smallerKeepsItsPlace() {
        Hall hall;
        const OrderId first = hall.buy(kAlice, 100, 10).order;
        (void)hall.buy(kBob, 100, 10);
        (void)hall.sell(kBob, 100, 2);
        hall.heard.clear();
        const Placed changed = hall.change(first, kAlice, {{}, quantity(7), {}});
        QCOMPARE(changed.restingLots, std::int64_t{5}); // 7 in all, 2 of them filled
        QVERIFY((hall.heard.changes == Changes{{Side::Buy, {100, 15, 2}}}));
        hall.heard.clear();
        (void)hall.change(first, kAlice, {});
        QVERIFY(hall.heard.changes.empty());
        (void)hall.sell(kBob, 100, 5);
        QCOMPARE(hall.heard.trades.size(), std::size_t{1});
        QVERIFY(hall.heard.trades[0].maker == first);
        QVERIFY(!hall.market.order(first));
    }

    void largerOrElsewhereLosesIt_data() {
        QTest::addColumn<int>("ticks");
        QTest::addColumn<int>("lots");
        QTest::newRow("larger") << 100 << 11;
        QTest::newRow("elsewhere, and smaller") << 101 << 5;
    }
    void largerOrElsewhereLosesIt() {
        QFETCH(int, ticks);
        QFETCH(int, lots);
        Hall hall;
        const OrderId first = hall.buy(kAlice, 100, 10).order;
        const OrderId other = hall.buy(kBob, ticks, 10).order;
        (void)hall.change(first, kAlice, {price(ticks), quantity(lots), {}});
        QVERIFY(hall.market.order(first)->remainingLots == lots);
        (void)reloaded(hall.market);
        hall.heard.clear();
        (void)hall.sell(kBob, ticks, 10);
        QVERIFY(hall.heard.trades.at(0).maker == other);
    }

    void changedIntoATrade() {
        Hall hall;
        const OrderId maker = hall.sell(kBob, 105, 4).order;
        const OrderId buyer = hall.buy(kAlice, 100, 10).order;
        hall.heard.clear();
        const Placed changed = hall.change(buyer, kAlice, {price(106), {}, {}});
        QVERIFY((hall.heard.trades == Trades{{maker, buyer, 105, 4}}));
        QVERIFY((hall.heard.changes ==
                 Changes{{Side::Buy, {100, 0, 0}}, {Side::Sell, {105, 0, 0}}, {Side::Buy, {106, 6, 1}}}));
        QCOMPARE(changed.filledLots, std::int64_t{4});
        QCOMPARE(hall.market.order(buyer)->quantityLots, std::int64_t{10});
    }

    void stopsAreChanged() {
        Hall hall;
        (void)hall.sell(kBob, 100, 1);
        (void)hall.buy(kBob, 100, 1);
        const OrderId stop = hall.place(hall.stop(kAlice, Side::Buy, 110, 120, 2)).order;
        hall.heard.clear();
        (void)hall.change(stop, kAlice, {price(119), quantity(3), price(105)});
        QVERIFY(hall.heard.triggered.empty() && hall.heard.changes.empty());
        QCOMPARE(hall.market.stopTicksOf(stop), std::int64_t{105});
        QCOMPARE(hall.market.order(stop)->priceTicks, std::int64_t{119});
        QCOMPARE(hall.market.order(stop)->remainingLots, std::int64_t{3});
        (void)hall.change(stop, kAlice, {{}, {}, price(100)}); // the last trade was there
        QVERIFY((hall.heard.triggered == Orders{stop}));
        QVERIFY((hall.levels(Side::Buy) == Levels{{119, 3, 1}}));
    }
};

QTEST_GUILESS_MAIN(TestOrderTypes)
#include "tst_order_types.moc"
