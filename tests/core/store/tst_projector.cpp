// The projections: a batch is in all tables or in none, readers see what is theirs and nothing else, and whatever
// happens to the tables, rebuilding them gives the same. In a SQLite file, and in a PostgreSQL database.
#ifdef TALLYLOCK_OVER_POSTGRES
#include "tests/core/store/TablesInPostgres.h"
#else
#include "tests/core/store/TablesInSqlite.h"
#endif

#include <QTest>

#include <array>
#include <map>
#include <random>

using namespace tallylock;
using engine::Audience;
using test::placeOf;
using Tables = test::ProjectedTables;

namespace {

constexpr HolderId kAda{1};
constexpr HolderId kBob{2};
constexpr HolderId kEve{3};

money::Amount usd(std::int64_t value) { return {value, money::kUsd}; }

engine::Event registered(HolderId holder, const char* name) {
    engine::HolderRegistered body;
    body.holder = holder;
    body.name = name;
    body.institution = holder == kBob;
    return {Audience::only(holder), body};
}
engine::Event balance(HolderId holder, std::int64_t total) {
    return {Audience::only(holder), engine::BalanceChanged{holder, usd(total), usd(0)}};
}
engine::Event trade(std::uint64_t number) {
    engine::TradePublished body;
    body.instruction = {number};
    body.price = body.quantity = body.fiat = usd(1);
    return {Audience::everybody(), body};
}
engine::Event receipt(SaleId sale, std::uint8_t step) {
    engine::ReceiptMade body;
    body.sale = sale;
    body.step = step;
    return {Audience::both(kAda, kBob), body};
}
engine::Event effect(SaleId sale) {
    return {Audience::internal(), engine::EffectOpened{sale, engine::SaleEffect::PaySeller, 1}};
}

void fill(Tables& tables) {
    tables.batch({{registered(kAda, "Ada"), trade(1)}, {registered(kBob, "Bob"), effect({5})}});
    tables.batch({{receipt({5}, 1), balance(kAda, 10), trade(2)}});
    tables.batch({});
    tables.batch({{receipt({6}, 1)}, {receipt({5}, 2), balance(kAda, 20), balance(kBob, 7)}, {trade(3)}});
}

engine::Event level(std::int64_t quantity) {
    engine::LevelChanged body;
    body.instrument = {1};
    body.price = usd(1);
    body.quantity = usd(quantity);
    body.orders = 1;
    return {Audience::everybody(), body};
}
std::vector<std::vector<engine::Event>> someCommands(std::mt19937& dice, int number) {
    std::vector<std::vector<engine::Event>> commands(dice() % 4);
    for (auto& events : commands) {
        for (auto n = dice() % 4; n > 0; --n) {
            const auto kind = dice() % 5;
            if (kind == 0) events.push_back(trade(dice() % 9));
            if (kind == 1) events.push_back(balance({dice() % 3 + 1}, number));
            if (kind == 2) events.push_back(effect({1}));
            if (kind == 3) events.push_back(receipt({dice() % 5 + 1}, 1));
            if (kind == 4) events.push_back(level(number + 1));
        }
    }
    return commands;
}

constexpr std::uint64_t kTrade = engine::TradePublished::kType;
constexpr std::uint64_t kReceipt = engine::ReceiptMade::kType;
constexpr std::uint64_t kLevel = engine::LevelChanged::kType;
constexpr std::uint64_t kBalance = engine::BalanceChanged::kType;

/// What lies in a stream.
struct Lying {
    std::uint64_t type = 0;
    SaleId sale;
    std::uint64_t sequence = 0;
};
/// All that a reader may see, by reading.
std::vector<Lying> allFor(Tables& tables, HolderId reader) {
    std::vector<Lying> all;
    for (const HolderId stream : reader ? std::vector{HolderId{}, reader} : std::vector{reader}) {
        const auto items = tables->stream(stream, 0, 100'000);
        for (const auto& item : *items) {
            const auto event = wire::decodeEvent(item.event);
            const auto type = std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kType; }, *event);
            const auto* made = std::get_if<engine::ReceiptMade>(&*event);
            all.push_back({type, made ? made->sale : SaleId{}, item.sequence});
        }
    }
    return all;
}
/// What history() is to find of it.
QString historyOf(const std::vector<Lying>& all, const wire::HistoryQuery& query) {
    std::vector<std::uint64_t> sequences;
    for (const Lying& one : all) {
        const bool isAskedFor = one.type == query.eventType && (!query.sale || one.sale == query.sale) &&
                                (query.beforeSequence == 0 || one.sequence < query.beforeSequence);
        if (isAskedFor) sequences.push_back(one.sequence);
    }
    std::sort(sequences.rbegin(), sequences.rend());
    QStringList page;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        if (i >= query.limit && sequences[i] != sequences[i - 1]) break;
        page << QString::number(sequences[i]);
    }
    return page.join(QLatin1Char(' '));
}

} // namespace

