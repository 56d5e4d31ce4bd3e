// What was held back from the seller: objections, statements, verdicts, deputies, silence; the time to look; and a
// buyer who is silent when the file lies in the store.
#include "EngineHarness.h"
#include "core/escrow/SaleTable.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

constexpr std::int64_t kDayMs = LateDeadlines::kDayMs;

struct Sale : EngineHarness {
    static Config settings(std::int64_t inspectionMs, std::uint32_t holdback) {
        Config c = EngineHarness::settings();
        c.arbitration = Arbitration{keyNamed("arbiter").publicKey(),
                                    {keyNamed("deputy").publicKey(), keyNamed("second deputy").publicKey()},
                                    inspectionMs};
        c.holdbackBasisPoints = holdback;
        return c;
    }
    explicit Sale(std::int64_t inspectionMs = kDayMs, std::uint32_t holdback = 500)
        : Sale(settings(inspectionMs, holdback)) {}
    explicit Sale(const Config& config) : EngineHarness(config) {}

    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};
    SaleId sale{send("buyer", offerFor(listing)).value};

    const SaleChanged& view() const { return lastSale.at(sale); }
    SaleState state() const { return view().state; }
    /// Along the straight way, up to this state.
    void goTo(SaleState wanted) {
        const auto steps = stepsOf(sale, listed);
        while (state() != wanted && m_taken < steps.size()) {
            const Step& step = steps[m_taken++];
            QCOMPARE(send(step.who, step.body()).refused, Refused::No);
        }
        QCOMPARE(state(), wanted);
    }
    void object(Claim claim = Claim::NotAsDescribed) {
        goTo(SaleState::Unlocked);
        QCOMPARE(send("buyer", objection(sale, claim)).refused, Refused::No);
        QCOMPARE(state(), SaleState::Disputed);
    }
    Refused decide(const std::string& who, std::int64_t cents, const std::string& why = "Half of it is missing.") {
        return send(who, DecideDispute{sale, usd(cents), why}).refused;
    }
    /// What each has in dollars, in cents; the price is 100 dollars, the fee one, the holdback five.
    std::int64_t cents(HolderId who) const {
        return static_cast<std::int64_t>(available(who, money::kUsd) / usd(1).value);
    }

private:
    std::size_t m_taken = 0; ///< of the steps
};

} // namespace

