// B11 on our own book: what sales bring in coins is the treasury's, and it sells it by orders of its own.
#include "core/market/Market.h"
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

/// A market with fees, somebody who bids in it, and a sale of 100 dollars for 0.002 BTC.
struct Scene : EngineHarness {
    explicit Scene(const Config& config = EngineHarness::sellingOnTheBook()) : EngineHarness(config) {
        send("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                           satoshi(20'000), satoshi(1'000'000), 10, 20});
        bidder = join("bidder");
        deposit(bidder, usd(1'000'000));
        join("seller");
        join("buyer");
    }
    SaleId offer(const std::string& name) {
        listed = listingOf(name);
        const ListingId listing{send("seller", listed).value};
        return {send("buyer", offerFor(listing)).value};
    }
    /// Takes the sale as far as B11.
    SaleId moveCoins(const std::string& name = "Field notes") {
        const SaleId sale = offer(name);
        for (const auto& step : stepsOf(sale, listed)) {
            CommandBody body = step.body();
            if (auto* seen = std::get_if<ObservePayment>(&body)) seen->transaction = hashNamed("pays for " + name);
            if (send(step.who, body).refused != Refused::No) qFatal("%s", name.c_str());
            if (std::holds_alternative<MoveCoins>(body)) break;
        }
        return sale;
    }
    void bid(std::int64_t dollars, std::int64_t coins) {
        QCOMPARE(send("bidder", PlaceOrder{{1}, 0, usd(dollars * 100), satoshi(coins)}).refused, Refused::No);
    }
    static SellCoins order(std::int64_t coins, std::uint64_t attempt) {
        return {{1}, usd(4'000'000), satoshi(coins), attempt};
    }
    Reply sell(std::int64_t coins, std::uint64_t attempt) { return send("coordinator", order(coins, attempt)); }
    money::Int128 treasury(money::UnitId unit) const {
        return engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Treasury, unit)).total;
    }
    CoinStock stock() const { return engine.coinStocks().at(money::kBtc); }

    PublishListing listed;
    HolderId bidder;
};

} // namespace

