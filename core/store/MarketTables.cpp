#include "core/store/MarketTables.h"

#include <algorithm>

namespace tallylock::store {

using engine::LevelChanged;
using engine::TradePublished;
using money::Amount;
using money::Int128;
using wire::Candle;
using wire::CandleSpan;

namespace {
constexpr std::uint32_t kMostLevels = 10'000;
constexpr std::uint32_t kMostCandles = 1'000;
constexpr CandleSpan kSpans[] = {CandleSpan::Minute, CandleSpan::FiveMinutes, CandleSpan::Hour, CandleSpan::Day};
static_assert(std::size(kSpans) == static_cast<std::size_t>(CandleSpan::kCount));

/// The largest sum there is stays what it is.
void addCapped(Amount& sum, const Amount& more) {
    if (Int128 added = sum.value; money::addTo(added, more.value)) sum.value = added;
}
} // namespace

Done MarketTables::load() {
    m_books.clear();
    m_changedLevels.clear();
    m_candles.clear();
    m_changedCandles.clear();
    return m_db->read("SELECT l.instrument, l.side, l.price, l.quantity, l.orders, i.quote, i.base FROM "
                      "book_level l JOIN instrument i ON i.instrument = l.instrument",
                      {}, [this](const Row& row) {
                          const LevelChanged level{{row.number(0)},
                                                   row.numberAs<std::uint8_t>(1),
                                                   row.amount(2, row.unit(5)),
                                                   row.amount(3, row.unit(6)),
                                                   row.numberAs<std::uint32_t>(4)};
                          m_books[level.instrument].apply(level);
                          return true;
                      });
}

// --- writing --------------------------------------------------------------------------------------------------------

std::uint32_t MarketTables::apply(const LevelChanged& e, std::uint64_t sequence) {
    wire::StreamedBook& book = m_books[e.instrument];
    book.apply(e);
    m_changedLevels[{e.instrument, e.side, e.price.value}] = {e, sequence};
    return book.checksum();
}

Result<std::optional<Candle>, ports::StoreFailure> MarketTables::stored(const CandleKey& key, const TradePublished& e,
                                                                        std::int64_t startMs) {
    std::optional<Candle> found;
    const auto done = m_db->read("SELECT open, high, low, close, volume, fiat, trades, sequence FROM candle"
                                 " WHERE instrument = ? AND span_ms = ? AND start_ms = ?",
                                 {key.instrument.value, wire::msOf(key.span), startMs}, [&](const Row& row) {
                                     const auto price = [&](int column) { return row.amount(column, e.price.unit); };
                                     found = Candle{startMs,
                                                    price(0),
                                                    price(1),
                                                    price(2),
                                                    price(3),
                                                    row.amount(4, e.quantity.unit),
                                                    row.amount(5, e.fiat.unit),
                                                    row.number(6),
                                                    row.number(7)};
                                     return false;
                                 });
    if (!done) return Err(done.error());
    return found;
}

Done MarketTables::apply(const TradePublished& e, std::uint64_t sequence) {
    for (const CandleSpan span : kSpans) {
        const CandleKey key{e.instrument, span};
        const std::int64_t startMs = e.timeMs - e.timeMs % wire::msOf(span);
        auto youngest = m_candles.find(key);
        if (youngest == m_candles.end() || youngest->second.startMs != startMs) {
            if (m_changedCandles.erase(key) != 0) {
                if (auto done = write(key, youngest->second); !done) return done;
            }
            const auto before = stored(key, e, startMs);
            if (!before) return Err(before.error());
            const Amount none{0, e.quantity.unit};
            youngest = m_candles
                           .insert_or_assign(
                               key, before->value_or(Candle{
                                        startMs, e.price, e.price, e.price, e.price, none, {0, e.fiat.unit}, 0, 0}))
                           .first;
        }
        Candle& candle = youngest->second;
        if (e.price.value > candle.high.value) candle.high = e.price;
        if (e.price.value < candle.low.value) candle.low = e.price;
        candle.close = e.price;
        addCapped(candle.volume, e.quantity);
        addCapped(candle.fiat, e.fiat);
        ++candle.trades;
        candle.sequence = sequence;
        m_changedCandles.insert(key);
    }
    return {};
}

Done MarketTables::write(const CandleKey& key, const Candle& c) {
    return m_db->addRow("INSERT OR REPLACE INTO candle VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        {key.instrument.value, wire::msOf(key.span), c.startMs, amountText(c.open), amountText(c.high),
                         amountText(c.low), amountText(c.close), amountText(c.volume), amountText(c.fiat), c.trades,
                         c.sequence});
}

Done MarketTables::flush() {
    for (const auto& [key, level] : m_changedLevels) {
        const LevelChanged& e = level.last;
        Done done = e.orders == 0
                        ? m_db->change("DELETE FROM book_level WHERE instrument = ? AND side = ? AND price = ?",
                                       {e.instrument.value, e.side, amountText(e.price)})
                        : m_db->addRow("INSERT OR REPLACE INTO book_level VALUES (?, ?, ?, ?, ?, ?)",
                                       {e.instrument.value, e.side, amountText(e.price), amountText(e.quantity),
                                        e.orders, level.sequence});
        if (!done) return done;
    }
    m_changedLevels.clear();
    for (const CandleKey& key : m_changedCandles) {
        if (auto done = write(key, m_candles.at(key)); !done) return done;
    }
    m_changedCandles.clear();
    return m_db->writeRows();
}

// --- reading --------------------------------------------------------------------------------------------------------

wire::BookSnapshot MarketTables::book(const wire::BookQuery& query, std::uint64_t position) const {
    static const wire::StreamedBook kEmpty;
    const auto found = m_books.find(query.instrument);
    const wire::StreamedBook& book = found == m_books.end() ? kEmpty : found->second;
    const std::size_t most = std::min(query.levels, kMostLevels);
    return {query.instrument, position, book.bids(most), book.asks(most), book.checksum()};
}

Result<std::vector<Candle>, ports::StoreFailure> MarketTables::candles(const wire::CandleQuery& query) {
    const std::int64_t before = query.beforeMs == 0 ? INT64_MAX : query.beforeMs;
    std::vector<Candle> candles;
    const auto done =
        m_db->read("SELECT c.start_ms, c.open, c.high, c.low, c.close, c.volume, c.fiat, c.trades, c.sequence,"
                   " i.quote, i.base FROM candle c JOIN instrument i ON i.instrument = c.instrument"
                   " WHERE c.instrument = ? AND c.span_ms = ? AND c.start_ms < ? ORDER BY c.start_ms DESC LIMIT ?",
                   {query.instrument.value, wire::msOf(query.span), before, std::clamp(query.limit, 1u, kMostCandles)},
                   [&](const Row& row) {
                       const auto in = [&](int column) { return row.amount(column, row.unit(9)); };
                       candles.push_back({row.signedNumber(0), in(1), in(2), in(3), in(4), row.amount(5, row.unit(10)),
                                          in(6), row.number(7), row.number(8)});
                       return true;
                   });
    if (!done) return Err(done.error());
    return candles;
}

} // namespace tallylock::store
