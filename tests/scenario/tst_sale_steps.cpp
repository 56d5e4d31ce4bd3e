// The fourteen steps of a sale, one function each, on the embedded node through core/api. The functions run in order
// and follow one sale; what is refused at a step is tried there first. Where a step stalls, fails or is late, and what
// the table says of that: tests/core/party/tst_stalled_steps.cpp, again one after the other.
#include "Scenario.h"

#include <QCoreApplication>
#include <QDir>
#include <QRandomGenerator>

using namespace tallylock;
using namespace tallylock::scenario;

class TestSaleSteps : public QObject {
    Q_OBJECT
    Scenario m_scenario;
    SessionPtr m_seller;
    SessionPtr m_buyer;
    QByteArray m_content;
    ListingId m_listing;
    SaleId m_sale;

    std::optional<Problem> refusedOffer(const SessionPtr& who, api::OfferRequest request) {
        const auto answer = m_scenario.ask<SaleId>([&](auto done) { who->makeOffer(request, done); });
        return answer ? std::nullopt : std::optional(answer.error().problem);
    }
    std::optional<Problem> refusedAcceptance(const SessionPtr& who, Amount price) {
        const auto answer = m_scenario.ask<void>([&](auto done) { who->acceptOffer(m_sale, price, done); });
        return answer ? std::nullopt : std::optional(answer.error().problem);
    }
    struct Listed {
        Hash assetId;
        ListingId id;
    };
    /// Another listing of the seller's, for 80 dollars, which the buyer sees.
    std::optional<Listed> list(const QString& file, const std::string& name) {
        api::SellRequest request;
        request.path = m_scenario.makeFile(file, m_content);
        request.name = name;
        request.mediaType = "application/octet-stream";
        request.price = dollars(80'00);
        const auto draft = m_scenario.ask<api::DraftRow>([&](auto done) { m_seller->seal(request, {}, done); });
        if (!draft) return std::nullopt;
        const auto id = m_scenario.ask<ListingId>([&](auto done) { m_seller->publish(draft->assetId, done); });
        const bool seen = id && m_scenario.eventually([&] {
            const auto rows = m_scenario.ask<std::vector<api::ListingRow>>([&](auto done) { m_buyer->listings(done); });
            return rows && std::any_of(rows->begin(), rows->end(), [&](const auto& row) { return row.id == *id; });
        });
        return seen ? std::optional(Listed{draft->assetId, *id}) : std::nullopt;
    }
    /// Offered, accepted and paid on the chain.
    std::optional<SaleId> payFor(const api::OfferRequest& offer) {
        const auto sale = m_scenario.ask<SaleId>([&](auto done) { m_buyer->makeOffer(offer, done); });
        const bool agreed =
            sale && m_scenario.eventually([&] { return m_scenario.sale(m_seller, *sale).ok(); }) &&
            m_scenario.ask<void>([&](auto done) { m_seller->acceptOffer(*sale, offer.bid, done); }).ok() &&
            m_scenario.eventually([&] { return m_scenario.sale(m_buyer, *sale)->payment.has_value(); });
        if (!agreed) return std::nullopt;
        const auto due = *m_scenario.sale(m_buyer, *sale)->payment;
        const auto paid = m_scenario.ask<void>(
            [&](auto done) { m_scenario.node->practice()->payToAddress(money::kBtc, due.address, due.amount, done); });
        return paid ? std::optional(*sale) : std::nullopt;
    }

private slots:
    void initTestCase() {
        QVERIFY(m_scenario.start());
        m_seller = m_scenario.person("seller");
        m_buyer = m_scenario.person("buyer");
        QVERIFY(m_seller && m_buyer);
        m_content.resize(5 * 512 * 1024 + 123);
        QRandomGenerator generator(7);
        for (char& c : m_content) c = static_cast<char>(generator.generate());
    }
    void cleanup() { QVERIFY(m_scenario.sumsToZero()); }
    void cleanupTestCase() {
        m_seller.reset();
        m_buyer.reset();
        m_scenario.node.reset();
    }

    /// The buyer offers a cryptocurrency for a listing and names a minimum price.
    void stepB1() {
        api::SellRequest request;
        request.path = m_scenario.makeFile(QStringLiteral("asset.bin"), m_content);
        request.name = "Field recordings";
        request.description = "Two hours of rain.";
        request.mediaType = "application/octet-stream";
        request.price = dollars(120'00);
        std::uint64_t lastProgress = 0;
        const auto draft = m_scenario.ask<api::DraftRow>([&](auto done) {
            m_seller->seal(
                request, [&](api::JobProgress p) { lastProgress = p.doneBytes; }, done);
        });
        QVERIFY(draft.ok());
        QCOMPARE(draft->sizeBytes, static_cast<std::uint64_t>(m_content.size()));
        QVERIFY(draft->sealedBytes > draft->sizeBytes);
        QCOMPARE(draft->portions, std::uint64_t{3});
        QVERIFY(draft->recipient.starts_with("age1"));
        const auto published = m_scenario.ask<ListingId>([&](auto done) { m_seller->publish(draft->assetId, done); });
        QVERIFY(published.ok());
        m_listing = *published;
        QVERIFY(m_scenario.eventually([&] {
            const auto rows = m_scenario.ask<std::vector<api::ListingRow>>([&](auto done) { m_buyer->listings(done); });
            return rows && !rows->empty() && rows->front().id == m_listing;
        }));

        const api::OfferRequest good{m_listing, money::kBtc, dollars(110'00), dollars(100'00)};
        auto bad = good;
        bad.listing = {99};
        QCOMPARE(refusedOffer(m_buyer, bad), Problem::ListingUnknown);
        bad = good;
        bad.minimum = dollars(110'01);
        QCOMPARE(refusedOffer(m_buyer, bad), Problem::BidBelowMinimum);
        bad = good;
        bad.bid = dollars(-1);
        QCOMPARE(refusedOffer(m_buyer, bad), Problem::AmountNegative);
        bad = good;
        bad.bid = {money::kInt128Max, money::kUsd};
        QCOMPARE(refusedOffer(m_buyer, bad), Problem::AmountOverflow);
        QCOMPARE(refusedOffer(m_seller, good), Problem::ListingOwn);

        const auto offered = m_scenario.ask<SaleId>([&](auto done) { m_buyer->makeOffer(good, done); });
        QVERIFY(offered.ok());
        m_sale = *offered;
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 1);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Buyer);
        QCOMPARE(receipt->stateAfter, api::SaleState::Offered);
        QVERIFY(receipt->previous.isZero());
    }

    /// The seller accepts, to be paid in ordinary money.
    void stepB2() {
        QVERIFY(m_scenario.eventually([&] { return m_scenario.sale(m_seller, m_sale).ok(); }));
        QCOMPARE(refusedAcceptance(m_seller, dollars(99'99)), Problem::PriceBelowMinimum);
        QCOMPARE(refusedAcceptance(m_seller, dollars(110'01)), Problem::PriceBelowMinimum);
        QVERIFY(refusedAcceptance(m_buyer, dollars(110'00)).has_value());
        QCOMPARE(refusedAcceptance(m_seller, dollars(110'00)), std::nullopt);
        QCOMPARE(refusedAcceptance(m_seller, dollars(110'00)), Problem::SaleAlreadyAccepted);
        const auto receipt = m_scenario.receiptOf(m_seller, m_sale, 2);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Seller);
        QVERIFY(m_scenario.sale(m_seller, m_sale)->row.price == dollars(110'00));
    }

    /// The seller's app unwraps the first password and sends it to the key server.
    void stepB3() {
        const auto receipt = m_scenario.receiptOf(m_seller, m_sale, 3);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Seller);
        QVERIFY(receipt->money.empty());
    }

    /// The key server checks it against the sealed file and wraps it under a random second password.
    void stepB4() {
        const auto receipt = m_scenario.receiptOf(m_seller, m_sale, 4);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::KeyServer);
        QVERIFY(receipt->money.empty());
    }

    /// The coordinator notices that the sale is ready and freezes the quote.
    void stepB5() {
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 5);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Coordinator);
        QVERIFY(m_scenario.sale(m_buyer, m_sale)->row.coinDue.isPositive());
        QVERIFY(!receipt->contract.isZero());
    }

    /// The first exchange opens a wallet; the buyer alone sees the address, after the funding terms are signed.
    void stepB6() {
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 6);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::FirstExchange);
        QVERIFY(m_scenario.eventually([&] { return m_scenario.sale(m_buyer, m_sale)->payment.has_value(); }));
        const auto detail = m_scenario.sale(m_buyer, m_sale);
        QVERIFY(detail->payment->amount == detail->row.coinDue);
        QVERIFY(!detail->payment->address.empty());
        QVERIFY(detail->payment->uri.find(detail->payment->address) != std::string::npos);
        QVERIFY(detail->row.needsMe);
        QVERIFY(!m_scenario.sale(m_seller, m_sale)->payment.has_value());
    }

    /// The buyer pays into the wallet.
    void stepB7() {
        const auto unlocked =
            m_scenario.ask<api::LibraryRow>([&](auto done) { m_buyer->unlock(m_sale, {}, {}, done); });
        QVERIFY(!unlocked.ok());
        QCOMPARE(unlocked.error().problem, Problem::KeyPartsMissing);
        const auto payment = *m_scenario.sale(m_buyer, m_sale)->payment;
        const Amount generous{payment.amount.value + 500, money::kBtc};
        const auto paid = m_scenario.ask<void>([&](auto done) {
            m_scenario.node->practice()->payToAddress(money::kBtc, payment.address, generous, done);
        });
        QVERIFY(paid.ok());
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 7);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Buyer);
        QCOMPARE(receipt->stateAfter, api::SaleState::Seen);
    }

    /// The money is final, and the sealed file reaches the buyer, whose app checks every portion.
    void stepB8() {
        const auto funded = m_scenario.receiptOf(m_buyer, m_sale, 8, 0);
        const auto delivered = m_scenario.receiptOf(m_buyer, m_sale, 8, 1);
        QVERIFY(funded && delivered);
        QCOMPARE(funded->stateAfter, api::SaleState::Funded);
        QCOMPARE(delivered->stateAfter, api::SaleState::Delivered);
        QCOMPARE(delivered->actor, api::Actor::Buyer);
        // The seller's app is running, so it came from there, on another machine through the coordinator.
        QVERIFY(m_scenario.eventually([&] {
            const auto now = m_scenario.sale(m_buyer, m_sale);
            return now && now->delivery && now->delivery->whole;
        }));
        const auto delivery = m_scenario.sale(m_buyer, m_sale)->delivery;
        QVERIFY(delivery->totalBytes > static_cast<std::uint64_t>(m_content.size()));
        QCOMPARE(delivery->fromSeller, delivery->totalBytes);
        QVERIFY(!m_scenario.sale(m_seller, m_sale)->delivery.has_value());
    }

    /// The first exchange puts the seller's money into escrow.
    void stepB9() {
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 9);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::FirstExchange);
        QVERIFY(movedOn(receipt->money, "escrow", money::kUsd) == dollars(110'00).value);
    }

    /// The escrow pays the seller: the price less the fee of 1 % and the holdback of 5 %.
    void stepB10() {
        const auto receipt = m_scenario.receiptOf(m_seller, m_sale, 10);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::DollarExchange);
        QVERIFY(movedOn(receipt->money, "escrow", money::kUsd) == dollars(-104'50).value);
        QVERIFY(movedOn(receipt->money, "seller", money::kUsd) == dollars(103'40).value);
    }

    /// The coins go on to the second exchange; what is not needed goes back to the buyer.
    void stepB11() {
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 11);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::FirstExchange);
        QVERIFY(m_scenario.eventually([&] { return m_scenario.available(m_buyer, money::kBtc) == coins(500); }));
        QVERIFY(m_scenario.sale(m_buyer, m_sale)->settlement == api::Settlement::Done);
    }

    /// Only now the first part of the key: C1 and the fingerprint part, over the first channel.
    void stepB12() {
        const auto paid = m_scenario.receiptOf(m_buyer, m_sale, 10);
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 12);
        QVERIFY(paid && receipt);
        QCOMPARE(receipt->actor, api::Actor::KeyServer);
        QVERIFY(receipt->journalSeq > paid->journalSeq);
        QVERIFY(m_scenario.eventually([&] { return m_scenario.sale(m_buyer, m_sale)->part1Arrived; }));
    }

    /// The second password, over the second channel.
    void stepB13() {
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 13);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::KeyServer);
        QVERIFY(m_scenario.eventually([&] { return m_scenario.sale(m_buyer, m_sale)->part2Arrived; }));
    }

    /// The buyer's app joins the parts and opens the file.
    void stepB14() {
        const std::string path = (m_scenario.folder.path() + QStringLiteral("/opened.bin")).toStdString();
        const auto unlocked =
            m_scenario.ask<api::LibraryRow>([&](auto done) { m_buyer->unlock(m_sale, path, {}, done); });
        QVERIFY2(unlocked.ok(), unlocked.ok() ? "" : nameOf(unlocked.error().problem));
        QFile opened(QString::fromStdString(path));
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QVERIFY(opened.readAll() == m_content);
        const auto receipt = m_scenario.receiptOf(m_buyer, m_sale, 14);
        QVERIFY(receipt.has_value());
        QCOMPARE(receipt->actor, api::Actor::Buyer);
        // A day to look at it, unless the buyer says that all is well.
        QVERIFY(m_scenario.eventually([&] { return m_scenario.sale(m_buyer, m_sale)->inspectionEndsMs != 0; }));
        QVERIFY(m_scenario.available(m_seller, money::kUsd) == dollars(103'40));
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_buyer->releaseHoldback(m_sale, done); }).ok());
        QVERIFY(m_scenario.eventually(
            [&] { return m_scenario.sale(m_seller, m_sale)->row.state == api::SaleState::Completed; }));
        QVERIFY(m_scenario.eventually([&] { return m_scenario.available(m_seller, money::kUsd) == dollars(108'90); }));

        Hash previous;
        for (const api::ReceiptRow& row : m_scenario.receipts(m_buyer, m_sale)) {
            QVERIFY(row.previous == previous);
            previous = row.hash;
        }
    }

    // --- a variant ---------------------------------------------------------------------------------------------------

    /// Only the ownership passes: the same fourteen steps, without the file and without a hand at the end.
    void ownershipOnly() {
        const auto listing = list(QStringLiteral("kept.bin"), "Master tapes");
        QVERIFY(listing.has_value());
        api::OfferRequest offer{listing->id, money::kBtc, dollars(80'00), dollars(80'00)};
        offer.delivery = api::DeliveryKind::OwnershipOnly;
        const auto sale = payFor(offer);
        QVERIFY(sale.has_value());
        const auto passed = m_scenario.receiptOf(m_buyer, *sale, 8, 1);
        QVERIFY(passed.has_value());
        QCOMPARE(passed->actor, api::Actor::Seller);
        QCOMPARE(passed->stateAfter, api::SaleState::Delivered);
        for (const int step : {9, 10, 12, 13, 14}) QVERIFY(m_scenario.receiptOf(m_buyer, *sale, step).has_value());
        QVERIFY(!m_scenario.sale(m_buyer, *sale)->delivery.has_value());
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_buyer->releaseHoldback(*sale, done); }).ok());
        QVERIFY(m_scenario.eventually(
            [&] { return m_scenario.sale(m_seller, *sale)->row.state == api::SaleState::Completed; }));
        QVERIFY(m_scenario.eventually([&] {
            const auto owners = m_scenario.ask<std::vector<api::CustodyRow>>(
                [&](auto done) { m_buyer->custody(listing->assetId, done); });
            return owners && owners->size() == 2 && owners->back().mine;
        }));
        // The key opens it whenever the file is wanted.
        const std::string path = (m_scenario.folder.path() + QStringLiteral("/later.bin")).toStdString();
        QVERIFY(m_scenario.ask<api::LibraryRow>([&](auto done) { m_buyer->unlock(*sale, path, {}, done); }).ok());
        QFile opened(QString::fromStdString(path));
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QVERIFY(opened.readAll() == m_content);
    }

    /// The buyer's own coins bring the seller's dollars once the file is delivered, and what is left comes back.
    void coinsSoldOnDelivery() {
        const SessionPtr bidder = m_scenario.person("bidder");
        QVERIFY(bidder);
        const auto place =
            m_scenario.ask<api::DepositRow>([&](auto done) { bidder->depositIdentifier(money::kUsd, done); });
        QVERIFY(place.ok());
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->bankTransfer(money::kUsd, place->identifier, dollars(1'000'00),
                                                                  done);
                    })
                    .ok());
        const auto markets =
            m_scenario.ask<std::vector<api::InstrumentRow>>([&](auto done) { bidder->instruments(done); });
        QVERIFY(markets && !markets->empty());
        const Amount rate = markets->front().reference;
        QVERIFY(m_scenario.eventually([&] {
            const api::OrderRequest bid{markets->front().id, api::Side::Buy, rate, coins(1'000'000)};
            return m_scenario.ask<api::OrderRow>([&](auto done) { bidder->placeOrder(bid, done); }).ok();
        }));

        const auto listing = list(QStringLiteral("sold.bin"), "Out-takes");
        QVERIFY(listing.has_value());
        const auto account = m_scenario.ask<api::AccountInfo>([&](auto done) { m_buyer->account(done); });
        QVERIFY(account && account->mayConvert);
        api::OfferRequest offer{listing->id, money::kBtc, dollars(80'00), dollars(80'00)};
        offer.funding = api::FundingMode::Converted;
        const auto sale = payFor(offer);
        QVERIFY(sale.has_value());
        const auto escrowed = m_scenario.receiptOf(m_buyer, *sale, 9);
        QVERIFY(escrowed.has_value());
        QVERIFY(movedOn(escrowed->money, "escrow", money::kUsd) == dollars(80'00).value);
        QVERIFY(movedOn(escrowed->money, "treasury", money::kUsd) < 0); // what the order has brought, and no more
        const Amount sold = *m_scenario.sale(m_buyer, *sale)->converted;
        const Amount paid = m_scenario.sale(m_buyer, *sale)->payment->amount;
        QVERIFY(movedOn(escrowed->money, "funds", money::kBtc) == -sold.value);
        QVERIFY(sold.isPositive() && sold.value < paid.value);
        const auto settled = m_scenario.receiptOf(m_buyer, *sale, 11);
        QVERIFY(settled.has_value());
        QVERIFY(movedOn(settled->money, "buyer BTC", money::kBtc) == paid.value - sold.value);
        for (const int step : {10, 12, 13}) QVERIFY(m_scenario.receiptOf(m_buyer, *sale, step).has_value());
    }

    /// What is in escrow is changed for dollars as the seller is paid.
    void digitalDollarsOrTheCoinsThemselvesLieInEscrow() {
        const auto account = m_scenario.ask<api::AccountInfo>([&](auto done) { m_buyer->account(done); });
        QVERIFY(account && account->mayEscrowDigital);
        for (const api::EscrowAsset asset : {api::EscrowAsset::DigitalDollars, api::EscrowAsset::Coin}) {
            const bool areCoins = asset == api::EscrowAsset::Coin;
            const auto listing = list(areCoins ? QStringLiteral("coins.bin") : QStringLiteral("digital.bin"),
                                      areCoins ? "Sketches" : "Studies");
            QVERIFY(listing.has_value());
            api::OfferRequest offer{listing->id, money::kBtc, dollars(80'00), dollars(80'00)};
            offer.escrowAsset = asset;
            const auto sale = payFor(offer);
            QVERIFY(sale.has_value());
            const money::UnitId unit = areCoins ? money::kBtc : money::kDusd;
            const money::Int128 held =
                areCoins ? m_scenario.sale(m_buyer, *sale)->payment->amount.value : dollars(80'00).value;
            const auto escrowed = m_scenario.receiptOf(m_buyer, *sale, 9);
            QVERIFY(escrowed.has_value());
            QVERIFY(movedOn(escrowed->money, "escrow", unit) == held);
            QVERIFY(movedOn(escrowed->money, "escrow", money::kUsd) == 0);
            const auto paid = m_scenario.receiptOf(m_buyer, *sale, 10);
            QVERIFY(paid.has_value());
            QVERIFY(movedOn(paid->money, "escrow", unit) == -held);
            QVERIFY(movedOn(paid->money, "treasury", money::kUsd) == -dollars(80'00).value);
            QVERIFY(movedOn(paid->money, "escrow", money::kUsd) == dollars(80'00).value / 20); // what is held back
            for (const int step : {11, 12, 13}) QVERIFY(m_scenario.receiptOf(m_buyer, *sale, step).has_value());
        }
    }

    // --- the exits ---------------------------------------------------------------------------------------------------

    void anEditionIsSoldOnce() {
        QCOMPARE(refusedOffer(m_buyer, {m_listing, money::kBtc, dollars(110'00), dollars(100'00)}),
                 Problem::ListingTaken);
    }

    /// From the buyer's own copy: with the file store emptied, and the seller's app not running.
    void theSoldFileOpensAgain() {
        m_seller.reset();
        QVERIFY(QDir(m_scenario.folder.path() + QStringLiteral("/node/coordinator/files")).removeRecursively());
        const std::string path = (m_scenario.folder.path() + QStringLiteral("/again.bin")).toStdString();
        QVERIFY(m_scenario.ask<api::LibraryRow>([&](auto done) { m_buyer->unlock(m_sale, path, {}, done); }).ok());
        QFile opened(QString::fromStdString(path));
        QVERIFY(opened.open(QIODevice::ReadOnly));
        QVERIFY(opened.readAll() == m_content);
    }
};

QTEST_GUILESS_MAIN(TestSaleSteps)
#include "tst_sale_steps.moc"
