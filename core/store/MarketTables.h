// The public market as tables: each book as its stream has told it, and the candles of its trades.
//
// What a batch changes is kept in memory and written at its end, once a level and once a candle, however much was
// traded. Inside a transaction of the caller's; after one that failed, load() anew.
#pragma once

#include "core/store/TableStore.h"
#include "core/wire/BookSum.h"

#include <map>
#include <set>

namespace tallylock::store {

class MarketTables {
public:
    explicit MarketTables(TableStore& store) : m_db(&store) {}
    /// What the tables hold.
    Done load();

    /// Gives the checksum of the book after it.
    std::uint32_t apply(const engine::LevelChanged& e, std::uint64_t sequence);
    Done apply(const engine::TradePublished& e, std::uint64_t sequence);
    Done flush();

    wire::BookSnapshot book(const wire::BookQuery& query, std::uint64_t position) const;
    Result<std::vector<wire::Candle>, ports::StoreFailure> candles(const wire::CandleQuery& query);

private:
    struct LevelKey {
        InstrumentId instrument;
        std::uint8_t side = 0;
        money::Int128 price = 0;
        auto operator<=>(const LevelKey&) const = default;
    };
    struct Level {
        engine::LevelChanged last;
        std::uint64_t sequence = 0;
    };
    struct CandleKey {
        InstrumentId instrument;
        wire::CandleSpan span{};
        auto operator<=>(const CandleKey&) const = default;
    };
    Result<std::optional<wire::Candle>, ports::StoreFailure>
    stored(const CandleKey& key, const engine::TradePublished& e, std::int64_t startMs);
    Done write(const CandleKey& key, const wire::Candle& candle);

    TableStore* m_db;
    std::map<InstrumentId, wire::StreamedBook> m_books;
    std::map<LevelKey, Level> m_changedLevels;
    std::map<CandleKey, wire::Candle> m_candles; ///< the youngest of each
    std::set<CandleKey> m_changedCandles;
};

} // namespace tallylock::store
