// What lies in escrow until the seller is paid: dollars, digital dollars, or the coins that were paid in. B10 changes
// it for dollars; whatever it is, seller, buyer and treasury end with the same.
#include "tests/core/engine/EngineHarness.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

using ledger::Purpose;

Config withDigitalDollars() {
    Config c = EngineHarness::sellingOnTheBook();
    c.digitalDollar = money::kDusd;
    return c;
}

/// A sale of 100 dollars, for which 200,500 satoshi are paid in and 200,000 are due.
struct Scene : EngineHarness {
    explicit Scene(std::optional<EscrowAsset> asset, const Config& config = withDigitalDollars())
        : EngineHarness(config, {}, {}, {}, asset) {
        seller = join("seller");
        buyer = join("buyer");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    const SaleChanged& view() const { return lastSale.at(sale); }
    SaleState state() const { return view().state; }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    Reply pays(const std::string& name, std::int64_t coins, bool reversed = false) {
        ObservePayment seen = payment(sale, name, satoshi(coins), reversed ? 0 : 2);
        seen.reversed = reversed;
        return send("coordinator", seen);
    }
    money::Int128 of(const ledger::AccountKey& account) const { return engine.ledger().balance(account).total; }
    money::Int128 treasury(money::UnitId unit) const { return of(ledger::houseAccount(Purpose::Treasury, unit)); }
    money::Int128 funds() const { return of(ledger::saleFundsOf(sale, money::kBtc)); }
    money::Int128 escrow(money::UnitId unit) const { return of(ledger::escrowOf(sale, unit)); }
    /// In escrow: dollars, digital dollars, satoshi.
    std::vector<money::Int128> escrowed() const {
        return {escrow(money::kUsd), escrow(money::kDusd), escrow(money::kBtc)};
    }
    /// As a snapshot and a start from it would have it.
    void restart() {
        CborWriter writer;
        engine.save(writer);
        CborReader reader(writer.bytes());
        auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok() && reader.finish());
        QVERIFY(loaded->stateHash() == engine.stateHash());
        engine = std::move(*loaded);
    }

    HolderId seller;
    HolderId buyer;
    PublishListing listed = listingOf("Field notes");
    SaleId sale;
};

