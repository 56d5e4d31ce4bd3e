// A sale of two parties with real servers whose own coins are sold for the seller's dollars at B9.
#include "core/wire/Evidence.h"
#include "tests/core/party/Deal.h"

#include <algorithm>

using namespace tallylock;
using namespace tallylock::test;

namespace {

money::Amount satoshi(std::int64_t count) { return {count, money::kBtc}; }

/// With a market, and somebody who bids 49,000 dollars for a Bitcoin.
struct Converting : Deal {
    Converting()
        : Deal([](HostScene& host) { host.config.secondExchange = engine::SecondExchange::OwnBook; }),
          bidder(scene.host.person("bidder")) {
        (void)scene.host.host->perform({engine::OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, cent,
                                                               satoshi(1'000), satoshi(1'000), satoshi(100'000'000)},
                                        engine::SteerInstrument{{1}, false, usd(50'000)}});
        const Listener listener(*bidder.link, ports::Link::Stream::Own);
        bidder.mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
        QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
        const auto assigned = listener.eventsOf<engine::IdentifierAssigned>();
        QVERIFY(scene.host.world->bank().transfer(assigned[0].identifier, usd(1'000)).ok());
        QVERIFY(eventually([&] { return bids(); }));
    }
    ~Converting() { bidder.link.reset(); }
    bool bids() {
        const engine::PlaceOrder order{{1}, 0, usd(49'000), satoshi(300'000)};
        return bidder.submit(order)->reply.refused == engine::Refused::No;
    }
    /// Until the buyer is asked to pay.
    void agree() {
        publish();
        QVERIFY(buyerSees());
        api::OfferRequest request = offerRequest();
        request.funding = api::FundingMode::Converted;
        sale = scene.must<SaleId>([&](auto done) { buyer->makeOffer(request, done); });
        QVERIFY(scene.reaches(*seller, sale, api::SaleState::Offered));
        QVERIFY(scene.detail(*seller, sale).row.funding == api::FundingMode::Converted);
        accept();
        QVERIFY(canPay());
    }
    money::Amount available(party::Party& who, money::UnitId unit) {
        const auto rows = scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); });
        const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.unit == unit; });
        return found == rows.end() ? money::Amount{0, unit} : found->available;
    }

    static constexpr money::Amount cent{1'000'000, money::kUsd};
    Person bidder;
};

} // namespace

class TestConversion : public QObject {
    Q_OBJECT
private slots:
    /// 45 dollars are 92,000 satoshi at 49,000, and 2 percent more are paid in, in whole lots. Nobody presses anything.
    void theCoinsBringTheSellersDollars() {
        Converting deal;
        QVERIFY(deal.scene.must<api::AccountInfo>([&](auto done) { deal.buyer->account(done); }).mayConvert);
        deal.agree();
        QVERIFY(deal.scene.detail(*deal.buyer, deal.sale).payment->amount == satoshi(94'000));
        deal.pay();
        QVERIFY(deal.canUnlock());
        const std::string path = deal.scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, path, {}, done); });
        QVERIFY(read(path) == deal.content);
        for (party::Party* who : {deal.buyer.get(), deal.seller.get()}) {
            QVERIFY(deal.scene.reaches(*who, deal.sale, api::SaleState::Completed));
            const auto now = deal.scene.detail(*who, deal.sale);
            QVERIFY(now.row.funding == api::FundingMode::Converted && now.converted == satoshi(92'000));
            // What B9 moved: the coins into the order, the dollars into escrow, the eight cents above the price.
            const auto& legs = now.steps[8].receipt->money;
            const auto moved = [&](const std::string& account, const money::Amount& amount) {
                return std::any_of(legs.begin(), legs.end(), [&](const api::MoneyLeg& leg) {
                    return leg.account == account && leg.delta == amount;
                });
            };
            const std::string id = std::to_string(deal.sale.value);
            QVERIFY(moved("funds of sale " + id, satoshi(-92'000)));
            QVERIFY(moved("escrow of sale " + id, usd(45)));
            QVERIFY(moved("buyer USD available", {8'000'000, money::kUsd}));
            const auto file = deal.scene.must<Bytes>([&](auto done) { who->evidence(deal.sale, done); });
            const auto evidence = wire::readEvidence(file);
            QVERIFY(evidence.ok());
            const auto story = wire::checkEvidence(*evidence);
            QVERIFY(story && story->has(wire::Proven::SellerPaid) && engine::isConverted(*story->terms));
        }
        QVERIFY(deal.available(*deal.buyer, money::kBtc) == satoshi(2'000));
        QVERIFY(deal.available(*deal.buyer, money::kUsd) == (money::Amount{8'000'000, money::kUsd}));
        deal.scene.host.host->visit([](const engine::Engine& engine) { QVERIFY(engine.coinStocks().empty()); });
    }

    /// The bids are gone when the file has been delivered: the buyer gets all of its coins back.
    void withoutBidsTheBuyerIsRefunded() {
        Converting deal;
        deal.agree();
        deal.bidder.mustSubmit(engine::CancelAllOrders{});
        deal.pay();
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Delivered));
        const auto now = deal.scene.detail(*deal.buyer, deal.sale);
        deal.scene.host.clock.pass(now.row.deadlineMs - deal.scene.host.clock.wallMs() + 1);
        QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Refunded));
        QVERIFY(deal.scene.pump.until([&] { return deal.available(*deal.buyer, money::kBtc) == now.payment->amount; }));
    }

    void isNotAvailableWhereTheHouseSellsElsewhere() {
        Deal deal;
        QVERIFY(!deal.scene.must<api::AccountInfo>([&](auto done) { deal.buyer->account(done); }).mayConvert);
        deal.publish();
        QVERIFY(deal.buyerSees());
        api::OfferRequest request = deal.offerRequest();
        request.funding = api::FundingMode::Converted;
        const auto refused = deal.scene.ask<SaleId>([&](auto done) { deal.buyer->makeOffer(request, done); });
        QVERIFY(!refused && refused.error().problem == api::Problem::NotAvailable);
    }
};

QTEST_GUILESS_MAIN(TestConversion)
#include "tst_conversion.moc"
