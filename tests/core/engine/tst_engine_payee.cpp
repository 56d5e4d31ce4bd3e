// To whom the price goes: the seller names another account, until the money is sent.
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

struct Scene : EngineHarness {
    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    HolderId firm = join("firm", true);
    PublishListing listed = listingOf("Field notes");
    SaleId sale;

    Scene() { sale = {send("buyer", offerFor({send("seller", listed).value})).value}; }
    SaleState state() const { return lastSale.at(sale).state; }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    Refused name(HolderId payee, const std::string& called, const std::string& who = "seller") {
        return send(who, SetPayoutTarget{sale, payee, called}).refused;
    }
    Refused stand(HolderId holder, parties::Standing standing) {
        return send("coordinator", SetStanding{holder, static_cast<std::uint8_t>(standing), "asked for"}).refused;
    }
    money::Int128 dollarsOf(HolderId holder) const { return available(holder, money::kUsd); }
};

} // namespace

class TestEnginePayee : public QObject {
    Q_OBJECT
private slots:
    void everyPlaceInWhichItMayBeSaid_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("may");
        for (int at = 0; at < static_cast<int>(SaleState::Unlocked); ++at) {
            const auto state = static_cast<SaleState>(at);
            const bool may = state >= SaleState::Accepted && state <= SaleState::Escrowed;
            QTest::newRow(escrow::nameOf(state)) << at << may;
        }
    }
    void everyPlaceInWhichItMayBeSaid() {
        QFETCH(int, state);
        QFETCH(bool, may);
        Scene s;
        s.reach(static_cast<SaleState>(state));
        const auto before = s.receipts.size();
        QCOMPARE(s.name(s.firm, "firm"), may ? Refused::No : Refused::SaleWrongState);
        QCOMPARE(s.state(), static_cast<SaleState>(state));
        QCOMPARE(s.receipts.size(), before); // no step
        s.reach(SaleState::Completed);
        const money::Int128 price = s.lastSale.at(s.sale).terms->price.value - s.lastSale.at(s.sale).terms->fee.value;
        QVERIFY(s.dollarsOf(s.firm) == (may ? price : 0)); // the holdback too
        QVERIFY(s.dollarsOf(s.seller) == (may ? 0 : price));
    }

    void theLastWordCounts() {
        Scene s;
        const HolderId other = s.join("other");
        s.reach(SaleState::Funded);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        QCOMPARE(s.name(other, "other"), Refused::No);
        s.reach(SaleState::Escrowed);
        QCOMPARE(s.name(s.seller, "seller"), Refused::No); // taken back
        QVERIFY(s.freshOf<PayoutTargetChanged>().at(0).target == s.seller);
        s.reach(SaleState::Completed);
        QVERIFY(s.dollarsOf(s.firm) == 0 && s.dollarsOf(other) == 0 && s.dollarsOf(s.seller) > 0);
    }

    void onlyTheSellerSaysItAndHears() {
        Scene s;
        s.reach(SaleState::Accepted);
        for (const char* who : {"buyer", "coordinator", "key server", "firm"})
            QCOMPARE(s.name(s.firm, "firm", who), Refused::SaleNotYours);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        for (const Event& event : s.fresh) {
            if (!std::holds_alternative<PayoutTargetChanged>(event.body)) continue;
            QVERIFY(event.audience.kind == Audience::Kind::Holders && event.audience.first == s.seller);
            QVERIFY(!event.audience.second);
        }
        QCOMPARE(s.freshOf<PayoutTargetChanged>().size(), std::size_t{1});
        QCOMPARE(s.name(s.firm, "firm"), Refused::No); // said already
        QVERIFY(s.fresh.empty());
    }

    void aMistypedNumberPaysNobody() {
        Scene s;
        s.reach(SaleState::Accepted);
        QCOMPARE(s.name({99}, "firm"), Refused::PayeeUnknown);
        QCOMPARE(s.name({}, ""), Refused::PayeeUnknown);
        QCOMPARE(s.name(s.firm, "farm"), Refused::PayeeUnknown);
        QCOMPARE(s.name(s.firm, "Firm"), Refused::PayeeUnknown);
        QCOMPARE(s.name(s.buyer, "buyer"), Refused::NotPermitted);
        QCOMPARE(s.send("coordinator",
                        SetStanding{s.firm, static_cast<std::uint8_t>(parties::Standing::Frozen), "asked for"})
                     .refused,
                 Refused::No);
        QCOMPARE(s.name(s.firm, "firm"), Refused::AccountFrozen);
        QCOMPARE(s.send("seller", SetPayoutTarget{{99}, s.firm, "firm"}).refused, Refused::SaleUnknown);
    }

    /// A seller that is frozen, or whose key was removed since, sends its money nowhere else. Restricted, it may: the
    /// money is owed to it already.
    void whoeverNoLongerSpeaksForTheSellerNamesNobody() {
        using parties::Standing;
        Scene s;
        s.reach(SaleState::Funded);
        QCOMPARE(s.stand(s.seller, Standing::Restricted), Refused::No);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        QCOMPARE(s.stand(s.seller, Standing::Frozen), Refused::No);
        QCOMPARE(s.name(s.seller, "seller"), Refused::AccountFrozen);
        QCOMPARE(s.stand(s.seller, Standing::Verified), Refused::No);
        const UserId user = s.engine.parties().actorOf(keyNamed("seller").publicKey())->user;
        QCOMPARE(s.send("seller", AddDevice{user, keyNamed("seller's new key").publicKey()}).refused, Refused::No);
        QCOMPARE(s.send("seller's new key", RemoveDevice{keyNamed("seller").publicKey()}).refused, Refused::No);
        QCOMPARE(s.name(s.seller, "seller"), Refused::NotRegistered);
        s.reach(SaleState::Completed); // the sale goes on with the key that it was begun with
        QVERIFY(s.dollarsOf(s.firm) > 0);
    }

    /// Whatever becomes of the account in between, the money that is promised to it is there.
    void aPayeeThatIsFrozenLaterIsPaid() {
        Scene s;
        s.reach(SaleState::Escrowed);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        s.send("coordinator", SetStanding{s.firm, static_cast<std::uint8_t>(parties::Standing::Frozen), "asked for"});
        s.tick(*s.engine.nextDeadlineMs() - s.nowMs); // without the dollar exchange too
        QVERIFY(s.state() == SaleState::SellerPaid && s.dollarsOf(s.firm) > 0);
    }

    /// A refund pays neither.
    void nobodyIsPaidForASaleThatEndsBefore() {
        Scene s;
        s.reach(SaleState::Funded);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        while (s.state() != SaleState::Refunded) s.tick(*s.engine.nextDeadlineMs() - s.nowMs);
        QVERIFY(s.dollarsOf(s.firm) == 0 && s.dollarsOf(s.seller) == 0);
    }

    void outlivesASnapshot() {
        Scene s;
        s.reach(SaleState::Escrowed);
        QCOMPARE(s.name(s.firm, "firm"), Refused::No);
        CborWriter writer;
        s.engine.save(writer);
        CborReader reader(writer.bytes());
        auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok() && reader.finish());
        QVERIFY(loaded->stateHash() == s.engine.stateHash());
        std::vector<Event> events;
        loaded->beginBatch(*loaded->nextDeadlineMs(), events);
        QVERIFY(loaded->ledger().balance(ledger::availableOf(s.firm, money::kUsd)).total > 0);
    }
};

QTEST_GUILESS_MAIN(TestEnginePayee)
#include "tst_engine_payee.moc"
