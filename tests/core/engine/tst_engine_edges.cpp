// Numbers at and beyond their extremes, through Engine::apply: each is refused by name, or taken and exact; and what
// was refused has changed nothing.
#include "EngineHarness.h"
#include "core/parties/Party.h"

using namespace tallylock;
using namespace tallylock::engine;
using namespace tallylock::engine::test;

namespace {
using money::Int128;

constexpr Int128 kMost = money::kInt128Max;
constexpr Int128 kLeast = -kMost - 1;
constexpr std::uint8_t kBuy = 0;
constexpr std::uint8_t kSell = 1;
constexpr std::int64_t kMostTicks = 1'000'000'000'000;
const Int128 kLargestAmount = money::powerOfTen(30);

Amount dollars(Int128 parts) { return {parts, money::kUsd}; }
Amount coins(Int128 parts) { return {parts, money::kBtc}; }

/// A market at the edge of what numbers can hold: its largest trade with a fee as large as itself is just below 2^127.
/// One lot at one tick is 17 * 10^10 parts of a dollar's 10^8; there are 10^12 ticks and 5 * 10^14 lots.
const Amount kWideTick = dollars(Int128{17} * 10'000'000'000);
const Amount kWideLot = coins(100'000'000);
const Amount kWideMost = coins(Int128{500'000'000'000'000} * 100'000'000);

struct Edge : EngineHarness {
    Edge() {
        fund = join("fund");
        other = join("other");
        for (const HolderId holder : {fund, other}) {
            deposit(holder, dollars(kLargestAmount));
            deposit(holder, coins(kLargestAmount));
        }
        wide = {send("coordinator", OpenInstrument{"wide", money::kBtc, money::kUsd, kWideTick, kWideLot, kWideLot,
                                                   kWideMost, 10'000, 10'000})
                    .value};
        narrow = {send("coordinator", OpenInstrument{"narrow", money::kBtc, money::kUsd, usd(1), satoshi(10'000),
                                                     satoshi(10'000), satoshi(1'000'000), 10, 25, 10'000})
                      .value};
        resting = {send("fund", PlaceOrder{narrow, kBuy, usd(100), satoshi(20'000), 1}).value};
        address = {send("fund", AddPayoutAddress{money::kUsd, "an account", ""}).value};
    }

    OpenInstrument opening() const {
        return {"new", money::kBtc, money::kUsd, kWideTick, kWideLot, kWideLot, kWideMost, 0, 0};
    }
    PlaceOrder order() const { return {narrow, kSell, usd(100), satoshi(10'000), 0}; }
    PlaceOrder stopOrder() const {
        PlaceOrder c = order();
        c.type = market::OrderType::StopLimit;
        c.stopPrice = usd(90);
        return c;
    }

    HolderId fund;
    HolderId other;
    InstrumentId wide;
    InstrumentId narrow;
    OrderId resting;
    treasury::PayoutAddressId address;
};

struct Row {
    const char* name;
    const char* who;
    CommandBody body;
    Refused why;
};

template <class C, class Change>
CommandBody with(C command, Change change) {
    change(command);
    return command;
}

std::vector<Row> marketRows(const Edge& e) {
    using R = Refused;
    std::vector<Row> rows;
    const auto open = [&](const char* name, R why, auto change) {
        rows.push_back({name, "coordinator", with(e.opening(), change), why});
    };
    open("tick, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.tick.value = kMost; });
    open("tick, least", R::InstrumentInvalid, [](OpenInstrument& c) { c.tick.value = kLeast; });
    open("lot, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.lot.value = kMost; });
    open("lot, least", R::InstrumentInvalid, [](OpenInstrument& c) { c.lot.value = kLeast; });
    open("minimum, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.minimum.value = kMost; });
    open("maximum, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.maximum.value = kMost; });
    open("maximum, least", R::InstrumentInvalid, [](OpenInstrument& c) { c.maximum.value = kLeast; });
    open("largest trade with its fee, a thousandth beyond", R::InstrumentInvalid,
         [](OpenInstrument& c) { c.maximum.value += c.lot.value * 500'000'000'000; });
    open("maker's fee, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.makerBasisPoints = UINT32_MAX; });
    open("taker's fee, one beyond", R::InstrumentInvalid, [](OpenInstrument& c) { c.takerBasisPoints = 10'001; });
    open("collar, most", R::InstrumentInvalid, [](OpenInstrument& c) { c.collarBasisPoints = UINT32_MAX; });
    open("collar, one beyond", R::InstrumentInvalid, [](OpenInstrument& c) { c.collarBasisPoints = 10'001; });

    const auto place = [&](const char* name, R why, auto change) {
        rows.push_back({name, "fund", with(e.order(), change), why});
    };
    place("price, most", R::PriceNotOnTick, [](PlaceOrder& c) { c.price.value = kMost; });
    place("price, most on the tick", R::OrderTooLarge,
          [](PlaceOrder& c) { c.price.value = kMost - kMost % usd(1).value; });
    place("price, one tick beyond", R::OrderTooLarge, [](PlaceOrder& c) { c.price = usd(kMostTicks + 1); });
    place("price, least", R::AmountNegative, [](PlaceOrder& c) { c.price.value = kLeast; });
    place("price, none", R::AmountZero, [](PlaceOrder& c) { c.price.value = 0; });
    place("quantity, most", R::QuantityNotOnLot, [](PlaceOrder& c) { c.quantity.value = kMost; });
    place("quantity, most on the lot", R::OrderTooLarge,
          [](PlaceOrder& c) { c.quantity.value = kMost - kMost % 10'000; });
    place("quantity, one lot beyond", R::OrderTooLarge, [](PlaceOrder& c) { c.quantity.value = 1'010'000; });
    place("quantity, least", R::AmountNegative, [](PlaceOrder& c) { c.quantity.value = kLeast; });
    place("quantity, none", R::AmountZero, [](PlaceOrder& c) { c.quantity.value = 0; });
    place("price none and quantity least", R::AmountZero, [](PlaceOrder& c) {
        c.price.value = 0;
        c.quantity.value = kLeast;
    });
    place("price of a market order, most", R::OrderInvalid, [](PlaceOrder& c) {
        c.type = market::OrderType::Market;
        c.price.value = kMost;
    });
    place("stop price where none is meant, least", R::OrderInvalid,
          [](PlaceOrder& c) { c.stopPrice = dollars(kLeast); });
    place("instrument, most", R::InstrumentUnknown, [](PlaceOrder& c) { c.instrument = {UINT64_MAX}; });
    place("side, most", R::AmountInvalid, [](PlaceOrder& c) { c.side = UINT8_MAX; });
    place("all that the market takes", R::InsufficientFunds, [&](PlaceOrder& c) {
        c = {e.wide, kBuy, dollars(kWideTick.value * kMostTicks), kWideMost, 0};
    });

    const auto stop = [&](const char* name, R why, Int128 price) {
        rows.push_back({name, "fund", with(e.stopOrder(), [&](PlaceOrder& c) { c.stopPrice->value = price; }), why});
    };
    stop("stop price, most", R::StopPriceNotOnTick, kMost);
    stop("stop price, most on the tick", R::OrderTooLarge, kMost - kMost % usd(1).value);
    stop("stop price, one tick beyond", R::OrderTooLarge, usd(kMostTicks + 1).value);
    stop("stop price, least", R::AmountNegative, kLeast);
    stop("stop price, none", R::AmountZero, 0);

    const auto change = [&](const char* name, R why, ReplaceOrder c) {
        c.order = e.resting;
        rows.push_back({name, "fund", c, why});
    };
    change("new price, most", R::PriceNotOnTick, {{}, dollars(kMost), {}, {}});
    change("new price, least", R::AmountNegative, {{}, dollars(kLeast), {}, {}});
    change("new price, one tick beyond", R::OrderTooLarge, {{}, usd(kMostTicks + 1), {}, {}});
    change("new quantity, most", R::QuantityNotOnLot, {{}, {}, coins(kMost), {}});
    change("new quantity, least", R::AmountNegative, {{}, {}, coins(kLeast), {}});
    change("new quantity, one lot beyond", R::OrderTooLarge, {{}, {}, satoshi(1'010'000), {}});
    change("new stop price, most", R::OrderInvalid, {{}, {}, {}, dollars(kMost)});
    rows.push_back({"order, most", "fund", ReplaceOrder{{UINT64_MAX}, {}, {}, {}}, R::OrderUnknown});
    rows.push_back({"cancelled order, most", "fund", CancelOrder{{UINT64_MAX}}, R::OrderUnknown});
    rows.push_back(
        {"all of an instrument, most", "fund", CancelAllOrders{InstrumentId{UINT64_MAX}}, R::InstrumentUnknown});

    const auto steer = [&](const char* name, R why, Int128 reference) {
        rows.push_back({name, "coordinator", SteerInstrument{e.narrow, false, dollars(reference)}, why});
    };
    steer("reference, most", R::PriceNotOnTick, kMost);
    steer("reference, most on the tick", R::OrderTooLarge, kMost - kMost % usd(1).value);
    steer("reference, one tick beyond", R::OrderTooLarge, usd(kMostTicks + 1).value);
    steer("reference, least", R::AmountNegative, kLeast);
    return rows;
}

std::vector<Row> moneyRows(const Edge& e) {
    using R = Refused;
    std::vector<Row> rows;
    const struct {
        const char* name;
        Int128 value;
        R why;
    } kAmounts[] = {{"most", kMost, R::AmountOverflow},
                    {"one beyond the largest", kLargestAmount + 1, R::AmountOverflow},
                    {"least", kLeast, R::AmountNegative},
                    {"one below none", -1, R::AmountNegative},
                    {"none", 0, R::AmountZero}};
    for (const auto& amount : kAmounts) {
        rows.push_back({amount.name, "coordinator",
                        ObservePayment{"chain", hashNamed("new"), 0, "to 1 btc", coins(amount.value), 2, false, 0},
                        amount.why});
        rows.push_back({amount.name, "coordinator",
                        ObserveBankEntry{"bank", "new", "to 1 usd", dollars(amount.value), 0}, amount.why});
        rows.push_back({amount.name, "fund", RequestWithdrawal{e.address, dollars(amount.value)}, amount.why});
        if (amount.value != 0) {
            rows.push_back({amount.name, "coordinator", SetWithdrawalFee{dollars(amount.value)}, amount.why});
        }
    }
    rows.push_back({"fee of no unit", "coordinator", SetWithdrawalFee{{1, {UINT16_MAX}}}, R::UnitUnknown});
    rows.push_back({"all there is, and a fee beside it", "fund", RequestWithdrawal{e.address, dollars(kLargestAmount)},
                    R::InsufficientFunds});
    rows.push_back({"address, most", "fund", RequestWithdrawal{{UINT64_MAX}, usd(1)}, R::AddressUnknown});
    rows.push_back({"limit of orders, least", "fund", SetOrderLimit{{1}, dollars(kLeast)}, R::InfoInvalid});
    rows.push_back({"user, most", "fund", SetOrderLimit{{UINT64_MAX}, usd(1)}, R::UserUnknown});
    rows.push_back({"roles, most", "fund", SetRoles{{1}, UINT32_MAX}, R::NotAnInstitution});
    rows.push_back({"standing, most", "coordinator", SetStanding{e.fund, UINT8_MAX, "file"}, R::InfoInvalid});
    rows.push_back({"insured for less than nothing", "fund",
                    SetFiatAccount{"Bank", "DE00", "Insurer", dollars(kLeast), "paper"}, R::InfoInvalid});
    const auto policy = [&](const char* name, auto change) {
        rows.push_back(
            {name, "fund", with(SetWithdrawalPolicy{}, [&](auto& c) { change(c.policy); }), R::PolicyInvalid});
    };
    policy("approvals, most", [](auto& p) { p.approvals = UINT32_MAX; });
    policy("waiting, most", [](auto& p) { p.waitingMs = INT64_MAX; });
    policy("waiting, least", [](auto& p) { p.waitingMs = INT64_MIN; });
    policy("limit of a day, least", [](auto& p) { p.userDay = {dollars(kLeast)}; });
    policy("limit of all in a day, of no unit", [](auto& p) { p.holderDay = {{1, {UINT16_MAX}}}; });
    rows.push_back({"policy change, most", "fund", ApprovePolicyChange{{UINT64_MAX}}, R::PolicyChangeUnknown});
    for (const CommandBody& body :
         {CommandBody(ApproveWithdrawal{{UINT64_MAX}}), CommandBody(CancelWithdrawal{{UINT64_MAX}})}) {
        rows.push_back({"withdrawal, most", "fund", body, R::WithdrawalUnknown});
    }
    rows.push_back(
        {"withdrawal to start, most", "coordinator", StartWithdrawal{{UINT64_MAX}, "rail"}, R::WithdrawalUnknown});
    return rows;
}

/// Of each signer the last 1,024 ids are remembered with their answers. This pushes out all that came before.
void forgetIds(Edge& edge) {
    for (const char* who : {"fund", "coordinator"}) {
        for (std::uint64_t i = 1; i <= 1024; ++i) edge.sendAs(who, 1'000'000 + i, CancelOrder{{UINT64_MAX}});
    }
}
} // namespace

class TestEngineEdges : public QObject {
    Q_OBJECT
private slots:
    void whatIsBeyondIsRefusedByNameAndChangesNothing() {
        Edge tried;
        Edge untouched;
        std::size_t count = 0;
        for (const auto& rows : {marketRows(tried), moneyRows(tried)}) {
            for (const Row& row : rows) {
                const Reply reply = tried.send(row.who, row.body);
                QVERIFY2(reply.refused == row.why, qPrintable(QStringLiteral("%1: %2").arg(
                                                       QLatin1String(row.name), QLatin1String(nameOf(reply.refused)))));
                QVERIFY2(tried.fresh.empty(), row.name);
                ++count;
            }
        }
        QVERIFY(count > 70);
        forgetIds(tried);
        forgetIds(untouched);
        QVERIFY(tried.engine.stateHash() == untouched.engine.stateHash());
    }

    /// The largest numbers that are taken, to the last part.
    void whatIsAtTheEdgeIsExact() {
        Edge e;
        const auto taken = [&](const char* who, const CommandBody& body) { return e.send(who, body).refused; };
        // The largest market can be opened, not one step larger: twice its largest trade is 1.7 * 10^38.
        QCOMPARE(taken("coordinator", e.opening()), Refused::No);
        // The dearest price, and the limits as high as numbers go.
        QCOMPARE(taken("fund", SetOrderLimit{{1}, dollars(kMost)}), Refused::No);
        QCOMPARE(taken("fund", SetWithdrawalPolicy{{0, 0, {dollars(kMost)}, {dollars(kMost)}, false}}), Refused::No);
        QCOMPARE(taken("fund", PlaceOrder{e.wide, kSell, dollars(kWideTick.value * kMostTicks), kWideLot, 0}),
                 Refused::No);
        // It costs 17 * 10^22 and as much again for each fee.
        const Int128 fiat = kWideTick.value * kMostTicks;
        const Int128 before = e.available(e.other, money::kUsd);
        QCOMPARE(taken("other", PlaceOrder{e.wide, kBuy, dollars(fiat), kWideLot, 0}), Refused::No);
        QCOMPARE(e.freshOf<InstructionExecuted>().size(), std::size_t{1});
        QVERIFY(before - e.available(e.other, money::kUsd) == 2 * fiat);
        QVERIFY(e.engine.ledger().holdCount() == 1);
        // The largest deposit again, and the largest fee beside the largest withdrawal that is left.
        e.deposit(e.fund, dollars(kLargestAmount));
        QCOMPARE(taken("coordinator", SetWithdrawalFee{dollars(kLargestAmount)}), Refused::No);
        QCOMPARE(taken("fund", RequestWithdrawal{e.address, dollars(kLargestAmount)}), Refused::InsufficientFunds);
        const Int128 rest = e.available(e.fund, money::kUsd) - kLargestAmount;
        const Int128 movable = rest - rest % usd(1).value;
        QCOMPARE(taken("fund", RequestWithdrawal{e.address, dollars(movable)}), Refused::No);
        QVERIFY(e.available(e.fund, money::kUsd) == rest - movable);
        // The highest reference, with the widest collar: from one tick to the last.
        QCOMPARE(taken("coordinator", SteerInstrument{e.narrow, false, usd(kMostTicks)}), Refused::No);
        QCOMPARE(taken("fund", PlaceOrder{e.narrow, kSell, usd(kMostTicks), satoshi(10'000), UINT64_MAX}), Refused::No);
        QCOMPARE(taken("fund", PlaceOrder{e.narrow, kSell, usd(kMostTicks), satoshi(10'000), UINT64_MAX}),
                 Refused::ClientIdUsed);
        // The last step that a code can have.
        const ConfirmSecondFactor last{keyNamed("fund").publicKey(), hashNamed("a command"), UINT64_MAX};
        QCOMPARE(taken("coordinator", last), Refused::No);
        QCOMPARE(taken("coordinator", last), Refused::SecondFactorUsed);
    }

    /// What lies outside of a unit is at most a hundred times the largest amount, in however many payments it came.
    void allDepositsTogether() {
        Edge e;
        const auto paid = [&](std::uint64_t number, Int128 value) {
            const std::string name = "entry " + std::to_string(number);
            return e.send("coordinator", ObserveBankEntry{"bank", name, "to 1 usd", dollars(value), 0}).refused;
        };
        for (std::uint64_t i = 2; i < 100; ++i) QCOMPARE(paid(i, kLargestAmount), Refused::No); // both have one each
        const Int128 before = e.available(e.fund, money::kUsd);
        QCOMPARE(paid(100, 1), Refused::AmountOverflow);
        QVERIFY(e.fresh.empty());
        QVERIFY(e.available(e.fund, money::kUsd) == before);
        const auto coin = [&](const char* name, std::uint32_t confirmations) {
            const ObservePayment payment{"chain",       hashNamed(name), 0, "to 1 btc", coins(kLargestAmount),
                                         confirmations, false,           0};
            return e.send("coordinator", payment).refused;
        };
        for (int i = 2; i < 100; ++i) QCOMPARE(coin(std::to_string(i).c_str(), 2), Refused::No);
        QCOMPARE(coin("another", 0), Refused::AmountOverflow);
        QCOMPARE(coin("another", 2), Refused::AmountOverflow);
        // One that leaves makes room.
        const ObservePayment gone{"chain", hashNamed("2"), 0, "to 1 btc", coins(kLargestAmount), 0, true, 0};
        QCOMPARE(e.send("coordinator", gone).refused, Refused::No);
        QCOMPARE(coin("another", 2), Refused::No);
    }

    /// A client that counts to the end stays where it is.
    void theLastId() {
        Edge e;
        QCOMPARE(e.sendAs("fund", UINT64_MAX, CancelAllOrders{}).value, std::uint64_t{1});
        QCOMPARE(e.sendAs("fund", UINT64_MAX, CancelAllOrders{}).value, std::uint64_t{1});
        QVERIFY(e.fresh.empty());
        QCOMPARE(e.sendAs("fund", UINT64_MAX, CancelOrder{{1}}).refused, Refused::IdReused);
    }

    /// Of a command's hash its first 14 bytes are remembered: a difference in any of them is another command, also
    /// after a restart.
    void everyByteThatIsRememberedCounts() {
        Edge e;
        const Command command{keyNamed("fund").publicKey(), 1'000'000, hashNamed("one"), CancelAllOrders{}};
        QCOMPARE(e.sendRaw(command).value, std::uint64_t{1});
        for (const bool restarted : {false, true}) {
            if (restarted) {
                CborWriter writer;
                e.engine.save(writer);
                CborReader reader(writer.bytes());
                auto loaded = Engine::load(reader);
                QVERIFY(loaded.ok());
                e.engine = std::move(*loaded);
            }
            QCOMPARE(e.sendRaw(command).value, std::uint64_t{1});
            QVERIFY(e.fresh.empty());
            for (std::size_t at = 0; at < 14; ++at) {
                Command other = command;
                other.hash.bytes.at(at) ^= 1;
                QCOMPARE(e.sendRaw(other).refused, Refused::IdReused);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestEngineEdges)
#include "tst_engine_edges.moc"
