// Sales in which only the ownership passes: the file stays where it is, and the custody entry that the seller signs is
// the delivery.
#include "tests/core/engine/EngineHarness.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {

struct Scene : EngineHarness {
    explicit Scene(std::optional<DeliveryKind> what = DeliveryKind::OwnershipOnly)
        : EngineHarness(settings(), {}, what) {
        join("seller");
        join("buyer");
        sale = {send("buyer", offerFor({send("seller", listed).value})).value};
    }
    SaleChanged view() const { return lastSale.at(sale); }
    void reach(SaleState wanted) { EngineHarness::reach(sale, listed, wanted); }
    bool isAskedFor(SaleEffect effect) const {
        const auto open = engine.openEffects();
        return std::any_of(open.begin(), open.end(), [&](const EffectOpened& e) { return e.effect == effect; });
    }
    void payAgain(bool reversed) {
        ObservePayment seen = payment(sale, "pays", satoshi(200'500), reversed ? 0 : 2);
        seen.reversed = reversed;
        QCOMPARE(send("coordinator", seen).refused, Refused::No);
    }
    /// The entry with one thing changed, signed anew.
    template <class Change>
    Reply passes(const Change& change, const std::string& signer = "seller") {
        PassOwnership c = passing(sale);
        change(c.entry.entry);
        c.entry.signature = keyNamed(signer).sign(custody::kCustodyLabel, c.entry.entry);
        return send("seller", c);
    }

    PublishListing listed = listingOf("Field notes");
    SaleId sale;

private:
};

#define REFUSED(reply, why) QCOMPARE((reply).refused, Refused::why)
#define TAKEN(reply) REFUSED(reply, No)

} // namespace

class TestEngineOwnership : public QObject {
    Q_OBJECT
private slots:
    void theTermsRepeatWhatTheOfferAsksFor() {
        for (const auto kind : {std::optional<DeliveryKind>(), std::optional(DeliveryKind::SealedFile),
                                std::optional(DeliveryKind::OwnershipOnly)}) {
            Scene s(kind);
            Terms terms = s.termsFor(s.sale, s.listed);
            QCOMPARE(terms.ownership.has_value(), kind == DeliveryKind::OwnershipOnly);
            terms.ownership = terms.ownership ? std::nullopt : std::optional(Ownership{s.listed.assetId, 1, {}, 0});
            const Reply other = s.send("seller", s.acceptance(s.sale, terms));
            REFUSED(other, TermsMismatch);
            QCOMPARE(other.detail, std::string("ownership"));
            TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        }
        Scene s;
        Terms terms = s.termsFor(s.sale, s.listed);
        terms.ownership->assetId = hashNamed("another asset");
        REFUSED(s.send("seller", s.acceptance(s.sale, terms)), TermsMismatch);
    }