const money::Int128 kPrice = usd(10'000).value;
const money::Int128 kHoldback = kPrice / 20;
const money::Int128 kFee = kPrice / 100;

using Totals = std::vector<money::Int128>;
Totals heldAs(std::optional<EscrowAsset> asset) {
    switch (asset.value_or(EscrowAsset::Dollars)) {
    case EscrowAsset::DigitalDollars: return {0, kPrice, 0};
    case EscrowAsset::Coin: return {0, 0, 200'000};
    default: return {kPrice, 0, 0};
    }
}

#define REFUSED(reply, why) QCOMPARE((reply).refused, Refused::why)
#define TAKEN(reply) REFUSED(reply, No)

} // namespace
Q_DECLARE_METATYPE(std::optional<EscrowAsset>)

class TestEngineEscrowAsset : public QObject {
    Q_OBJECT

    static void eachAsset() {
        QTest::addColumn<std::optional<EscrowAsset>>("asset");
        QTest::newRow("not said") << std::optional<EscrowAsset>();
        QTest::newRow("dollars") << std::optional(EscrowAsset::Dollars);
        QTest::newRow("digital dollars") << std::optional(EscrowAsset::DigitalDollars);
        QTest::newRow("the coins") << std::optional(EscrowAsset::Coin);
    }

private slots:
    void theTermsRepeatWhatTheOfferAsksFor_data() { eachAsset(); }
    void theTermsRepeatWhatTheOfferAsksFor() {
        QFETCH(std::optional<EscrowAsset>, asset);
        Scene s(asset);
        QVERIFY(s.view().escrowAsset == asset);
        Terms terms = s.termsFor(s.sale, s.listed);
        QVERIFY(terms.escrowAsset == asset);
        terms.escrowAsset = escrowsCoins(terms) ? EscrowAsset::Dollars : EscrowAsset::Coin;
        const Reply other = s.send("seller", s.acceptance(s.sale, terms));
        REFUSED(other, TermsMismatch);
        QCOMPARE(other.detail, std::string("escrowAsset"));
        TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
    }

    void digitalDollarsOnlyWhereTheHouseKeepsThem() {
        Scene s(EscrowAsset::Coin, EngineHarness::sellingOnTheBook());
        MakeOffer offer = s.offerFor(s.view().listing);
        offer.escrowAsset = EscrowAsset::DigitalDollars;
        REFUSED(s.send("buyer", offer), FundingUnavailable);
        TAKEN(s.send("seller", CounterOffer{s.sale, usd(12'000), s.nowMs + 60'000}));
        REFUSED(s.send("buyer", RenewOffer{s.sale, offer}), FundingUnavailable);
        offer.escrowAsset.reset();
        TAKEN(s.send("buyer", RenewOffer{s.sale, offer}));
        QVERIFY(!s.view().escrowAsset); // as renewed
    }

    /// Coins that are sold at B9 bring dollars.
    void whatIsSoldOnDeliveryIsInDollars() {
        Scene s({});
        MakeOffer offer = s.offerFor(s.view().listing);
        offer.funding = FundingMode::Converted;
        for (const EscrowAsset asset : {EscrowAsset::DigitalDollars, EscrowAsset::Coin}) {
            offer.escrowAsset = asset;
            REFUSED(s.send("buyer", offer), FundingUnavailable);
        }
        offer.escrowAsset = EscrowAsset::Dollars;
        TAKEN(s.send("buyer", offer));
    }

    void b9HoldsItAndB10ChangesIt_data() { eachAsset(); }
    void b9HoldsItAndB10ChangesIt() {
        QFETCH(std::optional<EscrowAsset>, asset);
        const bool isDigital = asset == EscrowAsset::DigitalDollars;
        const bool areCoins = asset == EscrowAsset::Coin;
        Scene s(asset);
        s.reach(SaleState::Delivered);
        QVERIFY(s.escrowed() == Totals(3));
        s.reach(SaleState::Escrowed);
        QVERIFY(s.escrowed() == heldAs(asset));
        QVERIFY(s.funds() == (areCoins ? 500 : 200'500));
        QVERIFY(s.treasury(money::kUsd) == (isDigital || areCoins ? 0 : -kPrice));
        QVERIFY(s.treasury(money::kDusd) == (isDigital ? -kPrice : 0));
        QVERIFY(s.engine.openQuotes().dollars == usd(10'000)); // until the coins are sold
        s.restart();

        s.reach(SaleState::SellerPaid);
        // From here on all are alike: the treasury has given the dollars, and the coins are to be its own.
        QVERIFY(s.escrowed() == (Totals{kHoldback, 0, 0}));
        QVERIFY(s.funds() == 200'500);
        QVERIFY(s.treasury(money::kUsd) == -kPrice && s.treasury(money::kDusd) == 0);
        QVERIFY(s.available(s.seller, money::kUsd) == kPrice - kFee - kHoldback);
        QVERIFY(s.of(ledger::houseAccount(Purpose::Fees, money::kUsd)) == kFee);
        REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(0)}), AmountZero);

        s.reach(SaleState::Completed);
        QVERIFY(s.available(s.seller, money::kUsd) == kPrice - kFee);
        QVERIFY(s.available(s.buyer, money::kBtc) == 500 && s.available(s.buyer, money::kDusd) == 0);
        QVERIFY(s.treasury(money::kBtc) == 200'000);
        QVERIFY(s.engine.coinStocks().at(money::kBtc).left == satoshi(200'000));
        QVERIFY(s.escrowed() == Totals(3) && s.funds() == 0);
        QVERIFY(!s.engine.sale(s.sale) && s.isReproducible());
    }

    /// Without the dollar exchange.
    void theDeadlineChangesItAsWell_data() { eachAsset(); }
    void theDeadlineChangesItAsWell() {
        QFETCH(std::optional<EscrowAsset>, asset);
        Scene s(asset);
        s.reach(SaleState::Escrowed);
        s.tick(LateDeadlines{}.payoutMs);
        QCOMPARE(s.state(), SaleState::SellerPaid);
        QVERIFY(s.escrowed() == (Totals{kHoldback, 0, 0}) && s.funds() == 200'500);
        QVERIFY(s.available(s.seller, money::kUsd) == kPrice - kFee - kHoldback);
    }

    /// A payment that leaves the chain between B9 and B10: nobody has lost anything, and if it comes back all goes on.
    void aReversedPaymentUndoesB9_data() {
        QTest::addColumn<std::optional<EscrowAsset>>("asset");
        QTest::addColumn<bool>("comesBack");
        for (const auto asset : {EscrowAsset::Dollars, EscrowAsset::DigitalDollars, EscrowAsset::Coin}) {
            for (const bool comesBack : {true, false}) {
                QTest::addRow("%d, and %s", static_cast<int>(asset), comesBack ? "comes back" : "is gone")
                    << std::optional(asset) << comesBack;
            }
        }
    }
    void aReversedPaymentUndoesB9() {
        QFETCH(std::optional<EscrowAsset>, asset);
        QFETCH(bool, comesBack);
        Scene s(asset);
        s.reach(SaleState::Escrowed);
        TAKEN(s.pays("pays", 200'500, true));
        QCOMPARE(s.state(), SaleState::Seen);
        QVERIFY(s.escrowed() == Totals(3) && s.funds() == 0);
        QVERIFY(s.treasury(money::kUsd) == 0 && s.treasury(money::kDusd) == 0 && s.treasury(money::kBtc) == 0);
        QVERIFY(s.of(ledger::houseAccount(Purpose::Loss, money::kBtc)) == 0);
        s.restart();
        if (!comesBack) {
            while (s.engine.sale(s.sale)) s.tick(*s.engine.nextDeadlineMs() - s.nowMs);
            QCOMPARE(s.state(), SaleState::Refunded);
            QVERIFY(s.available(s.buyer, money::kBtc) == 0 && s.isReproducible());
            return;
        }
        TAKEN(s.pays("pays", 200'500));
        QCOMPARE(s.state(), SaleState::Delivered);
        TAKEN(s.send("coordinator", s.escrowing(s.sale)));
        QVERIFY(s.escrowed() == heldAs(asset));
        TAKEN(s.send("coordinator", PaySeller{s.sale, "reference"}));
        QVERIFY(s.escrowed() == (Totals{kHoldback, 0, 0}) && s.funds() == 200'500);
        QVERIFY(s.isReproducible());
    }

    /// What is there beside the coins in escrow may come and go.
    void whatCanBeSparedUndoesNothing() {
        Scene s(EscrowAsset::Coin);
        s.reach(SaleState::Escrowed);
        TAKEN(s.pays("pays again", 1'000));
        QVERIFY(s.state() == SaleState::Escrowed && s.funds() == 1'500);
        TAKEN(s.pays("pays again", 1'000, true));
        QVERIFY(s.state() == SaleState::Escrowed && s.funds() == 500);
        QVERIFY(s.escrowed() == heldAs(EscrowAsset::Coin));
        // Of two payments either is enough by itself.
        TAKEN(s.pays("pays more", 200'000));
        TAKEN(s.pays("pays", 200'500, true));
        QVERIFY(s.state() == SaleState::Escrowed && s.funds() == 0);
        QVERIFY(s.escrowed() == heldAs(EscrowAsset::Coin));
        TAKEN(s.pays("pays more", 200'000, true));
        QVERIFY(s.state() == SaleState::Seen && s.escrowed() == Totals(3) && s.isReproducible());
    }

    /// After B10 the coins that leave the chain are the house's loss, as with dollars in escrow.
    void afterThePayoutItIsTheHousesLoss() {
        Scene s(EscrowAsset::Coin);
        s.reach(SaleState::SellerPaid);
        TAKEN(s.pays("pays", 200'500, true));
        QCOMPARE(s.state(), SaleState::SellerPaid);
        // What was paid too much is the buyer's, and has gone with it.
        QVERIFY(s.escrowed() == (Totals{kHoldback, 0, 0}) && s.funds() == 200'000);
        QVERIFY(s.of(ledger::houseAccount(Purpose::Loss, money::kBtc)) == -200'000);
        QVERIFY(s.treasury(money::kUsd) == -kPrice && s.available(s.buyer, money::kBtc) == 0);
        QVERIFY(s.available(s.seller, money::kUsd) == kPrice - kFee - kHoldback);
        TAKEN(s.pays("pays", 200'500)); // and it comes back with it
        QVERIFY(s.of(ledger::houseAccount(Purpose::Loss, money::kBtc)) == 0 && s.funds() == 200'000);
        QVERIFY(s.available(s.buyer, money::kBtc) == 500 && s.isReproducible());
    }

    /// Ten coins are paid where a fraction is due, and leave the chain before the rest went back: none of them is paid
    /// out, and the house bears the price.
    void whatWasPaidTooMuchIsNotPaidOutOnceItIsGone() {
        constexpr std::int64_t kMuch = 1'000'000'000;
        for (const bool isConverted : {false, true}) {
            Scene s(std::nullopt);
            if (isConverted) {
                s.openMarket();
                s.funding = FundingMode::Converted;
                s.listed = s.listingOf("Another");
                s.sale = {s.send("buyer", s.offerFor({s.send("seller", s.listed).value})).value};
            }
            s.reach(SaleState::WalletOpen);
            TAKEN(s.send("buyer", SignFunding{s.sale, *s.view().contract, *s.view().walletReceipt}));
            TAKEN(s.pays("much", kMuch));
            TAKEN(s.send("buyer", s.delivery(s.sale)));
            TAKEN(s.send("coordinator", s.escrowing(s.sale)));
            TAKEN(s.send("coordinator", PaySeller{s.sale, "reference"}));
            const std::int64_t sold = isConverted ? 193'000 : 200'000;
            TAKEN(s.pays("much", kMuch, true));
            QVERIFY(s.of(ledger::houseAccount(Purpose::Loss, money::kBtc)) == -sold);
            QVERIFY(s.funds() == (isConverted ? 0 : sold));
            TAKEN(s.send("coordinator", s.moving(s.sale)));
            QVERIFY(s.available(s.buyer, money::kBtc) == 0 && s.funds() == 0);
            QVERIFY(s.isReproducible());
        }
    }

    /// B11 takes what was quoted, and no more, also where more is there.
    void noMoreCoinsAreMovedThanWereQuoted() {
        Scene s(std::nullopt);
        s.reach(SaleState::SellerPaid);
        QVERIFY(s.funds() == 200'500);
        REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(200'001)}), ReceiptMismatch);
        REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(200'500)}), ReceiptMismatch);
        TAKEN(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(200'000)}));
        QVERIFY(s.available(s.buyer, money::kBtc) == 500);
    }

    /// What is paid in another unit lies in suspense, and pays nothing of the sale, whatever its number is.
    void anotherUnitPaysNothing() {
        Scene s(std::nullopt);
        s.reach(SaleState::WalletOpen);
        TAKEN(s.send("buyer", SignFunding{s.sale, *s.view().contract, *s.view().walletReceipt}));
        const std::int64_t deadlineMs = s.view().deadlineMs;
        ObservePayment seen = s.payment(s.sale, "astray", {usd(10'000).value, money::kDusd}, 2);
        TAKEN(s.send("coordinator", seen));
        QCOMPARE(s.state(), SaleState::WalletOpen);
        QVERIFY(s.view().received == satoshi(0) && s.view().deadlineMs == deadlineMs);
        QVERIFY(s.of(ledger::houseAccount(Purpose::Suspense, money::kDusd)) == usd(10'000).value);
        seen.reversed = true;
        seen.confirmations = 0;
        TAKEN(s.send("coordinator", seen));
        QVERIFY(s.state() == SaleState::WalletOpen && s.of(ledger::houseAccount(Purpose::Suspense, money::kDusd)) == 0);
        TAKEN(s.pays("pays", 200'000));
        QVERIFY(s.state() == SaleState::Funded && s.isReproducible());
    }

    /// Digital dollars in escrow are the treasury's, also where the buyer has paid in such.
    void aBuyerWhoPaysDigitalDollars_data() {
        QTest::addColumn<std::optional<EscrowAsset>>("asset");
        QTest::newRow("and the house puts its own into escrow") << std::optional(EscrowAsset::DigitalDollars);
        QTest::newRow("which are put into escrow") << std::optional(EscrowAsset::Coin);
    }
    void aBuyerWhoPaysDigitalDollars() {
        QFETCH(std::optional<EscrowAsset>, asset);
        Scene s(asset);
        MakeOffer offer = s.offerFor(s.view().listing);
        offer.coin = money::kDusd;
        offer.nonce = hashNamed("another nonce");
        s.sale = {s.send("buyer", offer).value};
        const Amount due{usd(10'000).value, money::kDusd};
        TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        TAKEN(s.send("buyer", s.buyersSignature(s.sale)));
        TAKEN(s.send("seller", DepositKey{s.sale, hashNamed("deposit")}));
        TAKEN(s.send("key server", s.wrapping(s.sale)));
        TAKEN(s.send("coordinator", FreezeQuote{s.sale, due, s.nowMs + 600'000}));
        TAKEN(s.send("coordinator", s.walletOf(s.sale)));
        TAKEN(s.send("buyer", SignFunding{s.sale, *s.view().contract, *s.view().walletReceipt}));
        ObservePayment seen = s.payment(s.sale, "pays", due, 2);
        TAKEN(s.send("coordinator", seen));
        TAKEN(s.send("buyer", s.delivery(s.sale)));
        TAKEN(s.send("coordinator", s.escrowing(s.sale)));
        QVERIFY(s.escrow(money::kDusd) == due.value);
        // The payment leaves the chain, and comes back.
        seen.reversed = true;
        seen.confirmations = 0;
        TAKEN(s.send("coordinator", seen));
        QCOMPARE(s.state(), SaleState::Seen);
        QVERIFY(s.escrow(money::kDusd) == 0 && s.treasury(money::kDusd) == 0);
        seen.reversed = false;
        seen.confirmations = 2;
        TAKEN(s.send("coordinator", seen));
        TAKEN(s.send("coordinator", s.escrowing(s.sale)));
        TAKEN(s.send("coordinator", PaySeller{s.sale, "reference"}));
        TAKEN(s.send("coordinator", MoveCoins{s.sale, "reference", due}));
        TAKEN(s.send("key server", s.part(s.sale, 1)));
        TAKEN(s.send("key server", s.part(s.sale, 2)));
        TAKEN(s.send("buyer", s.unlocking(s.sale)));
        QCOMPARE(s.state(), SaleState::Completed);
        QVERIFY(s.treasury(money::kDusd) == due.value && s.treasury(money::kUsd) == -kPrice);
        QVERIFY(s.available(s.seller, money::kUsd) == kPrice - kFee && s.isReproducible());
    }
};

QTEST_APPLESS_MAIN(TestEngineEscrowAsset)
#include "tst_engine_escrow_asset.moc"
