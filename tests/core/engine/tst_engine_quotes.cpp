// A quote that lapses: what is paid in time counts, what comes later waits for another quote and the buyer's word.
#include "EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

constexpr std::int64_t kQuoteMs = 600'000;
constexpr std::int64_t kWalletMs = 1'000'000; // EngineHarness::walletOf

/// A sale that is to be quoted.
struct Agreed : EngineHarness {
    Agreed() {
        join("buyer");
        join("seller");
        listed = listingOf("Field notes");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
        reach(sale, listed, SaleState::KeyWrapped);
    }
    const SaleChanged& view() const { return lastSale.at(sale); }
    PublishListing listed;
    SaleId sale;
};

/// Whose buyer has signed for 200,000 satoshi, valid for ten minutes.
struct Quoted : Agreed {
    Quoted() {
        mustDo("coordinator", quote(200'000));
        mustDo("coordinator", walletOf(sale));
        mustDo("buyer", word());
        untilMs = nowMs + kQuoteMs;
        endsMs = nowMs + kWalletMs;
    }
    void mustDo(const std::string& who, CommandBody body) { QCOMPARE(send(who, std::move(body)).refused, Refused::No); }
    FreezeQuote quote(std::int64_t count) const { return {sale, satoshi(count), nowMs + kQuoteMs, true}; }
    SignFunding word() const { return {sale, *view().contract, *view().walletReceipt}; }
    ObservePayment paid(std::int64_t count, std::uint32_t confirmations, const std::string& name = "pays") const {
        return payment(sale, name, satoshi(count), confirmations);
    }
    ObservePayment gone(std::int64_t count) const {
        ObservePayment payment = paid(count, 0);
        payment.reversed = true;
        return payment;
    }
    void passTo(std::int64_t timeMs) { tick(timeMs - nowMs); }
    /// Effects that are open.
    std::size_t asksForQuote() const {
        const auto open = engine.openEffects();
        return static_cast<std::size_t>(std::count_if(open.begin(), open.end(), [](const EffectOpened& effect) {
            return effect.effect == SaleEffect::FreezeQuote;
        }));
    }
    std::int64_t untilMs = 0;
    std::int64_t endsMs = 0;
};

} // namespace

class TestEngineQuotes : public QObject {
    Q_OBJECT
private slots:
    void itHoldsUntilItsTime() {
        Quoted s;
        QVERIFY(s.view().quoteUntilMs == s.untilMs && s.view().deadlineMs == s.untilMs);
        s.passTo(s.untilMs - 1);
        QVERIFY(!s.view().quoteLapsed && *s.view().fundingSigned);
        QVERIFY(s.engine.openQuotes().dollars == usd(10'000));
        const std::size_t receipts = s.receipts.size();
        s.passTo(s.untilMs);
        QCOMPARE(s.view().state, SaleState::WalletOpen);
        QVERIFY(s.view().quoteLapsed && !*s.view().fundingSigned);
        QCOMPARE(s.view().deadlineMs, s.endsMs); // there is time to ask for another one
        QCOMPARE(s.receipts.size(), receipts);
        QVERIFY(s.engine.openQuotes().dollars.isZero() && s.engine.openQuotes().coins.empty()); // promised no more
        QCOMPARE(s.send("buyer", s.word()).refused, Refused::QuoteExpired);
        QCOMPARE(s.asksForQuote(), std::size_t{0}); // nobody wants one
        s.passTo(s.endsMs);
        QCOMPARE(s.view().state, SaleState::Void);
    }

    /// One that says nothing of it holds for as long as there is to pay, as all of them did.
    void anotherOneDoesNotLapse() {
        Agreed s;
        s.reach(s.sale, s.listed, SaleState::WalletOpen);
        s.tick(kQuoteMs + 1);
        QVERIFY(!s.view().quoteLapsed && !s.view().quoteUntilMs);
        s.reach(s.sale, s.listed, SaleState::Completed);
    }

    void theBuyerAsksForAnother() {
        Quoted s;
        s.mustDo("buyer", AskQuote{s.sale}); // it holds: nothing comes of it
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.send("coordinator", s.quote(1)).refused, Refused::SaleWrongState);
        s.passTo(s.untilMs);
        for (const char* other : {"seller", "coordinator", "key server"})
            QCOMPARE(s.send(other, AskQuote{s.sale}).refused, Refused::SaleNotYours);
        s.mustDo("buyer", AskQuote{s.sale});
        s.mustDo("buyer", AskQuote{s.sale}); // twice
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.asksForQuote(), std::size_t{1});

        const Hash before = *s.view().walletReceipt;
        const SignFunding old = s.word();
        s.mustDo("coordinator", s.quote(230'000));
        QCOMPARE(s.asksForQuote(), std::size_t{0});
        QVERIFY(s.view().coins == satoshi(230'000) && s.view().wallet->coins == satoshi(230'000));
        QVERIFY(*s.view().walletReceipt != before);
        QCOMPARE(*s.view().walletReceipt, crypto::labelledHash("r6", *s.view().wallet));
        QVERIFY(!s.view().quoteLapsed && !*s.view().fundingSigned);
        QCOMPARE(s.view().deadlineMs, s.endsMs); // sooner than the quote's
        QCOMPARE(s.receipts.back().step, std::uint8_t{5});
        QCOMPARE(s.send("buyer", old).refused, Refused::ReceiptMismatch); // that was for another sum
        s.mustDo("buyer", s.word());
        s.mustDo("coordinator", s.paid(200'000, 2)); // what the old one asked for is too little
        QCOMPARE(s.view().state, SaleState::Seen);
        s.mustDo("coordinator", s.paid(30'000, 2, "the rest"));
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    /// Seen in time is in time, however long it takes to become final.
    void whatIsSeenInTimeCounts() {
        Quoted s;
        s.passTo(s.untilMs - 1);
        s.mustDo("coordinator", s.paid(200'000, 0));
        s.passTo(s.endsMs + 1);
        QVERIFY(!s.view().quoteLapsed);
        s.mustDo("coordinator", s.paid(200'000, 2));
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    /// Behind an outage a batch is stamped as just before the deadline, and brings what came behind it.
    void whatCameTooLateDoesNotCountBehindAnOutage_data() {
        QTest::addColumn<std::int64_t>("cameMs"); // after the quote began
        QTest::addColumn<bool>("lapses");
        QTest::addColumn<bool>("ends");
        QTest::newRow("in time") << kQuoteMs - 1 << false << false;
        QTest::newRow("too late for the quote") << kQuoteMs << true << false;
        QTest::newRow("for the sale, almost") << kWalletMs - 1 << true << false;
        QTest::newRow("for the sale") << kWalletMs << true << true;
    }
    void whatCameTooLateDoesNotCountBehindAnOutage() {
        QFETCH(std::int64_t, cameMs);
        QFETCH(bool, lapses);
        QFETCH(bool, ends);
        Quoted s;
        ObservePayment late = s.paid(200'000, 0);
        late.countsFromMs = s.nowMs + cameMs;
        s.passTo(s.untilMs - 1);
        s.mustDo("coordinator", late);
        QCOMPARE(s.view().state, ends ? SaleState::Void : SaleState::Seen);
        QCOMPARE(s.view().quoteLapsed.has_value(), lapses);
        QCOMPARE(s.asksForQuote(), std::size_t{lapses && !ends ? 1u : 0u});
        QCOMPARE(*s.view().fundingSigned, !lapses);
        // What was known before does not become late by what is said of it later.
        late.confirmations = 2;
        late.countsFromMs = s.nowMs + 2 * kWalletMs;
        s.mustDo("coordinator", late);
        QCOMPARE(s.view().state, ends ? SaleState::Void : lapses ? SaleState::Seen : SaleState::Funded);
        QVERIFY(s.available(s.view().buyer, money::kBtc) == (ends ? 200'000 : 0)); // late coins are the buyer's
    }

    void whatComesTooLateWaitsForTheBuyersWord() {
        Quoted s;
        s.passTo(s.untilMs);
        s.mustDo("coordinator", s.paid(200'500, 2));
        QCOMPARE(s.view().state, SaleState::Seen);
        QCOMPARE(s.asksForQuote(), std::size_t{1}); // by itself: there is money that waits
        s.mustDo("coordinator", s.paid(200'500, 3));
        QCOMPARE(s.asksForQuote(), std::size_t{1});
        s.mustDo("coordinator", s.quote(190'000));
        QCOMPARE(s.view().state, SaleState::Seen); // it would be enough, and the buyer has not said so
        s.mustDo("buyer", s.word());
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    void withoutItAllComesBack() {
        Quoted s;
        s.passTo(s.untilMs);
        s.mustDo("coordinator", s.paid(200'000, 2));
        s.mustDo("coordinator", s.quote(210'000));
        s.passTo(s.endsMs);
        QCOMPARE(s.view().state, SaleState::Refunding);
        QVERIFY(s.engine.openEffects().size() == 1);
        s.mustDo("coordinator", CloseWallet{s.sale, "reference"});
        QCOMPARE(s.view().state, SaleState::Refunded);
        QVERIFY(s.available(s.view().buyer, money::kBtc) == 200'000);
    }

    /// Too little in time is no payment: with coins in the wallet another quote is asked for by itself.
    void aShortPaymentIsQuotedAnew() {
        Quoted s;
        s.mustDo("coordinator", s.paid(150'000, 2));
        s.passTo(s.untilMs);
        QVERIFY(s.view().quoteLapsed && s.view().state == SaleState::Seen);
        QCOMPARE(s.asksForQuote(), std::size_t{1});
        QCOMPARE(s.send("buyer", AskQuote{s.sale}).refused, Refused::SaleWrongState); // needless
        s.mustDo("coordinator", s.quote(140'000));
        s.mustDo("buyer", s.word());
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    /// A payment that is seen in time and then leaves the chain has not been one.
    void aPaymentThatIsTakenBackHoldsNoQuote() {
        Quoted s;
        s.mustDo("coordinator", s.paid(200'000, 0));
        s.passTo(s.untilMs + 1);
        s.mustDo("coordinator", s.gone(200'000));
        QVERIFY(s.view().quoteLapsed && s.view().state == SaleState::Seen); // at once
        s.mustDo("coordinator", s.paid(200'000, 2));                        // and comes back
        QCOMPARE(s.view().state, SaleState::Seen);
    }

    /// The wallet is opened when the quote's time is over.
    void aWalletThatComesTooLate() {
        Agreed s;
        QCOMPARE(s.send("coordinator", FreezeQuote{s.sale, satoshi(1), s.nowMs + 1'000, true}).refused, Refused::No);
        s.tick(1'000);
        QVERIFY(!s.view().quoteLapsed); // until then it is the key's deadline that runs
        QCOMPARE(s.send("coordinator", s.walletOf(s.sale)).refused, Refused::No);
        QVERIFY(s.view().quoteLapsed && !*s.view().fundingSigned);
    }

    /// What was final leaves the chain: the quote was kept, and holds if the coins come back.
    void afterAReorganisationItStillHolds() {
        Quoted s;
        s.mustDo("coordinator", s.paid(200'000, 2));
        s.passTo(s.untilMs + 1);
        s.mustDo("coordinator", s.gone(200'000));
        QCOMPARE(s.view().state, SaleState::Seen);
        s.tick(kWalletMs);
        QVERIFY(!s.view().quoteLapsed);
        s.mustDo("coordinator", s.paid(200'000, 2));
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    /// One after the other, until the sale's own deadline ends it.
    void theNextOneLapsesToo() {
        Quoted s;
        int quotes = 0;
        s.passTo(s.untilMs);
        s.mustDo("coordinator", s.paid(10'000, 2));
        while (s.view().state == SaleState::Seen && quotes < 100) {
            if (s.asksForQuote() == 1) {
                s.mustDo("coordinator", FreezeQuote{s.sale, satoshi(200'000), s.nowMs + 60'000, true});
                ++quotes;
            }
            s.passTo(*s.engine.nextDeadlineMs());
        }
        QCOMPARE(s.view().state, SaleState::Refunding);
        QCOMPARE(quotes, static_cast<int>((kWalletMs - kQuoteMs + 59'999) / 60'000));
    }

    void isSavedAndLoaded() {
        Quoted s;
        s.passTo(s.untilMs);
        s.mustDo("buyer", AskQuote{s.sale});
        CborWriter writer;
        s.engine.save(writer);
        CborReader reader(writer.bytes());
        const auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok());
        QCOMPARE(loaded->stateHash(), s.engine.stateHash());
        QVERIFY(loaded->sale(s.sale)->quoteLapsed && loaded->openEffects().size() == 1);
        QVERIFY(loaded->openQuotes().dollars.isZero());
    }
};

QTEST_GUILESS_MAIN(TestEngineQuotes)
#include "tst_engine_quotes.moc"