class TestProjector : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Tables::startServer(); }
    void cleanupTestCase() { Tables::stopServer(); }

    void saysWhereItStandsAcrossARestart() {
        Tables tables;
        QVERIFY(tables->standsAt() == ports::ProjectedPlace{});
        fill(tables);
        QVERIFY(tables->standsAt() == placeOf(4, 6));
        tables.open();
        QVERIFY(tables->standsAt() == placeOf(4, 6));
    }

    void showsEachReaderItsOwnStream() {
        Tables tables;
        fill(tables);
        QCOMPARE(tables.streamOf({}), QStringLiteral("1:1:35 2:3:35 3:6:35"));
        QCOMPARE(tables.streamOf(kAda), QStringLiteral("1:1:10 2:3:43 3:3:26 4:4:43 5:5:43 6:5:26"));
        QCOMPARE(tables.streamOf(kBob), QStringLiteral("1:2:10 2:3:43 3:4:43 4:5:43 5:5:26"));
        QCOMPARE(tables.streamOf(kEve), QString());
    }

    void resumesAStreamAnywhere() {
        Tables tables;
        fill(tables);
        QCOMPARE(tables.streamOf(kAda, 2, 2), QStringLiteral("3:3:26 4:4:43"));
        QCOMPARE(tables.streamOf(kAda, 6), QString());
        QCOMPARE(tables.streamOf(kAda, UINT64_MAX), QString());
        tables.open();
        tables.batch({{balance(kAda, 30)}});
        QCOMPARE(tables.streamOf(kAda, 6).left(2), QStringLiteral("7:"));
    }

    void showsHistoryNewestFirst() {
        Tables tables;
        fill(tables);
        QCOMPARE(tables.historyOf(kAda, kReceipt), QStringLiteral("5 4 3"));
        QCOMPARE(tables.historyOf(kAda, kReceipt, 5), QStringLiteral("4 3"));
        QCOMPARE(tables.historyOf(kAda, kReceipt, 0, 100, {5}), QStringLiteral("5 3"));
        QCOMPARE(tables.historyOf(kAda, kBalance, 0, 1), QStringLiteral("5"));
        QCOMPARE(tables.historyOf(kAda, kTrade), QStringLiteral("6 3 1")); // public
        QCOMPARE(tables.historyOf({}, kTrade), QStringLiteral("6 3 1"));
    }

    void keepsHistoryFromStrangers() {
        Tables tables;
        fill(tables);
        QCOMPARE(tables.historyOf(kEve, kReceipt), QString());
        QCOMPARE(tables.historyOf({}, kReceipt), QString());
        QCOMPARE(tables.historyOf(kBob, kBalance), QStringLiteral("5"));
        QCOMPARE(tables.historyOf(kAda, engine::EffectOpened::kType), QString());
        QCOMPARE(tables.historyOf({}, engine::EffectOpened::kType), QString());
    }

    /// The next page starts before a sequence, so a page never ends within one.
    void endsAPageBetweenCommands() {
        Tables tables;
        tables.batch({{trade(1)}, {trade(2), trade(3), trade(4)}, {trade(5)}});
        QCOMPARE(tables.historyOf(kAda, kTrade, 0, 2), QStringLiteral("3 2 2 2"));
        QCOMPARE(tables.historyOf(kAda, kTrade, 2, 2), QStringLiteral("1"));
        QCOMPARE(tables.historyOf(kAda, kTrade, 0, 0), QStringLiteral("3"));
    }

    /// Over many blocks of a stream, some of which have none of a type, and commands that reach over several: what is
    /// found is what reading the whole streams finds.
    void findsATypeHoweverFarBack() {
        std::mt19937 dice(28);
        Tables tables;
        std::vector<engine::Event> many(300, trade(1));
        tables.batch({{receipt({4}, 1)}, many, {receipt({4}, 2)}});
        for (int i = 0; i < 900; ++i) {
            auto commands = someCommands(dice, i);
            if (i / 150 == 3) { // for a while nobody makes a receipt
                for (auto& events : commands)
                    std::erase_if(events, [](const auto& e) { return std::get_if<engine::ReceiptMade>(&e.body); });
            }
            tables.batch(std::move(commands));
            if (i == 500) tables.batch({{many}});
            if (i % 120 == 119) tables.open();
        }
        const std::uint64_t end = tables->standsAt().sequence;
        std::size_t found = 0;
        for (const HolderId reader : {HolderId{}, kAda, kBob, kEve}) {
            const std::vector<Lying> all = allFor(tables, reader);
            for (int i = 0; i < 60; ++i) {
                const std::uint64_t type = std::array{kTrade, kReceipt, kBalance, kLevel}[dice() % 4];
                const std::uint64_t before = dice() % 3 == 0 ? 0 : 1 + dice() % (end + 2);
                const auto limit = 1 + static_cast<std::uint32_t>(dice() % (i % 2 == 0 ? 5 : 900));
                const SaleId sale{type == kReceipt && dice() % 2 == 0 ? dice() % 6 : 0};
                const QString is = tables.historyOf(reader, type, before, limit, sale);
                QCOMPARE(is, historyOf(all, {type, sale, before, limit, 0}));
                found += static_cast<std::size_t>(is.count(QLatin1Char(' ')));
            }
        }
        QVERIFY(found > 3000);
        const QString blocks = tables.row("SELECT count(DISTINCT block) FROM stream_block");
        QVERIFY2(blocks.toInt() > 8, qPrintable(blocks));
    }

    void writesTheTablesThatPeopleQuery() {
        Tables tables;
        fill(tables);
        QCOMPARE(tables.row("SELECT holder, name FROM account ORDER BY holder"), QStringLiteral("1|Ada\n2|Bob"));
        QCOMPARE(tables.row("SELECT name FROM institution"), QStringLiteral("Bob"));
        QCOMPARE(tables.row("SELECT holder, total, sequence FROM balance ORDER BY holder"),
                 QStringLiteral("1|20|5\n2|7|5"));
        QCOMPARE(tables.row("SELECT code, decimals FROM unit WHERE unit = 2"), QStringLiteral("ETH|18"));
        QCOMPARE(tables.row("SELECT count(*) FROM event"), QStringLiteral("12"));
    }

    void followsAnOrderInItsOwnTable() {
        Tables tables;
        for (const std::uint8_t side : {std::uint8_t{0}, std::uint8_t{1}}) {
            engine::OrderPlaced placed;
            placed.order = {side + 10u};
            placed.side = side;
            placed.price = placed.quantity = usd(50);
            tables.batch({{{Audience::only(kAda), placed}},
                          {{Audience::only(kAda), engine::OrderChanged{placed.order, kAda, usd(20 + side),
                                                                       engine::OrderState::Cancelled, 2000}}}});
        }
        QCOMPARE(tables.row("SELECT order_id, quantity, remaining, state FROM purchase_order"),
                 QStringLiteral("10|50|20|2"));
        QCOMPARE(tables.row("SELECT order_id, quantity, remaining, state FROM sell_order"),
                 QStringLiteral("11|50|21|2"));
    }

    /// Every price that an order ever had, and why it ended.
    void keepsWhatAnOrderWas() {
        Tables tables;
        engine::OrderPlaced placed;
        placed.order = {10};
        placed.price = placed.quantity = usd(50);
        placed.type = market::OrderType::StopLimit;
        placed.stopPrice = usd(40);
        placed.selfTrade = market::SelfTrade::CancelBoth;
        tables.batch({{{Audience::only(kAda), placed}}});
        engine::OrderReplaced replaced{{10}, kAda, usd(60), usd(55), usd(55), usd(45), 7};
        tables.batch({{{Audience::only(kAda), replaced}}});
        replaced.stopPrice.reset(); // it was reached
        replaced.price = usd(61);
        tables.batch({{{Audience::only(kAda), replaced}}});
        engine::OrderChanged ended{
            {10}, kAda, usd(5), engine::OrderState::Cancelled, 9, market::CancelCause::SelfTrade};
        tables.batch({{{Audience::only(kAda), ended}}});
        QCOMPARE(
            tables.row("SELECT side, price, quantity, remaining, type, stop_price, self_trade, state FROM any_order"),
            QStringLiteral("0|61|55|5|5|45|3|2"));
        QCOMPARE(
            tables.row("SELECT sequence, state, coalesce(price, -1), coalesce(quantity, -1), coalesce(stop_price, -1), "
                       "remaining, coalesce(cause, -1) FROM order_status ORDER BY sequence"),
            QStringLiteral("1|3|50|50|40|50|-1\n2|3|60|55|45|55|-1\n3|0|61|55|-1|55|-1\n4|2|-1|-1|-1|5|2"));
    }

    void haltsAndReferencesOfAMarket() {
        Tables tables;
        engine::InstrumentOpened opened;
        opened.instrument = {1};
        opened.tick = opened.lot = opened.minimum = opened.maximum = usd(1);
        tables.batch({{{Audience::everybody(), opened}}});
        const char* const sql = "SELECT halted, coalesce(reference, -1) FROM instrument";
        QCOMPARE(tables.row(sql), QStringLiteral("0|-1"));
        tables.batch({{{Audience::everybody(), engine::InstrumentSteered{{1}, true, usd(77)}}}});
        QCOMPARE(tables.row(sql), QStringLiteral("1|77"));
        tables.batch({{{Audience::everybody(), engine::InstrumentSteered{{1}, false, usd(0)}}}});
        QCOMPARE(tables.row(sql), QStringLiteral("0|-1"));
    }

    /// Who approved, and by which limits; a change that is over is kept beside the one that took its place.
    void followsPayoutsAndTheirRules() {
        Tables tables;
        treasury::Withdrawal payout;
        payout.id = {3};
        payout.holder = kBob;
        payout.amount = payout.fee = usd(1);
        payout.approvedBy = {{7}};
        tables.batch({{{Audience::only(kBob), engine::WithdrawalChanged{payout, {}}}}});
        payout.approvedBy = {{7}, {9}};
        tables.batch({{{Audience::only(kBob), engine::WithdrawalChanged{payout, {}}}}});
        QCOMPARE(tables.row("SELECT place, \"user\", sequence FROM withdrawal_approval ORDER BY place"),
                 QStringLiteral("1|7|1\n2|9|2"));

        engine::WithdrawalPolicyChanged policy;
        policy.holder = kBob;
        policy.policy.userDay = {usd(100)};
        policy.policy.holderDay = {usd(500)};
        treasury::PolicyChange change;
        change.id = {1};
        change.holder = kBob;
        change.policy.userDay = {usd(900)};
        policy.pending = change;
        tables.batch({{{Audience::only(kBob), policy}}});
        const char* const limits = "SELECT change, whose, most FROM withdrawal_limit ORDER BY change, whose";
        const char* const changes = "SELECT change, under_way, approvals FROM policy_change ORDER BY change";
        QCOMPARE(tables.row(limits), QStringLiteral("0|holder|500\n0|user|100\n1|user|900"));
        QCOMPARE(tables.row(changes), QStringLiteral("1|1|0"));
        policy.pending->id = {2};
        policy.pending->approvedBy = {{7}};
        tables.batch({{{Audience::only(kBob), policy}}});
        QCOMPARE(tables.row(changes), QStringLiteral("1|0|0\n2|1|1"));
        policy.policy = change.policy; // it begins
        policy.pending.reset();
        tables.batch({{{Audience::only(kBob), policy}}});
        QCOMPARE(tables.row(changes), QStringLiteral("1|0|0\n2|0|1"));
        QCOMPARE(tables.row("SELECT whose, most FROM withdrawal_limit WHERE change = 0"), QStringLiteral("user|900"));
    }

    void namesTheRailOfAnIdentifier() {
        Tables tables;
        tables.batch({{{Audience::only(kAda), engine::IdentifierAssigned{kAda, money::kUsd, "bank", "REF 1"}}}});
        QCOMPARE(tables.row("SELECT identifier, rail FROM deposit_identifier"), QStringLiteral("REF 1|bank"));
    }

    void followsASaleAndItsOffer() {
        Tables tables;
        engine::SaleChanged sale;
        sale.sale = {4};
        sale.bid = usd(90);
        sale.minimum = usd(80);
        tables.batch({{{Audience::both(kAda, kBob), sale}}});
        sale.state = engine::SaleState::Accepted;
        sale.step = 2;
        sale.terms = engine::Terms{};
        sale.terms->price = usd(85);
        sale.termsHash = Hash{};
        tables.batch({{{Audience::both(kAda, kBob), sale}}});
        QCOMPARE(tables.row("SELECT sale, bid, minimum, sequence FROM offer"), QStringLiteral("4|90|80|1"));
        QCOMPARE(tables.row("SELECT sale, step, price, coalesce(coins, -1), sequence FROM sale"),
                 QStringLiteral("4|2|85|-1|2"));
    }

    /// Several steps of a sale in one transaction leave the last of them, and the offer as it was first made.
    void followsASaleThatTakesManyStepsAtOnce() {
        Tables tables;
        engine::SaleChanged first;
        first.sale = {4};
        first.buyer = kAda;
        first.bid = usd(90);
        first.minimum = usd(80);
        engine::SaleChanged second = first;
        second.bid = usd(95);
        second.state = engine::SaleState::Accepted;
        second.step = 2;
        engine::SaleChanged other = first;
        other.sale = {5};
        const auto saying = [](const engine::SaleChanged& sale) {
            return std::vector<engine::Event>{{Audience::both(kAda, kBob), sale}};
        };
        tables.batch({saying(first), saying(other), saying(second)});
        QCOMPARE(tables.row("SELECT sale, bid, sequence FROM offer ORDER BY sale"), QStringLiteral("4|90|1\n5|90|2"));
        QCOMPARE(tables.row("SELECT sale, step, buyer, sequence FROM sale ORDER BY sale"),
                 QStringLiteral("4|2|1|3\n5|0|1|2"));
        other.step = 3;
        tables.batch({saying(other)});
        QCOMPARE(tables.row("SELECT sale, step, buyer, sequence FROM sale ORDER BY sale"),
                 QStringLiteral("4|2|1|3\n5|3|1|4"));
    }

    /// Text, so that nothing is rounded, whatever the size.
    void keepsEveryDigitOfAnAmount_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"0", "1", "-1", "9007199254740993", "-9223372036854775809", "123456789012345678901234567",
              "170141183460469231731687303715884105727", "-170141183460469231731687303715884105728"}) {
            QTest::newRow(text) << QString::fromLatin1(text);
        }
    }
    void keepsEveryDigitOfAnAmount() {
        QFETCH(QString, text);
        money::UInt128 distance = 0;
        for (const QChar digit : text) {
            if (digit.isDigit()) distance = distance * 10 + static_cast<unsigned>(digit.digitValue());
        }
        if (text.startsWith(QLatin1Char('-'))) distance = money::UInt128{0} - distance;
        const money::Amount amount{static_cast<money::Int128>(distance), money::kEth};
        engine::LedgerPosted posted;
        posted.entry = {1};
        posted.legs = {{ledger::availableOf(kAda, money::kEth), amount}};
        Tables tables;
        tables.batch({{{Audience::only(kAda), posted}}});
        QCOMPARE(tables.row("SELECT delta FROM ledger_entry"), text);
        QCOMPARE(tables.row(Tables::kTypeOfDelta), QLatin1String(Tables::kAmountType));
    }

    /// Half a batch would be a lie: the second event repeats a key, and the first must vanish with it.
    void writesABatchAsAWhole() {
        Tables tables;
        fill(tables);
        const ports::ProjectedBatch batch{
            placeOf(5, 8),
            {{7, 0, {balance(kAda, 99)}}, {8, 0, {registered(kEve, "Eve"), registered(kAda, "again")}}},
            {}};
        const auto refused = tables->project({&batch, 1});
        QVERIFY(!refused.ok());
        QVERIFY(tables->standsAt() == placeOf(4, 6));
        QCOMPARE(tables.row("SELECT total FROM balance WHERE holder = 1"), QStringLiteral("20"));
        QCOMPARE(tables.row("SELECT count(*) FROM account"), QStringLiteral("2"));
        tables.batch({{balance(kAda, 21)}});
        QCOMPARE(tables.streamOf(kAda, 6), QStringLiteral("7:7:26")); // the position was not lost either
    }

    void startsOverWhenTheTablesAreNotItsOwn_data() {
        QTest::addColumn<QString>("what");
        for (const char* what : Tables::kDamages) QTest::newRow(what) << QString::fromLatin1(what);
    }
    void startsOverWhenTheTablesAreNotItsOwn() {
        QFETCH(QString, what);
        Tables tables;
        fill(tables);
        tables.close();
        tables.damage(what);
        tables.open();
        QVERIFY(tables->standsAt() == ports::ProjectedPlace{});
        QCOMPARE(tables.streamOf(kAda), QString());
        QCOMPARE(tables.row("SELECT count(*) FROM event"), QStringLiteral("0"));
        tables.restart();
        fill(tables);
        QCOMPARE(tables.row("SELECT holder, total, sequence FROM balance ORDER BY holder"),
                 QStringLiteral("1|20|5\n2|7|5"));
    }

    /// Who follows is served from memory, who comes later from the tables: each item is the same.
    void whoFollowsHearsWhatTheTablesHold() {
        std::mt19937 dice(20);
        Tables tables;
        std::map<HolderId, std::vector<wire::StreamItem>> heard{{{}, {}}, {kAda, {}}, {kBob, {}}, {kEve, {}}};
        const auto hear = [&](std::size_t limit) {
            for (auto& [reader, items] : heard) {
                while (true) {
                    const auto page = tables->stream(reader, items.size(), limit);
                    QVERIFY(page.ok() && page->size() <= limit);
                    if (page->empty()) break;
                    items.insert(items.end(), page->begin(), page->end());
                }
            }
        };
        for (int i = 0; i < 60; ++i) {
            tables.batch(someCommands(dice, i));
            if (i % 5 != 4) hear(1 + dice() % 4); // now and then one is missed, and the tables must tell
        }
        hear(100);
        tables.open(); // nothing is in memory any more
        for (const auto& [reader, items] : heard) {
            const auto kept = tables->stream(reader, 0, 10000);
            QVERIFY(kept.ok() && kept->size() > 4);
            QCOMPARE(items.size(), kept->size());
            for (std::size_t i = 0; i < items.size(); ++i) QVERIFY(encodeCbor(items[i]) == encodeCbor((*kept)[i]));
        }
    }

    /// Many batches, rebuilt elsewhere: the same positions, so cursors that parties keep stay good.
    void givesTheSamePositionsWhenRebuilt() {
        const auto seed = qEnvironmentVariableIsSet("TALLYLOCK_SEED")
                              ? static_cast<unsigned>(qEnvironmentVariableIntValue("TALLYLOCK_SEED"))
                              : std::random_device{}();
        qInfo("seed %u", seed);
        const auto play = [seed](Tables& tables, int restartEvery) {
            std::mt19937 dice(seed);
            for (int i = 0; i < 60; ++i) {
                tables.batch(someCommands(dice, i));
                if (i % restartEvery == restartEvery - 1) tables.open();
            }
        };
        Tables once;
        play(once, 1000);
        Tables again;
        play(again, 7);
        for (const HolderId reader : {HolderId{}, kAda, kBob, kEve}) {
            QCOMPARE(again.streamOf(reader, 0, 10000), once.streamOf(reader, 0, 10000));
        }
        QVERIFY(again->clear());
        QVERIFY(again->standsAt() == ports::ProjectedPlace{});
        QCOMPARE(again.streamOf(kAda), QString());
    }
};

QTEST_GUILESS_MAIN(TestProjector)
#include "tst_projector.moc"
