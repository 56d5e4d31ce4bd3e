// The parts (a) to (n) of the exchange, one function each, on the embedded node through core/api: a trader of an
// institution buys bitcoin from a second account. The functions run in order and follow one trade.
#include "Scenario.h"

#include <QCoreApplication>

using namespace tallylock;
using namespace tallylock::scenario;

class TestExchangeParts : public QObject {
    Q_OBJECT
    Scenario m;
    SessionPtr institution;
    SessionPtr trader;
    SessionPtr second;
    api::InstrumentRow market;
    api::OrderRow buyOrder;
    api::OrderRow sellOrder;

    Answer<api::AccountInfo> account(const SessionPtr& who) {
        return m.ask<api::AccountInfo>([&](auto done) { who->account(done); });
    }
    Answer<api::OrderRow> place(const SessionPtr& who, api::Side side, Amount price, Amount quantity,
                                std::uint64_t id) {
        return m.ask<api::OrderRow>([&](auto done) { who->placeOrder({market.id, side, price, quantity, id}, done); });
    }
    std::vector<api::OrderRow> orders(const SessionPtr& who) {
        const auto rows = m.ask<std::vector<api::OrderRow>>([&](auto done) { who->orders(done); });
        return rows ? *rows : std::vector<api::OrderRow>();
    }
    std::vector<api::InstructionRow> instructions(const SessionPtr& who) {
        const auto rows = m.ask<std::vector<api::InstructionRow>>([&](auto done) { who->instructions(10, done); });
        return rows ? *rows : std::vector<api::InstructionRow>();
    }
    std::vector<api::StatementRow> statement(const SessionPtr& who, api::UnitId unit) {
        const auto rows = m.ask<std::vector<api::StatementRow>>([&](auto done) { who->statement(unit, 50, 0, done); });
        return rows ? *rows : std::vector<api::StatementRow>();
    }
    Answer<api::DepositRow> placeToDeposit(const SessionPtr& who, api::UnitId unit) {
        return m.ask<api::DepositRow>([&](auto done) { who->depositIdentifier(unit, done); });
    }

private slots:
    void initTestCase() {
        QVERIFY(m.start());
        institution = m.person("fund");
        trader = m.person("trader");
        second = m.person("second");
        QVERIFY(institution && trader && second);
    }
    void cleanup() { QVERIFY(m.sumsToZero()); }
    void cleanupTestCase() {
        institution.reset();
        trader.reset();
        second.reset();
        m.node.reset();
    }

    /// Accounts with fiat account information and authentication data; an institution with several users.
    void partA() {
        QVERIFY(m.ask<HolderId>([&](auto done) { institution->registerHolder("Harbour Fund", true, done); }).ok());
        const api::FiatAccount fiat{"Practice Bank", "PB 0001", "Deposit Guarantee", dollars(250'000'00),
                                    "practice only"};
        QVERIFY(m.ask<void>([&](auto done) { institution->setFiatAccount(fiat, done); }).ok());
        const auto added = m.ask<UserId>(
            [&](auto done) { institution->addUser("Trader", trader->identityKey(), api::kTrader, done); });
        QVERIFY(added.ok());
        const auto again =
            m.ask<UserId>([&](auto done) { institution->addUser("Twice", trader->identityKey(), api::kTrader, done); });
        QCOMPARE(again.error().problem, Problem::KeyInUse);

        const auto info = account(institution);
        QVERIFY(info && info->institution && info->fiat);
        QCOMPARE(info->fiat->insurer, fiat.insurer);
        QVERIFY(info->fiat->coverageLimit == fiat.coverageLimit);
        QCOMPARE(info->users.size(), std::size_t{2});
        QVERIFY(m.eventually([&] { return account(trader) && account(trader)->holder == info->holder; }));
        QCOMPARE(account(trader)->myRoles, std::uint32_t{api::kTrader});
    }

    /// Coins are deposited on the chain and credited once, after their confirmations.
    void partB() {
        const auto place = placeToDeposit(second, money::kBtc);
        QVERIFY(place.ok() && !place->identifier.empty());
        QCOMPARE(placeToDeposit(second, money::kBtc)->identifier, place->identifier);
        QVERIFY(m.ask<void>([&](auto done) {
                     m.node->practice()->payToAddress(money::kBtc, place->identifier, coins(100'000'000), done);
                 }).ok());
        QVERIFY(m.eventually([&] { return m.available(second, money::kBtc) == coins(100'000'000); }));
        m.loop.runFor(300); // more confirmations change nothing
        QVERIFY(m.available(second, money::kBtc) == coins(100'000'000));
    }

