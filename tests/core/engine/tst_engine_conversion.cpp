// Sales whose own coins bring the seller's dollars: one order at B9, filled wholly or not at all. What it brings above
// the price and the coins that it leaves are the buyer's; the treasury has what it had.
#include "core/market/Market.h"
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

/// A market with fees and bids for 0.01 BTC at 52,000 dollars, and a sale of 100 dollars, for which 0.002005 BTC are
/// paid in.
struct Scene : EngineHarness {
    explicit Scene(std::optional<FundingMode> from = FundingMode::Converted, bool hasBids = true)
        : EngineHarness(sellingOnTheBook(), {}, {}, from) {
        send("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(1'000), satoshi(2'000),
                                           satoshi(1'000'000), 10, 20});
        bidder = join("bidder");
        deposit(bidder, usd(1'000'000));
        if (hasBids) bid(5'200'000, 1'000'000);
        seller = join("seller");
        buyer = join("buyer");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    const SaleChanged& view() const { return lastSale.at(sale); }
    SaleState state() const { return view().state; }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    void bid(std::int64_t cents, std::int64_t coins, const std::string& who = "bidder") {
        QCOMPARE(send(who, PlaceOrder{{1}, 0, usd(cents), satoshi(coins)}).refused, Refused::No);
    }
    /// B9 with this order.
    Reply sells(std::int64_t cents, std::int64_t coins) {
        conversion = {{1}, usd(cents), satoshi(coins)};
        return send("coordinator", escrowing(sale));
    }
    /// B9 with one thing of the order changed.
    template <class Change>
    Reply sellsChanged(const Change& change) {
        ProvideEscrow c = escrowing(sale);
        change(*c.conversion);
        return send("coordinator", c);
    }
    Reply pays(const std::string& name, std::int64_t coins, bool reversed = false) {
        ObservePayment seen = payment(sale, name, satoshi(coins), reversed ? 0 : 2);
        seen.reversed = reversed;
        return send("coordinator", seen);
    }
    money::Int128 of(const ledger::AccountKey& account) const { return engine.ledger().balance(account).total; }
    money::Int128 house(ledger::Purpose purpose, money::UnitId unit) const {
        return of(ledger::houseAccount(purpose, unit));
    }
    money::Int128 funds() const { return of(ledger::saleFundsOf(sale, money::kBtc)); }
    money::Int128 escrow() const { return of(ledger::escrowOf(sale, money::kUsd)); }
    /// All balances and holds, the sale, and what is bid: what a refusal leaves as it is.
    Bytes everything() const {
        CborWriter writer;
        engine.ledger().save(writer);
        engine.market().save(writer);
        writeCbor(writer, view());
        return writer.bytes();
    }
    bool isAskedFor(SaleEffect effect) const {
        const auto open = engine.openEffects();
        return std::any_of(open.begin(), open.end(), [&](const EffectOpened& e) { return e.effect == effect; });
    }
    /// As a snapshot and a start from it would have it.
    void restart() {
        CborWriter writer;
        engine.save(writer);
        const Bytes bytes = writer.bytes();
        CborReader reader(bytes);
        auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok() && reader.finish());
        QVERIFY(loaded->stateHash() == engine.stateHash());
        engine = std::move(*loaded);
    }

    HolderId bidder;
    HolderId seller;
    HolderId buyer;
    PublishListing listed = listingOf("Field notes");
    SaleId sale;

private:
};

// 193,000 satoshi at 52,000 are 100.36 dollars, of which the market takes 20 basis points from the house, and 10 from
// the bidder.
constexpr std::int64_t kFee = 20'072'000;
constexpr std::int64_t kMakerFee = 10'036'000;
constexpr std::int64_t kSurplus = 36'000'000 - kFee;

#define REFUSED(reply, why) QCOMPARE((reply).refused, Refused::why)
#define TAKEN(reply) REFUSED(reply, No)

} // namespace

