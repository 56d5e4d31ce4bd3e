// A party at the market and at its money, against a real coordinator: what is refused and by which name, every type of
// order and its row, changes, cancelling all, halts, deposits and the pages of a statement.
#include "core/api/Treasury.h"
#include "tests/core/party/PartyScene.h"

using namespace tallylock;
using namespace tallylock::test;
using api::OrderState;
using api::OrderType;
using api::Problem;
using api::Side;

namespace {

using Orders = std::vector<api::OrderRow>;

api::Amount coins(std::int64_t satoshi) { return {satoshi, money::kBtc}; }
constexpr std::int64_t kCoin = 100'000'000;

/// Alice has dollars and Bob has coins; a market with fees and a collar, and one without.
struct Market {
    PartyScene scene;
    Person house{"coordinator"};
    std::unique_ptr<party::Party> alice;
    std::unique_ptr<party::Party> bob;
    InstrumentId market;
    InstrumentId plain;

    Market() {
        scene.host.connect(house);
        house.counter = house.ask<wire::Welcome>(wire::Hello{})->lastCounter + 1000;
        alice = scene.open("alice");
        bob = scene.open("bob");
        market = open("BTC/USD collared", 10, 25, 1000);
        plain = open("BTC/USD plain", 0, 0, 0);
        const auto bank = identifier(*alice, money::kUsd);
        if (!scene.host.world->bank().transfer(bank, usd(100'000)).ok()) qFatal("no dollars");
        if (!scene.host.world->chain().payTo(identifier(*bob, money::kBtc), coins(10 * kCoin)).ok()) qFatal("no coins");
        wait([&] { return available(*alice, money::kUsd) == usd(100'000); });
        wait([&] { return available(*bob, money::kBtc) == coins(10 * kCoin); });
        wait([&] { return instruments().size() == 2; });
    }
    InstrumentId open(const char* symbol, std::uint32_t maker, std::uint32_t taker, std::uint32_t collar) {
        engine::OpenInstrument body{symbol,      money::kBtc,   money::kUsd,      {1'000'000, money::kUsd},
                                    coins(1000), coins(10'000), coins(5 * kCoin), maker,
                                    taker};
        if (collar != 0) body.collarBasisPoints = collar;
        return {house.mustSubmit(body)};
    }
    void steer(bool halted, api::Amount reference) {
        house.mustSubmit(engine::SteerInstrument{market, halted, reference});
    }
    template <class F>
    void wait(F&& isSo) {
        if (!scene.pump.until(isSo)) qFatal("it never came to pass");
    }
    std::string identifier(party::Party& who, money::UnitId unit) {
        return scene.must<api::DepositRow>([&](auto done) { who.depositIdentifier(unit, done); }).identifier;
    }
    std::vector<api::InstrumentRow> instruments() {
        return scene.must<std::vector<api::InstrumentRow>>([&](auto done) { alice->instruments(done); });
    }
    api::BalanceRow balance(party::Party& who, money::UnitId unit) {
        for (const auto& row : scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); }))
            if (row.unit == unit) return row;
        return {unit, {0, unit}, {0, unit}, {0, unit}};
    }
    api::Amount available(party::Party& who, money::UnitId unit) { return balance(who, unit).available; }

    api::OrderRequest request(Side side, std::int64_t dollars, std::int64_t satoshi, OrderType type = {}) const {
        api::OrderRequest asked{market, side, usd(dollars), coins(satoshi), 0};
        asked.type = type;
        return asked;
    }
    api::Answer<api::OrderRow> place(party::Party& who, const api::OrderRequest& asked) {
        return scene.ask<api::OrderRow>([&](auto done) { who.placeOrder(asked, done); });
    }
    api::OrderRow mustPlace(party::Party& who, const api::OrderRequest& asked) {
        return scene.must<api::OrderRow>([&](auto done) { who.placeOrder(asked, done); });
    }
    api::Answer<api::OrderRow> replace(party::Party& who, OrderId order, api::OrderChange change) {
        return scene.ask<api::OrderRow>([&](auto done) { who.replaceOrder(order, change, done); });
    }
    api::OrderRow order(party::Party& who, OrderId id) {
        for (const auto& row : scene.must<Orders>([&](auto done) { who.orders(done); }))
            if (row.id == id) return row;
        qFatal("no such order");
    }
};

template <class T>
Problem problemOf(const api::Answer<T>& answer) {
    return answer ? Problem::kCount : answer.error().problem;
}

} // namespace

class TestPartyMarket : public QObject {
    Q_OBJECT
private slots:
    void everyRefusalHasItsName();
    void aHaltedMarketOnlyCancels();
    void changesAreRefusedByName();
    void whatCannotTradeAtOnceIsCancelled();
    void aMarketOrderHoldsWhatItCosts();
    void aStopOrderWaits();
    void meetingOneself();
    void changesKeepTheNumber();
    void allAreCancelledAtOnce();
    void marketsSayWhatTheyCost();
    void depositsAreTold();
    void statementPagesAddUp();
    void usersHaveDevicesAndLimits();
};

void TestPartyMarket::everyRefusalHasItsName() {
    Market m;
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 10));
    m.steer(false, usd(10'000)); // the collar: 9,000 to 11,000
    const auto refused = [&](std::function<void(api::OrderRequest&)> change) {
        auto asked = m.request(Side::Buy, 9'500, kCoin / 10);
        change(asked);
        return problemOf(m.place(*m.alice, asked));
    };
    using R = api::OrderRequest;
    QCOMPARE(refused([](R& r) { r.instrument = {77}; }), Problem::InstrumentUnknown);
    QCOMPARE(refused([](R& r) { r.price.unit = money::kEur; }), Problem::AmountInvalid);
    QCOMPARE(refused([](R& r) { r.price.value = 0; }), Problem::AmountZero);
    QCOMPARE(refused([](R& r) { r.price.value = -1; }), Problem::AmountNegative);
    QCOMPARE(refused([](R& r) { r.price.value += 1; }), Problem::PriceNotOnTick);
    QCOMPARE(refused([](R& r) { r.price = usd(100'000'000'000); }), Problem::OrderTooLarge);
    QCOMPARE(refused([](R& r) { r.quantity.value = 0; }), Problem::AmountZero);
    QCOMPARE(refused([](R& r) { r.quantity.value += 1; }), Problem::QuantityNotOnLot);
    QCOMPARE(refused([](R& r) { r.quantity = coins(9'000); }), Problem::OrderTooSmall);
    QCOMPARE(refused([](R& r) { r.quantity = coins(6 * kCoin); }), Problem::OrderTooLarge);
    QCOMPARE(refused([](R& r) { r.stopPrice = usd(9'500); }), Problem::OrderInvalid);
    QCOMPARE(refused([](R& r) { r.type = OrderType::Market; }), Problem::OrderInvalid);
    QCOMPARE(refused([](R& r) {
                 r.type = OrderType::StopLimit;
                 r.stopPrice = {0, money::kUsd};
             }),
             Problem::AmountZero);
    QCOMPARE(refused([](R& r) {
                 r.type = OrderType::StopLimit;
                 r.stopPrice = {usd(9'500).value + 1, money::kUsd};
             }),
             Problem::PriceNotOnTick);
    QCOMPARE(refused([](R& r) { r.price = usd(11'001); }), Problem::PriceOutsideCollar);
    QCOMPARE(refused([](R& r) {
                 r.type = OrderType::PostOnly;
                 r.price = usd(10'000);
             }),
             Problem::OrderWouldTrade);
    QCOMPARE(refused([](R& r) {
                 r.type = OrderType::FillOrKill;
                 r.price = usd(10'000);
                 r.quantity = coins(kCoin / 5);
             }),
             Problem::OrderNotFillable);
    // 5 coins at 10,000 come to 50,000, and 11 coins' worth is not there.
    m.mustPlace(*m.alice, m.request(Side::Buy, 9'500, 5 * kCoin));
    m.mustPlace(*m.alice, m.request(Side::Buy, 9'400, 5 * kCoin));
    QCOMPARE(refused([](R& r) { r.quantity = coins(5 * kCoin); }), Problem::InsufficientFunds);
    QCOMPARE(m.scene.must<Orders>([&](auto done) { m.alice->orders(done); }).size(), std::size_t{2});
}

void TestPartyMarket::aHaltedMarketOnlyCancels() {
    Market m;
    const auto open = m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin));
    m.steer(true, usd(10'000));
    m.wait([&] { return m.instruments().front().halted; });
    QVERIFY(!m.instruments().back().halted);
    QCOMPARE(problemOf(m.place(*m.alice, m.request(Side::Buy, 10'000, kCoin))), Problem::InstrumentHalted);
    QCOMPARE(problemOf(m.replace(*m.bob, open.id, {usd(10'100)})), Problem::InstrumentHalted);
    QCOMPARE(m.scene.must<std::uint64_t>([&](auto done) { m.bob->cancelAllOrders(m.market, done); }), std::uint64_t{1});
    m.steer(false, {0, money::kUsd});
    m.wait([&] { return !m.instruments().front().halted; });
    QVERIFY(m.place(*m.bob, m.request(Side::Sell, 10'000, kCoin)).ok());
}

void TestPartyMarket::changesAreRefusedByName() {
    Market m;
    const auto sell = m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin));
    m.mustPlace(*m.alice, m.request(Side::Buy, 10'000, kCoin / 2));
    QCOMPARE(problemOf(m.replace(*m.bob, {999}, {usd(10'100)})), Problem::OrderUnknown);
    QCOMPARE(problemOf(m.replace(*m.alice, sell.id, {usd(10'100)})), Problem::OrderUnknown);
    QCOMPARE(problemOf(m.replace(*m.bob, sell.id, {usd(0)})), Problem::AmountZero);
    QCOMPARE(problemOf(m.replace(*m.bob, sell.id, {std::nullopt, coins(kCoin / 2)})), Problem::QuantityAlreadyFilled);
    QCOMPARE(problemOf(m.replace(*m.bob, sell.id, {std::nullopt, std::nullopt, usd(9'900)})), Problem::OrderInvalid);
    QCOMPARE(problemOf(m.replace(*m.bob, sell.id, {usd(8'000)})), Problem::PriceOutsideCollar);
    const auto buy = m.mustPlace(*m.alice, m.request(Side::Buy, 9'500, 5 * kCoin));
    m.mustPlace(*m.alice, m.request(Side::Buy, 9'200, 5 * kCoin));
    QCOMPARE(problemOf(m.replace(*m.alice, buy.id, {usd(9'999)})), Problem::InsufficientFunds);
    const auto unchanged = m.order(*m.alice, buy.id);
    QVERIFY(unchanged.price == usd(9'500) && unchanged.quantity == coins(5 * kCoin));
    m.scene.mustDo([&](auto done) { m.bob->cancelOrder(sell.id, done); });
    QCOMPARE(problemOf(m.replace(*m.bob, sell.id, {usd(10'100)})), Problem::OrderUnknown);
    QCOMPARE(problemOf(m.scene.ask<std::uint64_t>([&](auto done) { m.bob->cancelAllOrders(InstrumentId{77}, done); })),
             Problem::InstrumentUnknown);
}

void TestPartyMarket::whatCannotTradeAtOnceIsCancelled() {
    Market m;
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 4));
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'100, kCoin / 4));
    const auto bought = m.mustPlace(*m.alice, m.request(Side::Buy, 10'100, kCoin, OrderType::ImmediateOrCancel));
    QCOMPARE(bought.state, OrderState::Cancelled);
    QCOMPARE(bought.type, OrderType::ImmediateOrCancel);
    QVERIFY(bought.cause == api::CancelCause::NotFilled);
    QVERIFY(bought.filled == coins(kCoin / 2) && bought.quantity == coins(kCoin));
    QVERIFY(bought.filledFiat == usd(5'025));
    QVERIFY(bought.averagePrice == usd(10'050));
    QVERIFY((bought.fees == api::Amount{usd(5'025).value * 25 / 10'000, money::kUsd})); // as the taker
    QVERIFY((m.available(*m.alice, money::kUsd) ==
             api::Amount{usd(100'000).value - bought.filledFiat.value - bought.fees.value, money::kUsd}));
    QVERIFY(m.balance(*m.alice, money::kUsd).held.isZero());
    // The two that rested paid as makers, each for its own.
    m.wait(
        [&] { return m.scene.must<Orders>([&](auto done) { m.bob->orders(done); }).front().filledFiat.isPositive(); });
    for (const auto& sold : m.scene.must<Orders>([&](auto done) { m.bob->orders(done); })) {
        QCOMPARE(sold.state, OrderState::Filled);
        QVERIFY(sold.averagePrice == sold.price && !sold.cause);
        QVERIFY((sold.fees == api::Amount{sold.filledFiat.value / 1000, money::kUsd}));
    }
    // An average that does not come out even is rounded down, once, and the sum stays exact.
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 100));
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'001, kCoin / 50));
    const auto third = m.mustPlace(*m.alice, m.request(Side::Buy, 10'001, kCoin * 3 / 100, OrderType::FillOrKill));
    QCOMPARE(third.state, OrderState::Filled);
    QVERIFY((third.filledFiat == api::Amount{usd(30'002).value / 100, money::kUsd}));
    QVERIFY((third.averagePrice == api::Amount{usd(30'002).value / 3, money::kUsd}));
}

void TestPartyMarket::aMarketOrderHoldsWhatItCosts() {
    Market m;
    const auto nobody = m.request(Side::Buy, 0, kCoin, OrderType::Market);
    const auto lonely = m.mustPlace(*m.alice, nobody);
    QCOMPARE(lonely.state, OrderState::Cancelled);
    QVERIFY(lonely.averagePrice.isZero() && lonely.price.isZero());
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 2));
    const auto bought = m.mustPlace(*m.alice, nobody);
    QVERIFY(bought.filled == coins(kCoin / 2) && bought.averagePrice == usd(10'000));
    QVERIFY(m.balance(*m.alice, money::kUsd).held.isZero());
    QVERIFY(m.available(*m.alice, money::kBtc) == coins(kCoin / 2));
}

void TestPartyMarket::aStopOrderWaits() {
    Market m;
    auto stop = m.request(Side::Buy, 10'200, kCoin / 10, OrderType::StopLimit);
    stop.stopPrice = usd(10'100);
    const auto waiting = m.mustPlace(*m.alice, stop);
    QCOMPARE(waiting.state, OrderState::Waiting);
    QVERIFY(waiting.stopPrice == usd(10'100));
    QVERIFY(m.balance(*m.alice, money::kUsd).held.isPositive());
    QVERIFY(m.scene.must<std::vector<api::BookRow>>([&](auto done) { m.bob->book(m.market, 9, done); }).empty());
    const auto moved = m.replace(*m.alice, waiting.id, {std::nullopt, std::nullopt, usd(10'050)});
    QVERIFY(moved.ok() && moved->stopPrice == usd(10'050) && moved->state == OrderState::Waiting);
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'050, kCoin / 5));
    m.mustPlace(*m.alice, m.request(Side::Buy, 10'050, kCoin / 10)); // a trade at the stop price
    m.wait([&] { return m.order(*m.alice, waiting.id).state == OrderState::Filled; });
    const auto filled = m.order(*m.alice, waiting.id);
    QVERIFY(filled.averagePrice == usd(10'050) && filled.stopPrice == usd(10'050));
    QCOMPARE(filled.type, OrderType::StopLimit);
}

void TestPartyMarket::meetingOneself() {
    Market m;
    const auto resting = m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 10));
    m.mustPlace(*m.alice, m.request(Side::Buy, 9'000, kCoin)); // Bob has no dollars: he gets some
    m.mustPlace(*m.bob, m.request(Side::Sell, 9'000, kCoin));
    m.steer(false, usd(9'500)); // so that 10,000 is within the collar
    auto against = m.request(Side::Buy, 10'000, kCoin / 20);
    against.selfTrade = api::SelfTrade::CancelOldest;
    const auto newer = m.mustPlace(*m.bob, against);
    QCOMPARE(newer.state, OrderState::Open);
    QCOMPARE(newer.selfTrade, api::SelfTrade::CancelOldest);
    const auto old = m.order(*m.bob, resting.id);
    QCOMPARE(old.state, OrderState::Cancelled);
    QVERIFY(old.cause == api::CancelCause::SelfTrade);
}

void TestPartyMarket::changesKeepTheNumber() {
    Market m;
    const auto sell = m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin));
    const auto smaller = m.replace(*m.bob, sell.id, {std::nullopt, coins(kCoin / 2)});
    QVERIFY(smaller.ok() && smaller->id == sell.id && smaller->quantity == coins(kCoin / 2));
    QVERIFY(m.balance(*m.bob, money::kBtc).held == coins(kCoin / 2));
    const auto same = m.replace(*m.bob, sell.id, {}); // changes nothing, and answers all the same
    QVERIFY(same.ok() && same->quantity == coins(kCoin / 2));
    m.mustPlace(*m.alice, m.request(Side::Buy, 9'900, kCoin / 4));
    const auto crossing = m.replace(*m.bob, sell.id, {usd(9'900)});
    QVERIFY(crossing.ok() && crossing->id == sell.id);
    QVERIFY(crossing->filled == coins(kCoin / 4) && crossing->price == usd(9'900));
    QCOMPARE(crossing->state, OrderState::Open);
    QVERIFY(crossing->filledFiat == usd(2'475));
    m.scene.mustDo([&](auto done) { m.bob->cancelOrder(sell.id, done); });
    QVERIFY(m.order(*m.bob, sell.id).cause == api::CancelCause::Asked);
}

void TestPartyMarket::allAreCancelledAtOnce() {
    Market m;
    const auto cancelAll = [&](std::optional<InstrumentId> which) {
        return m.scene.must<std::uint64_t>([&](auto done) { m.bob->cancelAllOrders(which, done); });
    };
    QCOMPARE(cancelAll({}), std::uint64_t{0});
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin));
    auto stop = m.request(Side::Sell, 9'000, kCoin, OrderType::StopLimit);
    stop.stopPrice = usd(9'100);
    m.mustPlace(*m.bob, stop);
    auto elsewhere = m.request(Side::Sell, 10'000, kCoin);
    elsewhere.instrument = m.plain;
    const auto left = m.mustPlace(*m.bob, elsewhere);
    QCOMPARE(cancelAll(m.market), std::uint64_t{2});
    QVERIFY(m.balance(*m.bob, money::kBtc).held == coins(kCoin));
    QCOMPARE(m.order(*m.bob, left.id).state, OrderState::Open);
    QCOMPARE(cancelAll({}), std::uint64_t{1});
    QVERIFY(m.balance(*m.bob, money::kBtc).held.isZero());
    for (const auto& row : m.scene.must<Orders>([&](auto done) { m.bob->orders(done); }))
        QVERIFY(row.state == OrderState::Cancelled && row.cause == api::CancelCause::Asked);
}

void TestPartyMarket::marketsSayWhatTheyCost() {
    Market m;
    const auto rows = m.instruments();
    QVERIFY(rows[0].makerBasisPoints == 10 && rows[0].takerBasisPoints == 25 && rows[0].collarBasisPoints == 1000);
    QVERIFY(rows[0].minimum == coins(10'000) && rows[0].maximum == coins(5 * kCoin));
    QVERIFY(rows[0].reference.isZero() && rows[1].collarBasisPoints == 0);
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 10));
    m.mustPlace(*m.alice, m.request(Side::Buy, 10'000, kCoin / 10));
    m.wait([&] { return m.instruments()[0].reference == usd(10'000); }); // the last trade's
    m.steer(false, usd(9'000));
    m.wait([&] { return m.instruments()[0].reference == usd(9'000); });
}

void TestPartyMarket::depositsAreTold() {
    Market m;
    const auto deposits = [&](party::Party& who) {
        return m.scene.must<std::vector<api::IncomingRow>>([&](auto done) { who.treasury().deposits(done); });
    };
    const auto first = deposits(*m.bob);
    QCOMPARE(first.size(), std::size_t{1});
    QCOMPARE(first[0].state, api::DepositState::Credited);
    QVERIFY(first[0].amount == coins(10 * kCoin) && first[0].confirmations >= first[0].needed);
    QCOMPARE(first[0].identifier, m.identifier(*m.bob, money::kBtc));
    QVERIFY(m.scene.host.world->chain().payTo(first[0].identifier, coins(kCoin)).ok());
    m.wait([&] { return deposits(*m.bob).size() == 2; });
    QVERIFY(deposits(*m.bob)[0].amount == coins(kCoin)); // the newest first
    m.wait([&] { return deposits(*m.bob)[0].state == api::DepositState::Credited; });
    QCOMPARE(deposits(*m.alice).size(), std::size_t{1});
}

void TestPartyMarket::statementPagesAddUp() {
    Market m;
    for (int i = 0; i < 6; ++i) m.mustPlace(*m.bob, m.request(Side::Sell, 10'000 + i, kCoin / 100));
    m.mustPlace(*m.alice, m.request(Side::Buy, 10'005, kCoin * 6 / 100)); // six entries of one command
    m.mustPlace(*m.bob, m.request(Side::Sell, 10'000, kCoin / 100));
    m.mustPlace(*m.alice, m.request(Side::Buy, 10'000, kCoin / 100));
    const auto whole = m.scene.must<std::vector<api::StatementRow>>(
        [&](auto done) { m.alice->statement(money::kUsd, 1000, 0, done); });
    QCOMPARE(whole.size(), std::size_t{8});
    for (const std::uint32_t limit : {1u, 2u, 3u, 1000u}) {
        std::vector<api::StatementRow> rows;
        std::uint64_t before = 0;
        int pages = 0;
        do {
            const auto page = m.scene.must<api::StatementPage>(
                [&](auto done) { m.alice->statementPage(money::kUsd, before, limit, done); });
            QVERIFY(page.rows.size() >= limit || page.next == 0);
            rows.insert(rows.end(), page.rows.begin(), page.rows.end());
            before = page.next;
            QVERIFY(++pages < 20);
        } while (before != 0);
        QCOMPARE(rows.size(), whole.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            QVERIFY(rows[i].entry == whole[i].entry && rows[i].balance == whole[i].balance);
        if (limit == 1) QVERIFY(pages >= 3);
    }
    // Nothing has moved in this unit: one empty page.
    const auto none =
        m.scene.must<api::StatementPage>([&](auto done) { m.alice->statementPage(money::kEur, 0, 10, done); });
    QVERIFY(none.rows.empty() && none.next == 0);
}

void TestPartyMarket::usersHaveDevicesAndLimits() {
    Market m;
    const auto fund = m.scene.open("fund");
    const auto trader = m.scene.open("trader");
    const auto account = [&](party::Party& who) {
        return m.scene.must<api::AccountInfo>([&](auto done) { who.account(done); });
    };
    m.scene.must<HolderId>([&](auto done) { fund->registerHolder("Harbour Fund", true, done); });
    const auto user =
        m.scene.must<UserId>([&](auto done) { fund->addUser("Tess", trader->identityKey(), api::kTrader, done); });
    m.scene.mustDo([&](auto done) { fund->treasury().setOrderLimit(user, usd(500), done); });
    const IdentityKey second = identityNamed("second device").key();
    m.scene.mustDo([&](auto done) { fund->treasury().addDevice(user, second, done); });
    m.wait([&] { return account(*fund).users.size() == 2 && account(*fund).users[1].orderLimits.size() == 1; });
    auto info = account(*fund);
    QCOMPARE(info.standing, api::Standing::Verified); // practice
    QVERIFY(info.myself == info.users[0].id && info.users[0].devices[0].mine);
    QVERIFY(info.users[1].id == user && info.users[1].orderLimits[0] == usd(500));
    QCOMPARE(info.users[1].devices.size(), std::size_t{2});
    QVERIFY(account(*trader).myself == user);
    QCOMPARE(problemOf(m.place(*trader, m.request(Side::Buy, 10'000, kCoin))), Problem::NotPermitted);
    for (const api::DeviceRow& device : info.users[1].devices)
        m.scene.mustDo([&](auto done) { fund->treasury().removeDevice(device.key, done); });
    m.wait([&] { return account(*fund).users[1].devices.empty(); });
    QVERIFY(!m.place(*trader, m.request(Side::Buy, 100, kCoin)).ok());
    m.house.mustSubmit(engine::SetStanding{info.holder, 2, "a letter"});
    m.wait([&] { return account(*fund).standing == api::Standing::Restricted; });
    QCOMPARE(account(*fund).standingEvidence, std::string("a letter"));
}

QTEST_GUILESS_MAIN(TestPartyMarket)
#include "tst_party_market.moc"