    /// Dollars are deposited at the bank, matched by their reference.
    void partC() {
        const auto place = placeToDeposit(institution, money::kUsd);
        QVERIFY(place.ok());
        QVERIFY(m.ask<void>([&](auto done) {
                     m.node->practice()->bankTransfer(money::kUsd, place->identifier, dollars(10'000'00), done);
                 }).ok());
        QVERIFY(m.eventually([&] { return m.available(institution, money::kUsd) == dollars(10'000'00); }));
        QVERIFY(m.ask<void>([&](auto done) {
                     m.node->practice()->bankTransfer(money::kUsd, "NOBODY", dollars(77'00), done);
                 }).ok());
        m.loop.runFor(300);
        QVERIFY(m.available(institution, money::kUsd) == dollars(10'000'00));
    }

    /// The orders database is there, and empty.
    void partD() {
        const auto rows = m.ask<std::vector<api::InstrumentRow>>([&](auto done) { trader->instruments(done); });
        QVERIFY(rows && !rows->empty());
        market = rows->front();
        QCOMPARE(market.symbol, std::string("BTC/USD"));
        QVERIFY(orders(trader).empty() && orders(second).empty());
    }

    /// The electronic ledger has a fiat and an asset balance for every account.
    void partE() {
        QVERIFY(m.available(institution, money::kUsd) == dollars(10'000'00));
        QVERIFY(m.available(institution, money::kBtc).isZero());
        QVERIFY(m.available(second, money::kBtc) == coins(100'000'000));
        QVERIFY(m.available(second, money::kUsd).isZero());
        QVERIFY(!statement(second, money::kBtc).empty());
        QCOMPARE(statement(second, money::kBtc).front().reason, std::string("deposit"));
    }

    /// A purchase order from a user of the institution; what a user may not do is refused by name.
    void partF() {
        const Amount price = dollars(50'000'00);
        QCOMPARE(place(trader, api::Side::Buy, {price.value + 1, money::kUsd}, coins(10'000'000), 1).error().problem,
                 Problem::PriceNotOnTick);
        QCOMPARE(place(trader, api::Side::Buy, price, coins(10'000'001), 1).error().problem, Problem::QuantityNotOnLot);
        QCOMPARE(place(trader, api::Side::Buy, dollars(-1), coins(10'000'000), 1).error().problem,
                 Problem::AmountNegative);
        const auto users =
            m.ask<UserId>([&](auto done) { trader->addUser("Friend", second->identityKey(), api::kTrader, done); });
        QCOMPARE(users.error().problem, Problem::NotPermitted);
        const auto placed = place(trader, api::Side::Buy, price, coins(10'000'000), 1);
        QVERIFY2(placed.ok(), placed.ok() ? "" : nameOf(placed.error().problem));
        buyOrder = *placed;
        QCOMPARE(place(trader, api::Side::Buy, price, coins(10'000'000), 1).error().problem, Problem::OrderIdUsed);
    }

    /// Its balance was verified and held in one act; nobody can spend it twice.
    void partG() {
        QVERIFY(m.eventually([&] { return m.held(institution, money::kUsd).value >= dollars(5'000'00).value; }));
        QCOMPARE(place(trader, api::Side::Buy, dollars(50'000'00), coins(10'010'000), 2).error().problem,
                 Problem::InsufficientFunds);
    }

    /// It is stored.
    void partH() {
        const auto rows = orders(trader);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].id == buyOrder.id && rows[0].state == api::OrderState::Open);
        QVERIFY(rows[0].price == dollars(50'000'00) && rows[0].quantity == coins(10'000'000));
        const auto levels = m.ask<std::vector<api::BookRow>>([&](auto done) { second->book(market.id, 10, done); });
        QVERIFY(levels && levels->size() == 1 && levels->front().side == api::Side::Buy);
    }

    /// A sell order from a second account, out of its deposited coins.
    void partI() {
        const auto placed = place(second, api::Side::Sell, dollars(49'000'00), coins(30'000'000), 1);
        QVERIFY2(placed.ok(), placed.ok() ? "" : nameOf(placed.error().problem));
        sellOrder = *placed;
    }

    /// Fully funded: no credit.
    void partJ() {
        QVERIFY(m.eventually([&] { return m.held(second, money::kBtc) == coins(20'000'000); }));
        QCOMPARE(place(second, api::Side::Sell, dollars(60'000'00), coins(70'010'000), 2).error().problem,
                 Problem::InsufficientFunds);
    }

    /// It is stored.
    void partK() {
        const auto rows = orders(second);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].id == sellOrder.id);
    }

    /// The two were matched, at the resting order's price, by the smaller quantity.
    void partL() {
        QVERIFY(m.eventually(
            [&] { return !orders(trader).empty() && orders(trader)[0].state == api::OrderState::Filled; }));
        QVERIFY(orders(second)[0].filled == coins(10'000'000));
        QCOMPARE(orders(second)[0].state, api::OrderState::Open);
    }

    /// A stored, numbered, hashed instruction satisfies both.
    void partM() {
        const auto rows = instructions(second);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].number == InstructionId{1} && !rows[0].hash.isZero());
        QVERIFY(rows[0].buyOrder == buyOrder.id && rows[0].sellOrder == sellOrder.id);
        QVERIFY(rows[0].quantity == coins(10'000'000) && rows[0].fiat == dollars(5'000'00));
        QCOMPARE(instructions(institution).size(), std::size_t{1});
        QVERIFY(instructions(institution)[0].hash == rows[0].hash);
    }

    /// Executed by one ledger entry: four balances change, and the surplus hold is released.
    void partN() {
        const auto row = instructions(second)[0];
        QVERIFY(row.executed && row.entry);
        QVERIFY(m.eventually([&] { return m.available(institution, money::kBtc) == coins(10'000'000); }));
        const Amount paid{dollars(10'000'00).value - m.available(institution, money::kUsd).value, money::kUsd};
        const Amount got = m.available(second, money::kUsd);
        QVERIFY(paid.value >= dollars(5'000'00).value && got.value <= dollars(5'000'00).value); // the fees lie between
        QVERIFY(m.held(institution, money::kUsd).isZero());
        QVERIFY(m.available(second, money::kBtc) == coins(70'000'000));
        QVERIFY(m.held(second, money::kBtc) == coins(20'000'000));
        const auto cancelled = m.ask<void>([&](auto done) { second->cancelOrder(sellOrder.id, done); });
        QVERIFY(cancelled.ok());
        QVERIFY(m.eventually([&] { return m.available(second, money::kBtc) == coins(90'000'000); }));
        const auto foreign = m.ask<void>([&](auto done) { trader->cancelOrder(sellOrder.id, done); });
        QCOMPARE(foreign.error().problem, Problem::OrderUnknown);
    }
};

QTEST_GUILESS_MAIN(TestExchangeParts)
#include "tst_exchange_parts.moc"
