// How the two parts of the key reach the buyer: as the offer asks for it and both have signed it.
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

Config withStandby() {
    Config config = EngineHarness::settings();
    config.standby = PartyKeys{keyNamed("standby").publicKey(), boxNamed("standby")};
    return config;
}

struct Scene : EngineHarness {
    explicit Scene(std::optional<KeyWay> way, const Config& config = withStandby()) : EngineHarness(config, way) {
        join("seller");
        join("buyer");
        listed = listingOf("Field notes");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    SaleChanged view() const { return lastSale.at(sale); }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    Reply sendPart(std::uint8_t number, const std::string& who = "key server") { return send(who, part(sale, number)); }
    bool relays() const { return !freshOf<KeyPartRelayed>().empty(); }
    bool isAskedFor(SaleEffect effect) const {
        const auto open = engine.openEffects();
        return std::any_of(open.begin(), open.end(), [&](const EffectOpened& e) { return e.effect == effect; });
    }
    std::vector<int> stepsFrom(int first) const {
        std::vector<int> steps;
        for (const ReceiptMade& receipt : receipts) {
            if (receipt.step >= first) steps.push_back(receipt.step);
        }
        return steps;
    }
    void payAgain(bool reversed) {
        ObservePayment seen = payment(sale, "pays", satoshi(200'500), reversed ? 0 : 2);
        seen.reversed = reversed;
        QCOMPARE(send("coordinator", seen).refused, Refused::No);
    }
    void becomeRekeying() {
        while (view().state != SaleState::Rekeying) tick(*engine.nextDeadlineMs() - nowMs);
    }

    PublishListing listed;
    SaleId sale;

private:
};

#define REFUSED(reply, why) QCOMPARE((reply).refused, Refused::why)
#define TAKEN(reply) REFUSED(reply, No)

} // namespace

class TestEngineKeyWays : public QObject {
    Q_OBJECT
private slots:
    void theTermsRepeatWhatTheOfferAsksFor() {
        for (const auto way : {std::optional<KeyWay>(), std::optional(KeyWay::TwoChannels),
                               std::optional(KeyWay::PartOneEarly), std::optional(KeyWay::OneChannel)}) {
            Scene s(way);
            Terms terms = s.termsFor(s.sale, s.listed);
            terms.keyWay = way == KeyWay::OneChannel ? KeyWay::PartOneEarly : KeyWay::OneChannel;
            const Reply other = s.send("seller", s.acceptance(s.sale, terms));
            REFUSED(other, TermsMismatch);
            QCOMPARE(other.detail, std::string("keyWay"));
            terms = s.termsFor(s.sale, s.listed);
            terms.courier1 =
                way == KeyWay::OneChannel ? CourierKind::CoordinatorMailbox : CourierKind::KeyServerEndpoint;
            const Reply courier = s.send("seller", s.acceptance(s.sale, terms));
            REFUSED(courier, TermsMismatch);
            QCOMPARE(courier.detail, std::string("courier1"));
            TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        }
    }

    /// Where coordinator and key server are one, both parties sign that they are.
    void theTermsSayThatTheServersAreOne() {
        for (const auto one : {std::optional<bool>(), std::optional(true)}) {
            Config config = withStandby();
            config.oneServer = one;
            Scene s({}, config);
            Terms terms = s.termsFor(s.sale, s.listed);
            terms.oneServer = one ? std::optional<bool>() : std::optional(true);
            const Reply other = s.send("seller", s.acceptance(s.sale, terms));
            REFUSED(other, TermsMismatch);
            QCOMPARE(other.detail, std::string("oneServer"));
            TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        }
    }

    /// A counter-offer is answered by a whole new offer.
    void aRenewedOfferMayAskForAnotherWay() {
        Scene s(KeyWay::OneChannel);
        TAKEN(s.send("seller", CounterOffer{s.sale, usd(12'000), s.nowMs + 60'000}));
        MakeOffer better = s.offerFor(s.view().listing);
        better.bid = usd(12'000);
        better.keyWay = KeyWay::PartOneEarly;
        TAKEN(s.send("buyer", RenewOffer{s.sale, better}));
        QVERIFY(s.view().keyWay == KeyWay::PartOneEarly);
    }

    void partOneComesWithTheFile() {
        Scene s(KeyWay::PartOneEarly);
        s.reach(SaleState::Seen);
        REFUSED(s.sendPart(1), SaleWrongState);
        s.reach(SaleState::Funded);
        QVERIFY(s.isAskedFor(SaleEffect::GivePart1));
        REFUSED(s.sendPart(1, "standby"), SaleNotYours);
        REFUSED(s.sendPart(1, "coordinator"), SaleNotYours);
        REFUSED(s.sendPart(2), SaleWrongState);
        TAKEN(s.sendPart(1));
        QVERIFY(s.relays());
        QVERIFY(s.view().state == SaleState::Funded && s.view().partOneConfirmed == false);
        QVERIFY(!s.isAskedFor(SaleEffect::GivePart1));
        QVERIFY(s.stepsFrom(9).empty());
        for (const SaleState later : {SaleState::Delivered, SaleState::Escrowed, SaleState::SellerPaid}) {
            TAKEN(s.sendPart(1)); // once more: the buyer has it
            QVERIFY(!s.relays());
            if (s.view().state != SaleState::Funded) QVERIFY(s.view().step < 12);
            REFUSED(s.sendPart(2), SaleWrongState);
            s.reach(later);
        }
        TAKEN(s.sendPart(1));
        QVERIFY(s.view().state == SaleState::SellerPaid && !s.relays());
        TAKEN(s.sendPart(2));
        QVERIFY(s.view().state == SaleState::KeySent2);
        TAKEN(s.send("buyer", s.unlocking(s.sale))); // B14 before B12
        QVERIFY(s.view().state == SaleState::Unlocked);
        TAKEN(s.sendPart(1));
        QVERIFY(!s.relays() && s.view().partOneConfirmed == true);
        TAKEN(s.sendPart(1)); // once
        QCOMPARE(s.stepsFrom(12), (std::vector<int>{13, 14, 12}));
    }

    void partOneThatComesLateComesInItsTurn() {
        Scene s(KeyWay::PartOneEarly);
        s.reach(SaleState::SellerPaid);
        QVERIFY(!s.isAskedFor(SaleEffect::GivePart1));
        REFUSED(s.sendPart(2), SaleWrongState);
        TAKEN(s.sendPart(1));
        QVERIFY(s.relays() && s.view().state == SaleState::KeySent1);
        TAKEN(s.sendPart(2));
        REFUSED(s.sendPart(1), SaleWrongState); // nothing is to be confirmed
        QCOMPARE(s.stepsFrom(12), (std::vector<int>{12, 13}));
    }

    /// It opens nothing, so the buyer may keep it.
    void isGivenOnceWhateverTheChainDoes() {
        Scene s(KeyWay::PartOneEarly);
        s.reach(SaleState::Funded);
        TAKEN(s.sendPart(1));
        s.payAgain(true);
        QVERIFY(s.view().state == SaleState::Seen);
        s.payAgain(false);
        QVERIFY(s.view().state == SaleState::Funded && !s.isAskedFor(SaleEffect::GivePart1));
        // And what has not been given by then is asked for again.
        Scene other(KeyWay::PartOneEarly);
        other.reach(SaleState::Funded);
        other.payAgain(true);
        QVERIFY(!other.isAskedFor(SaleEffect::GivePart1));
        other.payAgain(false);
        QVERIFY(other.isAskedFor(SaleEffect::GivePart1));
    }

    void isNotGivenWhereItWasNotAgreed() {
        for (const auto way : {std::optional<KeyWay>(), std::optional(KeyWay::OneChannel)}) {
            Scene s(way);
            s.reach(SaleState::Funded);
            QVERIFY(!s.isAskedFor(SaleEffect::GivePart1));
            for (const SaleState later : {SaleState::Delivered, SaleState::Escrowed, SaleState::SellerPaid}) {
                REFUSED(s.sendPart(1), SaleWrongState);
                REFUSED(s.sendPart(2), SaleWrongState);
                s.reach(later);
            }
            REFUSED(s.sendPart(2), SaleWrongState);
            TAKEN(s.sendPart(1));
        }
    }

    /// Parts of two key servers do not fit each other: the standby begins anew.
    void aStandbySendsBothParts() {
        Scene s(KeyWay::PartOneEarly);
        s.reach(SaleState::Funded);
        TAKEN(s.sendPart(1));
        s.reach(SaleState::SellerPaid);
        s.becomeRekeying();
        TAKEN(s.send("standby", s.rewrapping(s.sale)));
        REFUSED(s.sendPart(2), SaleNotYours);
        REFUSED(s.sendPart(2, "standby"), SaleWrongState);
        TAKEN(s.sendPart(1, "standby"));
        QVERIFY(s.relays());
        TAKEN(s.sendPart(2, "standby"));
        QVERIFY(s.view().state == SaleState::KeySent2);
    }

    /// A key server that wakes up in time goes on where it was.
    void aWokenKeyServerSendsPartTwo() {
        Scene s(KeyWay::PartOneEarly);
        s.reach(SaleState::Funded);
        TAKEN(s.sendPart(1));
        s.reach(SaleState::SellerPaid);
        s.becomeRekeying();
        TAKEN(s.sendPart(2));
        QVERIFY(s.view().state == SaleState::KeySent2);
        TAKEN(s.sendPart(1));
        QCOMPARE(s.stepsFrom(12), (std::vector<int>{13, 12}));
    }

    void oneChannelNeverGoesThroughTheCoordinator() {
        Scene s(KeyWay::OneChannel);
        s.reach(SaleState::SellerPaid);
        SendPart boxed = s.part(s.sale, 1);
        QVERIFY(boxed.box.empty());
        boxed.box = bytesOf("boxed part 1");
        REFUSED(s.send("key server", boxed), ReceiptMismatch);
        TAKEN(s.sendPart(1));
        QVERIFY(!s.relays() && s.view().state == SaleState::KeySent1);
        TAKEN(s.sendPart(2));
        QVERIFY(s.view().state == SaleState::KeySent2);
        // And where the coordinator is to carry it, it has to be there.
        Scene two({});
        two.reach(SaleState::SellerPaid);
        SendPart empty = two.part(two.sale, 1);
        empty.box.clear();
        REFUSED(two.send("key server", empty), ReceiptMismatch);
    }
};

QTEST_GUILESS_MAIN(TestEngineKeyWays)
#include "tst_engine_key_ways.moc"
