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
    Scenario m;
    SessionPtr institution;
    SessionPtr trader;
    SessionPtr second;
    SessionPtr ann; // two persons, each with an account of their own
    SessionPtr ben;
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
    Answer<api::OrderRow> placeTyped(const SessionPtr& who, api::Side side, api::OrderType type, Amount price,
                                     Amount quantity, Amount stop = dollars(0)) {
        return m.ask<api::OrderRow>([&](auto done) {
            who->placeOrder({market.id, side, price, quantity, 0, type, stop}, done);
        });
    }
    /// Money from outside, credited.
    bool fundWith(const SessionPtr& who, Amount amount) {
        const Amount before = m.available(who, amount.unit);
        const auto place = placeToDeposit(who, amount.unit);
        if (!place) return false;
        const auto paid = m.ask<void>([&](auto done) {
            if (amount.unit == money::kUsd)
                m.node->practice()->bankTransfer(amount.unit, place->identifier, amount, done);
            else
                m.node->practice()->payToAddress(amount.unit, place->identifier, amount, done);
        });
        return paid.ok() &&
               m.eventually([&] { return m.available(who, amount.unit).value == before.value + amount.value; });
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
        for (SessionPtr* one : {&institution, &trader, &second, &ann, &ben}) one->reset();
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

    /// Two persons, five price levels, one order that takes them in parts: the best first, each at its own price.
    void individualsTradeInPartsOverManyLevels() {
        ann = m.person("ann");
        ben = m.person("ben");
        QVERIFY(ann && ben);
        QVERIFY(fundWith(ann, dollars(50'000'00)));
        QVERIFY(fundWith(ben, coins(100'000'000)));
        QVERIFY(!account(ann)->institution);
        for (const std::int64_t level : {60'300, 60'100, 60'500, 60'200, 60'400}) // in no order
            QVERIFY(place(ben, api::Side::Sell, dollars(level * 100), coins(10'000'000), 0).ok());
        const auto asks = m.ask<std::vector<api::BookRow>>([&](auto done) { ann->book(market.id, 10, done); });
        QVERIFY(asks && asks->size() == 5);
        const Amount dollarsBefore = m.available(ann, money::kUsd);
        const auto bought = place(ann, api::Side::Buy, dollars(60'400'00), coins(35'000'000), 0);
        QVERIFY2(bought.ok(), bought.ok() ? "" : nameOf(bought.error().problem));
        QCOMPARE(bought->state, api::OrderState::Filled);
        // 0.1 at 60,100, 60,200 and 60,300, and 0.05 at 60,400.
        QVERIFY(bought->filledFiat == dollars(6'010'00 + 6'020'00 + 6'030'00 + 3'020'00));
        auto parts = instructions(ann);
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
        const Amount paid{dollarsBefore.value - m.available(ann, money::kUsd).value, money::kUsd};
        QVERIFY(paid.value == bought->filledFiat.value + bought->fees.value);
        QVERIFY(m.held(ann, money::kUsd).isZero());
        QVERIFY(m.available(ann, money::kBtc) == coins(35'000'000));
        QVERIFY(m.eventually([&] { return m.held(ben, money::kBtc) == coins(15'000'000); }));
    }

    /// What may not be is refused by name and moves nothing; what may does what its type says.
    void everyTypeOfOrderKeepsItsWord() {
        using T = api::OrderType;
        const auto problem = [](const Answer<api::OrderRow>& answer) {
            return answer ? Problem::kCount : answer.error().problem;
        };
        const Amount heldBefore = m.held(ann, money::kUsd);
        const Amount price = dollars(60'400'00); // 0.05 are left there, and 0.1 at 60,500
        QCOMPARE(problem(placeTyped(ann, api::Side::Buy, T::PostOnly, price, coins(1'000'000))),
                 Problem::OrderWouldTrade);
        QCOMPARE(problem(placeTyped(ann, api::Side::Buy, T::FillOrKill, price, coins(6'000'000))),
                 Problem::OrderNotFillable);
        QCOMPARE(problem(placeTyped(ann, api::Side::Buy, T::Market, price, coins(1'000'000))), Problem::OrderInvalid);
        QCOMPARE(problem(placeTyped(ann, api::Side::Buy, T::StopLimit, price, coins(1'000'000))), Problem::AmountZero);
        QVERIFY(m.held(ann, money::kUsd) == heldBefore);

        const auto some = placeTyped(ann, api::Side::Buy, T::ImmediateOrCancel, price, coins(6'000'000));
        QVERIFY(some.ok() && some->state == api::OrderState::Cancelled && some->filled == coins(5'000'000));
        QVERIFY(some->cause == api::CancelCause::NotFilled);
        const auto atOnce = placeTyped(ann, api::Side::Buy, T::Market, dollars(0), coins(2'000'000));
        QVERIFY(atOnce.ok() && atOnce->state == api::OrderState::Filled && atOnce->averagePrice == dollars(60'500'00));
        const auto post = placeTyped(ann, api::Side::Buy, T::PostOnly, dollars(60'000'00), coins(1'000'000));
        QVERIFY(post.ok() && post->state == api::OrderState::Open);
        const auto stop =
            placeTyped(ann, api::Side::Buy, T::StopLimit, dollars(60'600'00), coins(1'000'000), dollars(60'550'00));
        QVERIFY(stop.ok() && stop->state == api::OrderState::Waiting);

        const auto moved = m.ask<api::OrderRow>([&](auto done) {
            ann->replaceOrder(post->id, {dollars(60'050'00), coins(2'000'000)}, done);
        });
        QVERIFY(moved.ok() && moved->id == post->id && moved->price == dollars(60'050'00));
        const auto all = m.ask<std::uint64_t>([&](auto done) { ann->cancelAllOrders(market.id, done); });
        QVERIFY(all.ok());
        QCOMPARE(*all, std::uint64_t{2});
        QVERIFY(m.eventually([&] { return m.held(ann, money::kUsd).isZero(); }));
    }

    /// What was deposited and moved can be read again, page by page, and adds up to the balance.
    void theStatementAddsUp() {
        std::vector<api::StatementRow> rows;
        std::uint64_t before = 0;
        do {
            const auto page =
                m.ask<api::StatementPage>([&](auto done) { ann->statementPage(money::kUsd, before, 2, done); });
            QVERIFY(page.ok());
            rows.insert(rows.end(), page->rows.begin(), page->rows.end());
            before = page->next;
        } while (before != 0);
        QVERIFY(rows.size() >= 7); // a deposit and six trades
        money::Int128 sum = 0;
        for (const api::StatementRow& row : rows) sum += row.delta.value;
        QVERIFY(sum == rows.front().balance.value && rows.front().balance == m.available(ann, money::kUsd));
        QCOMPARE(rows.back().reason, std::string("deposit"));
        const auto came = m.ask<std::vector<api::IncomingRow>>([&](auto done) { ben->treasury().deposits(done); });
        QVERIFY(came && came->size() == 1);
        QCOMPARE(came->front().state, api::DepositState::Credited);
        QVERIFY(came->front().amount == coins(100'000'000) && !came->front().identifier.empty());
    }

    /// The institution's coins leave it: asked for by one, approved by another, paid once by a rail.
    void whatWasBoughtIsPaidOut() {
        auto& funds = institution->treasury();
        const auto traders = m.ask<std::uint64_t>(
            [&](auto done) { trader->treasury().addPayoutAddress(money::kBtc, "bc1-harbour", "Harbour", done); });
        QCOMPARE(traders.error().problem, Problem::NotPermitted);
        const auto address = m.ask<std::uint64_t>(
            [&](auto done) { funds.addPayoutAddress(money::kBtc, "bc1-harbour", "Harbour", done); });
        QVERIFY(address.ok());
        const auto alone = [&] {
            const auto policy = m.ask<api::PolicyRow>([&](auto done) { funds.withdrawalPolicy(done); });
            return m.ask<api::MoversRow>([&](auto done) { funds.whoCouldMove(policy->policy, coins(1), done); });
        };
        QVERIFY(alone().ok() && !alone()->possible); // one treasurer, and two are needed
        const UserId checker = account(trader)->myself;
        QVERIFY(m.ask<void>([&](auto done) { funds.setRoles(checker, api::kTrader | api::kTreasurer, done); }).ok());
        QVERIFY(alone()->possible && alone()->needed == 2);
        const auto asked =
            m.ask<std::uint64_t>([&](auto done) { funds.requestWithdrawal(*address, coins(4'000'000), done); });
        QVERIFY(asked.ok());
        QVERIFY(m.held(institution, money::kBtc) == coins(4'000'000));
        QCOMPARE(m.ask<void>([&](auto done) { funds.approveWithdrawal(*asked, done); }).error().problem,
                 Problem::ApprovalNotYours);
        QVERIFY(m.ask<void>([&](auto done) { trader->treasury().approveWithdrawal(*asked, done); }).ok());
        const auto row = [&] {
            const auto rows = m.ask<std::vector<api::WithdrawalRow>>([&](auto done) { funds.withdrawals(done); });
            return rows && !rows->empty() ? rows->front() : api::WithdrawalRow{};
        };
        QVERIFY(m.eventually([&] { return row().state == api::WithdrawalState::Sent; }));
        QVERIFY(row().approvedBy == std::vector<UserId>{checker} && !row().mineToCancel);
        QVERIFY(m.available(institution, money::kBtc) == coins(6'000'000));
        QVERIFY(m.held(institution, money::kBtc).isZero());
        QCOMPARE(statement(institution, money::kBtc).front().reason, std::string("withdrawal"));
    }
};

QTEST_GUILESS_MAIN(TestExchangeParts)
#include "tst_exchange_parts.moc"
