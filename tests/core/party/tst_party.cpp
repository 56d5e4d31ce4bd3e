// A party against a real coordinator and key server: whole sales, whole trades, and starts in the middle.
#include "tests/core/party/Deal.h"

#include <QDir>

using namespace tallylock;
using namespace tallylock::test;
using api::Problem;

class TestParty : public QObject {
    Q_OBJECT

private slots:
    void wholeSale();
    void startsInTheMiddle();
    void refusals();
    void draftsSurvive();
    void sealingRefusals();
    void wholeTrade();
    void institution();
    void damagedJournal();
    void noCallbackAfterTheEnd();
};

void TestParty::wholeSale() {
    Deal deal;
    deal.publish();
    deal.offer();
    QVERIFY(deal.scene.detail(*deal.seller, deal.sale).row.needsMe);
    deal.accept();
    QVERIFY(deal.canPay());
    const auto due = deal.scene.detail(*deal.buyer, deal.sale);
    QVERIFY(due.row.needsMe);
    QVERIFY(due.payment->uri.starts_with("bitcoin:" + due.payment->address));
    QVERIFY(!deal.scene.detail(*deal.seller, deal.sale).payment.has_value());
    deal.pay();
    QVERIFY(deal.canUnlock());
    const auto row = deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
    QCOMPARE(row.state, api::LibraryState::Unlocked);
    QVERIFY(read(row.path) == deal.content);
    QVERIFY(QString::fromStdString(row.path).endsWith(QLatin1String("map.bin")));
    QVERIFY(deal.scene.reaches(*deal.seller, deal.sale, api::SaleState::Completed));
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Completed));

    // Fourteen steps, each with its receipt, chained.
    const auto detail = deal.scene.detail(*deal.buyer, deal.sale);
    QCOMPARE(detail.steps.size(), std::size_t{14});
    for (const auto& step : detail.steps) {
        QCOMPARE(step.state, api::StepState::Done);
        QVERIFY(step.receipt.has_value());
    }
    for (const int moved : {8, 9, 10, 11})
        QVERIFY(!detail.steps[static_cast<std::size_t>(moved - 1)].receipt->money.empty());
    const auto receipts =
        deal.scene.must<std::vector<api::ReceiptRow>>([&](auto done) { deal.seller->receipts(deal.sale, done); });
    QVERIFY(receipts.size() >= 14);
    for (std::size_t i = 1; i < receipts.size(); ++i) QCOMPARE(receipts[i].previous, receipts[i - 1].hash);

    // The seller has the price less the fee.
    const auto statement = deal.scene.must<std::vector<api::StatementRow>>(
        [&](auto done) { deal.seller->statement(money::kUsd, 100, 0, done); });
    QVERIFY(!statement.empty());
    QVERIFY(statement.front().balance.value == (detail.row.price.value - detail.fee.value));

    // Opened again from the own copy, to another place.
    const std::string again = deal.scene.folder.filePath(QStringLiteral("again.bin")).toStdString();
    deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, again, {}, done); });
    QVERIFY(read(again) == deal.content);
}

// Whatever has happened so far, both go on from their own journals.
void TestParty::startsInTheMiddle() {
    Deal deal;
    const auto again = [&] {
        deal.seller.reset();
        deal.buyer.reset();
        deal.seller = deal.scene.open("seller");
        deal.buyer = deal.scene.open("buyer");
    };
    deal.publish();
    again();
    deal.offer();
    again();
    deal.accept();
    again();
    QVERIFY(deal.canPay());
    again();
    deal.pay();
    again();
    QVERIFY(deal.canUnlock());
    again();
    const auto row = deal.scene.must<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
    again();
    QVERIFY(deal.scene.reaches(*deal.buyer, deal.sale, api::SaleState::Completed));
    const auto library = deal.scene.must<std::vector<api::LibraryRow>>([&](auto done) { deal.buyer->library(done); });
    QCOMPARE(library.size(), std::size_t{1});
    QCOMPARE(library.front().state, api::LibraryState::Unlocked);
    QCOMPARE(library.front().path, row.path);
    QVERIFY(read(row.path) == deal.content);
    const auto steps = deal.scene.detail(*deal.seller, deal.sale).steps;
    for (const auto& step : steps) QCOMPARE(step.state, api::StepState::Done);
}

