// Market data beyond the book and the trades of core/api/Session.h.
#pragma once

#include "core/api/Session.h"

namespace tallylock::api {

enum class CandleSpan : std::uint8_t { Minute, FiveMinutes, Hour, Day, kCount };

/// The trades of a stretch of time. A stretch without a trade has no candle.
struct CandleRow {
    std::int64_t startMs = 0;
    Amount open; ///< prices: quote for one whole base unit
    Amount high;
    Amount low;
    Amount close;
    Amount volume; ///< base
    Amount fiat;   ///< quote
    std::uint64_t trades = 0;
};

/// How this session's copy of a book stands to the coordinator's.
struct BookHealth {
    std::uint64_t position = 0; ///< of the public stream, without gaps up to here
    std::uint32_t checksum = 0; ///< of the best ten levels of each side
    bool sound = true;          ///< false: it differed, and is being fetched anew
    std::uint64_t resyncs = 0;  ///< how often it was fetched anew
    std::uint64_t gaps = 0;     ///< how often the stream had one and was taken up again
};

class MarketData {
public:
    virtual ~MarketData() = default;
    /// Newest first; those that begin before `beforeMs`, or from the newest if it is zero.
    virtual void candles(InstrumentId instrument, CandleSpan span, std::int64_t beforeMs, std::uint32_t limit,
                         Done<std::vector<CandleRow>> done) = 0;
    virtual void bookHealth(InstrumentId instrument, Done<BookHealth> done) = 0;
};

} // namespace tallylock::api
