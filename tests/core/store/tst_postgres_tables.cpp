// The tables in a real PostgreSQL: the same rows as in SQLite, whoever writes them is the one coordinator of the
// present epoch, and a server that dies in the middle loses nothing that is not made again.
#include "core/store/PostgresTables.h"
#include "tests/core/store/TablesInPostgres.h"
#include "tests/core/store/TablesInSqlite.h"
#include "tests/core/wire/Filler.h"

#include <QTest>

#include <random>
#include <thread>

using namespace tallylock;
using engine::Audience;
using ports::StoreError;
using test::placeOf;
using test::TablesInPostgres;
using test::TablesInSqlite;

namespace {

constexpr HolderId kAda{1};
constexpr money::Int128 kMost = static_cast<money::Int128>(~money::UInt128{0} >> 1);
constexpr money::Int128 kLeast = -kMost - 1;

money::Amount usd(money::Int128 value) { return {value, money::kUsd}; }

/// Every row of every table as text, sorted; a table's name before each.
QStringList dumpOf(test::TablesOfTest& tables) {
    QStringList all;
    for (const store::TableDescription& table : store::projectionTables()) {
        const QString name = QString::fromLatin1(table.name);
        QStringList rows =
            tables.row(QStringLiteral("SELECT * FROM \"%1\"").arg(name)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        rows.sort();
        for (const QString& row : rows) all << name + QStringLiteral(": ") + row;
    }
    return all;
}
/// Says which row is the first that differs.
bool areSame(const QStringList& a, const QStringList& b) {
    for (qsizetype i = 0; i < std::max(a.size(), b.size()); ++i) {
        const QString left = i < a.size() ? a.at(i) : QString();
        const QString right = i < b.size() ? b.at(i) : QString();
        if (left == right) continue;
        qWarning("%s\n%s", qPrintable(left), qPrintable(right));
        return false;
    }
    return true;
}

template <class... Ts>
std::variant<Ts...> alternativesOf(const std::variant<Ts...>&);
using Bodies = decltype(alternativesOf(std::declval<const engine::EventBody&>()));
template <std::size_t... I>
std::vector<engine::Event> oneOfEach(int after, std::index_sequence<I...>) {
    std::vector<engine::Event> events;
    const auto add = [&](auto index) {
        wire::test::Filler filler;
        for (int i = 0; i < after; ++i) (void)filler.make<std::uint64_t>();
        using Body = std::variant_alternative_t<decltype(index)::value, Bodies>;
        engine::EventBody body(filler.make<Body>());
        if (const auto* changed = engine::bodyIf<engine::WithdrawalPolicyChanged>(body)) { // one limit a unit
            auto policy = *changed;
            for (auto* limits : {&policy.policy.userDay, &policy.policy.holderDay, &policy.pending->policy.userDay,
                                 &policy.pending->policy.holderDay})
                limits->back().unit = money::kBtc;
            body = policy;
        }
        events.push_back({Audience::both(kAda, {2}), std::move(body)});
    };
    (add(std::integral_constant<std::size_t, I>{}), ...);
    return events;
}
/// With all their fields. `after` tells one from another.
std::vector<engine::Event> oneOfEach(int after) {
    return oneOfEach(after, std::make_index_sequence<std::variant_size_v<Bodies>>{});
}

/// What a market and some sales bring, so that rows are made, changed and removed, within a batch and long after.
class History {
public:
    explicit History(unsigned seed) : m_dice(seed) {}
    std::vector<std::vector<engine::Event>> commands() {
        std::vector<std::vector<engine::Event>> all(m_dice() % 4);
        for (auto& events : all) {
            for (auto count = m_dice() % 6; count > 0; --count) events.push_back(next());
        }
        return all;
    }

private:
    money::Amount some() {
        const money::Int128 value = money::Int128{m_dice()} << (m_dice() % 90);
        return usd(m_dice() % 3 == 0 ? -value : value);
    }
    OrderId anyOrder() { return {1 + m_dice() % (m_lastOrder + 1)}; }
    engine::Event next() {
        const HolderId who{1 + m_dice() % 3};
        switch (m_dice() % 9) {
        case 0: {
            engine::OrderPlaced placed;
            placed.order = {++m_lastOrder};
            placed.holder = who;
            placed.side = static_cast<std::uint8_t>(m_dice() % 2);
            placed.price = placed.quantity = some();
            if (m_dice() % 2 == 0) placed.stopPrice = some();
            return {Audience::only(who), placed};
        }
        case 1:
            return {Audience::only(who),
                    engine::OrderChanged{anyOrder(), who, some(), engine::OrderState::Cancelled, 5}};
        case 2: {
            engine::OrderReplaced replaced{anyOrder(), who, some(), some(), some(), {}, 7};
            if (m_dice() % 2 == 0) replaced.stopPrice = some();
            return {Audience::only(who), replaced};
        }
        case 3: return {Audience::only(who), engine::BalanceChanged{who, some(), some()}};
        case 4: {
            engine::LevelChanged level{{1}, static_cast<std::uint8_t>(m_dice() % 2), usd(1 + m_dice() % 5), some(), 0};
            level.orders = static_cast<std::uint32_t>(m_dice() % 3);
            return {Audience::everybody(), level};
        }
        case 5: {
            engine::TradePublished trade;
            trade.instrument = {1};
            trade.price = trade.quantity = trade.fiat = some();
            trade.timeMs = static_cast<std::int64_t>(m_dice() % 10'000'000);
            return {Audience::everybody(), trade};
        }
        case 6: {
            engine::SaleChanged sale;
            sale.sale = {1 + m_dice() % 4};
            sale.step = static_cast<std::uint8_t>(m_dice() % 14);
            sale.bid = some();
            if (m_dice() % 2 == 0) sale.coins = some();
            return {Audience::both(kAda, who), sale};
        }
        case 7: {
            engine::DeviceAdded device;
            device.key.bytes[0] = static_cast<std::uint8_t>(m_dice() % 3);
            device.holder = who;
            if (m_dice() % 2 == 0) return {Audience::only(who), engine::DeviceRemoved{who, {1}, device.key}};
            return {Audience::only(who), device};
        }
        default: return {Audience::internal(), engine::EffectOpened{{1}, engine::SaleEffect::PaySeller, 1}};
        }
    }
    std::mt19937 m_dice;
    std::uint64_t m_lastOrder = 0;
};

unsigned seedOfTest() {
    const unsigned seed = qEnvironmentVariableIsSet("TALLYLOCK_SEED")
                              ? static_cast<unsigned>(qEnvironmentVariableIntValue("TALLYLOCK_SEED"))
                              : std::random_device{}();
    qInfo("seed %u", seed);
    return seed;
}
/// A day or two, in which the balances of a day's end are kept.
std::vector<ports::ProjectedBatch> manyBatches(test::TablesOfTest& numbering, unsigned seed, int count) {
    History history(seed);
    std::vector<ports::ProjectedBatch> batches;
    engine::InstrumentOpened opened;
    opened.instrument = {1};
    opened.base = opened.quote = money::kUsd;
    batches.push_back(numbering.next({{{Audience::everybody(), opened}}}));
    for (int i = 0; i < count; ++i) {
        batches.push_back(numbering.next(history.commands()));
        for (ports::Projected& cause : batches.back().causes) cause.timeMs = std::int64_t{i} * 1'000'000;
        for (std::size_t leaf = 0; leaf < batches.back().causes.size(); ++leaf) batches.back().leaves.emplace_back();
    }
    return batches;
}

} // namespace

class TestPostgresTables : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { TablesInPostgres::startServer(); }
    void cleanupTestCase() { TablesInPostgres::stopServer(); }

