// What sales are quoted: from the bids of the book, from outside, or not now. And the orders that sell the coins of
// sales which are converted.
#include "core/host/Conversions.h"
#include "core/host/Quotes.h"
#include "tests/core/engine/EngineHarness.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using host::QuoteProblem;
using host::Quotes;
using host::QuoteSettings;

namespace {

/// Everything costs one Bitcoin here, so that nobody takes its word for the book's.
class Outside final : public ports::FirstExchange {
public:
    bool open = true;
    int asked = 0;
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override {
        ++asked;
        if (!open) return Err(ports::RailError::Unreachable);
        return Quote{{100'000'000, wanted.coin}, 1000};
    }
    Result<Wallet, ports::RailError> openWallet(SaleId, money::UnitId) override {
        return Err(ports::RailError::Refused);
    }
    Result<std::string, ports::RailError> provide(SaleId, const money::Amount&) override {
        return Err(ports::RailError::Refused);
    }
    Result<std::string, ports::RailError> closeWallet(SaleId) override { return Err(ports::RailError::Refused); }
};

/// Bids for 0.01 BTC at 50,000 dollars, which are 500, and for as many at 40,000. A sale of 100 dollars.
struct Scene : EngineHarness {
    explicit Scene(SecondExchange where = SecondExchange::OwnBook) : EngineHarness(sellingAt(where)) {
        send("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                           satoshi(10'000), satoshi(100'000'000'000)});
        send("coordinator", SteerInstrument{{1}, false, usd(5'000'000)});
        deposit(join("bidder"), usd(10'000'000));
        for (const std::int64_t cents : {5'000'000, 4'000'000}) {
            const Reply placed = send("bidder", PlaceOrder{{1}, 0, usd(cents), satoshi(1'000'000)});
            Q_ASSERT(placed.refused == Refused::No);
            if (better == OrderId{}) better = {placed.value};
        }
        settings.downToBasisPoints = 2'000;
    }
    static Config sellingAt(SecondExchange where) {
        Config config = EngineHarness::settings();
        config.secondExchange = where;
        return config;
    }
    Result<ports::FirstExchange::Quote, QuoteProblem> quote(std::int64_t cents) {
        return Quotes(settings, engine).make({{77}, money::kBtc, usd(cents)}, outside);
    }
    std::int64_t coinsFor(std::int64_t cents) {
        const auto made = quote(cents);
        return made ? static_cast<std::int64_t>(made->coins.value) : -1;
    }
    /// Of a sale whose coins are sold at B9.
    std::int64_t convertedCoinsFor(std::int64_t cents) {
        const auto made = Quotes(settings, engine).makeConverted(money::kBtc, usd(cents));
        return made ? static_cast<std::int64_t>(made->coins.value) : -1;
    }
    std::optional<Conversion> order(const SaleChanged& of) const {
        return host::Conversions(engine, settings.downToBasisPoints).make(of);
    }
    void reach(SaleState wanted) {
        for (const auto& step : stepsOf(sale, listed)) {
            QCOMPARE(send(step.who, step.body()).refused, Refused::No);
            if (step.after == wanted) return;
        }
    }
    /// Somebody offers 100 dollars for a file.
    void offer() {
        join("seller");
        join("buyer");
        listed = listingOf("Field notes");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    QuoteSettings settings;
    OrderId better; ///< of the two bids
    Outside outside;
    PublishListing listed;
    SaleId sale;
};

constexpr std::int64_t kOutside = 100'000'000;

} // namespace

class tst_quotes : public QObject {
    Q_OBJECT
private slots:
    void fromTheBookWhereItIsDeepEnough() {
        Scene scene;
        QCOMPARE(scene.coinsFor(50'000), std::int64_t{1'000'000});
        QCOMPARE(scene.coinsFor(50'001), std::int64_t{1'000'025});
        QCOMPARE(scene.quote(100)->validForMs, scene.settings.validForMs);
        QCOMPARE(scene.outside.asked, 0);
    }

    void fromOutsideWhereItIsNot() {
        Scene scene;
        QCOMPARE(scene.coinsFor(90'001), kOutside);
        scene.outside.open = false;
        QVERIFY(scene.quote(90'001).error() == QuoteProblem::OutsideFailed);
        QVERIFY(scene.quote(90'000));
        scene.outside.open = true;
        scene.send("coordinator", SteerInstrument{{1}, true, usd(5'000'000)}); // halted
        QCOMPARE(scene.coinsFor(100), kOutside);
    }

    void onlyWhereTheCoinsAreSoldThereToo() {
        Scene scene(SecondExchange::Outside);
        QCOMPARE(scene.coinsFor(100), kOutside);
    }

    void depthIsNotPromisedTwiceInOneLook() {
        Scene scene;
        Quotes quotes(scene.settings, scene.engine);
        const auto ask = [&] {
            return quotes.make({SaleId{77}, money::kBtc, usd(45'000)}, scene.outside)->coins.value;
        };
        QVERIFY(ask() == 900'000);
        QVERIFY(ask() == 100'000 + 1'000'000); // 50 dollars are left at the better price: 400 at the other
        QVERIFY(ask() == kOutside);
    }

    /// From B5 until the coins are sold a sale takes its coins from the depth, and its dollars from the cap.
    void openQuotesCountUntilTheirCoinsAreSold() {
        Scene scene;
        scene.offer();
        scene.settings.floatCap = usd(15'000);
        bool moved = false;
        for (const auto& step : scene.stepsOf(scene.sale, scene.listed)) {
            const CommandBody body = step.body();
            QVERIFY(scene.send(step.who, body).refused == Refused::No);
            moved |= std::holds_alternative<MoveCoins>(body);
            const bool open = step.after >= SaleState::Ready;
            const OpenQuotes quotes = scene.engine.openQuotes();
            QVERIFY(quotes.dollars == usd(open ? 10'000 : 0));
            QVERIFY(quotes.coins.empty() == !open && (!open || quotes.coins.at(money::kBtc) == satoshi(200'000)));
            QCOMPARE(scene.coinsFor(5'000), std::int64_t{100'000}); // up to the cap, and not above
            QVERIFY(open ? scene.quote(5'001).error() == QuoteProblem::FloatCapReached : scene.quote(15'000).ok());
            QVERIFY(scene.quote(15'001).error() == QuoteProblem::FloatCapReached);
        }
        QVERIFY(moved && scene.engine.sale(scene.sale) == nullptr);
        const SellCoins order{{1}, usd(4'000'000), satoshi(200'000), 1};
        QVERIFY(scene.send("coordinator", order).refused == Refused::No);
        QVERIFY(scene.engine.openQuotes().dollars == usd(0));
        QVERIFY(scene.quote(15'000));
        QVERIFY(scene.quote(15'001).error() == QuoteProblem::FloatCapReached);
    }

    /// What is not bid for near the reference price would not be sold either.
    void aBidFarBelowIsNoPrice() {
        Scene scene;
        QVERIFY(scene.coinsFor(50'001) != kOutside);
        scene.settings.downToBasisPoints = 1'999;
        QCOMPARE(scene.coinsFor(50'001), kOutside);
    }

    /// What one order needs, and the margin; from the book alone.
    void aConvertedSaleIsQuotedFromTheBookAlone() {
        Scene scene;
        scene.settings.convertedMarginBasisPoints = 0;
        QCOMPARE(scene.convertedCoinsFor(50'000), std::int64_t{1'000'000});
        QCOMPARE(scene.convertedCoinsFor(49'999), std::int64_t{1'000'000}); // in whole lots
        QCOMPARE(scene.convertedCoinsFor(50'001), std::int64_t{1'260'000}); // all of it at the lower price
        scene.settings.convertedMarginBasisPoints = 200;
        QCOMPARE(scene.convertedCoinsFor(50'000), std::int64_t{1'020'000});
        QCOMPARE(scene.convertedCoinsFor(80'000), std::int64_t{2'040'000});
        QCOMPARE(scene.convertedCoinsFor(80'001), std::int64_t{-1}); // for a fronted one there are 900 dollars
        QVERIFY(scene.coinsFor(90'000) != kOutside);
        QCOMPARE(scene.outside.asked, 0);
        scene.send("coordinator", SteerInstrument{{1}, true, usd(5'000'000)}); // halted
        QCOMPARE(scene.convertedCoinsFor(100), std::int64_t{-1});
        QVERIFY(Quotes(scene.settings, scene.engine).makeConverted(money::kBtc, usd(100)).error() ==
                QuoteProblem::BookHasNoPrice);
    }
    /// Of a small sale too, although what is sold at B9 is in whole lots.
    void theMarketMayFallByTheMargin() {
        for (std::int64_t cents = 2'000; cents < 22'000; cents += 997) {
            Scene scene;
            scene.settings.convertedMarginBasisPoints = 200;
            const std::int64_t paid = scene.convertedCoinsFor(cents);
            QVERIFY(scene.send("bidder", CancelOrder{scene.better}).refused == Refused::No);
            QVERIFY(scene.send("bidder", PlaceOrder{{1}, 0, usd(4'902'000), satoshi(1'000'000)}).refused ==
                    Refused::No);
            scene.settings.convertedMarginBasisPoints = 0;
            const std::int64_t needed = scene.convertedCoinsFor(cents);
            QVERIFY2(needed > 0 && needed <= paid, std::to_string(cents).c_str());
        }
    }
    void theFeeComesOnTop() {
        Scene scene;
        scene.send("coordinator", OpenInstrument{"ETH/USD",
                                                 money::kEth,
                                                 money::kUsd,
                                                 usd(1),
                                                 {money::powerOfTen(16), money::kEth},
                                                 {money::powerOfTen(16), money::kEth},
                                                 {money::powerOfTen(24), money::kEth},
                                                 0,
                                                 50});
        scene.send("coordinator", SteerInstrument{{2}, false, usd(200'000)});
        scene.send("bidder", PlaceOrder{{2}, 0, usd(200'000), {money::powerOfTen(19), money::kEth}});
        scene.settings.convertedMarginBasisPoints = 0;
        // 199 dollars are 200 less 50 basis points: a tenth of an Ether.
        const auto quote = Quotes(scene.settings, scene.engine).makeConverted(money::kEth, usd(19'900));
        QVERIFY(quote && quote->coins.value == money::powerOfTen(17));
        const auto more = Quotes(scene.settings, scene.engine).makeConverted(money::kEth, usd(19'901));
        QVERIFY(more && more->coins.value == money::powerOfTen(17) + money::powerOfTen(16));
    }

    /// The treasury fronts nothing for it, and its coins are promised from B5 to B9.
    void aConvertedSaleDoesNotCountTowardsTheCap() {
        Scene scene;
        scene.settings.floatCap = usd(5'000);
        scene.funding = FundingMode::Converted;
        scene.conversion = {{1}, usd(5'000'000), satoshi(200'000)};
        QCOMPARE(scene.convertedCoinsFor(10'000), std::int64_t{210'000}); // in whole lots
        {
            Quotes quotes(scene.settings, scene.engine);
            QVERIFY(quotes.makeConverted(money::kBtc, usd(40'000))); // 800,000 of the better bid, and the margin
            QVERIFY(quotes.make({SaleId{77}, money::kBtc, usd(5'000)}, scene.outside)->coins.value == 100'000);
            QVERIFY(quotes.make({SaleId{77}, money::kBtc, usd(1)}, scene.outside).error() ==
                    QuoteProblem::FloatCapReached);
            QVERIFY(quotes.makeConverted(money::kBtc, usd(10'000))->coins.value == 260'000); // at the lower price
        }
        scene.offer();
        for (const auto& step : scene.stepsOf(scene.sale, scene.listed)) {
            QVERIFY(scene.send(step.who, step.body()).refused == Refused::No);
            const bool isPromised = step.after >= SaleState::Ready && step.after < SaleState::Escrowed;
            const OpenQuotes open = scene.engine.openQuotes();
            QVERIFY(open.dollars == usd(0));
            QVERIFY(open.coins.empty() == !isPromised);
            QCOMPARE(scene.coinsFor(5'000), std::int64_t{100'000});
            QVERIFY(scene.quote(5'001).error() == QuoteProblem::FloatCapReached);
        }
        QVERIFY(!scene.engine.sale(scene.sale));
    }

    /// With as few coins as suffice, and nothing where they do not.
    void theOrderOfAConvertedSale() {
        Scene scene;
        scene.funding = FundingMode::Converted;
        scene.offer();
        scene.reach(SaleState::Delivered);
        const SaleChanged sale = *scene.engine.sale(scene.sale);
        auto order = scene.order(sale);
        QVERIFY(order && order->instrument == InstrumentId{1} && order->price == usd(5'000'000));
        QVERIFY(order->quantity == satoshi(200'000));

        // A better bid, also above the reference price: it cannot be taken back in this moment.
        QVERIFY(scene.send("bidder", PlaceOrder{{1}, 0, usd(8'000'000), satoshi(130'000)}).refused == Refused::No);
        order = scene.order(sale);
        QVERIFY(order && order->price == usd(8'000'000) && order->quantity == satoshi(130'000));
        // Those of one look do not count on the same bids.
        host::Conversions orders(scene.engine, scene.settings.downToBasisPoints);
        QVERIFY(orders.make(sale)->quantity == satoshi(130'000));
        QVERIFY(orders.make(sale)->quantity == satoshi(200'000));

        QVERIFY(scene.send("bidder", CancelAllOrders{}).refused == Refused::No);
        QVERIFY(!scene.order(sale));
        QVERIFY(scene.send("bidder", PlaceOrder{{1}, 0, usd(4'900'000), satoshi(1'000'000)}).refused == Refused::No);
        QVERIFY(!scene.order(sale)); // 210,000 would do, and 200,500 are there
        QVERIFY(scene.send("bidder", PlaceOrder{{1}, 0, usd(5'000'000), satoshi(1'000'000)}).refused == Refused::No);
        order = scene.order(sale);
        QVERIFY(order && scene.send("coordinator",
                                    [&] {
                                        scene.conversion = *order;
                                        return scene.escrowing(scene.sale);
                                    }())
                                 .refused == Refused::No);
    }
    void aFrontedSaleHasNone() {
        Scene scene;
        scene.offer();
        scene.reach(SaleState::Delivered);
        QVERIFY(!scene.order(*scene.engine.sale(scene.sale)));
    }

    /// Whoever does not pay sets free what was promised to them.
    void aVoidSaleSetsItsPromiseFree() {
        Scene scene;
        scene.offer();
        for (const auto& step : scene.stepsOf(scene.sale, scene.listed)) {
            QVERIFY(scene.send(step.who, step.body()).refused == Refused::No);
            if (step.after == SaleState::WalletOpen) break;
        }
        scene.settings.floatCap = usd(15'000);
        QVERIFY(!scene.quote(5'001));
        scene.tick(1'000'001);
        QVERIFY(scene.quote(15'000));
    }
};

QTEST_APPLESS_MAIN(tst_quotes)
#include "tst_quotes.moc"