void TestParty::refusals() {
    Deal deal;
    deal.publish();
    const auto refusedOffer = [&](party::Party& who, api::OfferRequest request) {
        const auto answer = deal.scene.ask<SaleId>([&](auto done) { who.makeOffer(request, done); });
        return answer ? Problem::kCount : answer.error().problem;
    };
    QVERIFY(deal.buyerSees());
    auto request = deal.offerRequest();
    QCOMPARE(refusedOffer(*deal.seller, request), Problem::ListingOwn);
    request.minimum = usd(60);
    QCOMPARE(refusedOffer(*deal.buyer, request), Problem::BidBelowMinimum);
    request = deal.offerRequest();
    request.bid = {-1, money::kUsd};
    QCOMPARE(refusedOffer(*deal.buyer, request), Problem::AmountNegative);
    request = deal.offerRequest();
    request.listing = {99};
    QCOMPARE(refusedOffer(*deal.buyer, request), Problem::ListingUnknown);
    request = deal.offerRequest();
    request.expiresInMs = -1;
    QCOMPARE(refusedOffer(*deal.buyer, request), Problem::ExpiryInvalid);

    deal.offer();
    const auto accepting = [&](party::Party& who, SaleId sale, money::Amount price) {
        const auto answer = deal.scene.ask<void>([&](auto done) { who.acceptOffer(sale, price, done); });
        return answer ? Problem::kCount : answer.error().problem;
    };
    QCOMPARE(accepting(*deal.seller, deal.sale, usd(39)), Problem::PriceBelowMinimum);
    QCOMPARE(accepting(*deal.seller, deal.sale, usd(51)), Problem::PriceBelowMinimum);
    QCOMPARE(accepting(*deal.seller, {77}, usd(45)), Problem::SaleUnknown);
    QCOMPARE(accepting(*deal.buyer, deal.sale, usd(45)), Problem::SaleNotYours);
    const auto early = deal.scene.ask<api::LibraryRow>([&](auto done) { deal.buyer->unlock(deal.sale, {}, {}, done); });
    QCOMPARE(early.error().problem, Problem::KeyPartsMissing);
    deal.accept();
    QCOMPARE(accepting(*deal.seller, deal.sale, usd(45)), Problem::SaleAlreadyAccepted);
    request = deal.offerRequest();
    QCOMPARE(refusedOffer(*deal.buyer, request), Problem::ListingTaken);
}

void TestParty::draftsSurvive() {
    Deal deal;
    const Hash assetId = deal.seal();
    deal.seller.reset();
    deal.seller = deal.scene.open("seller");
    const auto drafts = deal.scene.must<std::vector<api::DraftRow>>([&](auto done) { deal.seller->drafts(done); });
    QCOMPARE(drafts.size(), std::size_t{1});
    QCOMPARE(drafts.front().assetId, assetId);
    QCOMPARE(drafts.front().sizeBytes, std::uint64_t{3'000'000});
    QVERIFY(drafts.front().recipient.starts_with("age1"));
    const auto first = deal.scene.must<ListingId>([&](auto done) { deal.seller->publish(assetId, done); });
    const auto second = deal.scene.must<ListingId>([&](auto done) { deal.seller->publish(assetId, done); });
    QVERIFY(first == second);
    QVERIFY(deal.scene.must<std::vector<api::DraftRow>>([&](auto done) { deal.seller->drafts(done); }).empty());

    const Hash other = deal.seal();
    deal.scene.mustDo([&](auto done) { deal.seller->discardDraft(other, done); });
    QVERIFY(deal.scene.must<std::vector<api::DraftRow>>([&](auto done) { deal.seller->drafts(done); }).empty());
    QVERIFY(!deal.scene.ask<ListingId>([&](auto done) { deal.seller->publish(other, done); }).ok());
    // What was listed stays, for its buyer; of the draft nothing does.
    const QDir sealed(QString::fromStdString(deal.scene.folderNamed("seller/sealed")));
    const QString kept = QString::fromStdString(assetId.hex()) + QStringLiteral(".age");
    QCOMPARE(sealed.entryList(QDir::Files, QDir::Name), (QStringList{kept, kept + QStringLiteral(".hashes")}));
}

