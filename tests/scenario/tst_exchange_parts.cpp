// The parts (a) to (n) of the exchange, one function each, on the embedded node through core/api: a trader of an
// institution buys bitcoin from a second account. The functions run in order and follow one trade. After it: two
// persons and many price levels, every type of order, and what was bought is paid out with another's approval.
#include "Scenario.h"
#include "core/api/Treasury.h"

#include <QCoreApplication>

#include <algorithm>

using namespace tallylock;
using namespace tallylock::scenario;

class TestExchangeParts : public QObject {
    Q_OBJECT
    Scenario m_scenario;
    SessionPtr m_institution;
    SessionPtr m_trader;
    SessionPtr m_second;
    SessionPtr m_ann; // two persons, each with an account of their own
    SessionPtr m_ben;
    api::InstrumentRow m_market;
    api::OrderRow m_buyOrder;
    api::OrderRow m_sellOrder;

    Answer<api::AccountInfo> account(const SessionPtr& who) {
        return m_scenario.ask<api::AccountInfo>([&](auto done) { who->account(done); });
    }
    Answer<api::OrderRow> place(const SessionPtr& who, api::Side side, Amount price, Amount quantity,
                                std::uint64_t id) {
        return m_scenario.ask<api::OrderRow>([&](auto done) {
            who->placeOrder({m_market.id, side, price, quantity, id}, done);
        });
    }
    Answer<api::OrderRow> placeTyped(const SessionPtr& who, api::Side side, api::OrderType type, Amount price,
                                     Amount quantity, Amount stop = dollars(0)) {
        return m_scenario.ask<api::OrderRow>([&](auto done) {
            who->placeOrder({m_market.id, side, price, quantity, 0, type, stop}, done);
        });
    }
    /// Money from outside, credited.
    bool fundWith(const SessionPtr& who, Amount amount) {
        const Amount before = m_scenario.available(who, amount.unit);
        const auto place = placeToDeposit(who, amount.unit);
        if (!place) return false;
        const auto paid = m_scenario.ask<void>([&](auto done) {
            if (amount.unit == money::kUsd)
                m_scenario.node->practice()->bankTransfer(amount.unit, place->identifier, amount, done);
            else
                m_scenario.node->practice()->payToAddress(amount.unit, place->identifier, amount, done);
        });
        return paid.ok() && m_scenario.eventually([&] {
            return m_scenario.available(who, amount.unit).value == before.value + amount.value;
        });
    }
    std::vector<api::OrderRow> orders(const SessionPtr& who) {
        const auto rows = m_scenario.ask<std::vector<api::OrderRow>>([&](auto done) { who->orders(done); });
        return rows ? *rows : std::vector<api::OrderRow>();
    }
    std::vector<api::InstructionRow> instructions(const SessionPtr& who) {
        const auto rows =
            m_scenario.ask<std::vector<api::InstructionRow>>([&](auto done) { who->instructions(10, done); });
        return rows ? *rows : std::vector<api::InstructionRow>();
    }
    std::vector<api::StatementRow> statement(const SessionPtr& who, api::UnitId unit) {
        const auto rows =
            m_scenario.ask<std::vector<api::StatementRow>>([&](auto done) { who->statement(unit, 50, 0, done); });
        return rows ? *rows : std::vector<api::StatementRow>();
    }
    Answer<api::DepositRow> placeToDeposit(const SessionPtr& who, api::UnitId unit) {
        return m_scenario.ask<api::DepositRow>([&](auto done) { who->depositIdentifier(unit, done); });
    }

private slots:
    void initTestCase() {
        QVERIFY(m_scenario.start());
        m_institution = m_scenario.person("fund");
        m_trader = m_scenario.person("trader");
        m_second = m_scenario.person("second");
        QVERIFY(m_institution && m_trader && m_second);
    }
    void cleanup() { QVERIFY(m_scenario.sumsToZero()); }
    void cleanupTestCase() {
        for (SessionPtr* one : {&m_institution, &m_trader, &m_second, &m_ann, &m_ben}) one->reset();
        m_scenario.node.reset();
    }