    void everyEventLeavesTheSameRows() {
        TablesInSqlite file;
        TablesInPostgres database;
        for (const int after : {0, 200, 400}) {
            file.batch({oneOfEach(after)});
            database.batch({oneOfEach(after)});
        }
        const QStringList rows = dumpOf(database);
        QVERIFY(areSame(rows, dumpOf(file)));
        QVERIFY(rows.size() > 150);
        // What one that was opened again goes on from is the same, too.
        file.open();
        database.open();
        for (test::TablesOfTest* tables :
             {static_cast<test::TablesOfTest*>(&file), static_cast<test::TablesOfTest*>(&database)})
            tables->batch({oneOfEach(600)});
        QVERIFY(areSame(dumpOf(database), dumpOf(file)));
        for (const HolderId reader : {HolderId{}, kAda, HolderId{2}})
            QCOMPARE(database.streamOf(reader, 0, 1000), file.streamOf(reader, 0, 1000));
    }

    /// Whatever comes together in one transaction.
    void aHistoryLeavesTheSameRows() {
        const unsigned seed = seedOfTest();
        TablesInSqlite file;
        TablesInPostgres database;
        const auto batches = manyBatches(file, seed, 300);
        std::mt19937 dice(seed);
        for (std::size_t at = 0; at < batches.size();) {
            const std::size_t count = std::min<std::size_t>(1 + dice() % 40, batches.size() - at);
            const auto done = database->project(std::span(batches).subspan(at, count));
            QVERIFY2(done.ok(), done ? "" : done.error().detail.c_str());
            at += count;
            if (dice() % 4 == 0) database.open();
        }
        for (const auto& batch : batches) QVERIFY(file->project({&batch, 1}));
        QVERIFY(areSame(dumpOf(database), dumpOf(file)));
        QCOMPARE(database->standsAt().batch, file->standsAt().batch);
        const Bytes book = encodeCbor(wire::Answer(*database->book({{1}, 100})));
        QVERIFY(book == encodeCbor(wire::Answer(*file->book({{1}, 100}))));
        database.open();
        QVERIFY(book == encodeCbor(wire::Answer(*database->book({{1}, 100}))));
        const wire::CandleQuery candles{{1}, wire::CandleSpan::Minute, 0, 1000};
        QVERIFY(encodeCbor(wire::Answer(*database->candles(candles))) ==
                encodeCbor(wire::Answer(*file->candles(candles))));
        for (const HolderId reader : {HolderId{}, kAda, HolderId{3}}) {
            QCOMPARE(database.streamOf(reader, 0, 100'000), file.streamOf(reader, 0, 100'000));
            for (const std::uint32_t limit : {1U, 7U, 1000U}) {
                QCOMPARE(database.historyOf(reader, engine::SaleChanged::kType, 0, limit),
                         file.historyOf(reader, engine::SaleChanged::kType, 0, limit));
                QCOMPARE(database.historyOf(reader, engine::SaleChanged::kType, 200, limit, {2}),
                         file.historyOf(reader, engine::SaleChanged::kType, 200, limit, {2}));
            }
        }
        const auto day = *database->owedDay();
        QVERIFY(day && day->day == (*file->owedDay())->day);
        const auto owed = *database->owed(day->day, {}, 100);
        QVERIFY(!owed.empty() && owed.size() == file->owed(day->day, {}, 100)->size());
        QVERIFY(database->historyBatch(300)->head == file->historyBatch(300)->head);
        QVERIFY(*database->historyNode(3, 2) == *file->historyNode(3, 2));
        const auto event = *database->placeOf(kAda, 20);
        QVERIFY(event && event->batch == (*file->placeOf(kAda, 20))->batch);
    }

