// Sales of two parties with real servers whose escrow holds digital dollars, or the coins that were paid in.
#include "core/wire/EvidenceCheck.h"
#include "tests/core/party/Deal.h"

#include <algorithm>
#include <atomic>

using namespace tallylock;
using namespace tallylock::test;

namespace {

/// Counts how often it is asked for dollars.
struct First : ports::FirstExchange {
    rails::PracticeWorld* world = nullptr;
    std::atomic<int> provided{0};
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override {
        return world->firstExchange().quote(wanted);
    }
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override {
        return world->firstExchange().openWallet(sale, coin);
    }
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override {
        ++provided;
        return world->firstExchange().provide(sale, dollars);
    }
    Result<std::string, ports::RailError> closeWallet(SaleId sale) override {
        return world->firstExchange().closeWallet(sale);
    }
};

struct Scene : First, Deal {
    explicit Scene(bool hasDigital)
        : Deal([&](HostScene& host) {
              world = host.world.get();
              host.firstExchange = this;
              if (hasDigital) host.config.digitalDollar = money::kDusd;
          }) {}
    bool hasMoved(const api::SaleDetail& of, int step, const std::string& account, const money::Amount& amount) const {
        const auto& receipt = of.steps[static_cast<std::size_t>(step - 1)].receipt;
        return receipt && std::any_of(receipt->money.begin(), receipt->money.end(), [&](const api::MoneyLeg& leg) {
                   return leg.account == account && leg.delta == amount;
               });
    }
};

money::Amount less(const money::Amount& amount) { return {-amount.value, amount.unit}; }

} // namespace
Q_DECLARE_METATYPE(api::EscrowAsset)

class TestEscrowAsset : public QObject {
    Q_OBJECT
private slots:
    void aWholeSale_data() {
        QTest::addColumn<api::EscrowAsset>("asset");
        QTest::newRow("digital dollars") << api::EscrowAsset::DigitalDollars;
        QTest::newRow("the coins") << api::EscrowAsset::Coin;
    }
    /// With a counter-offer on the way, which keeps it.
    void aWholeSale() {
        QFETCH(api::EscrowAsset, asset);
        const bool isDigital = asset == api::EscrowAsset::DigitalDollars;
        Scene deal(true);
        QVERIFY(deal.scene.must<api::AccountInfo>([&](auto done) { deal.buyer->account(done); }).mayEscrowDigital);
        deal.publish();
        QVERIFY(deal.buyerSees());
        api::OfferRequest request = deal.offerRequest();
        request.escrowAsset = asset;
        deal.sale = deal.scene.must<SaleId>([&](auto done) { deal.buyer->makeOffer(request, done); });
        QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Offered));
        QVERIFY(deal.scene.detail(*deal.seller, deal.sale).row.escrowAsset == asset);
        const std::int64_t day = std::int64_t{24} * 3600 * 1000;
        deal.scene.mustDo([&](auto done) { deal.seller->counterOffer(deal.sale, usd(52), day, done); });
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Countered));
        request.bid = usd(52);
        request.escrowAsset = {};
        deal.scene.mustDo([&](auto done) { deal.buyer->renewOffer(deal.sale, request, done); });
        QVERIFY(deal.canPay()); // what it has asked for the seller's app accepts by itself
        const money::Amount due = deal.scene.detail(*deal.buyer, deal.sale).payment->amount;
        deal.pay();
        QVERIFY(deal.canUnlock());
        const std::string path = deal.scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);

        const std::string escrow = "escrow of sale " + std::to_string(deal.sale.value);
        const money::Amount held = isDigital ? money::Amount{usd(52).value, money::kDusd} : due;
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            QVERIFY(deal.scene.reaches(*who, deal.sale, api::SaleState::Completed));
            const api::SaleDetail now = deal.scene.detail(*who, deal.sale);
            QVERIFY(now.row.escrowAsset == asset);
            QVERIFY(deal.hasMoved(now, 9, escrow, held) && !deal.hasMoved(now, 9, escrow, usd(52)));
            QVERIFY(deal.hasMoved(now, 10, escrow, less(held)) && deal.hasMoved(now, 10, escrow, usd(52)));
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story && story->has(wire::Proven::SellerPaid));
            QVERIFY(story->terms->escrowAsset == static_cast<engine::EscrowAsset>(asset));
        }
        QCOMPARE(deal.provided.load(), 1); // whatever is in escrow: they are needed at B10
    }

    void digitalDollarsOnlyWhereTheHouseKeepsThem() {
        Scene deal(false);
        QVERIFY(!deal.scene.must<api::AccountInfo>([&](auto done) { deal.buyer->account(done); }).mayEscrowDigital);
        deal.publish();
        QVERIFY(deal.buyerSees());
        api::OfferRequest request = deal.offerRequest();
        request.escrowAsset = api::EscrowAsset::DigitalDollars;
        const auto refused = deal.scene.ask<SaleId>([&](auto done) { deal.buyer->makeOffer(request, done); });
        QVERIFY(!refused && refused.error().problem == api::Problem::NotAvailable);
    }
};

QTEST_GUILESS_MAIN(TestEscrowAsset)
#include "tst_escrow_asset.moc"
