#include "EngineHarness.h"
#include "core/parties/Party.h"
#include "tests/support/Seed.h"

#include <QRandomGenerator>
#include <random>

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {
constexpr std::uint8_t kBuy = 0;
constexpr std::uint8_t kSell = 1;

struct Exchange : EngineHarness {
    InstrumentId btcUsd{send("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                                           satoshi(10'000), satoshi(100'000'000'000), 10, 25})
                            .value};
    PlaceOrder order(std::uint8_t side, std::int64_t cents, std::int64_t lots, std::uint64_t clientId = 0) const {
        return {btcUsd, side, usd(cents), satoshi(lots * 10'000), clientId};
    }
};
} // namespace

class TestEngineExchange : public QObject {
    Q_OBJECT
private slots:
    void institutionBuysFromSecondAccount() {
        Exchange m;
        const HolderId fund = m.join("Harbour Fund", true);
        const HolderId seller = m.join("seller");
        QCOMPARE(m.send("Harbour Fund", AddUser{"Trader", keyNamed("trader").publicKey(), parties::kTrader}).refused,
                 Refused::No);
        m.deposit(fund, usd(1'000'000));
        m.deposit(seller, satoshi(50'000'000));
        // 0.1 BTC at 50,000: 5,000 dollars.
        const Reply sell = m.send("seller", m.order(kSell, 5'000'000, 1'000));
        QCOMPARE(sell.refused, Refused::No);
        QVERIFY(m.available(seller, money::kBtc) == 40'000'000);
        const Reply buy = m.send("trader", m.order(kBuy, 5'100'000, 1'000)); // pays the resting price
        QCOMPARE(buy.refused, Refused::No);

        const auto executed = m.freshOf<InstructionExecuted>();
        QCOMPARE(executed.size(), std::size_t{1});
        const market::Instruction& instruction = executed[0].instruction;
        QVERIFY(instruction.fiat == usd(500'000));
        QVERIFY(instruction.quantity == satoshi(10'000'000));
        QVERIFY(instruction.buyer == fund && instruction.seller == seller);
        QVERIFY(executed[0].hash == crypto::labelledHash("instruction", instruction));
        QVERIFY(instruction.buyerFee == usd(1'250));
        QVERIFY(instruction.sellerFee == usd(500));
        QVERIFY(m.available(fund, money::kUsd) == usd(1'000'000 - 500'000 - 1'250).value); // no surplus stays held
        QVERIFY(m.available(fund, money::kBtc) == 10'000'000);
        QVERIFY(m.available(seller, money::kUsd) == usd(500'000 - 500).value);
        QVERIFY(m.engine.ledger().holdCount() == 0);
    }

    void refusalsInOrder() {
        Exchange m;
        const HolderId fund = m.join("Harbour Fund", true);
        m.send("Harbour Fund", AddUser{"Auditor", keyNamed("auditor").publicKey(), parties::kAuditor});
        m.deposit(fund, usd(100'00));
        QCOMPARE(m.send("nobody", m.order(kBuy, 100, 1)).refused, Refused::NotRegistered);
        QCOMPARE(m.send("auditor", m.order(kBuy, 100, 1)).refused, Refused::NotPermitted);
        const auto refused = [&](auto change) {
            PlaceOrder order = m.order(kBuy, 5'000'000, 1, 7);
            change(order);
            return m.send("Harbour Fund", order).refused;
        };
        QCOMPARE(refused([](PlaceOrder& o) { o.instrument = {9}; }), Refused::InstrumentUnknown);
        QCOMPARE(refused([](PlaceOrder& o) { o.price.unit = money::kEur; }), Refused::AmountInvalid);
        QCOMPARE(refused([](PlaceOrder& o) { o.side = 2; }), Refused::AmountInvalid);
        QCOMPARE(refused([](PlaceOrder& o) { o.price.value += 1; }), Refused::PriceNotOnTick);
        QCOMPARE(refused([](PlaceOrder& o) { o.quantity.value += 1; }), Refused::QuantityNotOnLot);
        QCOMPARE(refused([](PlaceOrder& o) { o.price.value = -o.price.value; }), Refused::AmountNegative);
        QCOMPARE(refused([](PlaceOrder& o) {
                     o.quantity = {money::kInt128Max, money::kBtc};
                 }),
                 Refused::QuantityNotOnLot);
        QCOMPARE(refused([](PlaceOrder& o) { o.quantity = satoshi(200'000'000'000); }), Refused::OrderTooLarge);
        QCOMPARE(refused([](PlaceOrder& o) { o.quantity = satoshi(500'000); }), Refused::InsufficientFunds);
        QCOMPARE(refused([](PlaceOrder&) {}), Refused::No);
        QCOMPARE(refused([](PlaceOrder&) {}), Refused::ClientIdUsed);
        QCOMPARE(m.send("Harbour Fund", CancelOrder{{99}}).refused, Refused::OrderUnknown);
        m.join("stranger");
        QCOMPARE(m.send("stranger", CancelOrder{{1}}).refused, Refused::OrderUnknown);
        QCOMPARE(m.send("Harbour Fund", CancelOrder{{1}}).refused, Refused::No);
        QVERIFY(m.available(fund, money::kUsd) == usd(100'00).value);
    }

    /// What a market order costs is held to the last digit, fee included; nothing stays held.
    void aMarketOrderHoldsWhatItCosts() {
        Exchange m;
        const HolderId buyer = m.join("buyer");
        const HolderId seller = m.join("seller");
        m.deposit(seller, satoshi(100'000'000));
        m.send("seller", m.order(kSell, 5'000'000, 10));
        m.send("seller", m.order(kSell, 5'100'000, 10));
        PlaceOrder order = m.order(kBuy, 0, 20);
        order.type = market::OrderType::Market;
        const money::Int128 cost = usd(50'00 + 51'00).value; // 0.001 BTC of each
        const money::Int128 fee = cost * 25 / 10'000;
        m.deposit(buyer, {cost + fee - 1, money::kUsd});
        QCOMPARE(m.send("buyer", order).refused, Refused::InsufficientFunds);
        m.deposit(buyer, {1, money::kUsd});
        QCOMPARE(m.send("buyer", order).refused, Refused::No);
        QVERIFY(m.available(buyer, money::kUsd) == 0);
        QVERIFY(m.available(buyer, money::kBtc) == 200'000);
        // Nobody is left to sell: it ends without having held anything.
        QCOMPARE(m.send("buyer", order).refused, Refused::No);
        QVERIFY(m.freshOf<OrderChanged>().at(0).cause == market::CancelCause::NotFilled);
        QVERIFY(m.engine.ledger().holdCount() == 0);
    }

    void theRestOfAnOrderIsReleased() {
        Exchange m;
        const HolderId fund = m.join("fund");
        m.deposit(fund, usd(100'000));
        m.deposit(fund, satoshi(100'000'000));
        m.send("fund", m.order(kSell, 5'000'000, 1));
        PlaceOrder order = m.order(kBuy, 5'000'000, 10);
        order.type = market::OrderType::ImmediateOrCancel;
        order.selfTrade = market::SelfTrade::CancelBoth;
        QCOMPARE(m.send("fund", order).refused, Refused::No);
        QCOMPARE(m.freshOf<OrderChanged>().size(), std::size_t{2});
        QVERIFY(m.engine.ledger().holdCount() == 0);
        QVERIFY(m.available(fund, money::kUsd) == usd(100'000).value);
    }

    void theHoldFollowsTheChange() {
        Exchange m;
        const HolderId fund = m.join("fund");
        m.deposit(fund, usd(10'025)); // 100 dollars, and the fee of them
        const std::uint64_t id = m.send("fund", m.order(kBuy, 5'000'000, 10)).value;
        QVERIFY(m.available(fund, money::kUsd) == usd(5'012).value + usd(1).value / 2);
        m.join("stranger");
        QCOMPARE(m.send("stranger", ReplaceOrder{{id}, {}, satoshi(200'000), {}}).refused, Refused::OrderUnknown);
        QCOMPARE(m.send("fund", ReplaceOrder{{id}, {}, satoshi(210'000), {}}).refused, Refused::InsufficientFunds);
        QCOMPARE(m.send("fund", ReplaceOrder{{id}, {}, satoshi(200'000), {}}).refused, Refused::No);
        QVERIFY(m.available(fund, money::kUsd) == 0);
        QVERIFY(m.freshOf<OrderReplaced>().at(0).remaining == satoshi(200'000));
        QCOMPARE(m.send("fund", ReplaceOrder{{id}, usd(1'000'000), {}, {}}).refused, Refused::No);
        QVERIFY(m.available(fund, money::kUsd) == usd(8'020).value);
        QCOMPARE(m.send("fund", CancelAllOrders{}).value, std::uint64_t{1});
        QVERIFY(m.available(fund, money::kUsd) == usd(10'025).value);
    }

    void haltedAndCollared() {
        Exchange m;
        const HolderId fund = m.join("fund");
        m.deposit(fund, usd(1'000'000));
        OpenInstrument narrow{"BTC/EUR",
                              money::kBtc,
                              money::kEur,
                              {usd(1).value, money::kEur},
                              satoshi(10'000),
                              satoshi(10'000),
                              satoshi(100'000'000'000),
                              0,
                              0,
                              500};
        QCOMPARE(m.send("coordinator", narrow).refused, Refused::No);
        const auto euros = [](std::int64_t cents) { return Amount{usd(cents).value, money::kEur}; };
        SteerInstrument steer{m.btcUsd, true, usd(0)};
        QCOMPARE(m.send("fund", steer).refused, Refused::NotPermitted);
        QCOMPARE(m.send("coordinator", SteerInstrument{{9}, true, usd(0)}).refused, Refused::InstrumentUnknown);
        QCOMPARE(m.send("coordinator", SteerInstrument{m.btcUsd, true, euros(1)}).refused, Refused::AmountInvalid);
        QCOMPARE(m.send("coordinator", SteerInstrument{m.btcUsd, true, usd(-1)}).refused, Refused::AmountNegative);
        QCOMPARE(m.send("coordinator", steer).refused, Refused::No);
        QCOMPARE(m.send("fund", m.order(kBuy, 100, 1)).refused, Refused::InstrumentHalted);
        steer.halted = false;
        m.send("coordinator", steer);
        QCOMPARE(m.send("fund", m.order(kBuy, 100, 1)).refused, Refused::No);
        m.send("coordinator", SteerInstrument{{2}, false, euros(100'00)});
        PlaceOrder order{{2}, kBuy, euros(105'01), satoshi(10'000)};
        QCOMPARE(m.send("fund", order).refused, Refused::PriceOutsideCollar);
        order.price = euros(105'00);
        QCOMPARE(m.send("fund", order).refused, Refused::InsufficientFunds); // there are no euros
    }

    void depositsOnceAndToSuspense() {
        Exchange m;
        const HolderId holder = m.join("holder");
        m.send("coordinator", AssignDepositIdentifier{holder, money::kBtc, "chain", "address"});
        const ObservePayment seen{"chain", hashNamed("tx"), 1, "address", satoshi(1'000), 1, false, 0};
        QCOMPARE(m.send("holder", seen).refused, Refused::NotPermitted);
        m.send("coordinator", seen);
        QVERIFY(m.available(holder, money::kBtc) == 0); // pending is not available
        ObservePayment final = seen;
        final.confirmations = 2;
        for (int i = 0; i < 3; ++i) m.send("coordinator", final);
        QVERIFY(m.available(holder, money::kBtc) == 1'000);
        ObservePayment unknown = final;
        unknown.transaction = hashNamed("other tx");
        unknown.identifier = "nobody's";
        m.send("coordinator", unknown);
        QVERIFY(m.engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Suspense, money::kBtc)).total == 1'000);
        ObservePayment gone = final;
        gone.reversed = true;
        m.send("coordinator", gone);
        QVERIFY(m.available(holder, money::kBtc) == 0);
        m.send("coordinator", final);
        QVERIFY(m.available(holder, money::kBtc) == 1'000);
        QVERIFY(m.freshOf<DepositChanged>().at(0).state == DepositState::Credited); // not pending: it is there again
    }

    void theLargestTradeFitsWithItsFee() {
        Exchange m;
        OpenInstrument open{"BIG", money::kBtc, money::kUsd, {}, satoshi(100'000'000), satoshi(100'000'000),
                            {},    10'000,      10'000};
        open.maximum = satoshi(100'000'000'000'000);
        open.tick = {money::Int128{120'000'000'000} * 1'000'000'000, money::kUsd}; // times 10^18: above 2^126
        QCOMPARE(m.send("coordinator", open).refused, Refused::InstrumentInvalid);
        open.tick.value /= 2;
        QCOMPARE(m.send("coordinator", open).refused, Refused::No);
    }

    void aReversalTakesBackWhatWasCredited() {
        Exchange m;
        const HolderId holder = m.join("holder");
        m.deposit(holder, usd(1'000));
        m.send("coordinator", AssignDepositIdentifier{holder, money::kBtc, "rail", "address"});
        ObservePayment seen{"rail", hashNamed("tx"), 0, "address", satoshi(1'000), 2, false, 0};
        m.send("coordinator", seen);
        seen.reversed = true;
        seen.amount = usd(1'000); // says another unit
        m.send("coordinator", seen);
        QVERIFY(m.available(holder, money::kBtc) == 0);
        QVERIFY(m.available(holder, money::kUsd) == usd(1'000).value);
    }

    /// What is no longer there in full is taken back as far as it is, and comes back in the same parts.
    void aReversalTakesWhatIsLeft_data() {
        QTest::addColumn<int>("spent");
        for (const int spent : {0, 1, 600, 999, 1'000}) QTest::addRow("%d spent", spent) << spent;
    }
    void aReversalTakesWhatIsLeft() {
        QFETCH(int, spent);
        Exchange m;
        const HolderId holder = m.join("holder");
        m.send("coordinator", AssignDepositIdentifier{holder, money::kBtc, "rail", "address"});
        const Amount paid = satoshi(100'000'000);
        const Amount gone = satoshi(100'000 * spent);
        ObservePayment seen{"rail", hashNamed("tx"), 0, "address", paid, 2, false, 0};
        m.send("coordinator", seen);
        if (spent != 0) {
            // An order that nobody meets holds it: it is promised, and not free.
            QCOMPARE(m.send("holder", m.order(kSell, 5'000'000, spent * 10)).refused, Refused::No);
        }
        const auto loss = [&] {
            return m.engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Loss, money::kBtc)).total;
        };
        seen.reversed = true;
        QCOMPARE(m.send("coordinator", seen).refused, Refused::No);
        QVERIFY(m.available(holder, money::kBtc) == 0);
        QVERIFY(loss() == -gone.value);
        seen.reversed = false;
        QCOMPARE(m.send("coordinator", seen).refused, Refused::No);
        QVERIFY(loss() == 0);
        QVERIFY(m.available(holder, money::kBtc) == paid.value - gone.value);
        QCOMPARE(m.send("coordinator", seen).refused, Refused::No); // again
        QVERIFY(loss() == 0);
    }

    /// A user's limit binds what the order may move: of what is paid and of what is traded.
    void limitsBindSellersToo() {
        Exchange m;
        const HolderId seller = m.join("seller");
        const HolderId buyer = m.join("buyer");
        m.deposit(seller, satoshi(100'000'000));
        m.deposit(buyer, usd(1'000'000));
        const UserId user = m.engine.parties().actorOf(keyNamed("seller").publicKey())->user;
        const auto limit = [&](const Amount& most) {
            QCOMPARE(m.send("seller", SetOrderLimit{user, most}).refused, Refused::No);
        };
        const auto sell = [&](std::int64_t price, std::int64_t lots, auto change) {
            PlaceOrder order = m.order(kSell, price, lots);
            change(order);
            return m.send("seller", order).refused;
        };
        const auto asIs = [](PlaceOrder&) {};
        limit(usd(100'00));
        QCOMPARE(m.send("buyer", m.order(kBuy, 5'000'000, 100)).refused, Refused::No); // bids 500 dollars in all
        // Asks for a cent, and would get what is bid: 150 dollars, and 100.
        QCOMPARE(sell(1, 30, asIs), Refused::NotPermitted);
        QCOMPARE(sell(1, 20, asIs), Refused::No);
        // One that waits is worth what it waits for.
        const auto waits = [](PlaceOrder& o) {
            o.type = market::OrderType::StopLimit;
            o.stopPrice = usd(4'000'000);
        };
        QCOMPARE(sell(1, 30, waits), Refused::NotPermitted);
        QCOMPARE(sell(1, 20, waits), Refused::No);
        // One that is reached already sells at once, at what is bid.
        const auto reached = [](PlaceOrder& o) {
            o.type = market::OrderType::StopLimit;
            o.stopPrice = usd(5'000'000); // of the last trade
        };
        m.send("buyer", m.order(kBuy, 9'000'000, 30));
        QCOMPARE(sell(1, 15, reached), Refused::NotPermitted); // for 135 dollars, not for 75
        QCOMPARE(sell(1, 11, reached), Refused::No);
        // A change is looked at as an order is.
        const OrderId resting{m.send("seller", m.order(kSell, 10'000'000, 10)).value};
        QVERIFY(resting);
        QCOMPARE(m.send("seller", ReplaceOrder{resting, usd(1), satoshi(300'000), {}}).refused, Refused::NotPermitted);
        QCOMPARE(m.send("seller", ReplaceOrder{resting, usd(9'500'000), {}, {}}).refused, Refused::No);
        // In coins.
        limit(usd(1'000'00));
        limit(satoshi(150'000));
        QCOMPARE(sell(1, 20, asIs), Refused::NotPermitted);
        QCOMPARE(m.send("seller", ReplaceOrder{resting, {}, satoshi(200'000), {}}).refused, Refused::NotPermitted);
        QCOMPARE(sell(1, 10, asIs), Refused::No);
    }

    void bankEntriesOnce() {
        Exchange m;
        const HolderId holder = m.join("holder");
        m.send("coordinator", AssignDepositIdentifier{holder, money::kUsd, "bank", "REF1"});
        const ObserveBankEntry entry{"bank", "line 1", "REF1", usd(5'000), 0};
        for (int i = 0; i < 3; ++i) QCOMPARE(m.send("coordinator", entry).refused, Refused::No);
        QVERIFY(m.available(holder, money::kUsd) == usd(5'000).value);
        m.send("coordinator", ObserveBankEntry{"bank", "line 2", "REF9", usd(7), 0});
        QVERIFY(m.available(holder, money::kUsd) == usd(5'000).value);
        QCOMPARE(m.send("coordinator", ObserveBankEntry{"bank", "line 3", "REF1", usd(-7), 0}).refused,
                 Refused::AmountNegative);
    }

    /// Deposits that are nobody's are somebody's once an operator says so: once, and only these.
    void whatIsInSuspenseIsAssigned() {
        Exchange m;
        const HolderId holder = m.join("holder");
        const auto suspense = [&](money::UnitId unit) {
            return m.engine.ledger().balance(ledger::houseAccount(ledger::Purpose::Suspense, unit)).total;
        };
        m.send("coordinator", ObserveBankEntry{"bank", "line 1", "REF9", usd(700), 0});
        ObservePayment payment{"chain", hashNamed("astray"), 3, "nobody's", satoshi(5'000), 2, false, m.nowMs};
        m.send("coordinator", payment);
        QVERIFY(suspense(money::kUsd) == usd(700).value && suspense(money::kBtc) == 5'000);
        const AssignSuspense line{"bank", {}, 0, "line 1", holder, "a letter"};
        const AssignSuspense coins{"chain", hashNamed("astray"), 3, "", holder, "a letter"};
        const auto refused = [&](const char* who, AssignSuspense c, auto change) {
            change(c);
            return m.send(who, c).refused;
        };
        const auto asIs = [](AssignSuspense&) {};
        QCOMPARE(refused("holder", line, asIs), Refused::NotPermitted);
        QCOMPARE(refused("coordinator", line, [](auto& c) { c.holder = {99}; }), Refused::NotRegistered);
        QCOMPARE(refused("coordinator", line, [](auto& c) { c.reason.clear(); }), Refused::InfoInvalid);
        QCOMPARE(refused("coordinator", line, [](auto& c) { c.reason.assign(1'001, 'x'); }), Refused::InfoInvalid);
        QCOMPARE(refused("coordinator", line, [](auto& c) { c.entry = "line 2"; }), Refused::DepositUnknown);
        QCOMPARE(refused("coordinator", coins, [](auto& c) { c.output = 0; }), Refused::DepositUnknown);
        for (const AssignSuspense& one : {line, coins}) {
            QCOMPARE(m.send("coordinator", one).refused, Refused::No);
            const auto told = m.freshOf<DepositChanged>();
            QVERIFY(told.size() == 1 && told[0].holder == holder && told[0].state == DepositState::Credited);
            QCOMPARE(m.send("coordinator", one).refused, Refused::DepositUnknown);
        }
        QVERIFY(suspense(money::kUsd) == 0 && suspense(money::kBtc) == 0);
        QVERIFY(m.available(holder, money::kUsd) == usd(700).value && m.available(holder, money::kBtc) == 5'000);
        // It is taken from whom it was given to if it leaves the chain, and comes back to the same.
        payment.reversed = true;
        payment.confirmations = 0;
        QCOMPARE(m.send("coordinator", payment).refused, Refused::No);
        QVERIFY(m.available(holder, money::kBtc) == 0 && suspense(money::kBtc) == 0);
        payment.reversed = false;
        payment.confirmations = 2;
        QCOMPARE(m.send("coordinator", payment).refused, Refused::No);
        QVERIFY(m.available(holder, money::kBtc) == 5'000 && m.isReproducible());
    }

    /// Thousands of random orders and cancels by many accounts: money sums to zero after each, holds end with their
    /// orders, and a replay gives the same state.
    void randomOrders() {
        std::mt19937_64 random(tallylock::test::seedOr(QRandomGenerator::global()->generate())); // another each time
        const auto upTo = [&](std::uint32_t n) { return static_cast<std::int64_t>(random() % n); };
        Exchange m;
        std::vector<std::string> names;
        for (int i = 0; i < 8; ++i) {
            names.push_back("account " + std::to_string(i));
            const HolderId id = m.join(names.back());
            m.deposit(id, usd(100'000'000));
            m.deposit(id, satoshi(1'000'000'000));
        }
        std::vector<std::uint64_t> orders;
        std::size_t trades = 0;
        std::size_t changes = 0;
        for (int i = 0; i < 3'000; ++i) {
            const std::string& who = names[static_cast<std::size_t>(upTo(8))];
            if (upTo(4) == 0 && !orders.empty()) {
                (void)m.send(
                    who,
                    CancelOrder{{orders[static_cast<std::size_t>(upTo(static_cast<std::uint32_t>(orders.size())))]}});
            } else {
                PlaceOrder order = m.order(upTo(2) ? kBuy : kSell, 5'000'000 + upTo(200) * 37, 1 + upTo(300));
                if (upTo(2) == 0) order.type = static_cast<market::OrderType>(upTo(6));
                if (order.type == market::OrderType::Market) order.price.value = 0;
                if (order.type == market::OrderType::StopLimit) order.stopPrice = usd(5'000'000 + upTo(200) * 37);
                if (upTo(2) == 0) order.selfTrade = static_cast<market::SelfTrade>(upTo(4));
                const Reply reply = m.send(who, order);
                if (reply.refused == Refused::No) orders.push_back(reply.value);
            }
            if (upTo(4) == 0 && !orders.empty()) { // mostly somebody else's, or closed
                ReplaceOrder change{{orders[orders.size() - 1 - static_cast<std::size_t>(upTo(8)) % orders.size()]}};
                if (upTo(2) == 0) change.price = usd(5'000'000 + upTo(200) * 37);
                if (upTo(2) == 0) change.quantity = satoshi((1 + upTo(300)) * 10'000);
                if (upTo(4) == 0) change.stopPrice = usd(5'000'000 + upTo(200) * 37);
                changes += m.send(who, change).refused == Refused::No;
            }
            trades += m.freshOf<TradePublished>().size();
            if (QTest::currentTestFailed()) return;
        }
        QVERIFY(trades > 500);
        QVERIFY(changes > 30);
        for (const std::string& who : names) (void)m.send(who, CancelAllOrders{});
        QCOMPARE(m.engine.ledger().holdCount(), std::size_t{0});

        Engine again(EngineHarness::settings());
        std::vector<Event> events;
        for (const auto& [timeMs, command] : m.history) {
            events.clear();
            again.beginBatch(timeMs, events);
            if (command) (void)again.apply(*command, events);
        }
        QVERIFY(again.stateHash() == m.engine.stateHash());
    }
};

QTEST_GUILESS_MAIN(TestEngineExchange)
#include "tst_engine_exchange.moc"