void TestParty::sealingRefusals() {
    Deal deal;
    const auto sealing = [&](const std::function<void(api::SellRequest&)>& change) {
        api::SellRequest request = deal.request();
        change(request);
        const auto answer = deal.scene.ask<api::DraftRow>([&](auto done) { deal.seller->seal(request, {}, done); });
        return answer ? Problem::kCount : answer.error().problem;
    };
    QCOMPARE(sealing([](auto& r) { r.path += ".missing"; }), Problem::FileUnreadable);
    QCOMPARE(sealing([&](auto& r) { r.path = write(deal.scene, QStringLiteral("empty"), {}); }), Problem::FileEmpty);
    QCOMPARE(sealing([&](auto& r) { r.path = deal.scene.folder.path().toStdString(); }), Problem::FileUnreadable);
    QCOMPARE(sealing([](auto& r) { r.name.clear(); }), Problem::NameInvalid);
    QCOMPARE(sealing([](auto& r) { r.name.assign(201, 'n'); }), Problem::NameInvalid);
    QCOMPARE(sealing([](auto& r) { r.description.assign(4001, 'd'); }), Problem::NameInvalid);
    QCOMPARE(sealing([](auto& r) { r.mediaType = "nonsense"; }), Problem::NameInvalid);
    QCOMPARE(sealing([](auto& r) { r.price.unit = money::kEur; }), Problem::AmountInvalid);
    QCOMPARE(sealing([](auto& r) { r.price.value = 0; }), Problem::AmountZero);
    QCOMPARE(sealing([](auto& r) { r.price.value = -5; }), Problem::AmountNegative);

    deal.content = someBytes(200'000'000);
    std::optional<Problem> outcome;
    const auto job = deal.seller->seal(deal.request(), {}, [&](const api::Answer<api::DraftRow>& answer) {
        outcome = answer ? Problem::kCount : answer.error().problem;
    });
    job->cancel();
    QVERIFY(deal.scene.pump.until([&] { return outcome.has_value(); }));
    QCOMPARE(*outcome, Problem::Cancelled);
    QVERIFY(QDir(QString::fromStdString(deal.scene.folderNamed("seller/sealed"))).isEmpty());
}

void TestParty::wholeTrade() {
    PartyScene scene;
    Person house("coordinator");
    scene.host.connect(house);
    const auto alice = scene.open("alice");
    const auto bob = scene.open("bob");
    const auto deposit = scene.must<api::DepositRow>([&](auto done) { alice->depositIdentifier(money::kUsd, done); });
    const auto address = scene.must<api::DepositRow>([&](auto done) { bob->depositIdentifier(money::kBtc, done); });
    QVERIFY(scene.host.world->bank().transfer(deposit.identifier, usd(1000)).ok());
    QVERIFY(scene.host.world->chain().payTo(address.identifier, {100'000'000, money::kBtc}).ok());
    const auto available = [&](party::Party& who, money::UnitId unit) {
        for (const auto& row : scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); }))
            if (row.unit == unit) return row.available.value;
        return money::Int128{0};
    };
    QVERIFY(scene.pump.until([&] { return available(*alice, money::kUsd) == usd(1000).value; }));
    QVERIFY(scene.pump.until([&] { return available(*bob, money::kBtc) == 100'000'000; }));

    const auto instruments = scene.must<std::vector<api::InstrumentRow>>([&](auto done) { alice->instruments(done); });
    InstrumentId market;
    if (instruments.empty()) {
        engine::OpenInstrument open{"BTC/USD",
                                    money::kBtc,
                                    money::kUsd,
                                    {1'000'000, money::kUsd},
                                    {1000, money::kBtc},
                                    {1000, money::kBtc},
                                    {1'000'000'000'000, money::kBtc},
                                    0,
                                    0};
        house.counter = house.ask<wire::Welcome>(wire::Hello{})->lastCounter + 1000;
        market = {house.mustSubmit(open)};
        QVERIFY(scene.pump.until([&] {
            return !scene.must<std::vector<api::InstrumentRow>>([&](auto done) { alice->instruments(done); }).empty();
        }));
    } else {
        market = instruments.front().id;
    }
    const auto place = [&](party::Party& who, api::Side side, std::int64_t dollars, std::int64_t satoshi) {
        return scene.ask<api::OrderRow>([&](auto done) {
            who.placeOrder({market, side, usd(dollars), {satoshi, money::kBtc}, 0}, done);
        });
    };
    const auto sell = place(*bob, api::Side::Sell, 500, 50'000'000);
    QVERIFY(sell.ok());
    QCOMPARE(sell->state, api::OrderState::Open);
    const auto book = scene.must<std::vector<api::BookRow>>([&](auto done) { bob->book(market, 10, done); });
    QCOMPARE(book.size(), std::size_t{1});
    QCOMPARE(book.front().side, api::Side::Sell);

    QCOMPARE(place(*alice, api::Side::Buy, 500, 900'000'000).error().problem, Problem::InsufficientFunds);
    QCOMPARE(place(*alice, api::Side::Buy, 500, 1).error().problem, Problem::QuantityNotOnLot);
    const auto buy = place(*alice, api::Side::Buy, 500, 20'000'000);
    QVERIFY(buy.ok());
    QCOMPARE(buy->state, api::OrderState::Filled);
    QVERIFY(available(*alice, money::kBtc) == 20'000'000);
    QVERIFY(available(*alice, money::kUsd) == usd(900).value);
    const auto instructions =
        scene.must<std::vector<api::InstructionRow>>([&](auto done) { alice->instructions(10, done); });
    QCOMPARE(instructions.size(), std::size_t{1});
    QVERIFY(instructions.front().executed);
    QVERIFY(!instructions.front().money.empty());
    QVERIFY(instructions.front().buyOrder == buy->id && instructions.front().sellOrder == sell->id);
    const auto trades = scene.must<std::vector<api::TradeRow>>([&](auto done) { alice->trades(market, 10, done); });
    QCOMPARE(trades.size(), std::size_t{1});
    QVERIFY(trades.front().mine);

    QCOMPARE(scene.ask<void>([&](auto done) { alice->cancelOrder(sell->id, done); }).error().problem,
             Problem::OrderUnknown);
    scene.mustDo([&](auto done) { bob->cancelOrder(sell->id, done); });
    const auto orders = scene.must<std::vector<api::OrderRow>>([&](auto done) { bob->orders(done); });
    QCOMPARE(orders.front().state, api::OrderState::Cancelled);
    QVERIFY(orders.front().filled.value == 20'000'000);
    QVERIFY(scene.pump.until([&] {
        return scene.must<std::vector<api::BookRow>>([&](auto done) { bob->book(market, 10, done); }).empty();
    }));
}

