// The buyer names where coins go that come back, with a real coordinator and a rail that pays between.
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {

struct Scene : Deal {
    std::uint64_t home = 0; ///< in the buyer's book

    Scene() {
        (void)scene.must<HolderId>([&](auto done) { buyer->registerHolder("buyer", false, done); });
        home = scene.must<std::uint64_t>(
            [&](auto done) { buyer->treasury().addPayoutAddress(money::kBtc, "practice-home", "Home", done); });
        publish();
    }
    api::Answer<SaleId> offerTo(std::optional<std::uint64_t> to) {
        api::OfferRequest request = offerRequest();
        request.refundTo = to;
        return scene.ask<SaleId>([&](auto done) { buyer->makeOffer(request, done); });
    }
    std::vector<api::WithdrawalRow> withdrawals(party::Party& who) {
        return scene.must<std::vector<api::WithdrawalRow>>([&](auto done) { who.treasury().withdrawals(done); });
    }
    std::string refundTo(party::Party& who) { return scene.detail(who, sale).refundTo; }
};

} // namespace

class TestRefundTarget : public QObject {
    Q_OBJECT
private slots:
    void whatWasPaidTooMuchGoesHome() {
        Scene s;
        QVERIFY(s.buyerSees());
        const auto unknown = s.offerTo(99);
        QVERIFY(!unknown && unknown.error().problem == api::Problem::AddressInvalid);
        const auto offered = s.offerTo(s.home);
        QVERIFY(offered.ok());
        s.sale = *offered;
        QVERIFY(s.scene.reaches(*s.buyer, s.sale, [](const auto& now) { return now.refundTo == "practice-home"; }));
        QVERIFY(s.scene.reaches(*s.seller, s.sale, api::SaleState::Offered));
        QVERIFY(s.refundTo(*s.seller).empty()); // the buyer's business
        s.accept();
        QVERIFY(s.canPay());
        const auto payment = s.scene.detail(*s.buyer, s.sale).payment;
        const money::Amount generous{payment->amount.value + 5'000, money::kBtc};
        QVERIFY(s.scene.host.world->chain().payTo(payment->address, generous).ok());
        QVERIFY(s.canUnlock());
        QVERIFY(s.scene.pump.until([&] {
            const auto rows = s.withdrawals(*s.buyer);
            return rows.size() == 1 && rows[0].state == api::WithdrawalState::Sent;
        }));
        const api::WithdrawalRow row = s.withdrawals(*s.buyer).front();
        QVERIFY(row.sale == s.sale && row.to == "practice-home" && !row.user);
        QVERIFY(row.amount.value >= 5'000 && !row.mineToApprove);
        QVERIFY(s.withdrawals(*s.seller).empty());
        // The restarted app knows it still.
        s.buyer.reset();
        s.buyer = s.scene.open("buyer");
        QVERIFY(s.scene.reaches(*s.buyer, s.sale, [](const auto& now) { return now.refundTo == "practice-home"; }));
    }

    /// The answer to a counter-offer keeps it, unless the address was removed since.
    void aNewBidKeepsIt() {
        Scene s;
        QVERIFY(s.buyerSees());
        const auto offered = s.offerTo(s.home);
        QVERIFY(offered.ok());
        s.sale = *offered;
        const auto bargain = [&] {
            QVERIFY(s.scene.reaches(*s.seller, s.sale, api::SaleState::Offered));
            s.scene.mustDo([&](auto done) { s.seller->counterOffer(s.sale, usd(60), 3'600'000, done); });
            QVERIFY(s.scene.reaches(*s.buyer, s.sale, api::SaleState::Countered));
            api::OfferRequest lower = s.offerRequest();
            lower.bid = usd(55);
            s.scene.mustDo([&](auto done) { s.buyer->renewOffer(s.sale, lower, done); });
            QVERIFY(s.scene.reaches(*s.buyer, s.sale, api::SaleState::Offered));
        };
        bargain();
        QCOMPARE(s.refundTo(*s.buyer), std::string("practice-home"));
        s.scene.mustDo([&](auto done) { s.buyer->treasury().removePayoutAddress(s.home, done); });
        bargain();
        QVERIFY(s.scene.reaches(*s.buyer, s.sale, [](const auto& now) { return now.refundTo.empty(); }));
    }
};

QTEST_GUILESS_MAIN(TestRefundTarget)
#include "tst_refund_target.moc"
