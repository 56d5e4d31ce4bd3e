// What a party keeps of its sales' trails, and what others can conclude from it, on a real coordinator.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;
using api::Problem;
using api::SaleState;
using wire::Proven;

namespace {
struct Told : Deal {
    Told() {
        publish();
        offer();
    }
    void finish() {
        accept();
        QVERIFY(canPay());
        pay();
        QVERIFY(canUnlock());
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, {}, {}, done); });
        QVERIFY(scene.reaches(*seller, sale, SaleState::Completed));
        QVERIFY(scene.reaches(*buyer, sale, SaleState::Completed));
    }
    api::Answer<Bytes> evidence(party::Party& who) {
        return scene.ask<Bytes>([&](auto done) { who.evidence(sale, done); });
    }
    std::optional<wire::SaleStory> story(party::Party& who) {
        const auto file = evidence(who);
        if (!file) return std::nullopt;
        const auto read = wire::readEvidence(*file);
        if (!read) return std::nullopt;
        auto checked = wire::checkEvidence(*read);
        return checked ? std::optional(std::move(*checked)) : std::nullopt;
    }
    std::size_t receipts(party::Party& who) {
        return scene.must<std::vector<api::ReceiptRow>>([&](auto done) { who.receipts(sale, done); }).size();
    }
};
} // namespace

class TestTrail : public QObject {
    Q_OBJECT
private slots:
    void bothCanProveAWholeSale();
    void whatIsNotOverIsProvenAsFarAsItWent();
    void whatIsKeptOutlivesTheCoordinator();
    void nobodyProvesTheSalesOfOthers();
};

void TestTrail::bothCanProveAWholeSale() {
    Told deal;
    deal.finish();
    for (party::Party* who : {deal.seller.get(), deal.buyer.get()}) {
        const auto story = deal.story(*who);
        QVERIFY(story.has_value());
        QCOMPARE(story->state(), engine::SaleState::Completed);
        QCOMPARE(story->lines.size(), deal.receipts(*who));
        for (const Proven what : {Proven::TermsAgreed, Proven::KeyVouched, Proven::BuyerPaid, Proven::Delivered,
                                  Proven::SellerPaid, Proven::Part1Sent, Proven::Part2Sent, Proven::Opened}) {
            QVERIFY(story->has(what));
        }
        QVERIFY(!story->has(Proven::Refunded));
    }
}

void TestTrail::whatIsNotOverIsProvenAsFarAsItWent() {
    Told deal;
    const auto offered = deal.story(*deal.buyer);
    QVERIFY(offered && offered->lines.size() == 1 && !offered->isOver() && !offered->seller);
    deal.scene.mustDo([&](auto done) { deal.seller->rejectOffer(deal.sale, done); });
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, SaleState::Void));
    const auto rejected = deal.story(*deal.buyer);
    QVERIFY(rejected && rejected->lines.size() == 2 && rejected->isOver() && rejected->seller);
    QVERIFY(!rejected->has(Proven::TermsAgreed));
}

void TestTrail::whatIsKeptOutlivesTheCoordinator() {
    Told deal;
    deal.finish();
    const auto before = deal.story(*deal.buyer);
    QVERIFY(before.has_value());
    deal.buyer.reset();
    deal.scene.host.host->stop();
    deal.buyer = deal.scene.open("buyer");
    const auto after = deal.story(*deal.buyer);
    QVERIFY(after.has_value());
    QCOMPARE(after->lines.size(), before->lines.size());
    QVERIFY(after->has(Proven::SellerPaid));
}

void TestTrail::nobodyProvesTheSalesOfOthers() {
    Told deal;
    const auto stranger = deal.scene.open("stranger");
    const auto refused = deal.evidence(*stranger);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().problem, Problem::SaleUnknown);
}

QTEST_GUILESS_MAIN(TestTrail)
#include "tst_trail.moc"