void TestParty::institution() {
    PartyScene scene;
    const auto bank = scene.open("bank");
    const auto trader = scene.open("trader");
    // Whoever looks at this and that is not registered by it.
    const auto factor = scene.must<api::FactorState>([&](auto done) { bank->guard().factorState(done); });
    QVERIFY(factor == api::FactorState::None);
    QVERIFY(!scene.must<api::AccountInfo>([&](auto done) { bank->account(done); }).holder);
    const HolderId holder = scene.must<HolderId>([&](auto done) { bank->registerHolder("First Bank", true, done); });
    QCOMPARE(scene.ask<HolderId>([&](auto done) { bank->registerHolder("Again", true, done); }).error().problem,
             Problem::AlreadyRegistered);
    scene.must<UserId>([&](auto done) { bank->addUser("Tess", trader->identityKey(), api::kTrader, done); });
    scene.mustDo([&](auto done) {
        bank->setFiatAccount({"Bank of X", "DE00 1234", "Insurance", usd(100'000), "letter of 2024"}, done);
    });
    const auto info = scene.must<api::AccountInfo>([&](auto done) { bank->account(done); });
    QVERIFY(info.institution);
    QCOMPARE(info.users.size(), std::size_t{2});
    QCOMPARE(info.fiat->insurer, std::string("Insurance"));
    // The trader's key belongs to the bank, and does not register anew.
    const auto seen = scene.must<api::AccountInfo>([&](auto done) { trader->account(done); });
    QVERIFY(seen.holder == holder);
    QCOMPARE(seen.name, std::string("First Bank"));
    QCOMPARE(seen.myRoles, std::uint32_t{api::kTrader});
}

void TestParty::damagedJournal() {
    PartyScene scene;
    { const auto party = scene.open("ann"); }
    scene.disks["ann"]->records = {bytesOf("garbage")};
    party::Party party(party::Setup{identityNamed("ann"), "ann", scene.folderNamed("ann"), scene.disk("ann"),
                                    scene.host.host->connect(identityNamed("ann").key()),
                                    scene.keyServer->connect(identityNamed("ann").key()),
                                    std::shared_ptr<ports::FileStore>(&scene.files, [](auto*) {}),
                                    scene.keyServer->key(), scene.host.clock, scene.random, scene.pump.executor()});
    QCOMPARE(scene.ask<void>([&](auto done) { party.start(done); }).error().problem, Problem::FolderDamaged);
    QCOMPARE(scene.ask<std::vector<api::SaleRow>>([&](auto done) { party.sales(done); }).error().problem,
             Problem::FolderDamaged);
}

void TestParty::noCallbackAfterTheEnd() {
    Deal deal;
    bool called = false;
    deal.seller->watch([&](api::Topic) { called = true; });
    deal.seller->sales([&](const auto&) { called = true; });
    deal.seller->seal(
        deal.request(), [&](api::JobProgress) { called = true; }, [&](const auto&) { called = true; });
    deal.seller.reset();
    deal.scene.pump.run();
    QVERIFY(!called);
}

QTEST_GUILESS_MAIN(TestParty)
#include "tst_party.moc"