    /// Accounts with fiat account information and authentication data; an institution with several users.
    void partA() {
        QVERIFY(m_scenario.ask<HolderId>([&](auto done) { m_institution->registerHolder("Harbour Fund", true, done); })
                    .ok());
        const api::FiatAccount fiat{"Practice Bank", "PB 0001", "Deposit Guarantee", dollars(250'000'00),
                                    "practice only"};
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_institution->setFiatAccount(fiat, done); }).ok());
        const auto added = m_scenario.ask<UserId>(
            [&](auto done) { m_institution->addUser("Trader", m_trader->identityKey(), api::kTrader, done); });
        QVERIFY(added.ok());
        const auto again = m_scenario.ask<UserId>(
            [&](auto done) { m_institution->addUser("Twice", m_trader->identityKey(), api::kTrader, done); });
        QCOMPARE(again.error().problem, Problem::KeyInUse);

        const auto info = account(m_institution);
        QVERIFY(info && info->institution && info->fiat);
        QCOMPARE(info->fiat->insurer, fiat.insurer);
        QVERIFY(info->fiat->coverageLimit == fiat.coverageLimit);
        QCOMPARE(info->users.size(), std::size_t{2});
        QVERIFY(m_scenario.eventually([&] { return account(m_trader) && account(m_trader)->holder == info->holder; }));
        QCOMPARE(account(m_trader)->myRoles, std::uint32_t{api::kTrader});
    }

    /// Coins are deposited on the chain and credited once, after their confirmations.
    void partB() {
        const auto place = placeToDeposit(m_second, money::kBtc);
        QVERIFY(place.ok() && !place->identifier.empty());
        QCOMPARE(placeToDeposit(m_second, money::kBtc)->identifier, place->identifier);
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->payToAddress(money::kBtc, place->identifier, coins(100'000'000),
                                                                  done);
                    })
                    .ok());
        QVERIFY(
            m_scenario.eventually([&] { return m_scenario.available(m_second, money::kBtc) == coins(100'000'000); }));
        m_scenario.loop.runFor(300); // more confirmations change nothing
        QVERIFY(m_scenario.available(m_second, money::kBtc) == coins(100'000'000));
    }

    /// Dollars are deposited at the bank, matched by their reference.
    void partC() {
        const auto place = placeToDeposit(m_institution, money::kUsd);
        QVERIFY(place.ok());
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->bankTransfer(money::kUsd, place->identifier, dollars(10'000'00),
                                                                  done);
                    })
                    .ok());
        QVERIFY(m_scenario.eventually(
            [&] { return m_scenario.available(m_institution, money::kUsd) == dollars(10'000'00); }));
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->bankTransfer(money::kUsd, "NOBODY", dollars(77'00), done);
                    })
                    .ok());
        m_scenario.loop.runFor(300);
        QVERIFY(m_scenario.available(m_institution, money::kUsd) == dollars(10'000'00));
    }

    /// The orders database is there, and empty.
    void partD() {
        const auto rows =
            m_scenario.ask<std::vector<api::InstrumentRow>>([&](auto done) { m_trader->instruments(done); });
        QVERIFY(rows && !rows->empty());
        m_market = rows->front();
        QCOMPARE(m_market.symbol, std::string("BTC/USD"));
        QVERIFY(orders(m_trader).empty() && orders(m_second).empty());
    }

    /// The electronic ledger has a fiat and an asset balance for every account.
    void partE() {
        QVERIFY(m_scenario.available(m_institution, money::kUsd) == dollars(10'000'00));
        QVERIFY(m_scenario.available(m_institution, money::kBtc).isZero());
        QVERIFY(m_scenario.available(m_second, money::kBtc) == coins(100'000'000));
        QVERIFY(m_scenario.available(m_second, money::kUsd).isZero());
        QVERIFY(!statement(m_second, money::kBtc).empty());
        QCOMPARE(statement(m_second, money::kBtc).front().reason, std::string("deposit"));
    }

    /// A purchase order from a user of the institution; what a user may not do is refused by name.
    void partF() {
        const Amount price = dollars(50'000'00);
        QCOMPARE(place(m_trader, api::Side::Buy, {price.value + 1, money::kUsd}, coins(10'000'000), 1).error().problem,
                 Problem::PriceNotOnTick);
        QCOMPARE(place(m_trader, api::Side::Buy, price, coins(10'000'001), 1).error().problem,
                 Problem::QuantityNotOnLot);
        QCOMPARE(place(m_trader, api::Side::Buy, dollars(-1), coins(10'000'000), 1).error().problem,
                 Problem::AmountNegative);
        const auto users = m_scenario.ask<UserId>(
            [&](auto done) { m_trader->addUser("Friend", m_second->identityKey(), api::kTrader, done); });
        QCOMPARE(users.error().problem, Problem::NotPermitted);
        const auto placed = place(m_trader, api::Side::Buy, price, coins(10'000'000), 1);
        QVERIFY2(placed.ok(), placed.ok() ? "" : nameOf(placed.error().problem));
        m_buyOrder = *placed;
        QCOMPARE(place(m_trader, api::Side::Buy, price, coins(10'000'000), 1).error().problem, Problem::OrderIdUsed);
    }

    /// Its balance was verified and held in one act; nobody can spend it twice.
    void partG() {
        QVERIFY(m_scenario.eventually(
            [&] { return m_scenario.held(m_institution, money::kUsd).value >= dollars(5'000'00).value; }));
        QCOMPARE(place(m_trader, api::Side::Buy, dollars(50'000'00), coins(10'010'000), 2).error().problem,
                 Problem::InsufficientFunds);
    }

    /// It is stored.
    void partH() {
        const auto rows = orders(m_trader);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].id == m_buyOrder.id && rows[0].state == api::OrderState::Open);
        QVERIFY(rows[0].price == dollars(50'000'00) && rows[0].quantity == coins(10'000'000));
        const auto levels =
            m_scenario.ask<std::vector<api::BookRow>>([&](auto done) { m_second->book(m_market.id, 10, done); });
        QVERIFY(levels && levels->size() == 1 && levels->front().side == api::Side::Buy);
    }

    /// A sell order from a second account, out of its deposited coins.
    void partI() {
        const auto placed = place(m_second, api::Side::Sell, dollars(49'000'00), coins(30'000'000), 1);
        QVERIFY2(placed.ok(), placed.ok() ? "" : nameOf(placed.error().problem));
        m_sellOrder = *placed;
    }

    /// Fully funded: no credit.
    void partJ() {
        QVERIFY(m_scenario.eventually([&] { return m_scenario.held(m_second, money::kBtc) == coins(20'000'000); }));
        QCOMPARE(place(m_second, api::Side::Sell, dollars(60'000'00), coins(70'010'000), 2).error().problem,
                 Problem::InsufficientFunds);
    }

    /// It is stored.
    void partK() {
        const auto rows = orders(m_second);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].id == m_sellOrder.id);
    }

    /// The two were matched, at the resting order's price, by the smaller quantity.
    void partL() {
        QVERIFY(m_scenario.eventually(
            [&] { return !orders(m_trader).empty() && orders(m_trader)[0].state == api::OrderState::Filled; }));
        QVERIFY(m_scenario.eventually([&] { return orders(m_second)[0].filled == coins(10'000'000); }));
        QCOMPARE(orders(m_second)[0].state, api::OrderState::Open);
    }

    /// A stored, numbered, hashed instruction satisfies both.
    void partM() {
        QVERIFY(m_scenario.eventually(
            [&] { return !instructions(m_second).empty() && !instructions(m_institution).empty(); }));
        const auto rows = instructions(m_second);
        QCOMPARE(rows.size(), std::size_t{1});
        QVERIFY(rows[0].number == InstructionId{1} && !rows[0].hash.isZero());
        QVERIFY(rows[0].buyOrder == m_buyOrder.id && rows[0].sellOrder == m_sellOrder.id);
        QVERIFY(rows[0].quantity == coins(10'000'000) && rows[0].fiat == dollars(5'000'00));
        QCOMPARE(instructions(m_institution).size(), std::size_t{1});
        QVERIFY(instructions(m_institution)[0].hash == rows[0].hash);
    }

    /// Executed by one ledger entry: four balances change, and the surplus hold is released.
    void partN() {
        const auto row = instructions(m_second)[0];
        QVERIFY(row.executed && row.entry);
        QVERIFY(m_scenario.eventually(
            [&] { return m_scenario.available(m_institution, money::kBtc) == coins(10'000'000); }));
        const Amount paid{dollars(10'000'00).value - m_scenario.available(m_institution, money::kUsd).value,
                          money::kUsd};
        const Amount got = m_scenario.available(m_second, money::kUsd);
        QVERIFY(paid.value >= dollars(5'000'00).value && got.value <= dollars(5'000'00).value); // the fees lie between
        QVERIFY(m_scenario.held(m_institution, money::kUsd).isZero());
        QVERIFY(m_scenario.available(m_second, money::kBtc) == coins(70'000'000));
        QVERIFY(m_scenario.held(m_second, money::kBtc) == coins(20'000'000));
        const auto cancelled = m_scenario.ask<void>([&](auto done) { m_second->cancelOrder(m_sellOrder.id, done); });
        QVERIFY(cancelled.ok());
        QVERIFY(
            m_scenario.eventually([&] { return m_scenario.available(m_second, money::kBtc) == coins(90'000'000); }));
        const auto foreign = m_scenario.ask<void>([&](auto done) { m_trader->cancelOrder(m_sellOrder.id, done); });
        QCOMPARE(foreign.error().problem, Problem::OrderUnknown);
    }

    /// Two persons, five price levels, one order that takes them in parts: the best first, each at its own price.
    void individualsTradeInPartsOverManyLevels() {
        m_ann = m_scenario.person("ann");
        m_ben = m_scenario.person("ben");
        QVERIFY(m_ann && m_ben);
        QVERIFY(fundWith(m_ann, dollars(50'000'00)));
        QVERIFY(fundWith(m_ben, coins(100'000'000)));
        QVERIFY(!account(m_ann)->institution);
        for (const std::int64_t level : {60'300, 60'100, 60'500, 60'200, 60'400}) // in no order
            QVERIFY(place(m_ben, api::Side::Sell, dollars(level * 100), coins(10'000'000), 0).ok());
        QVERIFY(m_scenario.eventually([&] { // ann's app hears of what ben has placed
            const auto asks =
                m_scenario.ask<std::vector<api::BookRow>>([&](auto done) { m_ann->book(m_market.id, 10, done); });
            return asks && asks->size() == 5;
        }));
        const Amount dollarsBefore = m_scenario.available(m_ann, money::kUsd);
        const auto bought = place(m_ann, api::Side::Buy, dollars(60'400'00), coins(35'000'000), 0);
        QVERIFY2(bought.ok(), bought.ok() ? "" : nameOf(bought.error().problem));
        QCOMPARE(bought->state, api::OrderState::Filled);
        // 0.1 at 60,100, 60,200 and 60,300, and 0.05 at 60,400.
        QVERIFY(bought->filledFiat == dollars(6'010'00 + 6'020'00 + 6'030'00 + 3'020'00));
        auto parts = instructions(m_ann);
        QCOMPARE(parts.size(), std::size_t{4});
        std::reverse(parts.begin(), parts.end());
        money::Int128 sum = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            QVERIFY(parts[i].price == dollars(60'100'00 + static_cast<std::int64_t>(i) * 100'00));
            QVERIFY(parts[i].executed && parts[i].buyOrder == bought->id && !parts[i].hash.isZero());
            QVERIFY(i == 0 || parts[i].number.value == parts[i - 1].number.value + 1);
            sum += parts[i].fiat.value;
        }
        QVERIFY(sum == bought->filledFiat.value);
        // What the ledger took is what the instructions say, and the fees; nothing stays held.
        const Amount paid{dollarsBefore.value - m_scenario.available(m_ann, money::kUsd).value, money::kUsd};
        QVERIFY(paid.value == bought->filledFiat.value + bought->fees.value);
        QVERIFY(m_scenario.held(m_ann, money::kUsd).isZero());
        QVERIFY(m_scenario.available(m_ann, money::kBtc) == coins(35'000'000));
        QVERIFY(m_scenario.eventually([&] { return m_scenario.held(m_ben, money::kBtc) == coins(15'000'000); }));
    }

    /// What may not be is refused by name and moves nothing; what may does what its type says.
    void everyTypeOfOrderKeepsItsWord() {
        using T = api::OrderType;
        const auto problem = [](const Answer<api::OrderRow>& answer) {
            return answer ? Problem::kCount : answer.error().problem;
        };
        const Amount heldBefore = m_scenario.held(m_ann, money::kUsd);
        const Amount price = dollars(60'400'00); // 0.05 are left there, and 0.1 at 60,500
        QCOMPARE(problem(placeTyped(m_ann, api::Side::Buy, T::PostOnly, price, coins(1'000'000))),
                 Problem::OrderWouldTrade);
        QCOMPARE(problem(placeTyped(m_ann, api::Side::Buy, T::FillOrKill, price, coins(6'000'000))),
                 Problem::OrderNotFillable);
        QCOMPARE(problem(placeTyped(m_ann, api::Side::Buy, T::Market, price, coins(1'000'000))), Problem::OrderInvalid);
        QCOMPARE(problem(placeTyped(m_ann, api::Side::Buy, T::StopLimit, price, coins(1'000'000))),
                 Problem::AmountZero);
        QVERIFY(m_scenario.held(m_ann, money::kUsd) == heldBefore);

        const auto some = placeTyped(m_ann, api::Side::Buy, T::ImmediateOrCancel, price, coins(6'000'000));
        QVERIFY(some.ok() && some->state == api::OrderState::Cancelled && some->filled == coins(5'000'000));
        QVERIFY(some->cause == api::CancelCause::NotFilled);
        const auto atOnce = placeTyped(m_ann, api::Side::Buy, T::Market, dollars(0), coins(2'000'000));
        QVERIFY(atOnce.ok() && atOnce->state == api::OrderState::Filled && atOnce->averagePrice == dollars(60'500'00));
        const auto post = placeTyped(m_ann, api::Side::Buy, T::PostOnly, dollars(60'000'00), coins(1'000'000));
        QVERIFY(post.ok() && post->state == api::OrderState::Open);
        const auto stop =
            placeTyped(m_ann, api::Side::Buy, T::StopLimit, dollars(60'600'00), coins(1'000'000), dollars(60'550'00));
        QVERIFY(stop.ok() && stop->state == api::OrderState::Waiting);

        const auto moved = m_scenario.ask<api::OrderRow>([&](auto done) {
            m_ann->replaceOrder(post->id, {dollars(60'050'00), coins(2'000'000)}, done);
        });
        QVERIFY(moved.ok() && moved->id == post->id && moved->price == dollars(60'050'00));
        const auto all = m_scenario.ask<std::uint64_t>([&](auto done) { m_ann->cancelAllOrders(m_market.id, done); });
        QVERIFY(all.ok());
        QCOMPARE(*all, std::uint64_t{2});
        QVERIFY(m_scenario.eventually([&] { return m_scenario.held(m_ann, money::kUsd).isZero(); }));
    }

    /// What was deposited and moved can be read again, page by page, and adds up to the balance.
    void theStatementAddsUp() {
        std::vector<api::StatementRow> rows;
        std::uint64_t before = 0;
        do {
            const auto page = m_scenario.ask<api::StatementPage>(
                [&](auto done) { m_ann->statementPage(money::kUsd, before, 2, done); });
            QVERIFY(page.ok());
            rows.insert(rows.end(), page->rows.begin(), page->rows.end());
            before = page->next;
        } while (before != 0);
        QVERIFY(rows.size() >= 7); // a deposit and six trades
        money::Int128 sum = 0;
        for (const api::StatementRow& row : rows) sum += row.delta.value;
        QVERIFY(sum == rows.front().balance.value && rows.front().balance == m_scenario.available(m_ann, money::kUsd));
        QCOMPARE(rows.back().reason, std::string("deposit"));
        const auto came =
            m_scenario.ask<std::vector<api::IncomingRow>>([&](auto done) { m_ben->treasury().deposits(done); });
        QVERIFY(came && came->size() == 1);
        QCOMPARE(came->front().state, api::DepositState::Credited);
        QVERIFY(came->front().amount == coins(100'000'000) && !came->front().identifier.empty());
    }

    /// The institution's coins leave it: asked for by one, approved by another, paid once by a rail.
    void whatWasBoughtIsPaidOut() {
        auto& funds = m_institution->treasury();
        const auto traders = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_trader->treasury().addPayoutAddress(money::kBtc, "bc1-harbour", "Harbour", done); });
        QCOMPARE(traders.error().problem, Problem::NotPermitted);
        const auto address = m_scenario.ask<std::uint64_t>(
            [&](auto done) { funds.addPayoutAddress(money::kBtc, "bc1-harbour", "Harbour", done); });
        QVERIFY(address.ok());
        const auto alone = [&] {
            const auto policy = m_scenario.ask<api::PolicyRow>([&](auto done) { funds.withdrawalPolicy(done); });
            return m_scenario.ask<api::MoversRow>(
                [&](auto done) { funds.whoCouldMove(policy->policy, coins(1), done); });
        };
        QVERIFY(alone().ok() && !alone()->possible); // one treasurer, and two are needed
        const UserId checker = account(m_trader)->myself;
        QVERIFY(m_scenario.ask<void>([&](auto done) { funds.setRoles(checker, api::kTrader | api::kTreasurer, done); })
                    .ok());
        QVERIFY(alone()->possible && alone()->needed == 2);
        const auto asked = m_scenario.ask<std::uint64_t>(
            [&](auto done) { funds.requestWithdrawal(*address, coins(4'000'000), done); });
        QVERIFY(asked.ok());
        QVERIFY(m_scenario.held(m_institution, money::kBtc) == coins(4'000'000));
        QCOMPARE(m_scenario.ask<void>([&](auto done) { funds.approveWithdrawal(*asked, done); }).error().problem,
                 Problem::ApprovalNotYours);
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_trader->treasury().approveWithdrawal(*asked, done); }).ok());
        const auto row = [&] {
            const auto rows =
                m_scenario.ask<std::vector<api::WithdrawalRow>>([&](auto done) { funds.withdrawals(done); });
            return rows && !rows->empty() ? rows->front() : api::WithdrawalRow{};
        };
        QVERIFY(m_scenario.eventually([&] { return row().state == api::WithdrawalState::Sent; }));
        QVERIFY(row().approvedBy == std::vector<UserId>{checker} && !row().mineToCancel);
        QVERIFY(m_scenario.available(m_institution, money::kBtc) == coins(6'000'000));
        QVERIFY(m_scenario.held(m_institution, money::kBtc).isZero());
        QCOMPARE(statement(m_institution, money::kBtc).front().reason, std::string("withdrawal"));
    }
};

QTEST_GUILESS_MAIN(TestExchangeParts)
#include "tst_exchange_parts.moc"
