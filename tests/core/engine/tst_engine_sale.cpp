#include "EngineHarness.h"

#include <set>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

class TestEngineSale : public QObject {
    Q_OBJECT

    struct Market : EngineHarness {
        HolderId seller = join("seller");
        HolderId buyer = join("buyer");
        PublishListing listed = listingOf("Field notes");
        ListingId listing{send("seller", listed).value};
        SaleId sale{send("buyer", offerFor(listing)).value};
        std::size_t played = 0;

        /// Plays the sale until it has reached this state.
        void playUntil(SaleState state) {
            const std::vector<Step> steps = stepsOf(sale, listed);
            while (lastSale.at(sale).state != state) {
                const Step& step = steps.at(played++);
                const Reply reply = send(step.who, step.body());
                QVERIFY2(reply.refused == Refused::No, nameOf(reply.refused));
                QCOMPARE(lastSale.at(sale).state, step.after);
            }
        }
    };

private slots:
    void wholeSale() {
        Market m;
        m.playUntil(SaleState::Completed);
        // The price is 100 dollars, the fee 1 %, the change 500 satoshi.
        QVERIFY(m.available(m.seller, money::kUsd) == usd(9'900).value);
        QVERIFY(m.available(m.buyer, money::kBtc) == 500);
        QVERIFY(!m.engine.sale(m.sale));
        QVERIFY(m.engine.openEffects().empty());
        QVERIFY(!m.engine.nextDeadlineMs());
    }

    void receiptsCoverTheFourteenStepsAndAreChained() {
        Market m;
        m.playUntil(SaleState::Completed);
        std::set<int> steps;
        Hash previous;
        for (const ReceiptMade& receipt : m.receipts) {
            steps.insert(receipt.step);
            QVERIFY(receipt.previous == previous);
            previous = crypto::labelledHash("receipt", receipt);
        }
        for (int step = 1; step <= 14; ++step) QVERIFY2(steps.contains(step), qPrintable(QString::number(step)));
    }

    /// Replay, and save then load at every step, end in the same state hash.
    void replayAndSnapshotsGiveTheSameHash() {
        Market m;
        m.playUntil(SaleState::Completed);
        for (std::size_t cut = 0; cut <= m.history.size(); ++cut) {
            Engine engine(EngineHarness::settings());
            std::vector<Event> events;
            for (std::size_t i = 0; i < m.history.size(); ++i) {
                if (i == cut) {
                    CborWriter writer;
                    engine.save(writer);
                    CborReader reader(writer.bytes());
                    auto again = Engine::load(reader);
                    QVERIFY(again.ok() && reader.finish());
                    QVERIFY(again->stateHash() == engine.stateHash());
                    engine = std::move(*again);
                }
                engine.beginBatch(m.history[i].first, events);
                if (m.history[i].second) (void)engine.apply(*m.history[i].second, events);
            }
            QVERIFY(engine.stateHash() == m.engine.stateHash());
            QCOMPARE(events.size(), m.events.size());
            for (std::size_t i = 0; i < events.size(); ++i) {
                QVERIFY(encodeCbor(events[i].body) == encodeCbor(m.events[i].body));
            }
        }
    }

    /// At each point of the sale every command of the sale that does not belong there is refused, by the right person
    /// too, and changes nothing.
    void outOfOrderIsRefused() {
        Market m;
        std::vector<std::pair<std::string, CommandBody>> played;
        int refused = 0;
        for (const auto& step : m.stepsOf(m.sale, m.listed)) {
            const Reply reply = m.send(step.who, step.body());
            QVERIFY(reply.refused == Refused::No);
            const Amount sellers{m.available(m.seller, money::kUsd), money::kUsd};
            const SaleState state = m.lastSale.at(m.sale).state;
            for (const auto& [who, body] : played) {
                if (std::holds_alternative<ObservePayment>(body)) continue; // a repetition has no effect
                const Reply again = m.send(who, body);
                if (again.refused != Refused::No) ++refused;
                QVERIFY(m.available(m.seller, money::kUsd) == sellers.value);
                QCOMPARE(m.lastSale.at(m.sale).state, state);
                QVERIFY(m.freshOf<ReceiptMade>().empty());
            }
            played.emplace_back(step.who, step.body());
            if (state == SaleState::Unlocked || state == SaleState::Completed) break;
        }
        QVERIFY(refused > 50);
    }

    void onlyTheRightActorMayAct() {
        Market m;
        m.join("stranger");
        for (const auto& step : m.stepsOf(m.sale, m.listed)) {
            for (const std::string who : {"stranger", "buyer", "seller", "key server", "coordinator", "nobody"}) {
                if (who == step.who) continue;
                const Refused refused = m.send(who, step.body()).refused;
                const bool named = refused == Refused::SaleNotYours || refused == Refused::NotPermitted ||
                                   refused == Refused::NotRegistered;
                QVERIFY2(named, nameOf(refused));
            }
            QVERIFY(m.send(step.who, step.body()).refused == Refused::No);
        }
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Completed);
    }

    void offersThatMakeNoSense() {
        Market m;
        MakeOffer good = m.offerFor(m.listing);
        const auto refused = [&](auto change, const char* who = "buyer") {
            MakeOffer offer = good;
            change(offer);
            return m.send(who, offer).refused;
        };
        QCOMPARE(refused([](MakeOffer& o) { o.listing = {99}; }), Refused::ListingUnknown);
        QCOMPARE(refused([](MakeOffer& o) { o.bid = usd(-5); }), Refused::AmountNegative);
        QCOMPARE(refused([](MakeOffer& o) { o.bid = usd(0); }), Refused::AmountZero);
        QCOMPARE(refused([](MakeOffer& o) { o.bid = {money::kInt128Max, money::kUsd}; }), Refused::AmountOverflow);
        QCOMPARE(refused([](MakeOffer& o) { o.bid = satoshi(5); }), Refused::AmountInvalid);
        QCOMPARE(refused([](MakeOffer& o) { o.minimum = usd(10'001); }), Refused::MinimumAboveBid);
        QCOMPARE(refused([](MakeOffer& o) { o.coin = money::kUsd; }), Refused::UnitUnknown);
        QCOMPARE(refused([](MakeOffer& o) { o.expiresMs = 1; }), Refused::ExpiryInvalid);
        QCOMPARE(refused([](MakeOffer&) {}, "seller"), Refused::ListingOwn);
        QCOMPARE(refused([](MakeOffer&) {}, "nobody"), Refused::NotRegistered);
    }

    void aCopiedListingIsRefused() {
        Market m;
        m.join("thief");
        QCOMPARE(m.send("thief", m.listed).refused, Refused::ListingCopied);
        PublishListing sameRecipient = m.listingOf("Other");
        sameRecipient.recipient = m.listed.recipient;
        QCOMPARE(m.send("thief", sameRecipient).refused, Refused::ListingCopied);
        QCOMPARE(m.send("seller", sameRecipient).refused, Refused::ListingCopied);
        QCOMPARE(m.send("seller", m.listed).value, m.listing.value); // again: the same listing
        QVERIFY(m.fresh.empty());
    }

    void oneEditionOneAcceptance() {
        Market m;
        m.join("second");
        const SaleId second{m.send("second", m.offerFor(m.listing)).value};
        m.playUntil(SaleState::Accepted);
        QCOMPARE(m.send("seller", m.acceptance(second, m.termsFor(second, m.listed))).refused,
                 Refused::SaleAlreadyAccepted);
        QCOMPARE(m.send("seller", m.acceptance(m.sale, m.termsFor(m.sale, m.listed))).refused,
                 Refused::SaleAlreadyAccepted);
        QCOMPARE(m.send("second", m.offerFor(m.listing)).refused, Refused::ListingTaken);
    }

    void termsMustRepeatTheOffer() {
        Market m;
        const Terms good = m.termsFor(m.sale, m.listed);
        const auto refused = [&](auto change) {
            Terms terms = good;
            change(terms);
            return m.send("seller", m.acceptance(m.sale, terms)).refused;
        };
        QCOMPARE(refused([](Terms& t) { t.price = usd(8'999); }), Refused::PriceOutsideOffer);
        QCOMPARE(refused([](Terms& t) { t.price = usd(10'001); }), Refused::PriceOutsideOffer);
        QCOMPARE(refused([](Terms& t) { t.price.unit = money::kEur; }), Refused::AmountInvalid);
        QCOMPARE(refused([](Terms& t) { t.recipient = boxNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.sealedRoot = hashNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.plainRoot = hashNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.buyer.box = boxNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.seller.box = boxNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.keyServer.identity = keyNamed("x").publicKey(); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.coordinator = keyNamed("x").publicKey(); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.fee = usd(0); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.holdback = usd(0); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.buyerNonce = hashNamed("x"); }), Refused::TermsMismatch);
        QCOMPARE(refused([](Terms& t) { t.edition = 2; }), Refused::TermsMismatch);
        QCOMPARE(m.send("seller", m.acceptance(m.sale, good, "buyer")).refused, Refused::SignatureInvalid);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Offered);
    }

    void withdrawnRejectedExpired() {
        Market m;
        QCOMPARE(m.send("buyer", WithdrawOffer{m.sale}).refused, Refused::No);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Void);
        QCOMPARE(m.send("buyer", WithdrawOffer{m.sale}).refused, Refused::SaleUnknown);

        const SaleId second{m.send("buyer", m.offerFor(m.listing)).value};
        QCOMPARE(m.send("seller", RejectOffer{second}).refused, Refused::No);
        QCOMPARE(m.lastSale.at(second).state, SaleState::Void);

        const SaleId third{m.send("buyer", m.offerFor(m.listing)).value};
        m.tick(60'000);
        QCOMPARE(m.lastSale.at(third).state, SaleState::Void);
    }

    /// Every deadline before the money voids and frees the listing; after it, refunds in full.
    void deadlines_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("end");
        for (const SaleState state : {SaleState::Accepted, SaleState::KeyDeposited, SaleState::KeyWrapped,
                                      SaleState::Ready, SaleState::WalletOpen}) {
            QTest::newRow(escrow::nameOf(state)) << static_cast<int>(state) << static_cast<int>(SaleState::Void);
        }
        QTest::newRow("Funded") << static_cast<int>(SaleState::Funded) << static_cast<int>(SaleState::Refunded);
    }
    void deadlines() {
        QFETCH(int, state);
        QFETCH(int, end);
        Market m;
        m.playUntil(static_cast<SaleState>(state));
        m.tick(std::int64_t{48} * 3600 * 1000);
        if (end == static_cast<int>(SaleState::Refunded)) {
            QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Refunding);
            QCOMPARE(m.engine.openEffects().size(), std::size_t{1});
            QCOMPARE(m.send("coordinator", CloseWallet{m.sale, "reference"}).refused, Refused::No);
            QVERIFY(m.available(m.buyer, money::kBtc) == 200'500);
        }
        QCOMPARE(static_cast<int>(m.lastSale.at(m.sale).state), end);
        QVERIFY(m.engine.openEffects().empty());
        const bool free = m.send("buyer", m.offerFor(m.listing)).refused == Refused::No;
        QCOMPARE(free, end == static_cast<int>(SaleState::Void)); // an edition enters one funded sale, ever
    }

    void shortPaymentWaitsAndIsRefunded() {
        Market m;
        m.playUntil(SaleState::WalletOpen);
        m.send("buyer", SignFunding{m.sale, *m.lastSale.at(m.sale).contract, *m.lastSale.at(m.sale).walletReceipt});
        m.send("coordinator", m.payment(m.sale, "part", satoshi(150'000), 2));
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Seen);
        m.tick(2'000'000);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Refunding);
        // Money that comes while the wallet is being closed, or later, is the buyer's.
        m.send("coordinator", m.payment(m.sale, "late", satoshi(1'000), 2));
        m.send("coordinator", CloseWallet{m.sale, "reference"});
        m.send("coordinator", m.payment(m.sale, "later", satoshi(100), 2));
        QVERIFY(m.available(m.buyer, money::kBtc) == 151'100);
    }

    void toppedUpPaymentGoesOn() {
        Market m;
        m.playUntil(SaleState::WalletOpen);
        m.send("buyer", SignFunding{m.sale, *m.lastSale.at(m.sale).contract, *m.lastSale.at(m.sale).walletReceipt});
        m.send("coordinator", m.payment(m.sale, "one", satoshi(150'000), 2));
        m.send("coordinator", m.payment(m.sale, "two", satoshi(50'000), 1));
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Seen);
        m.tick(2'000'000); // seen in time: the deadline no longer counts
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Seen);
        m.send("coordinator", m.payment(m.sale, "two", satoshi(50'000), 2));
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Funded);
    }

    void reorganisationTakesTheMoneyBack() {
        Market m;
        m.playUntil(SaleState::Funded);
        ObservePayment gone = m.payment(m.sale, "pays", satoshi(200'500), 0);
        gone.reversed = true;
        QCOMPARE(m.send("coordinator", gone).refused, Refused::No);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Seen);
        QVERIFY(m.engine.ledger().balance(ledger::saleFundsOf(m.sale, money::kBtc)).total == 0);
        m.send("coordinator", m.payment(m.sale, "pays", satoshi(200'500), 2));
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Funded);
    }

    void silenceCompletes() {
        Market m;
        m.playUntil(SaleState::KeySent2);
        m.tick(std::int64_t{48} * 3600 * 1000);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::Completed);
        QVERIFY(m.available(m.seller, money::kUsd) == usd(9'900).value);
    }

    void forgedReceiptsAreRefused() {
        Market m;
        m.playUntil(SaleState::KeyDeposited);
        WrapKey wrap = m.wrapping(m.sale);
        wrap.receipt.body.plainRoot = hashNamed("x");
        QCOMPARE(m.send("key server", wrap).refused, Refused::ReceiptMismatch);
        wrap = m.wrapping(m.sale);
        wrap.receipt.signature = keyNamed("x").sign("r4", wrap.receipt.body);
        QCOMPARE(m.send("key server", wrap).refused, Refused::SignatureInvalid);
        m.playUntil(SaleState::Delivered);
        ProvideEscrow provide = m.escrowing(m.sale);
        provide.keyReadySignature = keyNamed("coordinator").sign("key-ready", provide.keyReady);
        QCOMPARE(m.send("coordinator", provide).refused, Refused::SignatureInvalid);
        m.playUntil(SaleState::SellerPaid);
        SendPart part = m.part(m.sale, 1);
        part.box.push_back(0);
        QCOMPARE(m.send("key server", part).refused, Refused::ReceiptMismatch);
        part = m.part(m.sale, 2);
        part.box = {1};
        QCOMPARE(m.send("key server", part).refused, Refused::SaleWrongState);
        QCOMPARE(m.lastSale.at(m.sale).state, SaleState::SellerPaid);
    }

    void commandIdsAreIdempotent() {
        Market m;
        const Hash before = m.engine.stateHash();
        const MakeOffer same = m.offerFor(m.listing);
        const std::uint64_t used = m.counters["buyer"];
        QCOMPARE(m.sendAs("buyer", used, same).value, m.sale.value); // as the first time
        QVERIFY(m.fresh.empty());
        MakeOffer other = same;
        other.bid = usd(20'000);
        QCOMPARE(m.sendAs("buyer", used, other).refused, Refused::IdReused);
        QVERIFY(m.engine.stateHash() == before);
        for (std::uint64_t i = 0; i < kWindow; ++i) m.send("buyer", CancelOrder{{12345}});
        QCOMPARE(m.sendAs("buyer", used, same).refused, Refused::IdTooOld);
    }

    /// Ids need not come in their order, and what is remembered of a refusal is all of it, after loading, too.
    void repliesAreRememberedWhole() {
        Market m;
        std::map<std::uint64_t, Reply> first;
        const std::uint64_t used = m.counters["buyer"];
        const SignTerms tooEarly{m.sale, {}};
        for (const std::uint64_t later : {9u, 3u, 7u, 1u}) first[later] = m.sendAs("buyer", used + later, tooEarly);
        QVERIFY(first[3].refused != Refused::No && !first[3].detail.empty());
        const auto isRepeated = [&] {
            for (const auto& [later, reply] : first) {
                if (!(m.sendAs("buyer", used + later, tooEarly) == reply)) return false;
            }
            return true;
        };
        QVERIFY(isRepeated());
        const Hash before = m.engine.stateHash();
        CborWriter writer;
        m.engine.save(writer);
        CborReader reader(writer.bytes());
        auto loaded = Engine::load(reader);
        QVERIFY(loaded && reader.finish());
        m.engine = std::move(*loaded);
        QVERIFY(m.engine.stateHash() == before);
        QVERIFY(isRepeated());
    }

private:
    static constexpr std::uint64_t kWindow = 1024;
};

QTEST_GUILESS_MAIN(TestEngineSale)
#include "tst_engine_sale.moc"
