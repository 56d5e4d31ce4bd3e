// Market data: the checksum of a book, a replica that notices what a bad stream does to it and mends itself, candles.
#include "core/api/MarketData.h"
#include "core/market/Market.h"
#include "core/party/Replica.h"
#include "core/wire/Batch.h"
#include "tests/core/party/PartyScene.h"
#include "tests/support/Seed.h"

#include <QFile>
#include <random>

using namespace tallylock;
using namespace tallylock::test;
using engine::LevelChanged;
using party::Replica;
using party::Stream;

namespace {
constexpr InstrumentId kMarket{1};
constexpr std::int64_t kMinuteMs = 60'000;

money::Amount coins(std::int64_t tenThousandths) { return {money::Int128{tenThousandths} * 10'000, money::kBtc}; }
LevelChanged level(std::uint8_t side, std::int64_t price, std::int64_t quantity) {
    return {kMarket, side, usd(price), coins(quantity), quantity == 0 ? 0u : 1u};
}

/// The public stream, as a coordinator would number and sum it up.
struct Teller {
    std::vector<wire::StreamItem> items;
    wire::StreamedBook book;
    void tell(const LevelChanged& change) {
        book.apply(change);
        items.push_back({items.size() + 1, items.size() + 1, wire::encodeEvent(change), book.checksum()});
    }
    wire::BookSnapshot snapshot() const {
        return {kMarket, items.size(), book.bids(10'000), book.asks(10'000), book.checksum()};
    }
};

/// Does to the public stream what a bad network or a liar would.
struct Harm {
    std::mutex mutex;
    std::mt19937_64 random;
    bool calm = false;
    std::map<std::string, int> done;
    bool oneIn(unsigned n) { return random() % n == 0; }
};
class BadLink final : public ports::Link {
public:
    BadLink(std::unique_ptr<ports::Link> real, std::shared_ptr<Harm> harm)
        : m_real(std::move(real)),
          m_harm(std::move(harm)) {}
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        m_real->request(std::move(frame), std::move(done));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                   std::function<void(const wire::StreamItem&)> onItem) override {
        if (stream == Stream::Own) return m_real->subscribe(stream, cursor, std::move(onItem));
        const auto kept = std::make_shared<std::optional<wire::StreamItem>>();
        return m_real->subscribe(stream, cursor, [harm = m_harm, kept, onItem](const wire::StreamItem& given) {
            const std::lock_guard lock(harm->mutex);
            wire::StreamItem item = given;
            const auto event = wire::decodeEvent(item.event);
            const auto* change = event ? std::get_if<LevelChanged>(&*event) : nullptr;
            // The first change is altered and arrives, in its place: later ones may all fall into a gap.
            const bool isFirst = harm->done["altered"] == 0;
            if (!harm->calm && change && (isFirst || harm->oneIn(15))) {
                LevelChanged altered = *change;
                altered.quantity.value += coins(1).value;
                altered.orders = 1;
                item.event = wire::encodeEvent(altered);
                ++harm->done["altered"];
            }
            if (!harm->calm && !isFirst && harm->oneIn(15)) {
                ++harm->done["dropped"];
                return;
            }
            if (!harm->calm && !isFirst && !*kept && harm->oneIn(15)) {
                *kept = item; // comes after the next
                ++harm->done["reordered"];
                return;
            }
            onItem(item);
            if (*kept) onItem(*std::exchange(*kept, std::nullopt));
            if (!harm->calm && harm->oneIn(10)) {
                onItem(item);
                ++harm->done["doubled"];
            }
        });
    }

private:
    std::unique_ptr<ports::Link> m_real;
    std::shared_ptr<Harm> m_harm;
};

/// A market with two people who have enough of everything.
struct Fair : PartyScene {
    std::vector<std::unique_ptr<Person>> people;
    Fair() {
        perform(engine::OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), coins(1), coins(1),
                                       coins(1'000'000), 0, 0});
        for (const char* name : {"maker", "taker"}) {
            people.push_back(std::make_unique<Person>(name));
            host.connect(*people.back());
            const HolderId holder{
                people.back()->mustSubmit(engine::RegisterHolder{name, false, people.back()->identity.boxKey()})};
            perform(engine::AssignDepositIdentifier{holder, money::kUsd, "bank", name});
            perform(engine::ObserveBankEntry{"bank", name, name, usd(1'000'000'000), 1});
            perform(engine::AssignDepositIdentifier{holder, money::kBtc, "chain", name});
            perform(engine::ObservePayment{"chain", hashNamed(name), 0, name, coins(1'000'000'000), 2, false, 1});
        }
    }
    void perform(engine::CommandBody body) {
        const auto replies = host.host->perform({std::move(body)});
        if (!replies || replies->front().refused != engine::Refused::No) qFatal("refused");
    }
    OrderId order(std::size_t who, std::uint8_t side, std::int64_t price, std::int64_t quantity) {
        return {people[who]->mustSubmit(engine::PlaceOrder{kMarket, side, usd(price), coins(quantity), 0})};
    }
    /// As the engine has it.
    std::vector<wire::BookLevel> truth() {
        std::vector<wire::BookLevel> levels;
        host.host->visit([&](const engine::Engine& engine) {
            const auto& scale = engine.market().instrument(kMarket)->scale;
            for (const market::Side side : {market::Side::Buy, market::Side::Sell}) {
                for (const market::LevelRow& row : engine.market().depth(kMarket, side, 10'000))
                    levels.push_back({scale.priceOf(row.priceTicks), scale.quantityOf(row.totalLots), row.orders});
            }
        });
        return levels;
    }
    std::vector<wire::BookLevel> seenBy(party::Party& party) {
        std::vector<wire::BookLevel> levels;
        for (const api::BookRow& row :
             must<std::vector<api::BookRow>>([&](auto done) { party.book(kMarket, 10'000, done); }))
            levels.push_back({row.price, row.quantity, row.orders});
        return levels;
    }
    wire::BookSnapshot snapshot(std::uint32_t levels) {
        return *people[0]->ask<wire::BookSnapshot>(wire::BookQuery{kMarket, levels});
    }
    std::vector<wire::Candle> candles(wire::CandleSpan span, std::int64_t beforeMs = 0, std::uint32_t limit = 1000) {
        return people[0]->ask<wire::CandlePage>(wire::CandleQuery{kMarket, span, beforeMs, limit})->candles;
    }
    bool tablesFollow() {
        const std::uint64_t sequence = host.host->status().sequence;
        wire::HistoryQuery query;
        query.eventType = LevelChanged::kType;
        query.minSequence = sequence;
        query.limit = 1;
        const auto page = people[0]->ask<wire::HistoryPage>(query);
        return page && !page->stale;
    }
};
} // namespace

class TestMarketData : public QObject {
    Q_OBJECT
private slots:
    // --- the checksum ------------------------------------------------------------------------------------------------

    /// Anybody can compute it; these are frozen.
    void theChecksumIsAsItIsWritten() {
        QCOMPARE(wire::crc32({}), 0u);
        QCOMPARE(wire::crc32(viewOf("123456789")), 0xcbf43926u); // the check value of CRC-32
        wire::StreamedBook book;
        QCOMPARE(book.checksum(), 0u);
        book.apply(level(0, 100, 5));
        Bytes bytes(1, 0);
        for (const money::Int128 value : {usd(100).value, coins(5).value}) {
            for (int shift = 120; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
        }
        QCOMPARE(book.checksum(), wire::crc32(bytes));
        QCOMPARE(toHex(bytes), std::string("00000000000000000000000002540be400000000000000000000000000000"
                                           "0c350"));
    }

    void theChecksumSeesTheBestTen() {
        wire::StreamedBook book;
        for (int i = 0; i < 12; ++i) {
            book.apply(level(0, 100 - i, 5));
            book.apply(level(1, 101 + i, 5));
        }
        const std::uint32_t sum = book.checksum();
        book.apply(level(0, 90, 6)); // the eleventh
        QCOMPARE(book.checksum(), sum);
        book.apply(level(0, 91, 6));
        QVERIFY(book.checksum() != sum);
        book.apply(level(0, 91, 5));
        QCOMPARE(book.checksum(), sum);
        wire::StreamedBook swapped; // the same levels on the other side are another book
        wire::StreamedBook straight;
        straight.apply(level(0, 100, 5));
        swapped.apply(level(1, 100, 5));
        QVERIFY(straight.checksum() != swapped.checksum());
    }

    // --- the replica -------------------------------------------------------------------------------------------------

    void droppedAndReordered() {
        Teller teller;
        for (int i = 0; i < 4; ++i) teller.tell(level(0, 100 - i, 5));
        Replica replica;
        QVERIFY(!replica.apply(Stream::Public, teller.items[0]).gap);
        QVERIFY(replica.apply(Stream::Public, teller.items[2]).gap);
        QCOMPARE(replica.cursor(Stream::Public), std::uint64_t{1}); // as if it had not come
        QCOMPARE(replica.book(kMarket, 10).size(), std::size_t{1});
        QVERIFY(!replica.apply(Stream::Public, teller.items[1]).gap);
        QVERIFY(!replica.apply(Stream::Public, teller.items[2]).gap);
        QVERIFY(!replica.apply(Stream::Public, teller.items[3]).gap);
        QCOMPARE(replica.bookChecksum(kMarket), teller.book.checksum());
    }

    void doubled() {
        Teller teller;
        teller.tell(level(0, 100, 5));
        teller.tell(level(0, 100, 0));
        Replica replica;
        for (const std::size_t i : std::initializer_list<std::size_t>{0, 0, 1, 0, 1}) {
            const Replica::News news = replica.apply(Stream::Public, teller.items[i]);
            QVERIFY(!news.gap && !news.unsoundBook);
        }
        QVERIFY(replica.book(kMarket, 10).empty());
    }

    void altered() {
        Teller teller;
        teller.tell(level(0, 100, 5));
        teller.tell(level(1, 102, 5));
        Replica replica;
        (void)replica.apply(Stream::Public, teller.items[0]);
        wire::StreamItem bent = teller.items[1];
        bent.event = wire::encodeEvent(level(1, 102, 6));
        const Replica::News news = replica.apply(Stream::Public, bent);
        QVERIFY(news.unsoundBook == kMarket);
        QVERIFY(!replica.isSound(kMarket));
        // What comes meanwhile is not lost, wherever the snapshot stands.
        const wire::BookSnapshot early = teller.snapshot();
        teller.tell(level(1, 103, 7));
        QVERIFY(!replica.apply(Stream::Public, teller.items[2]).unsoundBook); // it is known already
        wire::BookSnapshot liar = early;
        liar.asks[0].quantity = coins(9);
        QVERIFY(!replica.mend(liar));
        QVERIFY(!replica.isSound(kMarket));
        QVERIFY(replica.mend(early));
        QVERIFY(replica.isSound(kMarket));
        QCOMPARE(replica.bookChecksum(kMarket), teller.book.checksum());
        QCOMPARE(replica.book(kMarket, 10).size(), std::size_t{3});
        teller.tell(level(0, 100, 0));
        QVERIFY(!replica.apply(Stream::Public, teller.items[3]).unsoundBook);
    }

    /// A coordinator of before says no checksums.
    void withoutChecksums() {
        Teller teller;
        teller.tell(level(0, 100, 5));
        teller.items[0].checksum.reset();
        Replica replica;
        QVERIFY(!replica.apply(Stream::Public, teller.items[0]).unsoundBook);
        QVERIFY(replica.isSound(kMarket));
    }

    /// A whole party over a link that drops, doubles, reorders and alters: in the end its book is the engine's.
    void aPartyMendsItself() {
        const std::uint64_t seed = seedOr(7);
        Fair fair;
        const auto harm = std::make_shared<Harm>();
        harm->random.seed(seed);
        fair.throughCoordinator = [harm](auto link) { return std::make_unique<BadLink>(std::move(link), harm); };
        const auto watcher = fair.open("watcher");
        std::mt19937_64 random(seed + 1);
        for (int i = 0; i < 400; ++i) {
            const auto side = static_cast<std::uint8_t>(random() % 2);
            fair.order(random() % 2, side, 95 + static_cast<std::int64_t>(random() % 10),
                       1 + static_cast<std::int64_t>(random() % 20));
            if (i % 50 == 0) fair.pump.run();
        }
        {
            const std::lock_guard lock(harm->mutex);
            harm->calm = true;
            for (const char* act : {"altered", "dropped", "reordered", "doubled"}) QVERIFY2(harm->done[act] > 0, act);
        }
        fair.order(0, 0, 50, 1); // what follows a gap shows it
        QVERIFY(fair.pump.until([&] {
            const auto health =
                fair.must<api::BookHealth>([&](auto done) { watcher->marketData().bookHealth(kMarket, done); });
            return health.sound && fair.seenBy(*watcher) == fair.truth();
        }));
        const auto health =
            fair.must<api::BookHealth>([&](auto done) { watcher->marketData().bookHealth(kMarket, done); });
        QVERIFY(health.gaps > 0 && health.resyncs > 0);
        QCOMPARE(health.checksum, fair.snapshot(10).checksum);
    }

    // --- the tables --------------------------------------------------------------------------------------------------

    void snapshotsFollowTheStream() {
        Fair fair;
        QVERIFY(fair.snapshot(5).bids.empty());
        for (int i = 0; i < 12; ++i) fair.order(0, 0, 80 + i, 1 + i);
        fair.order(1, 1, 200, 3);
        QVERIFY(fair.tablesFollow());
        const wire::BookSnapshot small = fair.snapshot(5);
        QCOMPARE(small.bids.size(), std::size_t{5});
        QVERIFY(small.bids[0].price == usd(91) && small.asks[0].price == usd(200));
        const wire::BookSnapshot whole = fair.snapshot(10'000);
        QCOMPARE(whole.bids.size(), std::size_t{12});
        Listener listener(*fair.people[0]->link, Stream::Public);
        QVERIFY(eventually([&] { return listener.items().size() == whole.position; }));
        Replica replica;
        for (const wire::StreamItem& item : listener.items()) QVERIFY(!replica.apply(Stream::Public, item).unsoundBook);
        QCOMPARE(replica.bookChecksum(kMarket), whole.checksum);
        listener.end();
        // Opened again, and made anew: the same.
        const std::vector<wire::StreamItem> before = listener.items();
        for (const bool anew : {false, true}) {
            fair.keyServer.reset();
            fair.host.stop();
            if (anew) QVERIFY(QFile::remove(QString::fromStdString(fair.host.pathOf("tables"))));
            fair.host.start();
            fair.host.connect(*fair.people[0]);
            const wire::BookSnapshot again = fair.snapshot(10'000);
            QVERIFY(again.bids == whole.bids && again.asks == whole.asks);
            QCOMPARE(again.checksum, whole.checksum);
            QCOMPARE(again.position, whole.position);
            Listener second(*fair.people[0]->link, Stream::Public);
            QVERIFY(eventually([&] { return second.items().size() == before.size(); }));
            const auto items = second.items();
            for (std::size_t i = 0; i < items.size(); ++i) QVERIFY(items[i].checksum == before[i].checksum);
            second.end();
        }
    }

    void candlesOfTrades() {
        Fair fair;
        QVERIFY(fair.candles(wire::CandleSpan::Minute).empty());
        // To the first moment of an hour.
        const std::int64_t hourMs = 60 * kMinuteMs;
        fair.host.clock.pass(hourMs - fair.host.clock.wallMs() % hourMs);
        const std::int64_t startMs = fair.host.clock.wallMs();
        const auto trade = [&](std::int64_t price, std::int64_t quantity) {
            fair.order(0, 1, price, quantity);
            fair.order(1, 0, price, quantity);
        };
        trade(100, 2);
        trade(105, 1);
        trade(98, 4);
        trade(101, 3);
        fair.host.clock.pass(kMinuteMs - 1);
        trade(103, 1); // the last moment of the first minute
        fair.host.clock.pass(1);
        trade(90, 1);
        fair.host.clock.pass(2 * kMinuteMs); // a minute without a trade has no candle
        trade(91, 1);
        QVERIFY(fair.tablesFollow());
        const auto minutes = fair.candles(wire::CandleSpan::Minute);
        QCOMPARE(minutes.size(), std::size_t{3});
        const wire::Candle& first = minutes[2];
        QCOMPARE(first.startMs, startMs);
        QVERIFY(first.open == usd(100) && first.high == usd(105) && first.low == usd(98) && first.close == usd(103));
        QVERIFY(first.volume == coins(11) && first.trades == 5);
        // 2 x 100 + 105 + 4 x 98 + 3 x 101 + 103 ten-thousandths of a dollar, exactly.
        QVERIFY(first.fiat.value == usd(200 + 105 + 392 + 303 + 103).value / 10'000);
        QCOMPARE(minutes[0].startMs, startMs + 3 * kMinuteMs);
        const auto hours = fair.candles(wire::CandleSpan::Hour);
        QCOMPARE(hours.size(), std::size_t{1});
        QVERIFY(hours[0].open == usd(100) && hours[0].close == usd(91) && hours[0].low == usd(90));
        QVERIFY(hours[0].trades == 7 && hours[0].volume == coins(13));
        QCOMPARE(fair.candles(wire::CandleSpan::FiveMinutes).size(), std::size_t{1});
        QCOMPARE(fair.candles(wire::CandleSpan::Day).front().trades, std::uint64_t{7});
        // Page by page.
        const auto page = fair.candles(wire::CandleSpan::Minute, minutes[0].startMs, 1);
        QVERIFY(page.size() == 1 && page[0] == minutes[1]);
        // After a restart the hour goes on; a rebuilt table is the same.
        fair.keyServer.reset();
        fair.host.restart();
        for (auto& person : fair.people) fair.host.connect(*person);
        trade(99, 1);
        QVERIFY(fair.tablesFollow());
        const auto later = fair.candles(wire::CandleSpan::Hour);
        QVERIFY(later.size() == 1 && later[0].trades == 8 && later[0].open == usd(100) && later[0].close == usd(99));
        fair.host.stop();
        QVERIFY(QFile::remove(QString::fromStdString(fair.host.pathOf("tables"))));
        fair.host.start();
        fair.host.connect(*fair.people[0]);
        QVERIFY(fair.candles(wire::CandleSpan::Hour) == later);
        QCOMPARE(fair.candles(wire::CandleSpan::Minute).size(), std::size_t{3});
    }
};

QTEST_GUILESS_MAIN(TestMarketData)
#include "tst_market_data.moc"
