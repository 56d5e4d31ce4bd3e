// A sale of two parties with real servers in which only the ownership passes.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {
struct Asked : Deal {
    Asked() {
        publish();
        QVERIFY(buyerSees());
        api::OfferRequest request = offerRequest();
        request.delivery = api::DeliveryKind::OwnershipOnly;
        sale = scene.must<SaleId>([&](auto done) { buyer->makeOffer(request, done); });
        QVERIFY(scene.reaches(*seller, sale, api::SaleState::Offered));
        QVERIFY(scene.detail(*seller, sale).row.delivery == api::DeliveryKind::OwnershipOnly);
        accept();
        QVERIFY(canPay());
    }
    std::vector<api::LibraryRow> library() {
        return scene.must<std::vector<api::LibraryRow>>([&](auto done) { buyer->library(done); });
    }
    std::vector<api::CustodyRow> owners() {
        const Hash asset = library().at(0).assetId;
        return scene.must<std::vector<api::CustodyRow>>([&](auto done) { buyer->custody(asset, done); });
    }
};
} // namespace

class TestOwnership : public QObject {
    Q_OBJECT
private slots:
    /// Nobody presses anything after the payment, and no file is fetched. The key opens it later.
    void theKeyComesWithoutTheFile() {
        Asked deal;
        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Completed));
        QVERIFY(!deal.scene.detail(*deal.buyer, deal.sale).delivery);
        const api::LibraryRow mine = deal.library().at(0);
        QVERIFY(mine.delivery == api::DeliveryKind::OwnershipOnly);
        QVERIFY(mine.state == api::LibraryState::Unlockable && mine.path.empty());
        QVERIFY(deal.scene.pump.until([&] { return deal.owners().size() == 2 && deal.owners()[1].mine; }));
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story && story->has(wire::Proven::OwnershipPassed) && !story->has(wire::Proven::Delivered));
            QVERIFY(story->has(wire::Proven::Opened));
        }
        // From where it lies, whenever that is wanted, with the own copy of the key.
        deal.buyer.reset();
        deal.buyer = deal.scene.open("buyer");
        const std::string path = deal.scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Completed));
        deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);
    }

    /// Nothing reaches anybody from a seller whose app stays away at B8.
    void aSellerWhoStaysAwayIsNotPaid() {
        Asked deal;
        deal.seller.reset();
        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Funded));
        const auto now = deal.scene.detail(*deal.buyer, deal.sale);
        QVERIFY(now.row.next == api::Actor::Seller && !now.row.needsMe && !now.part1Arrived);
        deal.scene.host.clock.pass(now.row.deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Refunded));
    }
};

QTEST_GUILESS_MAIN(TestOwnership)
#include "tst_ownership.moc"