    /// A counter-offer is answered by a whole new offer.
    void aRenewedOfferMayAskForTheFile() {
        Scene s;
        TAKEN(s.send("seller", CounterOffer{s.sale, usd(12'000), s.nowMs + 60'000}));
        MakeOffer better = s.offerFor(s.view().listing);
        better.delivery.reset();
        TAKEN(s.send("buyer", RenewOffer{s.sale, better}));
        QVERIFY(!s.view().delivery);
        TAKEN(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))));
        QVERIFY(!s.view().terms->ownership);
    }

    void onlyTheEntryOfTheTermsIsTheDelivery() {
        Scene s;
        s.reach(SaleState::Funded);
        using Entry = custody::CustodyEntry;
        REFUSED(s.passes([](Entry& e) { e.assetId = hashNamed("another asset"); }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.number = 2; }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.kind = custody::CustodyKind::Created; }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.from = e.to; }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.to = e.from; }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.previous = hashNamed("another owner's"); }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.contract = hashNamed("another sale"); }), ReceiptMismatch);
        REFUSED(s.passes([](Entry& e) { e.timeMs = 999; }), ReceiptMismatch); // before the one that it follows
        REFUSED(s.passes([](Entry&) {}, "buyer"), SignatureInvalid);
        REFUSED(s.send("buyer", s.passing(s.sale)), SaleNotYours);
        REFUSED(s.send("coordinator", s.passing(s.sale)), SaleNotYours);
        QCOMPARE(s.view().state, SaleState::Funded);
        TAKEN(s.send("seller", s.passing(s.sale)));
        QCOMPARE(s.view().state, SaleState::Delivered);
        QVERIFY(s.view().owner == s.passing(s.sale).entry);
        QVERIFY(s.isAskedFor(SaleEffect::ProvideEscrow));
        REFUSED(s.send("seller", s.passing(s.sale)), SaleWrongState);
    }

    /// Neither the buyer's word nor the store's is a delivery here, and nobody reads the store for it.
    void noFileIsTheDelivery() {
        Scene s;
        s.reach(SaleState::Funded);
        QVERIFY(!s.isAskedFor(SaleEffect::ProveStored));
        REFUSED(s.send("buyer", s.delivery(s.sale)), ReceiptMismatch);
        REFUSED(s.send("coordinator", s.storing(s.sale)), ReceiptMismatch);
        QCOMPARE(s.view().state, SaleState::Funded);
    }
    /// And where a file is to go over, the ownership alone is none.
    void noEntryIsTheDeliveryOfAFile() {
        Scene s{std::nullopt};
        s.reach(SaleState::Funded);
        QVERIFY(s.isAskedFor(SaleEffect::ProveStored));
        REFUSED(s.send("seller", s.passing(s.sale)), ReceiptMismatch);
        QCOMPARE(s.view().state, SaleState::Funded);
    }

    /// The buyer gets everything back from a seller who stays silent at B8.
    void silenceRefunds() {
        Scene s;
        s.reach(SaleState::Funded);
        s.tick(s.view().deadlineMs - s.nowMs);
        QCOMPARE(s.view().state, SaleState::Refunding);
        TAKEN(s.send("coordinator", CloseWallet{s.sale, "reference"}));
        QCOMPARE(s.view().state, SaleState::Refunded);
        QVERIFY(s.available(s.view().buyer, money::kBtc) == 200'500);
    }

    /// Who owns it is told to the two at B8, and to everybody once the seller is paid; and then for good.
    void theOwnerIsPublicOnceTheSellerIsPaid() {
        Scene s;
        s.reach(SaleState::Escrowed);
        const auto isTold = [&] {
            return std::any_of(s.events.begin(), s.events.end(),
                               [](const Event& event) { return std::holds_alternative<CustodyPassed>(event.body); });
        };
        QVERIFY(!isTold());
        s.reach(SaleState::SellerPaid);
        const auto told = s.freshOf<CustodyPassed>();
        QCOMPARE(told.size(), std::size_t{1});
        QVERIFY(told[0].sale == s.sale && told[0].listing == s.view().listing && told[0].assetId == s.listed.assetId);
        QVERIFY(told[0].entry == encodeCbor(*s.view().owner));
        REFUSED(s.send("seller", PassCustody{s.sale, s.view().listing, bytesOf("to somebody else")}), CustodyPassed);
        s.reach(SaleState::Completed);
    }

    /// What was passed stays so, if the money had only left the chain for a while; a new attempt asks for a new word of
    /// the key server.
    void whatWasPassedStaysSo() {
        for (const SaleState at : {SaleState::Delivered, SaleState::Escrowed}) {
            Scene s;
            s.reach(at);
            s.payAgain(true);
            QCOMPARE(s.view().state, SaleState::Seen);
            s.payAgain(false);
            QCOMPARE(s.view().state, SaleState::Delivered);
            TAKEN(s.send("coordinator", s.escrowing(s.sale)));
            QCOMPARE(s.view().state, SaleState::Escrowed);
        }
    }

    /// It outlives a restart from a snapshot.
    void itIsSavedWithTheSale() {
        Scene s;
        s.reach(SaleState::Delivered);
        CborWriter writer;
        s.engine.save(writer);
        CborReader reader(writer.bytes());
        const auto loaded = Engine::load(reader);
        QVERIFY(loaded.ok() && reader.finish());
        const SaleChanged* kept = loaded->sale(s.sale);
        QVERIFY(kept && encodeCbor(*kept) == encodeCbor(s.view()));
    }
};

QTEST_GUILESS_MAIN(TestEngineOwnership)
#include "tst_engine_ownership.moc"
