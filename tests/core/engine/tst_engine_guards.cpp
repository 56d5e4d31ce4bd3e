// Orders that are cancelled though nobody asks at that moment: dead-man switches and sessions that end. And the collar
// that is measured from own trades.
#include "EngineHarness.h"
#include "core/market/Market.h"
#include "core/parties/Party.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;
using market::CancelCause;

namespace {
constexpr std::uint8_t kBuy = 0;
constexpr std::uint8_t kSell = 1;
constexpr std::int64_t kMinuteMs = 60'000;

/// A fund with two traders and an auditor, a person beside it, and one market.
struct Desk : EngineHarness {
    InstrumentId btcUsd{must("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                                           satoshi(10'000), satoshi(100'000'000'000), 0, 0, 1000})};
    HolderId fund = join("fund", true);
    HolderId person = join("person");
    UserId first{1};
    UserId ann{must("fund", AddUser{"ann", keyNamed("ann").publicKey(), parties::kTrader})};
    UserId auditor{must("fund", AddUser{"auditor", keyNamed("auditor").publicKey(), parties::kAuditor})};

    Desk() {
        for (const HolderId holder : {fund, person}) {
            deposit(holder, usd(10'000'000));
            deposit(holder, satoshi(1'000'000'000));
        }
    }
    std::uint64_t must(const std::string& who, CommandBody body) {
        const Reply reply = send(who, std::move(body));
        if (reply.refused != Refused::No) qFatal("%s: %s", who.c_str(), nameOf(reply.refused));
        return reply.value;
    }
    Refused tries(const std::string& who, CommandBody body) { return send(who, std::move(body)).refused; }
    OrderId order(const std::string& who, std::uint8_t side, std::int64_t cents, std::int64_t lots,
                  std::optional<market::OrderType> type = std::nullopt, std::int64_t stopCents = 0) {
        PlaceOrder placed{btcUsd, side, usd(cents), satoshi(lots * 10'000), 0};
        placed.type = type;
        if (stopCents != 0) placed.stopPrice = usd(stopCents);
        return {must(who, placed)};
    }
    bool isOpen(OrderId id) const { return engine.market().order(id) != nullptr; }
    /// Why each of these orders ended, as the last command or tick told it.
    std::vector<std::pair<OrderId, CancelCause>> cancelled() const {
        std::vector<std::pair<OrderId, CancelCause>> found;
        for (const OrderChanged& change : freshOf<OrderChanged>()) {
            if (change.state == OrderState::Cancelled)
                found.emplace_back(change.order, change.cause.value_or(CancelCause::Asked));
        }
        return found;
    }
    bool isReproducible() const {
        CborWriter writer;
        engine.save(writer);
        CborReader reader(writer.bytes());
        const auto loaded = Engine::load(reader);
        const bool isSame = loaded && loaded->market().referenceTicks(btcUsd) == engine.market().referenceTicks(btcUsd);
        return isSame && EngineHarness::isReproducible();
    }
};
using Cancelled = std::vector<std::pair<OrderId, CancelCause>>;
} // namespace

class TestEngineGuards : public QObject {
    Q_OBJECT
private slots:
    // --- dead-man switch ---------------------------------------------------------------------------------------------

    void deadManIsRefusedInOrder() {
        Desk d;
        QCOMPARE(d.tries("nobody", SetDeadMan{1, false}), Refused::NotRegistered);
        QCOMPARE(d.tries("auditor", SetDeadMan{1, false}), Refused::NotPermitted);
        for (const std::int64_t bad :
             {std::int64_t{-1}, std::int64_t{1}, std::int64_t{999}, std::int64_t{86'400'001}, INT64_MAX, INT64_MIN}) {
            QCOMPARE(d.tries("ann", SetDeadMan{bad, false}), Refused::DelayInvalid);
        }
        QVERIFY(!d.engine.nextDeadlineMs());
        QCOMPARE(d.must("ann", SetDeadMan{0, false}), std::uint64_t{0}); // there is none to end
        QVERIFY(d.fresh.empty());
        QVERIFY(d.isReproducible());
    }

    void itFiresWhenNothingIsHeard() {
        Desk d;
        const OrderId hers = d.order("ann", kBuy, 5'000'00, 2);
        const OrderId waiting = d.order("ann", kBuy, 6'000'00, 1, market::OrderType::StopLimit, 5'900'00);
        const OrderId firsts = d.order("fund", kBuy, 4'900'00, 1);
        const OrderId persons = d.order("person", kSell, 7'000'00, 1);
        d.must("ann", SetDeadMan{kMinuteMs, false});
        QCOMPARE(d.engine.nextDeadlineMs().value_or(0), d.nowMs + kMinuteMs);
        d.tick(kMinuteMs - 1);
        QVERIFY(d.fresh.empty() && d.isOpen(hers));
        d.tick(1);
        QVERIFY((d.cancelled() == Cancelled{{hers, CancelCause::DeadMan}, {waiting, CancelCause::DeadMan}}));
        const auto fired = d.freshOf<DeadManChanged>();
        QCOMPARE(fired.size(), std::size_t{1});
        QVERIFY(fired[0].state == DeadManState::Fired && fired[0].cancelled == 2 && fired[0].user == d.ann);
        QVERIFY(d.isOpen(firsts) && d.isOpen(persons)); // another user's, another account's
        QVERIFY(!d.engine.nextDeadlineMs());            // once
        QVERIFY(d.isReproducible());
    }

    void onlyItselfRenewsIt() {
        Desk d;
        const OrderId order = d.order("ann", kBuy, 5'000'00, 2);
        const std::uint64_t number = d.must("ann", SetDeadMan{kMinuteMs, false});
        d.tick(kMinuteMs - 1);
        QCOMPARE(d.must("ann", SetDeadMan{kMinuteMs, false}), number);
        d.tick(kMinuteMs - 1);
        QVERIFY(d.isOpen(order));
        d.order("ann", kBuy, 4'000'00, 1); // is no sign of life
        d.tick(1);
        QVERIFY(!d.isOpen(order));
        QCOMPARE(d.cancelled().size(), std::size_t{2});
        QCOMPARE(d.must("ann", SetDeadMan{kMinuteMs, false}), number + 1); // a new one
    }

    void endedItDoesNothing() {
        Desk d;
        const OrderId order = d.order("ann", kBuy, 5'000'00, 2);
        const std::uint64_t number = d.must("ann", SetDeadMan{kMinuteMs, false});
        QCOMPARE(d.must("ann", SetDeadMan{0, false}), number);
        QVERIFY(d.freshOf<DeadManChanged>().at(0).state == DeadManState::Ended);
        d.tick(10 * kMinuteMs);
        QVERIFY(d.fresh.empty() && d.isOpen(order));
        QVERIFY(d.isReproducible());
    }

    /// The account's is another than a user's, and any trader of it renews it.
    void ofTheWholeAccount() {
        Desk d;
        const OrderId hers = d.order("ann", kBuy, 5'000'00, 2);
        const OrderId firsts = d.order("fund", kBuy, 4'900'00, 1);
        const OrderId persons = d.order("person", kSell, 7'000'00, 1);
        const std::uint64_t number = d.must("ann", SetDeadMan{kMinuteMs, true});
        d.must("ann", SetDeadMan{0, false}); // ends nothing of it
        d.tick(kMinuteMs / 2);
        QCOMPARE(d.must("fund", SetDeadMan{kMinuteMs, true}), number);
        d.tick(kMinuteMs - 1);
        QVERIFY(d.isOpen(hers));
        d.tick(1);
        QVERIFY((d.cancelled() == Cancelled{{hers, CancelCause::DeadMan}, {firsts, CancelCause::DeadMan}}));
        QVERIFY(d.isOpen(persons));
    }

    /// By time, then by number; and after the deadlines of sales and withdrawals.
    void theyFireInOrder() {
        Desk d;
        d.order("ann", kBuy, 5'000'00, 1);
        d.order("fund", kBuy, 4'900'00, 1);
        d.order("person", kBuy, 4'800'00, 1);
        const std::uint64_t one = d.must("ann", SetDeadMan{3 * kMinuteMs, false});
        const std::uint64_t two = d.must("fund", SetDeadMan{2 * kMinuteMs, false});
        const std::uint64_t three = d.must("person", SetDeadMan{3 * kMinuteMs, false});
        d.tick(10 * kMinuteMs);
        const auto fired = d.freshOf<DeadManChanged>();
        QCOMPARE(fired.size(), std::size_t{3});
        QVERIFY(fired[0].number.value == two && fired[1].number.value == one && fired[2].number.value == three);
        QVERIFY(d.isReproducible());
    }

    /// Whoever armed it may be frozen, without a role or without a device by then.
    void itKeepsItsPromise() {
        Desk d;
        const OrderId order = d.order("ann", kBuy, 5'000'00, 2);
        d.must("ann", SetDeadMan{kMinuteMs, false});
        d.must("fund", RemoveDevice{keyNamed("ann").publicKey()});
        d.must("coordinator", SetStanding{d.fund, static_cast<std::uint8_t>(parties::Standing::Frozen), "court"});
        d.must("coordinator", SteerInstrument{d.btcUsd, true, usd(0)});
        d.tick(kMinuteMs);
        QVERIFY(!d.isOpen(order));
        QVERIFY(d.isReproducible());
    }

    // --- sessions ----------------------------------------------------------------------------------------------------

    void endedSessions() {
        Desk d;
        const IdentityKey ann = keyNamed("ann").publicKey();
        const OrderId hers = d.order("ann", kBuy, 5'000'00, 2);
        const OrderId firsts = d.order("fund", kBuy, 4'900'00, 1);
        QCOMPARE(d.tries("fund", EndSession{ann}), Refused::NotPermitted);
        QCOMPARE(d.tries("key server", EndSession{ann}), Refused::NotPermitted);
        QCOMPARE(d.tries("coordinator", EndSession{keyNamed("nobody").publicKey()}), Refused::NotRegistered);
        QVERIFY(d.isOpen(hers));
        QCOMPARE(d.must("coordinator", EndSession{ann}), std::uint64_t{1});
        QVERIFY((d.cancelled() == Cancelled{{hers, CancelCause::Disconnected}}));
        QVERIFY(d.isOpen(firsts));
        QCOMPARE(d.must("coordinator", EndSession{ann}), std::uint64_t{0});
        QVERIFY(d.isReproducible());
    }

    // --- the collar from own trades ----------------------------------------------------------------------------------

    void referenceWindowIsRefusedInOrder() {
        Desk d;
        QCOMPARE(d.tries("fund", SetReferenceWindow{{9}, -1}), Refused::NotPermitted);
        QCOMPARE(d.tries("coordinator", SetReferenceWindow{{9}, -1}), Refused::InstrumentUnknown);
        for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{999}, std::int64_t{86'400'001}, INT64_MAX}) {
            QCOMPARE(d.tries("coordinator", SetReferenceWindow{d.btcUsd, bad}), Refused::DelayInvalid);
        }
        QCOMPARE(d.tries("coordinator", SetReferenceWindow{d.btcUsd, 1000}), Refused::No);
        QCOMPARE(d.tries("coordinator", SetReferenceWindow{d.btcUsd, 0}), Refused::No);
        QVERIFY(d.isReproducible());
    }

    /// One small trade far away does not move a collar that large trades have made.
    void theWeightedPriceServesTheCollar() {
        Desk d;
        d.must("coordinator", SetReferenceWindow{d.btcUsd, 16 * kMinuteMs});
        d.order("person", kSell, 5'000'00, 99);
        d.order("fund", kBuy, 5'000'00, 99);
        d.order("person", kSell, 5'400'00, 1);
        d.order("fund", kBuy, 5'400'00, 1);
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{5'004'00});
        // Ten in a hundred of it: up to 5,504.40. From the last trade it would be 5,940.
        QCOMPARE(d.tries("fund", PlaceOrder{d.btcUsd, kBuy, usd(5'504'41), satoshi(10'000), 0}),
                 Refused::PriceOutsideCollar);
        QCOMPARE(d.tries("fund", PlaceOrder{d.btcUsd, kBuy, usd(5'504'40), satoshi(10'000), 0}), Refused::No);
        QVERIFY(d.isReproducible());
        // An operator's word comes first.
        d.must("coordinator", SteerInstrument{d.btcUsd, false, usd(8'000'00)});
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{8'000'00});
        d.must("coordinator", SteerInstrument{d.btcUsd, false, usd(0)});
        // What was traded leaves, part by part; then the last trade's price is all there is.
        d.tick(15 * kMinuteMs);
        d.order("person", kSell, 5'200'00, 1);
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{5'008'95});
        QVERIFY(d.isReproducible());
        d.tick(kMinuteMs);
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{5'504'40});
        d.tick(16 * kMinuteMs);
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{5'504'40});
        QVERIFY(d.isReproducible());
    }

    /// Without a window everything is as journals of before know it: the last trade's price, and no collar at a
    /// trigger.
    void withoutAWindowNothingIsNew() {
        Desk d;
        d.order("person", kSell, 5'000'00, 99);
        d.order("fund", kBuy, 5'000'00, 99);
        const OrderId stop = d.order("person", kSell, 4'500'00, 3, market::OrderType::StopLimit, 5'300'00);
        QVERIFY(!d.freshOf<OrderChanged>().empty()); // reached already
        QVERIFY(d.isOpen(stop));
        d.order("fund", kBuy, 5'400'00, 1);
        QCOMPARE(d.engine.market().referenceTicks(d.btcUsd), std::int64_t{4'500'00});
    }

    /// A stop order trades as far as the collar of the moment of its trigger; its rest is cancelled, and nothing stays
    /// held.
    void aTriggeredStopMeetsTheCollar() {
        Desk d;
        d.must("coordinator", SetReferenceWindow{d.btcUsd, 16 * kMinuteMs});
        d.order("person", kBuy, 4'590'00, 1000);
        d.order("fund", kSell, 4'590'00, 1000);
        const auto before = d.available(d.fund, money::kUsd);
        const OrderId late = d.order("fund", kBuy, 5'040'00, 10, market::OrderType::StopLimit, 4'700'00);
        QVERIFY(d.isOpen(late));
        d.order("person", kSell, 4'700'00, 1);
        d.order("person", kSell, 5'020'00, 3);
        d.order("person", kSell, 5'055'00, 3);
        d.must("coordinator", SteerInstrument{d.btcUsd, false, usd(4'570'00)}); // the collar ends at 5,027
        d.order("fund", kBuy, 4'700'00, 1);                                     // triggers it
        QVERIFY(!d.isOpen(late));
        QVERIFY((d.cancelled() == Cancelled{{late, CancelCause::Collar}}));
        const auto executed = d.freshOf<InstructionExecuted>();
        QCOMPARE(executed.size(), std::size_t{2});
        QVERIFY(executed[1].instruction.price == usd(5'020'00) && executed[1].instruction.quantity == satoshi(30'000));
        // 0.0001 at 4,700 and 0.0003 at 5,020; nothing else is gone or held.
        QVERIFY(before - d.available(d.fund, money::kUsd) == usd(47).value + usd(15'060).value / 100);
        QVERIFY(d.isReproducible());
    }
};

QTEST_GUILESS_MAIN(TestEngineGuards)
#include "tst_engine_guards.moc"