    /// Not one of 127 bits is lost, in a column, in a sum of PostgreSQL's own, and on the way back.
    void amountsAreExactAtTheirBounds() {
        TablesInPostgres tables;
        engine::InstrumentOpened opened;
        opened.instrument = {1};
        opened.base = opened.quote = money::kUsd;
        std::vector<engine::Event> events{{Audience::everybody(), opened}};
        const std::vector<money::Int128> values{kMost, kLeast, kLeast + 1, -1,          0,
                                                1,     9'999,  10'000,     100'000'000, money::Int128{1} << 64};
        std::uint64_t number = 0;
        for (const money::Int128 value : values) {
            engine::LedgerPosted posted;
            posted.entry = {++number};
            posted.legs = {{ledger::availableOf(kAda, money::kUsd), usd(value)}};
            events.push_back({Audience::only(kAda), posted});
            engine::TradePublished trade;
            trade.instrument = {1};
            trade.price = trade.quantity = trade.fiat = usd(value);
            trade.timeMs = static_cast<std::int64_t>(number) * 60'000;
            events.push_back({Audience::everybody(), trade});
        }
        tables.batch({events});
        QCOMPARE(tables.row("SELECT max(delta), min(delta), sum(delta) FROM ledger_entry"),
                 QStringLiteral("170141183460469231731687303715884105727|-170141183460469231731687303715884105728|") +
                     tables.row("SELECT 18446744073709551616 + 100000000 + 10000 + 9999 + 1 - 1 - "
                                "170141183460469231731687303715884105728"));
        tables.open();
        const auto candles = *tables->candles({{1}, wire::CandleSpan::Minute, 0, 100});
        QCOMPARE(candles.candles.size(), values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(candles.candles[values.size() - 1 - i].open.value == values[i]);
    }

    /// A stranger's name must stop nobody. What was written exactly is in the event.
    void whatPostgresRefusesAsTextIsReplaced() {
        TablesInPostgres tables;
        engine::HolderRegistered holder;
        holder.holder = kAda;
        holder.name = std::string("A\0da \xff \xc3\xa4 \xf0\x9f\x94\x92", 14);
        engine::StatementLine line; // the same on the other way to the server
        line.holder = kAda;
        line.delta = line.balance = usd(1);
        line.reason = holder.name;
        tables.batch({{{Audience::only(kAda), holder}, {Audience::only(kAda), line}}});
        const QString expected = QString::fromUtf8("A\xef\xbf\xbd"
                                                   "da \xef\xbf\xbd \xc3\xa4 \xf0\x9f\x94\x92");
        QCOMPARE(tables.row("SELECT name FROM account"), expected);
        QCOMPARE(tables.row("SELECT reason FROM statement"), expected);
    }

    void aServerThatDiesInTheMiddleLosesNothing() {
        const unsigned seed = seedOfTest();
        TablesInSqlite file;
        TablesInPostgres database;
        const auto batches = manyBatches(file, seed, 400);
        for (const auto& batch : batches) QVERIFY(file->project({&batch, 1}));
        for (int round = 0; round < 3; ++round) {
            std::atomic<bool> isKilled{false};
            std::atomic<int> written{0};
            std::thread writer([&] {
                std::size_t at = database->standsAt().batch;
                while (at < batches.size()) {
                    const std::size_t count = std::min<std::size_t>(5, batches.size() - at);
                    if (!database->project(std::span(batches).subspan(at, count))) return;
                    at += count;
                    ++written;
                    if (at == batches.size() && !isKilled) { // over and over, until it is killed
                        if (!database->clear()) return;
                        at = 0;
                    }
                }
            });
            while (written < 10 * (round + 1)) std::this_thread::yield();
            isKilled = true;
            TablesInPostgres::server().kill();
            writer.join();
            TablesInPostgres::server().start();
            database.open();
        }
        const std::size_t at = database->standsAt().batch;
        QVERIFY(at <= batches.size());
        if (at < batches.size()) QVERIFY(database->project(std::span(batches).subspan(at)));
        QVERIFY(areSame(dumpOf(database), dumpOf(file)));
    }

    void onlyTheWriterOfTheEpochWrites() {
        TablesInPostgres tables;
        tables.batch({{{Audience::only(kAda), engine::BalanceChanged{kAda, usd(1), usd(0)}}}});
        const QStringList before = dumpOf(tables);
        store::PostgresStore& deposed = tables.store();
        const auto next = store::PostgresStore::open(tables.place());
        QVERIFY(next && (*next)->claim());
        const auto batch = tables.next({{{Audience::only(kAda), engine::BalanceChanged{kAda, usd(2), usd(0)}}}});
        const auto refused = tables->project({&batch, 1});
        QVERIFY(!refused && refused.error().error == StoreError::OtherOwner);
        const auto kept = tables->clear();
        QVERIFY(!kept && kept.error().error == StoreError::OtherOwner);
        QVERIFY(areSame(dumpOf(tables), before));
        const auto opened = deposed.tables()();
        QVERIFY(!opened && opened.error().error == StoreError::OtherOwner);
        const auto fresh = (*next)->tables()();
        QVERIFY(fresh && (*fresh)->standsAt() == placeOf(1, 1));
        QVERIFY((*fresh)->project({&batch, 1}));
        QCOMPARE(tables.row("SELECT total FROM balance"), QStringLiteral("2"));
        QVERIFY(!tables->project({&batch, 1})); // its session is ended
    }

    /// One that sleeps in the middle of a transaction keeps nobody from the claim, nor from the tables.
    void nobodyWaitsForOneThatSleeps() {
        TablesInPostgres tables;
        tables.close();
        auto sleeping = store::PostgresTables::open(tables.place(), 1);
        QVERIFY(sleeping.ok());
        const auto write = [](store::TableStore& store) {
            return store.change("INSERT INTO withdrawal_fee VALUES (?, ?, ?)", {7, "1", 1});
        };
        QVERIFY((*sleeping)->begin() && write(**sleeping) && (*sleeping)->number("SELECT 1"));
        tables.claim();
        auto next = store::PostgresTables::open(tables.place(), 2);
        QVERIFY(next.ok());
        QVERIFY((*next)->hasTables());
        QVERIFY((*next)->begin() && write(**next) && (*next)->commit());
        const auto late = (*sleeping)->commit();
        QVERIFY(!late && late.error().error == ports::StoreError::OtherOwner);
        QCOMPARE(tables.row("SELECT count(*) FROM withdrawal_fee"), QStringLiteral("1"));
    }

    /// What an operator has let others see they still see when the tables have been made anew.
    void whatOthersMaySeeOutlivesTheTables() {
        TablesInPostgres tables;
        tables.row("CREATE ROLE reader LOGIN");
        tables.row("GRANT USAGE ON SCHEMA tallylock_tables TO reader; ALTER DEFAULT PRIVILEGES IN SCHEMA "
                   "tallylock_tables GRANT SELECT ON TABLES TO reader");
        QVERIFY(tables->clear());
        QCOMPARE(tables.row("SET ROLE reader; SELECT count(*) FROM balance"), QStringLiteral("0"));
    }

    /// A replica's, for one that stands by: it tells how far they are, and nothing more.
    void whoHasNotClaimedIsToldWhereTheyStand() {
        TablesInPostgres tables;
        tables.batch({{{Audience::only(kAda), engine::BalanceChanged{kAda, usd(1), usd(0)}}}});
        const auto store = store::PostgresStore::open(tables.place());
        QVERIFY(store.ok());
        auto looker = (*store)->tables()();
        QVERIFY(looker && (*looker)->standsAt() == placeOf(1, 1));
        QVERIFY(!(*looker)->history(kAda, {}));
        const auto batch = tables.next({});
        QVERIFY((*looker)->project({&batch, 1}).ok());
        QVERIFY((*looker)->standsAt() == placeOf(1, 1)); // not written yet
        QVERIFY(tables->project({&batch, 1}));
        QVERIFY((*looker)->project({&batch, 1}).ok());
        QVERIFY((*looker)->standsAt() == placeOf(2, 1));
        QVERIFY((*looker)->clear()); // of another history: of no use to it
        QCOMPARE(tables.row("SELECT count(*) FROM balance"), QStringLiteral("1"));
        QVERIFY((*looker)->project({&batch, 1}).ok());
        QVERIFY((*looker)->standsAt() == placeOf(2, 1));
        tables.row("UPDATE version SET version = 99");
        looker = (*store)->tables()();
        QVERIFY(looker && (*looker)->standsAt() == ports::ProjectedPlace{});
    }
};

QTEST_GUILESS_MAIN(TestPostgresTables)
#include "tst_postgres_tables.moc"