class TestEngineConversion : public QObject {
    Q_OBJECT
private slots:
    void theTermsRepeatWhatTheOfferAsksFor() {
        for (const auto mode : {std::optional<FundingMode>(), std::optional(FundingMode::Fronted),
                                std::optional(FundingMode::Converted)}) {
            Scene s(mode);
            QVERIFY(s.view().funding == mode);
            Terms terms = s.termsFor(s.sale, s.listed);
            QVERIFY(terms.funding == mode);
            terms.funding = isConverted(terms) ? FundingMode::Fronted : FundingMode::Converted;
            const Reply other = s.send("seller", s.acceptance(s.sale, terms));
            REFUSED(other, TermsMismatch);
            QCOMPARE(other.detail, std::string("funding"));
            TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        }
    }

    void onlyWhereTheHouseSellsOnItsOwnBook() {
        EngineHarness s(EngineHarness::settings(), {}, {}, FundingMode::Converted);
        s.join("seller");
        s.join("buyer");
        const ListingId listing{s.send("seller", s.listingOf("Field notes")).value};
        REFUSED(s.send("buyer", s.offerFor(listing)), FundingUnavailable);
        s.funding = FundingMode::Fronted;
        const SaleId sale{s.send("buyer", s.offerFor(listing)).value};
        TAKEN(s.send("seller", CounterOffer{sale, usd(12'000), s.nowMs + 60'000}));
        s.funding = FundingMode::Converted;
        REFUSED(s.send("buyer", RenewOffer{sale, s.offerFor(listing)}), FundingUnavailable);
        s.funding.reset();
        TAKEN(s.send("buyer", RenewOffer{sale, s.offerFor(listing)}));
        QVERIFY(!s.lastSale.at(sale).funding);
    }

    /// Exactly the price goes into escrow, and exactly what is above it to the buyer.
    void theCoinsBringThePrice() {
        Scene s;
        s.reach(SaleState::Delivered);
        QVERIFY(s.engine.openQuotes().coins.at(money::kBtc) == satoshi(200'000));
        QVERIFY(s.engine.openQuotes().dollars == usd(0)); // nothing is fronted
        const Reply sold = s.send("coordinator", s.escrowing(s.sale));
        TAKEN(sold);

        QCOMPARE(s.state(), SaleState::Escrowed);
        QVERIFY(s.view().converted == satoshi(193'000));
        QVERIFY(s.escrow() == usd(10'000).value && s.funds() == 7'500);
        QVERIFY(s.available(s.buyer, money::kUsd) == kSurplus);
        QVERIFY(s.available(s.bidder, money::kBtc) == 193'000);
        for (const money::UnitId unit : {money::kBtc, money::kUsd})
            QVERIFY(s.house(ledger::Purpose::Treasury, unit) == 0);
        QVERIFY(s.house(ledger::Purpose::Fees, money::kUsd) == kFee + kMakerFee);
        QVERIFY(s.engine.coinStocks().empty() && s.freshOf<CoinStockChanged>().empty());
        QVERIFY(s.engine.openQuotes().coins.empty());

        // Through the same order path as everybody's.
        const auto placed = s.freshOf<OrderPlaced>();
        QCOMPARE(placed.size(), std::size_t{1});
        QVERIFY(placed[0].type == market::OrderType::FillOrKill && placed[0].holder == ledger::kHouse);
        const auto done = s.freshOf<InstructionExecuted>();
        QCOMPARE(done.size(), std::size_t{1});
        QVERIFY(done[0].instruction.takerOrder == placed[0].order && done[0].instruction.fiat == usd(10'036));
        // The step's receipt names the entry that filled the escrow.
        QCOMPARE(s.receipts.back().step, std::uint8_t{9});
        QCOMPARE(s.receipts.back().entry.value, sold.value);

        TAKEN(s.send("coordinator", PaySeller{s.sale, "reference"}));
        REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(1)}), ReceiptMismatch);
        REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", {0, money::kEth}}), ReceiptMismatch);
        QVERIFY(s.available(s.buyer, money::kBtc) == 0);
        TAKEN(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(0)}));
        QVERIFY(s.available(s.buyer, money::kBtc) == 7'500 && s.funds() == 0);
        QCOMPARE(s.view().settlement, Settlement::Done);
        QVERIFY(s.engine.coinStocks().empty() && s.engine.openQuotes().coins.empty());
        TAKEN(s.send("key server", s.part(s.sale, 1)));
        TAKEN(s.send("key server", s.part(s.sale, 2)));
        TAKEN(s.send("buyer", s.unlocking(s.sale)));
        QCOMPARE(s.state(), SaleState::Completed);
        QVERIFY(s.available(s.seller, money::kUsd) == usd(9'900).value);
        QVERIFY(s.available(s.buyer, money::kUsd) == kSurplus);
    }

    /// What better bids bring is the buyer's, at the resting orders' prices.
    void betterBidsAreTheBuyers() {
        Scene s;
        s.bid(5'300'000, 100'000);
        s.reach(SaleState::Delivered);
        TAKEN(s.sells(5'200'000, 193'000));
        // 53 dollars and 48.36, less 20 basis points of both together.
        QVERIFY(s.available(s.buyer, money::kUsd) == usd(136).value - 20'272'000);
        QVERIFY(s.escrow() == usd(10'000).value && s.house(ledger::Purpose::Treasury, money::kUsd) == 0);
    }

    /// The buyer's own bid is a bid like any other.
    void theBuyersOwnBidMayTakeThem() {
        Scene s(FundingMode::Converted, false);
        s.deposit(s.buyer, usd(20'000));
        s.bid(5'200'000, 193'000, "buyer");
        s.reach(SaleState::Delivered);
        TAKEN(s.sells(5'200'000, 193'000));
        QVERIFY(s.available(s.buyer, money::kUsd) == usd(9'964).value - kMakerFee + kSurplus);
        QVERIFY(s.available(s.buyer, money::kBtc) == 193'000);
    }

    /// Proven possible before anything is changed.
    void refusesInOrder() {
        Scene s;
        s.reach(SaleState::Delivered);
        const Bytes before = s.everything();
        const auto refuses = [&](Refused why, const auto& change) {
            const Reply reply = s.sellsChanged(change);
            QCOMPARE(reply.refused, why);
            QVERIFY(s.fresh.empty() && s.everything() == before);
        };
        ProvideEscrow none = s.escrowing(s.sale);
        none.conversion.reset();
        REFUSED(s.send("coordinator", none), ReceiptMismatch);
        ProvideEscrow forged = s.escrowing(s.sale);
        forged.keyReadySignature.bytes[0] ^= 1;
        forged.conversion->quantity = {1, money::kEth};
        REFUSED(s.send("coordinator", forged), SignatureInvalid);
        REFUSED(s.send("bidder", s.escrowing(s.sale)), SaleNotYours);

        refuses(Refused::AmountInvalid, [](Conversion& c) { c.price = satoshi(1); });
        refuses(Refused::AmountInvalid, [](Conversion& c) { c.quantity.unit = money::kEth; });
        refuses(Refused::InsufficientFunds, [](Conversion& c) { // more than lies there; told before the market is asked
            c.quantity = satoshi(200'501);
            c.instrument = {2};
        });
        refuses(Refused::InstrumentUnknown, [](Conversion& c) { c.instrument = {2}; });
        refuses(Refused::AmountNegative, [](Conversion& c) { c.quantity = satoshi(-193'000); });
        refuses(Refused::AmountZero, [](Conversion& c) { c.quantity = satoshi(0); });
        refuses(Refused::QuantityNotOnLot, [](Conversion& c) { c.quantity = satoshi(193'001); });
        refuses(Refused::OrderTooSmall, [](Conversion& c) { c.quantity = satoshi(1'000); });
        refuses(Refused::PriceNotOnTick, [](Conversion& c) { c.price.value += 1; });
        refuses(Refused::OrderNotFillable, [](Conversion& c) { c.price = usd(5'200'001); });
        // The bid would bring enough; but the order itself does not say so.
        refuses(Refused::PaymentShort, [](Conversion& c) { c.price = usd(5'190'000); });
        refuses(Refused::PaymentShort, [](Conversion& c) { c.quantity = satoshi(192'000); });
        QCOMPARE(s.state(), SaleState::Delivered);
        QVERIFY(s.isAskedFor(SaleEffect::ProvideEscrow));

        // To the last cent: 0.002 BTC at 50,100.21 dollars bring 100 after the fee, at 50,100.20 they may not.
        refuses(Refused::PaymentShort, [](Conversion& c) { c = {{1}, usd(5'010'020), satoshi(200'000)}; });
        TAKEN(s.sells(5'010'021, 200'000));
        REFUSED(s.sells(5'010'021, 200'000), SaleWrongState);
    }

    void aHaltHoldsItBack() {
        Scene s;
        s.reach(SaleState::Delivered);
        TAKEN(s.send("coordinator", SteerInstrument{{1}, true, usd(0)}));
        REFUSED(s.sells(5'200'000, 193'000), InstrumentHalted);
        TAKEN(s.send("coordinator", SteerInstrument{{1}, false, usd(0)}));
        TAKEN(s.sells(5'200'000, 193'000));
    }

    /// Too few bids: nothing happens, and it is tried again.
    void waitsForBids() {
        Scene s(FundingMode::Converted, false);
        s.bid(5'200'000, 191'000);
        s.reach(SaleState::Delivered);
        const Bytes before = s.everything();
        REFUSED(s.sells(5'200'000, 193'000), OrderNotFillable);
        QVERIFY(s.everything() == before);
        s.bid(5'200'000, 2'000);
        TAKEN(s.sells(5'200'000, 193'000));
    }

    /// And if nobody bids in time, the buyer has all of its coins back.
    void theDeadlineRefunds() {
        Scene s(FundingMode::Converted, false);
        s.reach(SaleState::Delivered);
        REFUSED(s.sells(5'200'000, 193'000), OrderNotFillable);
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Refunding);
        QVERIFY(s.engine.openQuotes().coins.empty());
        TAKEN(s.send("coordinator", CloseWallet{s.sale, "reference"}));
        QCOMPARE(s.state(), SaleState::Refunded);
        QVERIFY(s.available(s.buyer, money::kBtc) == 200'500 && s.available(s.buyer, money::kUsd) == 0);
    }

    void aFrontedSaleTakesNoOrder() {
        for (const auto mode : {std::optional<FundingMode>(), std::optional(FundingMode::Fronted)}) {
            Scene s(mode);
            s.reach(SaleState::Delivered);
            QVERIFY(s.engine.openQuotes().dollars == usd(10'000));
            ProvideEscrow c = s.escrowing(s.sale);
            QVERIFY(!c.conversion);
            c.conversion = s.conversion;
            REFUSED(s.send("coordinator", c), ReceiptMismatch);
            s.reach(SaleState::SellerPaid);
            QVERIFY(!s.view().converted && s.funds() == 200'500);
            REFUSED(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(0)}), AmountZero);
            s.reach(SaleState::Completed);
            QVERIFY(s.engine.coinStocks().at(money::kBtc).left == satoshi(200'000));
        }
    }

    /// A payment that leaves the chain after B9: the escrow is the treasury's, which makes the coins good. What the
    /// buyer has got above the price stays with it.
    void aReversedPaymentUndoesIt_data() {
        QTest::addColumn<bool>("comesBack");
        QTest::newRow("and comes back") << true;
        QTest::newRow("and is gone") << false;
    }
    void aReversedPaymentUndoesIt() {
        QFETCH(bool, comesBack);
        Scene s;
        s.reach(SaleState::Escrowed);
        const ProvideEscrow first = s.escrowing(s.sale);
        TAKEN(s.pays("pays", 200'500, true));
        QCOMPARE(s.state(), SaleState::Seen);
        QVERIFY(!s.view().converted && s.funds() == 0 && s.escrow() == 0);
        QVERIFY(s.house(ledger::Purpose::Treasury, money::kUsd) == usd(10'000).value);
        QVERIFY(s.house(ledger::Purpose::Treasury, money::kBtc) == -193'000);
        QVERIFY(s.house(ledger::Purpose::Loss, money::kBtc) == 0);
        QVERIFY(s.available(s.buyer, money::kUsd) == kSurplus);
        QVERIFY(s.engine.openEffects().empty());
        QVERIFY(s.engine.openQuotes().coins.at(money::kBtc) == satoshi(200'000)); // they may be sold once more
        if (!comesBack) {
            while (s.engine.sale(s.sale)) s.tick(*s.engine.nextDeadlineMs() - s.nowMs);
            QCOMPARE(s.state(), SaleState::Refunded);
            QVERIFY(s.available(s.buyer, money::kBtc) == 0 && s.available(s.buyer, money::kUsd) == kSurplus);
            return;
        }
        TAKEN(s.pays("pays", 200'500));
        QCOMPARE(s.state(), SaleState::Delivered);
        QVERIFY(s.funds() == 200'500);
        REFUSED(s.send("coordinator", first), ReceiptMismatch); // the key server's word of the attempt before
        TAKEN(s.send("coordinator", s.escrowing(s.sale)));
        QVERIFY(s.view().converted == satoshi(193'000) && s.escrow() == usd(10'000).value);
        QVERIFY(s.available(s.buyer, money::kUsd) == 2 * kSurplus);
        TAKEN(s.send("coordinator", PaySeller{s.sale, "reference"}));
        TAKEN(s.send("coordinator", s.moving(s.sale)));
        QVERIFY(s.available(s.buyer, money::kBtc) == 7'500);
    }

    /// What is there beside the coins that were sold may come and go.
    void whatCanBeSparedUndoesNothing() {
        Scene s;
        s.reach(SaleState::Escrowed);
        TAKEN(s.pays("pays again", 1'000));
        QCOMPARE(s.state(), SaleState::Escrowed);
        QVERIFY(s.funds() == 8'500);
        TAKEN(s.pays("pays again", 1'000, true));
        QCOMPARE(s.state(), SaleState::Escrowed);
        QVERIFY(s.funds() == 7'500 && s.view().converted == satoshi(193'000));
    }

    /// Where the market has fallen, coins above the quote may be sold, too, if they were paid in. If those leave the
    /// chain, B9 is undone, and what is left is enough for another attempt.
    void moreThanTheQuoteMayBeSold() {
        Scene s(FundingMode::Converted, false);
        s.bid(4'100'000, 1'000'000);
        s.reach(SaleState::Delivered);
        TAKEN(s.pays("pays more", 100'000));
        TAKEN(s.sells(4'100'000, 250'000));
        QVERIFY(s.funds() == 50'500 && s.view().converted == satoshi(250'000));
        TAKEN(s.pays("pays more", 100'000, true));
        QCOMPARE(s.state(), SaleState::Delivered);
        QVERIFY(!s.view().converted && s.funds() == 200'500 && s.escrow() == 0);
        QVERIFY(s.house(ledger::Purpose::Loss, money::kBtc) == 0);
        QVERIFY(s.isAskedFor(SaleEffect::ProvideEscrow));
        s.bid(5'200'000, 193'000);
        TAKEN(s.sells(5'200'000, 193'000));
        QCOMPARE(s.state(), SaleState::Escrowed);
    }

    /// Nobody has moved the rest of the coins: the deadline does.
    void timeGivesBackTheRest() {
        Scene s;
        s.reach(SaleState::SellerPaid);
        TAKEN(s.send("key server", s.part(s.sale, 1)));
        TAKEN(s.send("key server", s.part(s.sale, 2)));
        TAKEN(s.send("buyer", s.unlocking(s.sale)));
        QCOMPARE(s.state(), SaleState::Unlocked);
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Completed);
        QVERIFY(s.available(s.buyer, money::kBtc) == 7'500 && s.engine.coinStocks().empty());
    }

    void isSavedAndGoesOn() {
        for (const SaleState at :
             {SaleState::Offered, SaleState::Delivered, SaleState::Escrowed, SaleState::SellerPaid}) {
            Scene s;
            s.reach(at);
            s.restart();
            s.reach(SaleState::Completed);
            QVERIFY(s.available(s.buyer, money::kBtc) == 7'500 && s.available(s.buyer, money::kUsd) == kSurplus);
        }
    }

    /// The same commands at the same times make the same state.
    void isReplayed() {
        Scene s;
        s.reach(SaleState::Escrowed);
        TAKEN(s.pays("pays", 200'500, true));
        TAKEN(s.pays("pays", 200'500));
        TAKEN(s.send("coordinator", s.escrowing(s.sale)));
        Engine again(s.engine.config());
        std::vector<Event> events;
        for (const auto& [timeMs, command] : s.history) {
            again.beginBatch(timeMs, events);
            if (command) again.apply(*command, events);
        }
        QVERIFY(again.stateHash() == s.engine.stateHash());
        QCOMPARE(events.size(), s.events.size());
    }
};

QTEST_APPLESS_MAIN(TestEngineConversion)
#include "tst_engine_conversion.moc"