class TestEngineDisputes : public QObject {
    Q_OBJECT
private slots:
    void theArbiterSplitsWhatWasHeldBack() {
        Sale s;
        s.object();
        QCOMPARE(s.cents(s.seller), std::int64_t{9'400});
        QCOMPARE(s.view().dispute->claim, Claim::NotAsDescribed);
        QCOMPARE(s.freshOf<DisputeStatement>().size(), std::size_t{1});
        QVERIFY(s.engine.openEffects().empty()); // nobody is asked to judge what is not about data
        QCOMPARE(s.engine.disputedSales(), std::vector<SaleId>{s.sale});

        QCOMPARE(s.send("seller", MakeStatement{s.sale, "It is all there."}).refused, Refused::No);
        QCOMPARE(s.send("buyer", MakeStatement{s.sale, "Page two is not."}).refused, Refused::No);
        const auto said = s.engine.statements(s.sale);
        QCOMPARE(said.size(), std::size_t{3});
        QVERIFY(said[1].by == SaleActor::Seller && said[1].text == "It is all there." &&
                said[2].by == SaleActor::Buyer);

        QCOMPARE(s.decide("arbiter", 200), Refused::No);
        QCOMPARE(s.state(), SaleState::Resolved);
        QCOMPARE(s.cents(s.buyer), std::int64_t{200});
        QCOMPARE(s.cents(s.seller), std::int64_t{9'700});
        QVERIFY(*s.view().dispute->decidedBy == keyNamed("arbiter").publicKey());
        const auto reason = s.freshOf<DisputeStatement>();
        QVERIFY(reason.size() == 1 && reason[0].by == SaleActor::Arbiter);
        QVERIFY(!s.engine.sale(s.sale) && s.engine.statements(s.sale).empty());
        QCOMPARE(s.receipts.back().actor, SaleActor::Arbiter);
    }

    void whoMaySayAndDecideWhat() {
        Sale s;
        QCOMPARE(s.send("buyer", MakeStatement{s.sale, "Too early."}).refused, Refused::SaleWrongState);
        s.goTo(SaleState::KeySent1);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::SaleWrongState);
        s.goTo(SaleState::KeySent2);
        RaiseDispute objection = s.objection(s.sale, Claim::NotAsDescribed);
        QCOMPARE(s.send("seller", objection).refused, Refused::SaleNotYours);
        QCOMPARE(s.decide("arbiter", 0), Refused::SaleWrongState);
        objection.text.clear();
        QCOMPARE(s.send("buyer", objection).refused, Refused::TextInvalid);
        objection.text = std::string(kMaxStatement + 1, 'x');
        QCOMPARE(s.send("buyer", objection).refused, Refused::TextInvalid);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::SaleWrongState);
        QCOMPARE(s.send("buyer", s.unlocking(s.sale)).refused, Refused::SaleWrongState);

        QCOMPARE(s.send("stranger", MakeStatement{s.sale, "Hello."}).refused, Refused::SaleNotYours);
        QCOMPARE(s.send("arbiter", MakeStatement{s.sale, "Hello."}).refused, Refused::SaleNotYours);
        QCOMPARE(s.send("buyer", MakeStatement{s.sale, ""}).refused, Refused::TextInvalid);
        for (const char* who : {"buyer", "seller", "coordinator", "key server", "stranger"})
            QCOMPARE(s.decide(who, 500), Refused::SaleNotYours);
        QCOMPARE(s.decide("arbiter", 501), Refused::AmountInvalid);
        QCOMPARE(s.decide("arbiter", -1), Refused::AmountNegative);
        QCOMPARE(s.send("arbiter", DecideDispute{s.sale, satoshi(1), "In coins."}).refused, Refused::AmountInvalid);
        QCOMPARE(s.decide("arbiter", 500, ""), Refused::TextInvalid);
        QCOMPARE(s.send("key server", s.judging(s.sale, true)).refused, Refused::SaleWrongState); // nobody doubts data
        QCOMPARE(s.state(), SaleState::Disputed);
        QCOMPARE(s.decide("arbiter", 0), Refused::No);
        QCOMPARE(s.cents(s.seller), std::int64_t{9'900});
    }

    void nobodyTalksForEver() {
        Sale s;
        s.object(); // the first
        for (std::size_t i = 1; i < kMaxStatements; ++i)
            QCOMPARE(s.send("buyer", MakeStatement{s.sale, "And another thing."}).refused, Refused::No);
        QCOMPARE(s.send("buyer", MakeStatement{s.sale, "And."}).refused, Refused::StatementsTooMany);
        QCOMPARE(s.send("seller", MakeStatement{s.sale, "My turn."}).refused, Refused::No);
        QCOMPARE(s.engine.statements(s.sale).size(), kMaxStatements + 1);
    }

    void deputiesWaitForTheirTurn() {
        Sale s;
        s.object();
        const std::int64_t turn = s.view().terms->arbitration->deputyMs;
        QCOMPARE(s.decide("deputy", 100), Refused::DeputyWaits);
        s.tick(turn - 1);
        QCOMPARE(s.decide("deputy", 100), Refused::DeputyWaits);
        s.tick(1);
        QCOMPARE(s.decide("second deputy", 100), Refused::DeputyWaits);
        QCOMPARE(s.decide("deputy", 100), Refused::No);
        QVERIFY(*s.view().dispute->decidedBy == keyNamed("deputy").publicKey());
        QCOMPARE(s.cents(s.buyer), std::int64_t{100});
    }

    /// A deputy who sells or buys, not even in its turn.
    void nobodyDecidesItsOwnDispute() {
        for (const char* party : {"seller", "buyer"}) {
            Config config = Sale::settings(kDayMs, 500);
            config.arbitration->deputies = {keyNamed(party).publicKey()};
            Sale s(config);
            s.object();
            s.tick(s.view().terms->arbitration->deputyMs);
            QCOMPARE(s.decide(party, 100), Refused::SaleNotYours);
            QCOMPARE(s.decide("arbiter", 100), Refused::No);
        }
    }

    /// Whoever adds the key of a judge to its own account keeps nobody from deciding.
    void noPartyBindsAJudge() {
        for (const char* judge : {"arbiter", "deputy"}) {
            Sale s;
            const UserId user = s.engine.parties().actorOf(keyNamed("seller").publicKey())->user;
            (void)s.send("seller", AddDevice{user, keyNamed(judge).publicKey()});
            s.object();
            s.tick(s.view().terms->arbitration->deputyMs);
            QCOMPARE(s.decide(judge, 100), Refused::No);
        }
    }

    void silenceDecides_data() {
        QTest::addColumn<bool>("doubtsData");
        QTest::addColumn<bool>("foundSound");
        QTest::addColumn<bool>("answered");
        QTest::addColumn<int>("toBuyer");
        QTest::newRow("no answer") << false << false << false << 500;
        QTest::newRow("an answer") << false << false << true << 0;
        QTest::newRow("data, nobody looked, no answer") << true << false << false << 500;
        QTest::newRow("data, nobody looked, an answer") << true << false << true << 0;
        QTest::newRow("data, sound, no answer") << true << true << false << 0;
        QTest::newRow("data, sound, an answer") << true << true << true << 0;
    }
    void silenceDecides() {
        QFETCH(bool, doubtsData);
        QFETCH(bool, foundSound);
        QFETCH(bool, answered);
        QFETCH(int, toBuyer);
        Sale s;
        s.object(doubtsData ? Claim::BadData : Claim::NotAsDescribed);
        if (foundSound) QCOMPARE(s.send("key server", s.judging(s.sale, false)).refused, Refused::No);
        if (answered) QCOMPARE(s.send("seller", MakeStatement{s.sale, "It is fine."}).refused, Refused::No);
        s.tick(s.view().terms->arbitration->disputeMs - 1);
        QCOMPARE(s.state(), SaleState::Disputed);
        s.tick(1);
        QCOMPARE(s.state(), SaleState::Resolved);
        QVERIFY(!s.view().dispute->decidedBy);
        QCOMPARE(s.cents(s.buyer), std::int64_t{toBuyer});
        QCOMPARE(s.cents(s.seller), std::int64_t{9'900 - toBuyer});
    }

    void theKeyServerJudgesBadData() {
        Sale s;
        s.goTo(SaleState::KeySent2);
        RaiseDispute objection = s.objection(s.sale, Claim::BadData);
        objection.receipt->opened = true; // "it opened", signed or not
        QCOMPARE(s.send("buyer", objection).refused, Refused::ReceiptMismatch);
        objection = s.objection(s.sale, Claim::BadData);
        objection.receipt->contract = hashNamed("another contract");
        QCOMPARE(s.send("buyer", objection).refused, Refused::ReceiptMismatch);
        objection = s.objection(s.sale, Claim::BadData);
        objection.signature = keyNamed("seller").sign("r14", *objection.receipt);
        QCOMPARE(s.send("buyer", objection).refused, Refused::SignatureInvalid);
        objection.receipt.reset();
        QCOMPARE(s.send("buyer", objection).refused, Refused::ReceiptMismatch);
        objection = s.objection(s.sale, Claim::BadData);
        objection.claim = Claim::NotAsDescribed; // which needs no receipt
        QCOMPARE(s.send("buyer", objection).refused, Refused::ReceiptMismatch);

        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::BadData)).refused, Refused::No);
        const auto effects = s.engine.openEffects();
        QVERIFY(effects.size() == 1 && effects[0].effect == SaleEffect::JudgeData);
        JudgeData verdict = s.judging(s.sale, true);
        QCOMPARE(s.send("arbiter", verdict).refused, Refused::SaleNotYours);
        verdict.signature = keyNamed("coordinator").sign("verdict", verdict.verdict);
        QCOMPARE(s.send("key server", verdict).refused, Refused::SignatureInvalid);
        verdict.verdict.contract = hashNamed("another contract");
        QCOMPARE(s.send("key server", verdict).refused, Refused::ReceiptMismatch);
        QCOMPARE(s.send("key server", s.judging(s.sale, true)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Resolved);
        QCOMPARE(s.cents(s.buyer), std::int64_t{500});
        QVERIFY(s.engine.openEffects().empty());
    }

    void soundDataStillGoBeforeTheArbiter() {
        Sale s;
        s.object(Claim::BadData);
        QCOMPARE(s.send("key server", s.judging(s.sale, false)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Disputed);
        QVERIFY(s.engine.openEffects().empty());
        QCOMPARE(s.send("key server", s.judging(s.sale, true)).refused, Refused::SaleWrongState); // it has judged
        QCOMPARE(s.decide("arbiter", 500), Refused::No);
        QCOMPARE(s.cents(s.buyer), std::int64_t{500});
    }

    /// The coins may still be on their way when the dispute is over: the treasury takes them as they are.
    void aDisputeDoesNotWaitForTheSecondExchange() {
        Sale s;
        for (const Sale::Step& step : s.stepsOf(s.sale, s.listed)) {
            const CommandBody body = step.body();
            if (std::holds_alternative<MoveCoins>(body)) continue;
            QCOMPARE(s.send(step.who, body).refused, Refused::No);
        }
        QCOMPARE(s.state(), SaleState::Unlocked);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
        QCOMPARE(s.decide("arbiter", 300), Refused::No);
        QCOMPARE(s.state(), SaleState::Resolved);
        QVERIFY(s.available(s.buyer, money::kBtc) == 500);
        QVERIFY(s.engine.openEffects().empty());
    }

    void withoutAHoldbackThereIsNothingToDecide() {
        Sale s(kDayMs, 0);
        s.goTo(SaleState::KeySent2);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::NothingHeldBack);
        QCOMPARE(s.send("buyer", s.unlocking(s.sale)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Completed); // nor anything to look for
    }

    void theBuyerHasTimeToLook() {
        Sale s;
        s.goTo(SaleState::Unlocked);
        QCOMPARE(*s.view().inspectionEndsMs, s.nowMs + kDayMs);
        QCOMPARE(s.view().deadlineMs, s.nowMs + kDayMs);
        s.tick(kDayMs - 1);
        QCOMPARE(s.state(), SaleState::Unlocked);
        QCOMPARE(s.cents(s.seller), std::int64_t{9'400});
        s.tick(1);
        QCOMPARE(s.state(), SaleState::Completed);
        QCOMPARE(s.cents(s.seller), std::int64_t{9'900});
    }

    void theBuyerIsContent() {
        Sale s;
        s.goTo(SaleState::KeySent2);
        QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::SaleWrongState);
        s.goTo(SaleState::Unlocked);
        QCOMPARE(s.send("seller", ReleaseHoldback{s.sale}).refused, Refused::SaleNotYours);
        QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Completed);
        QCOMPARE(s.cents(s.seller), std::int64_t{9'900});
    }

    /// Content before the coins have gone their way: the sale ends when they have, and again is no effect.
    void contentBeforeTheCoinsHaveMoved() {
        Sale s;
        for (const Sale::Step& step : s.stepsOf(s.sale, s.listed)) {
            const CommandBody body = step.body();
            if (!std::holds_alternative<MoveCoins>(body)) QCOMPARE(s.send(step.who, body).refused, Refused::No);
        }
        QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::No);
        QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::No);
        QVERIFY(s.fresh.empty());
        QCOMPARE(s.state(), SaleState::Unlocked);
        // The word stands: what was released is not doubted any more.
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::SaleWrongState);
        QCOMPARE(s.send("coordinator", MoveCoins{s.sale, "reference", satoshi(200'000)}).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Completed);
    }

    /// The time to look is over, and the sale waits for its coins only.
    void afterTheTimeToLookNothingIsDoubted() {
        Sale s;
        for (const Sale::Step& step : s.stepsOf(s.sale, s.listed)) {
            const CommandBody body = step.body();
            if (!std::holds_alternative<MoveCoins>(body)) QCOMPARE(s.send(step.who, body).refused, Refused::No);
        }
        s.tick(*s.view().inspectionEndsMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Unlocked);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::SaleWrongState);
    }

    /// A frozen buyer, or a thief with a key that was removed, gives no money away.
    void aFrozenBuyerReleasesNothing() {
        Sale s;
        s.goTo(SaleState::Unlocked);
        const SetStanding frozen{s.view().buyer, static_cast<std::uint8_t>(parties::Standing::Frozen), "asked for"};
        QCOMPARE(s.send("coordinator", frozen).refused, Refused::No);
        QCOMPARE(s.send("buyer", ReleaseHoldback{s.sale}).refused, Refused::AccountFrozen);
        QCOMPARE(s.send("buyer", s.objection(s.sale, Claim::NotAsDescribed)).refused, Refused::No);
    }

    void withoutTimeToLookTheSaleEndsAtOnce() {
        Sale s(0);
        s.goTo(SaleState::Completed);
        QVERIFY(!s.view().inspectionEndsMs);
    }

    // --- B8 without the buyer --------------------------------------------------------------------------------------

    void aSilentBuyerHasTheFileDelivered() {
        Sale s;
        s.goTo(SaleState::Funded);
        auto effects = s.engine.openEffects();
        QVERIFY(effects.size() == 1 && effects[0].effect == SaleEffect::ProveStored);
        ConfirmStored stored = s.storing(s.sale);
        QCOMPARE(s.send("seller", stored).refused, Refused::SaleNotYours);
        stored.receipt.sealedRoot = hashNamed("another file");
        QCOMPARE(s.send("coordinator", stored).refused, Refused::ReceiptMismatch);
        stored = s.storing(s.sale);
        stored.signature = keyNamed("seller").sign("r8-store", stored.receipt);
        QCOMPARE(s.send("coordinator", stored).refused, Refused::SignatureInvalid);
        QCOMPARE(s.send("coordinator", s.storing(s.sale)).refused, Refused::No);
        const std::int64_t since = s.view().stored->sinceMs;
        QVERIFY(s.engine.openEffects().empty());
        s.tick(1000);
        QCOMPARE(s.send("coordinator", s.storing(s.sale)).refused, Refused::No);
        QCOMPARE(s.view().stored->sinceMs, since); // the first one counts
        QCOMPARE(s.state(), SaleState::Funded);
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Delivered);
        QVERIFY(!s.view().deliveryReceipt);
        effects = s.engine.openEffects();
        QVERIFY(effects.size() == 1 && effects[0].effect == SaleEffect::ProvideEscrow);
        QCOMPARE(s.send("buyer", s.delivery(s.sale)).refused, Refused::SaleWrongState); // it has been counted
    }

    void whatIsNotInTheStoreIsRefunded() {
        Sale s;
        s.goTo(SaleState::Funded);
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.state(), SaleState::Refunding);
    }

    void theBuyersOwnWordComesFirst() {
        Sale s;
        s.goTo(SaleState::Funded);
        QCOMPARE(s.send("buyer", s.delivery(s.sale)).refused, Refused::No);
        QCOMPARE(s.state(), SaleState::Delivered);
        const auto effects = s.engine.openEffects(); // the store is not asked any more
        QVERIFY(effects.size() == 1 && effects[0].effect == SaleEffect::ProvideEscrow);
        QCOMPARE(s.send("coordinator", s.storing(s.sale)).refused, Refused::SaleWrongState);
    }

    /// What an engine has kept of a dispute survives being saved.
    void aDisputeIsSavedAndLoaded() {
        Sale s;
        s.object(Claim::BadData);
        CborWriter writer;
        s.engine.save(writer);
        CborReader reader(writer.bytes());
        auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok() && reader.finish());
        QVERIFY(loaded->stateHash() == s.engine.stateHash());
        s.engine = std::move(*loaded);
        QCOMPARE(s.engine.statements(s.sale).size(), std::size_t{1});
        QCOMPARE(s.decide("arbiter", 100), Refused::No);
        QCOMPARE(s.cents(s.buyer), std::int64_t{100});
    }
};

QTEST_GUILESS_MAIN(TestEngineDisputes)
#include "tst_engine_disputes.moc"
