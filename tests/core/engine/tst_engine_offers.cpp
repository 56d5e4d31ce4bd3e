// Offers before their acceptance: counter-offers, new bids, and what ends them.
#include "EngineHarness.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {
struct Shop : EngineHarness {
    HolderId seller = join("seller");
    HolderId buyer = join("buyer");
    PublishListing listed = listingOf("Field notes");
    ListingId listing{send("seller", listed).value};
    SaleId sale{send("buyer", offerFor(listing)).value}; // bid 100, at least 90

    CounterOffer counter(const Amount& price) const { return {sale, price, nowMs + 50'000}; }
    RenewOffer renewal(const Amount& bid) const {
        MakeOffer offer = offerFor(listing);
        offer.bid = bid;
        offer.minimum = bid;
        offer.nonce = hashNamed("another nonce");
        return {sale, offer};
    }
    const SaleChanged& view() const { return lastSale.at(sale); }
};
} // namespace

class TestEngineOffers : public QObject {
    Q_OBJECT
private slots:
    void aCounterOfferAndItsAnswer() {
        Shop s;
        QCOMPARE(s.send("seller", s.counter(usd(12'000))).refused, Refused::No);
        QCOMPARE(s.view().state, SaleState::Countered);
        QVERIFY(s.view().counter == usd(12'000));
        QCOMPARE(s.view().deadlineMs, s.nowMs + 50'000);
        QCOMPARE(s.send("buyer", s.renewal(usd(12'000))).refused, Refused::No);
        QCOMPARE(s.view().state, SaleState::Offered);
        QVERIFY(s.view().bid == usd(12'000) && s.view().minimum == usd(12'000));
        QVERIFY(s.view().counter == usd(12'000)); // met
        QCOMPARE(s.view().buyerNonce, hashNamed("another nonce"));
        QCOMPARE(s.view().deadlineMs, s.nowMs + 60'000);
        QCOMPARE(s.receipts.size(), std::size_t{3});
        QCOMPARE(s.receipts.back().step, std::uint8_t{1});
        QCOMPARE(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))).refused, Refused::No);
        QVERIFY(s.view().terms->price == usd(12'000));
    }

    void aLowerAnswerForgetsTheCounterOffer() {
        Shop s;
        s.send("seller", s.counter(usd(12'000)));
        QCOMPARE(s.send("buyer", s.renewal(usd(11'999))).refused, Refused::No);
        QVERIFY(!s.view().counter.has_value());
        QCOMPARE(s.send("seller", s.counter(usd(12'001))).refused, Refused::No);
    }

    void refusalsInTheirOrder() {
        Shop s;
        const auto counter = [&](auto change, const char* who = "seller") {
            CounterOffer c = s.counter(usd(12'000));
            change(c);
            return s.send(who, c).refused;
        };
        QCOMPARE(counter([](auto& c) { c.sale = {99}; }, "buyer"), Refused::SaleUnknown);
        QCOMPARE(counter([](auto&) {}, "buyer"), Refused::SaleNotYours);
        QCOMPARE(counter([](auto& c) {
                     c.price = satoshi(5);
                     c.expiresMs = 1;
                 }),
                 Refused::AmountInvalid);
        QCOMPARE(counter([](auto& c) { c.price = usd(-1); }), Refused::AmountNegative);
        QCOMPARE(counter([](auto& c) { c.price = usd(0); }), Refused::AmountZero);
        QCOMPARE(counter([](auto& c) { c.price.value = money::kInt128Max; }), Refused::AmountOverflow);
        QCOMPARE(counter([](auto& c) {
                     c.price = usd(10'000);
                     c.expiresMs = 1;
                 }),
                 Refused::PriceOutsideOffer);
        QCOMPARE(counter([&](auto& c) { c.expiresMs = s.nowMs; }), Refused::ExpiryInvalid);

        const auto renew = [&](auto change, const char* who = "buyer") {
            RenewOffer c = s.renewal(usd(12'000));
            change(c.offer);
            return s.send(who, c).refused;
        };
        QCOMPARE(renew([](auto&) {}, "seller"), Refused::SaleNotYours);
        QCOMPARE(renew([](auto&) {}), Refused::SaleWrongState); // nobody has asked for more
        QCOMPARE(counter([](auto&) {}), Refused::No);
        QCOMPARE(counter([](auto&) {}), Refused::SaleWrongState);
        QCOMPARE(renew([](auto& o) {
                     o.listing = {99};
                     o.bid = usd(0);
                 }),
                 Refused::ListingUnknown);
        QCOMPARE(renew([](auto& o) { o.bid = usd(0); }), Refused::AmountZero);
        QCOMPARE(renew([](auto& o) { o.minimum = usd(12'001); }), Refused::MinimumAboveBid);
        QCOMPARE(renew([](auto& o) { o.coin = money::kUsd; }), Refused::UnitUnknown);
        QCOMPARE(renew([](auto& o) { o.expiresMs = 1; }), Refused::ExpiryInvalid);
        QCOMPARE(s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))).refused,
                 Refused::SaleWrongState); // the word stands until it is taken back
        QCOMPARE(s.view().state, SaleState::Countered);
        QVERIFY(s.view().bid == usd(10'000));
    }

    /// Whoever may make no offer may not answer one either: restricted, frozen, or with a key that was removed.
    void whoMayNoLongerBindTheAccount() {
        using parties::Standing;
        Shop s;
        const auto stand = [&](HolderId holder, Standing standing) {
            const SetStanding c{holder, static_cast<std::uint8_t>(standing), "asked for"};
            QCOMPARE(s.send("coordinator", c).refused, Refused::No);
        };
        const auto accept = [&] {
            return s.send("seller", s.acceptance(s.sale, s.termsFor(s.sale, s.listed))).refused;
        };
        for (const auto& [standing, why] : {std::pair{Standing::Restricted, Refused::AccountRestricted},
                                            std::pair{Standing::Frozen, Refused::AccountFrozen}}) {
            stand(s.seller, standing);
            QCOMPARE(s.send("seller", s.counter(usd(12'000))).refused, why);
            QCOMPARE(accept(), why);
        }
        stand(s.seller, Standing::Verified);
        QCOMPARE(s.send("seller", s.counter(usd(12'000))).refused, Refused::No);
        stand(s.buyer, Standing::Frozen);
        QCOMPARE(s.send("buyer", s.renewal(usd(12'000))).refused, Refused::AccountFrozen);
        stand(s.buyer, Standing::Verified);
        QCOMPARE(s.send("buyer", s.renewal(usd(12'000))).refused, Refused::No);

        const UserId user = s.engine.parties().actorOf(keyNamed("seller").publicKey())->user;
        QCOMPARE(s.send("seller", AddDevice{user, keyNamed("new").publicKey()}).refused, Refused::No);
        QCOMPARE(s.send("new", RemoveDevice{keyNamed("seller").publicKey()}).refused, Refused::No);
        QCOMPARE(accept(), Refused::NotRegistered);
        QCOMPARE(s.view().state, SaleState::Offered);
        QCOMPARE(s.send("seller", RejectOffer{s.sale}).refused, Refused::No); // what frees the other side it still may
    }

    /// Of two buyers one gets the edition: the other can neither be asked for more nor bid again.
    void anEditionThatIsTaken() {
        Shop s;
        s.join("second");
        const SaleId second{s.send("second", s.offerFor(s.listing)).value};
        QCOMPARE(s.send("seller", s.counter(usd(12'000))).refused, Refused::No);
        QCOMPARE(s.send("seller", s.acceptance(second, s.termsFor(second, s.listed))).refused, Refused::No);
        QCOMPARE(s.send("buyer", s.renewal(usd(12'000))).refused, Refused::ListingTaken);
        QCOMPARE(s.send("buyer", WithdrawOffer{s.sale}).refused, Refused::No);

        Shop t;
        t.join("second");
        const SaleId other{t.send("second", t.offerFor(t.listing)).value};
        QCOMPARE(t.send("seller", t.acceptance(other, t.termsFor(other, t.listed))).refused, Refused::No);
        QCOMPARE(t.send("seller", t.counter(usd(12'000))).refused, Refused::ListingTaken);
    }

    void whatEndsACounterOffer() {
        Shop expired;
        expired.send("seller", expired.counter(usd(12'000)));
        expired.tick(49'999);
        QCOMPARE(expired.view().state, SaleState::Countered);
        expired.tick(1);
        QCOMPARE(expired.view().state, SaleState::Void);
        QVERIFY(!expired.engine.nextDeadlineMs());

        Shop called;
        called.send("seller", called.counter(usd(12'000)));
        QCOMPARE(called.send("seller", RejectOffer{called.sale}).refused, Refused::No);
        QCOMPARE(called.view().state, SaleState::Void);

        Shop withdrawn;
        withdrawn.send("seller", withdrawn.counter(usd(12'000)));
        QCOMPARE(withdrawn.send("buyer", WithdrawOffer{withdrawn.sale}).refused, Refused::No);
        QCOMPARE(withdrawn.view().state, SaleState::Void);
    }
};

QTEST_GUILESS_MAIN(TestEngineOffers)
#include "tst_engine_offers.moc"
