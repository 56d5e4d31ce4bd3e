#include "core/market/Instruction.h"
#include "tests/core/market/MarketScene.h"
#include "tests/support/Seed.h"

#include <list>
#include <map>
#include <random>

using namespace tallylock;
using namespace tallylock::market;
using namespace tallylock::market::scene;

class TestBook : public QObject {
    Q_OBJECT
private slots:
    void badInstruments() {
        const auto said = [](auto change) {
            Market market;
            (void)market.addInstrument(spec());
            InstrumentSpec bad = spec();
            bad.name = "other";
            change(bad);
            const auto made = market.addInstrument(bad);
            return std::string(made.ok() ? "accepted" : nameOf(made.error()));
        };
        const auto is = [](InstrumentError error) { return std::string(nameOf(error)); };
        QCOMPARE(said([](auto&) {}), std::string("accepted"));
        QCOMPARE(said([](auto& s) { s.name = ""; }), is(InstrumentError::NameInvalid));
        QCOMPARE(said([](auto& s) { s.name = std::string(33, 'x'); }), is(InstrumentError::NameInvalid));
        QCOMPARE(said([](auto& s) { s.name = "BTC/USD"; }), is(InstrumentError::NameInUse));
        QCOMPARE(said([](auto& s) { s.tick.value = 1; }), is(InstrumentError::ScaleInvalid));
        QCOMPARE(said([](auto& s) { s.lot.unit = kUsd; }), is(InstrumentError::ScaleInvalid));
        QCOMPARE(said([](auto& s) { s.minLots = 0; }), is(InstrumentError::BoundsInvalid));
        QCOMPARE(said([](auto& s) { s.maxLots = 0; }), is(InstrumentError::BoundsInvalid));
        QCOMPARE(said([](auto& s) { s.maxTicks = 0; }), is(InstrumentError::BoundsInvalid));
        QCOMPARE(said([](auto& s) { s.maxTicks = s.maxLots = INT64_MAX; }), is(InstrumentError::BoundsInvalid));
        QCOMPARE(said([](auto& s) { s.makerBasisPoints = 10'001; }), is(InstrumentError::FeeInvalid));
        QCOMPARE(said([](auto& s) { s.takerBasisPoints = 10'001; }), is(InstrumentError::FeeInvalid));
    }

    /// Each order is wrong in one more way than the next; the first way in the enum is the one that is named.
    void theOrderOfReasons() {
        Floor floor;
        InstrumentSpec narrow = spec();
        narrow.name = "narrow";
        narrow.minLots = 5;
        narrow.maxLots = 10;
        narrow.maxTicks = 100;
        const InstrumentId id = *floor.market.addInstrument(narrow);
        NewOrder first = floor.order(kAlice, Side::Buy, 50, 5, 77);
        first.instrument = id;
        (void)floor.place(first);

        NewOrder wrong = first;
        wrong.instrument = InstrumentId{9};
        wrong.price = {-kCent.value, kEth};
        wrong.quantity = {-kLot.value, kBtc};
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::UnknownInstrument));
        wrong.instrument = InstrumentId{0};
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::UnknownInstrument));
        wrong.instrument = id;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::WrongUnit));
        wrong.price.unit = kUsd;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::PriceNotPositive));
        wrong.price.value = 0;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::PriceNotPositive));
        wrong.price.value = kCent.value * 101 + 1;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::PriceNotOnTick));
        wrong.price.value = kCent.value * 101;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::PriceTooHigh));
        wrong.price.value = kCent.value * 100;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityNotPositive));
        wrong.quantity.value = 0;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityNotPositive));
        wrong.quantity.value = kLot.value * 4 + 1;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityNotOnLot));
        wrong.quantity.value = kLot.value * 4;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityBelowMinimum));
        wrong.quantity.value = kLot.value * 11;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityAboveMaximum));
        wrong.quantity.value = kLot.value * 10;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::DuplicateClientOrderId));
        wrong.clientOrderId = 78;
        QCOMPARE(floor.refusal(wrong), std::string("accepted"));

        wrong.quantity.unit = kEth;
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::WrongUnit));
        wrong.quantity = {kInt128Max / kLot.value * kLot.value, kBtc};
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::QuantityAboveMaximum));
        wrong.price = {kInt128Max / kCent.value * kCent.value, kUsd};
        QCOMPARE(floor.refusal(wrong), name(PlaceRefusal::PriceTooHigh));
    }

    void aTicketTellsWhatToHold() {
        Floor floor;
        const auto ticket = floor.market.check(floor.order(kAlice, Side::Buy, 6'500'001, 3));
        QVERIFY(ticket.ok());
        QVERIFY(ticket->order == OrderId{1});
        QVERIFY((ticket->fiat == Amount{1'950'000'300, kUsd}));  // 0.0003 BTC at 65,000.01
        QCOMPARE(floor.market.openOrderCount(), std::size_t{0}); // nothing has happened
        QVERIFY(floor.market.lastOrder() == OrderId{});
    }

    void ordersRestByPriceThenTime() {
        Floor floor;
        (void)floor.buy(kAlice, 100, 1);
        (void)floor.buy(kAlice, 102, 2);
        (void)floor.buy(kBob, 102, 3);
        (void)floor.sell(kBob, 105, 4);
        (void)floor.sell(kBob, 104, 5);
        QVERIFY((floor.levels(Side::Buy) == Levels{{102, 5, 2}, {100, 1, 1}}));
        QVERIFY((floor.levels(Side::Sell) == Levels{{104, 5, 1}, {105, 4, 1}}));
        QVERIFY((*floor.market.best(floor.btcUsd, Side::Buy) == LevelRow{102, 5, 2}));
        QCOMPARE(floor.market.depth(floor.btcUsd, Side::Buy, 1).size(), std::size_t{1});
        QVERIFY(floor.market.depth(InstrumentId{9}, Side::Buy, 1).empty());
        QVERIFY(!floor.market.best(InstrumentId{9}, Side::Buy));
        QVERIFY(floor.heard.trades.empty());
        QVERIFY((floor.heard.changes[2] == Recorder::Change{Side::Buy, {102, 5, 2}}));
    }

    /// A taker meets the best price first, at each price the oldest, and pays the resting price.
    void matchingByPriceThenTime() {
        Floor floor;
        const OrderId dear = floor.sell(kBob, 103, 5).order;
        const OrderId old = floor.sell(kBob, 101, 5).order;
        const OrderId young = floor.sell(kBob, 101, 5).order;
        floor.heard.clear();
        const Placed taker = floor.buy(kAlice, 102, 12);
        QVERIFY((floor.heard.trades == Trades{{old, taker.order, 101, 5}, {young, taker.order, 101, 5}}));
        QCOMPARE(taker.filledLots, std::int64_t{10});
        QCOMPARE(taker.restingLots, std::int64_t{2});
        // One change for the level that was swept, one for what rests.
        QVERIFY((floor.heard.changes == Changes{{Side::Sell, {101, 0, 0}}, {Side::Buy, {102, 2, 1}}}));
        QVERIFY(!floor.market.order(old) && !floor.market.order(young) && floor.market.order(dear));
        QVERIFY((floor.levels(Side::Sell) == Levels{{103, 5, 1}}));
    }

    void partialFillsKeepTheirPlace() {
        Floor floor;
        const OrderId first = floor.buy(kAlice, 100, 10).order;
        const OrderId second = floor.buy(kAlice, 100, 10).order;
        const OrderId one = floor.sell(kBob, 100, 4).order;
        QCOMPARE(floor.market.order(first)->remainingLots, std::int64_t{6});
        QCOMPARE(floor.market.order(first)->quantityLots, std::int64_t{10});
        floor.heard.clear();
        const OrderId two = floor.sell(kBob, 99, 8).order;
        QVERIFY((floor.heard.trades == Trades{{first, two, 100, 6}, {second, two, 100, 2}}));
        QVERIFY((floor.heard.changes == Changes{{Side::Buy, {100, 8, 1}}}));
        QVERIFY(!floor.market.order(one) && !floor.market.order(two)); // filled, so no longer open
    }

    void aSweepThroughSeveralLevels() {
        Floor floor;
        for (const std::int64_t ticks : {100, 120, 5000, 99'999'999}) (void)floor.sell(kBob, ticks, 1);
        floor.heard.clear();
        const Placed taker = floor.buy(kAlice, 100'000'000, 4);
        QCOMPARE(taker.filledLots, std::int64_t{4});
        QCOMPARE(floor.heard.trades.size(), std::size_t{4});
        QCOMPARE(floor.heard.changes.size(), std::size_t{4});
        QCOMPARE(floor.heard.trades[3].ticks, std::int64_t{99'999'999});
        QVERIFY(floor.levels(Side::Sell).empty());
        QCOMPARE(floor.market.openOrderCount(), std::size_t{0});
    }

    void aHolderMayTradeWithItself() {
        Floor floor;
        (void)floor.buy(kAlice, 100, 5);
        QCOMPARE(floor.sell(kAlice, 100, 5).filledLots, std::int64_t{5});
    }

    void instrumentsDoNotMeet() {
        Floor floor;
        InstrumentSpec other = spec();
        other.name = "ETH/USD";
        other.lot = {1'000'000'000'000'000, kEth};
        const InstrumentId ethUsd = *floor.market.addInstrument(other);
        (void)floor.sell(kBob, 100, 5);
        NewOrder order = floor.order(kAlice, Side::Buy, 200, 5);
        order.instrument = ethUsd;
        order.quantity = {other.lot.value * 5, kEth};
        QCOMPARE(floor.place(order).filledLots, std::int64_t{0});
        QVERIFY(floor.market.instrument("ETH/USD")->id == ethUsd);
        QVERIFY(!floor.market.instrument("XMR/USD") && !floor.market.instrument(InstrumentId{3}));
    }

    void cancelling() {
        Floor floor;
        const OrderId first = floor.buy(kAlice, 100, 10).order;
        const OrderId middle = floor.buy(kAlice, 100, 20).order;
        const OrderId last = floor.buy(kBob, 100, 30).order;
        const Bytes before = stateOf(floor.market);
        QCOMPARE(outcome(floor.market.cancel(OrderId{99}, kAlice, floor.heard)),
                 std::string(nameOf(CancelRefusal::UnknownOrder)));
        QCOMPARE(outcome(floor.market.cancel(OrderId{0}, kAlice, floor.heard)),
                 std::string(nameOf(CancelRefusal::UnknownOrder)));
        QCOMPARE(outcome(floor.market.cancel(middle, kBob, floor.heard)), std::string(nameOf(CancelRefusal::NotOwner)));
        QVERIFY(stateOf(floor.market) == before);
        floor.heard.clear();
        const auto cancelled = floor.market.cancel(middle, kAlice, floor.heard);
        QVERIFY(cancelled.ok());
        QVERIFY(cancelled->id == middle && cancelled->remainingLots == 20);
        QVERIFY(cancelled->hold == HoldId{middle.value + 1000}); // so that it can be released
        QVERIFY((floor.heard.changes == Changes{{Side::Buy, {100, 40, 2}}}));
        QCOMPARE(outcome(floor.market.cancel(middle, kAlice, floor.heard)),
                 std::string(nameOf(CancelRefusal::UnknownOrder)));
        QVERIFY(floor.market.cancel(first, kAlice, floor.heard).ok());
        floor.heard.clear();
        (void)floor.sell(kAlice, 100, 5);
        QVERIFY(floor.heard.trades.at(0).maker == last);
        QVERIFY(floor.market.cancel(last, kBob, floor.heard)->remainingLots == 25);
        QVERIFY(floor.levels(Side::Buy).empty());
        QCOMPARE(floor.market.openOrderCount(), std::size_t{0});
    }

    /// Client order ids are unique among the open and the last 1,024 orders of a holder.
    void clientOrderIds() {
        Floor floor;
        const OrderId open = floor.place(floor.order(kAlice, Side::Buy, 1, 1, 5000)).order;
        const OrderId filled = floor.place(floor.order(kAlice, Side::Buy, 2, 1, 5001)).order;
        (void)floor.sell(kBob, 2, 1);
        const NewOrder again = floor.order(kAlice, Side::Buy, 1, 1, 5000);
        const NewOrder filledAgain = floor.order(kAlice, Side::Buy, 1, 1, 5001);
        const std::string duplicate = name(PlaceRefusal::DuplicateClientOrderId);
        QCOMPARE(floor.refusal(again), duplicate);
        QCOMPARE(floor.refusal(filledAgain), duplicate);
        QVERIFY(floor.market.orderOf(kAlice, 5001) == filled);
        QCOMPARE(floor.refusal(floor.order(kBob, Side::Buy, 1, 1, 5000)), std::string("accepted")); // another's
        for (std::uint64_t id = 1; id <= 1022; ++id) {
            const Placed placed = floor.place(floor.order(kAlice, Side::Buy, 1, 1, id));
            QVERIFY(floor.market.cancel(placed.order, kAlice, floor.heard).ok());
            if (id % 100 == 0) floor.market = reloaded(floor.market);
        }
        QCOMPARE(floor.refusal(filledAgain), duplicate); // the last of 1,024
        (void)floor.place(floor.order(kAlice, Side::Buy, 1, 1, 1023));
        (void)floor.place(floor.order(kAlice, Side::Buy, 1, 1, 1024));
        QCOMPARE(floor.refusal(filledAgain), std::string("accepted")); // pushed out, and not open
        QCOMPARE(floor.refusal(again), duplicate);                     // pushed out, but open
        QVERIFY(floor.market.orderOf(kAlice, 5000) == open);
        floor.market = reloaded(floor.market);
        QCOMPARE(floor.refusal(again), duplicate);
        QVERIFY(floor.market.cancel(open, kAlice, floor.heard).ok());
        QCOMPARE(floor.refusal(again), std::string("accepted"));
        QCOMPARE(floor.refusal(floor.order(kAlice, Side::Buy, 1, 1, 3)), duplicate);
        QVERIFY(floor.market.orderOf(kBob, 3) == OrderId{});
    }

    /// The last 1,024 of very many ids, however the client chooses them.
    void recentIdsAreTheLast() {
        std::mt19937_64 random(test::seedOr(20260108));
        BlockPool pool;
        RecentIds recent;
        std::list<std::uint64_t> model;
        for (std::uint64_t i = 1; i <= 8000; ++i) {
            const std::uint64_t id = i < 2000 ? i : 1 + random() % 6000; // counts upwards, then does not
            const bool known = std::find(model.begin(), model.end(), id) != model.end();
            QCOMPARE(bool(recent.find(id)), known);
            if (known) continue;
            const auto gone = recent.add({id, OrderId{i}}, pool);
            model.push_back(id);
            QCOMPARE(gone.has_value(), model.size() > RecentIds::kMost);
            QVERIFY(recent.find(id) == OrderId{i});
            if (!gone) continue;
            QCOMPARE(gone->clientOrderId, model.front());
            model.pop_front();
        }
        std::list<std::uint64_t> all;
        recent.forEach([&](const RecentIds::Entry& entry) { all.push_back(entry.clientOrderId); });
        QVERIFY(all == model);
    }

    void ordersOfAHolder() {
        Floor floor;
        const OrderId first = floor.buy(kAlice, 100, 1).order;
        (void)floor.buy(kBob, 100, 1);
        const OrderId third = floor.sell(kAlice, 200, 1).order;
        const auto orders = floor.market.openOrdersOf(kAlice);
        QCOMPARE(orders.size(), std::size_t{2});
        QVERIFY(orders[0].id == first && orders[1].id == third);
        QVERIFY(floor.market.openOrdersOf(HolderId{77}).empty());
    }

    /// What the sink writes into an order's fields stays with the order.
    void theSinkKeepsItsNotes() {
        struct Noting final : BookSink {
            void onMatch(const Match& match) override {
                match.maker.feeCredit = 11;
                match.taker.feeCredit = 22;
                match.buyer().hold = HoldId{1};
                match.seller().hold = HoldId{2};
            }
            void onCancelled(const Order&, CancelCause) override {}
            void onLevel(InstrumentId, Side, const LevelRow&) override {}
        } noting;
        Floor floor;
        const OrderId maker = floor.sell(kBob, 100, 5).order;
        const auto ticket = floor.market.check(floor.order(kAlice, Side::Buy, 100, 3));
        (void)floor.market.place(*ticket, HoldId{50}, noting);
        QCOMPARE(int(floor.market.order(maker)->feeCredit), 11);
        QVERIFY(floor.market.order(maker)->hold == HoldId{2});
        const auto next = floor.market.check(floor.order(kAlice, Side::Buy, 100, 3));
        const OrderId taker = floor.market.place(*next, HoldId{51}, noting).order;
        QCOMPARE(int(floor.market.order(taker)->feeCredit), 22);
        QVERIFY(floor.market.order(taker)->hold == HoldId{1});
    }

    void damagedStateIsRefused() {
        Floor floor;
        (void)floor.place(floor.order(kAlice, Side::Buy, 100, 5, 9));
        (void)floor.sell(kBob, 101, 5);
        const Bytes good = stateOf(floor.market);
        for (std::size_t size = 0; size < good.size(); ++size) {
            CborReader reader(ByteView(good).first(size));
            QVERIFY(!Market::load(reader).ok());
        }
        // A crossed book: the seller's price becomes the buyer's.
        Bytes crossed = good;
        bool changed = false;
        for (std::size_t i = 0; i + 1 < crossed.size(); ++i) {
            if (crossed[i] == 0x18 && crossed[i + 1] == 101) {
                crossed[i + 1] = 100;
                changed = true;
            }
        }
        QVERIFY(changed);
        CborReader reader(crossed);
        QVERIFY(Market::load(reader).error() == CborError::OutOfRange);
    }

    void instructionsAreWrittenByTheirFields() {
        Instruction instruction;
        instruction.number = InstructionId{3};
        instruction.instrument = InstrumentId{1};
        instruction.makerOrder = OrderId{10};
        instruction.takerOrder = OrderId{11};
        instruction.buyer = kAlice;
        instruction.seller = kBob;
        instruction.takerSide = Side::Sell;
        instruction.price = kCent;
        instruction.quantity = kLot;
        instruction.fiat = {100, kUsd};
        instruction.buyerFee = {1, kUsd};
        instruction.sellerFee = {2, kUsd};
        instruction.state = InstructionState::Executed;
        const Bytes bytes = encodeCbor(instruction);
        QVERIFY(*decodeCbor<Instruction>(bytes) == instruction);
        QCOMPARE(bytes[0], std::uint8_t{0xad}); // thirteen fields
    }

    void sameTradesAsAPlainBook_data() {
        QTest::addColumn<int>("width");
        QTest::newRow("close to the mid") << 10;
        QTest::newRow("a hundred ticks") << 100;
        QTest::newRow("far and wide") << 2'000'000;
    }
    void sameTradesAsAPlainBook();
};

namespace {
/// The textbook: a map of lists for each side.
struct PlainBook {
    struct Entry {
        OrderId id;
        HolderId holder;
        std::int64_t lots;
    };
    std::map<std::int64_t, std::list<Entry>> sides[2];
    std::map<OrderId, std::pair<Side, std::int64_t>> where; // also of orders that are gone

    void place(OrderId id, HolderId holder, Side side, std::int64_t ticks, std::int64_t lots, Trades& trades) {
        where[id] = {side, ticks};
        auto& others = sides[side == Side::Buy ? 1 : 0];
        while (lots > 0 && !others.empty()) {
            const auto level = side == Side::Buy ? others.begin() : std::prev(others.end());
            if (side == Side::Buy ? level->first > ticks : level->first < ticks) break;
            Entry& maker = level->second.front();
            const std::int64_t filled = std::min(lots, maker.lots);
            trades.push_back({maker.id, id, level->first, filled});
            lots -= filled;
            maker.lots -= filled;
            if (maker.lots == 0) level->second.pop_front();
            if (level->second.empty()) others.erase(level);
        }
        if (lots > 0) sides[static_cast<std::size_t>(side)][ticks].push_back({id, holder, lots});
    }
    bool cancel(OrderId id, HolderId holder) {
        auto& side = sides[static_cast<std::size_t>(where.at(id).first)];
        const auto level = side.find(where.at(id).second);
        if (level == side.end()) return false;
        for (auto at = level->second.begin(); at != level->second.end(); ++at) {
            if (at->id != id) continue;
            if (at->holder != holder) return false;
            level->second.erase(at);
            if (level->second.empty()) side.erase(level);
            return true;
        }
        return false;
    }
    Levels levels(Side side) const {
        Levels rows;
        for (const auto& [ticks, entries] : sides[static_cast<std::size_t>(side)]) {
            LevelRow row{ticks, 0, static_cast<std::uint32_t>(entries.size())};
            for (const Entry& entry : entries) row.totalLots += entry.lots;
            rows.push_back(row);
        }
        if (side == Side::Buy) std::reverse(rows.begin(), rows.end());
        return rows;
    }
};
} // namespace

/// Tens of thousands of random operations: the same trades in the same order, the same books, and level changes that
/// add up to the book, through saving and loading.
void TestBook::sameTradesAsAPlainBook() {
    QFETCH(int, width);
    std::mt19937_64 random(test::seedOr(20260106));
    Floor floor;
    PlainBook plain;
    std::map<std::int64_t, LevelRow> told[2]; // the book as the sink heard of it
    Trades trades;
    std::size_t matched = 0;
    std::size_t cancelled = 0;
    std::vector<OrderId> placed;
    for (int i = 0; i < 20000; ++i) {
        floor.heard.clear();
        trades.clear();
        const HolderId holder{1 + random() % 4};
        if (random() % 3 == 0 && !placed.empty()) {
            const OrderId id = placed[placed.size() - 1 - random() % std::min<std::size_t>(placed.size(), 200)];
            const bool done = floor.market.cancel(id, holder, floor.heard).ok();
            QCOMPARE(done, plain.cancel(id, holder));
            cancelled += done ? 1 : 0;
        } else {
            const Side side = random() % 2 == 0 ? Side::Buy : Side::Sell;
            const std::int64_t mid = 3'000'000 + i / 100;
            const std::int64_t ticks = mid +
                                       static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * width)) -
                                       width + (side == Side::Buy ? -width / 2 : width / 2);
            const auto lots = static_cast<std::int64_t>(1 + random() % 20);
            const OrderId id = floor
                                   .place(floor.order(holder, side, ticks, lots,
                                                      random() % 2 ? 100'000u + static_cast<unsigned>(i) : 0))
                                   .order;
            plain.place(id, holder, side, ticks, lots, trades);
            placed.push_back(id);
        }
        QVERIFY(floor.heard.trades == trades);
        matched += trades.size();
        for (const auto& change : floor.heard.changes) {
            auto& side = told[static_cast<std::size_t>(change.side)];
            side[change.level.priceTicks] = change.level;
            QCOMPARE(change.level.orders == 0, change.level.totalLots == 0);
            if (change.level.orders == 0) side.erase(change.level.priceTicks);
        }
        if (i % 200 != 0) continue;
        for (const Side side : {Side::Buy, Side::Sell}) {
            Levels heard;
            for (const auto& [ticks, level] : told[static_cast<std::size_t>(side)]) heard.push_back(level);
            if (side == Side::Buy) std::reverse(heard.begin(), heard.end());
            QVERIFY(floor.market.depth(floor.btcUsd, side, 100'000) == plain.levels(side));
            QVERIFY(heard == plain.levels(side));
        }
        if (i % 1000 == 0) floor.market = reloaded(floor.market);
    }
    qInfo("%zu fills, %zu cancellations, %zu open", matched, cancelled, floor.market.openOrderCount());
    QVERIFY(matched > 3000 && cancelled > 300);
}

QTEST_GUILESS_MAIN(TestBook)
#include "tst_book.moc"