class tst_engine_coins : public QObject {
    Q_OBJECT
private slots:
    void refusesInOrder() {
        Scene s;
        QCOMPARE(s.sell(20'000, 1).refused, Refused::InsufficientFunds); // nothing is there yet
        s.moveCoins();
        QCOMPARE(s.send("bidder", Scene::order(200'000, 1)).refused, Refused::NotPermitted);
        QCOMPARE(s.send("stranger", Scene::order(200'000, 1)).refused, Refused::NotPermitted);
        QCOMPARE(s.sell(210'000, 2).refused, Refused::ReceiptMismatch);
        QCOMPARE(s.sell(210'000, 1).refused, Refused::InsufficientFunds); // 200,000 is what the sale has brought
        QCOMPARE(s.send("coordinator", SellCoins{{1}, satoshi(1), satoshi(20'000), 1}).refused, Refused::AmountInvalid);
        QCOMPARE(s.send("coordinator", SellCoins{{2}, usd(1), satoshi(20'000), 1}).refused, Refused::InstrumentUnknown);
        QCOMPARE(s.sell(20'001, 1).refused, Refused::QuantityNotOnLot);
        QCOMPARE(s.sell(10'000, 1).refused, Refused::OrderTooSmall);
        QCOMPARE(s.sell(-20'000, 1).refused, Refused::AmountNegative);
        s.send("coordinator", SteerInstrument{{1}, true, usd(0)});
        QCOMPARE(s.sell(20'000, 1).refused, Refused::InstrumentHalted);
        QVERIFY(s.stock() == (CoinStock{satoshi(200'000), usd(10'000), 1}));
    }

    /// Through the same matching, ledger, instructions and trades as everybody's.
    void theCoinsOfASaleEndOnTheBook() {
        Scene s;
        s.bid(49'000, 300'000);
        s.moveCoins();
        QVERIFY(s.treasury(money::kBtc) == 200'000);
        QVERIFY(s.treasury(money::kUsd) == -usd(10'000).value); // fronted at B9
        const Reply sold = s.sell(200'000, 1);
        QCOMPARE(sold.refused, Refused::No);

        // 0.002 BTC at 49,000 are 98 dollars; the house pays its own market 20 basis points of that as the taker.
        const money::Int128 fee = usd(9'800).value / 500;
        QVERIFY(s.treasury(money::kBtc) == 0);
        QVERIFY(s.treasury(money::kUsd) == -usd(200).value - fee);
        QVERIFY(s.available(s.bidder, money::kBtc) == 200'000);
        const auto instructions = s.freshOf<InstructionExecuted>();
        QCOMPARE(instructions.size(), std::size_t{1});
        const market::Instruction& done = instructions[0].instruction;
        QVERIFY(done.seller == ledger::kHouse && done.buyer == s.bidder && done.fiat == usd(9'800));
        QVERIFY(done.takerOrder == OrderId{sold.value} && done.sellerFee.value == fee);
        QCOMPARE(s.freshOf<TradePublished>().size(), std::size_t{1});
        const auto changed = s.freshOf<CoinStockChanged>();
        QCOMPARE(changed.size(), std::size_t{1});
        QVERIFY(changed[0].coins == satoshi(200'000) && changed[0].dollars.value == usd(9'800).value - fee);
        QVERIFY(changed[0].order == OrderId{sold.value} && !changed[0].sale);
        QVERIFY(s.stock() == (CoinStock{satoshi(0), usd(0), 2})); // the loss is the treasury's: nothing is fronted now
    }

    /// What the bids do not take is the next attempt's, and one that comes twice sells once.
    void sellsTheRestLater() {
        Scene s;
        s.moveCoins();
        QCOMPARE(s.sell(200'000, 1).refused, Refused::No); // to nobody
        QVERIFY(s.stock().left == satoshi(200'000));
        s.bid(50'000, 70'000);
        s.bid(39'999, 500'000); // below the limit
        QCOMPARE(s.sell(200'000, 2).refused, Refused::No);
        QVERIFY(s.stock().left == satoshi(130'000) && s.treasury(money::kBtc) == 130'000);
        QVERIFY(s.engine.ledger().holdsOf(ledger::houseAccount(ledger::Purpose::Treasury, money::kBtc)).empty());

        s.bid(50'000, 300'000);
        for (std::uint64_t before = 0; before < 3; ++before) {
            QCOMPARE(s.sell(130'000, before).refused, Refused::No);
            QVERIFY(s.fresh.empty());
        }
        QVERIFY(s.stock().left == satoshi(130'000));
        QCOMPARE(s.sell(130'000, 3).refused, Refused::No);
        QVERIFY(s.stock().left == satoshi(0) && s.treasury(money::kBtc) == 0);
    }

    /// Too little for an order waits for the next sale.
    void aRemainderGoesWithTheNextSale() {
        Scene s;
        s.bid(50'000, 1'000'000);
        s.moveCoins("One");
        QCOMPARE(s.sell(190'000, 1).refused, Refused::No);
        QVERIFY(s.stock() == (CoinStock{satoshi(10'000), usd(0), 2}));
        s.moveCoins("Two");
        QVERIFY(s.stock() == (CoinStock{satoshi(210'000), usd(10'000), 2}));
        QCOMPARE(s.sell(210'000, 2).refused, Refused::No);
        QVERIFY(s.treasury(money::kBtc) == 0);
    }

    /// The treasury takes the coins by time where nobody has moved them, and sells them all the same.
    void whatTimeHasMovedIsSoldToo() {
        Scene s;
        const SaleId sale = s.offer("Field notes");
        for (const auto& step : s.stepsOf(sale, s.listed)) {
            const CommandBody body = step.body();
            if (!std::holds_alternative<MoveCoins>(body)) QCOMPARE(s.send(step.who, body).refused, Refused::No);
        }
        QVERIFY(s.engine.coinStocks().empty());
        s.tick(LateDeadlines{}.settlementMs);
        QVERIFY(!s.engine.sale(sale));
        QVERIFY(s.stock() == (CoinStock{satoshi(200'000), usd(10'000), 1}));
    }

    void isSavedAndGoesOn() {
        Scene s;
        s.bid(50'000, 50'000);
        s.moveCoins();
        QCOMPARE(s.sell(200'000, 1).refused, Refused::No);
        CborWriter writer;
        s.engine.save(writer);
        const Bytes bytes = writer.bytes();
        CborReader reader(bytes);
        auto loaded = Engine::load(reader);
        QVERIFY(loaded);
        QVERIFY(loaded->coinStocks() == s.engine.coinStocks());
        QVERIFY(loaded->stateHash() == s.engine.stateHash());
        s.engine = std::move(*loaded);
        s.bid(50'000, 150'000);
        QCOMPARE(s.sell(150'000, 1).refused, Refused::No); // has come before
        QVERIFY(s.stock().left == satoshi(150'000));
        QCOMPARE(s.sell(150'000, 2).refused, Refused::No);
        QVERIFY(s.stock().left == satoshi(0));
    }

    /// The same commands in a coordinator of old: no stock, no event of it, and a state without it.
    void sellsNothingWhereTheCoinsAreSoldOutside() {
        Scene s(EngineHarness::settings());
        s.bid(50'000, 300'000);
        s.moveCoins();
        QVERIFY(s.engine.coinStocks().empty());
        QCOMPARE(s.sell(200'000, 1).refused, Refused::InsufficientFunds);
        QVERIFY(std::none_of(s.events.begin(), s.events.end(),
                             [](const Event& event) { return std::holds_alternative<CoinStockChanged>(event.body); }));
        QVERIFY(s.treasury(money::kBtc) == 200'000);
    }
};

QTEST_APPLESS_MAIN(tst_engine_coins)
#include "tst_engine_coins.moc"
