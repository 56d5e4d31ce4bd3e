// What sales are quoted: from the bids of the book, from outside, or not now.
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
    Result<Quote, ports::RailError> quote(SaleId, money::UnitId coin, const money::Amount&) override {
        ++asked;
        if (!open) return Err(ports::RailError::Unreachable);
        return Quote{{100'000'000, coin}, 1000};
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
        deposit(join("bidder"), usd(100'000));
        for (const std::int64_t cents : {5'000'000, 4'000'000}) {
            const Reply placed = send("bidder", PlaceOrder{{1}, 0, usd(cents), satoshi(1'000'000)});
            Q_ASSERT(placed.refused == Refused::No);
        }
        settings.downToBasisPoints = 2'000;
    }
    static Config sellingAt(SecondExchange where) {
        Config config = EngineHarness::settings();
        config.secondExchange = where;
        return config;
    }
    Result<ports::FirstExchange::Quote, QuoteProblem> quote(std::int64_t cents) {
        return Quotes(settings, engine).make(SaleId{77}, money::kBtc, usd(cents), outside);
    }
    std::int64_t coinsFor(std::int64_t cents) {
        const auto made = quote(cents);
        return made ? static_cast<std::int64_t>(made->coins.value) : -1;
    }
    /// Somebody offers 100 dollars for a file.
    void offer() {
        join("seller");
        join("buyer");
        listed = listingOf("Field notes");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    QuoteSettings settings;
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
        const auto ask = [&] { return quotes.make(SaleId{77}, money::kBtc, usd(45'000), scene.outside)->coins.value; };
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
