// Follows the journal into SQL tables for people and queries. Never slows an acknowledgement; can be dropped and
// rebuilt.
#pragma once

#include "core/engine/Events.h"
#include "core/ports/Journal.h"
#include "core/wire/Frames.h"

namespace tallylock::ports {

/// What one command (or the deadlines before it) caused.
struct Projected {
    std::uint64_t sequence = 0;
    std::int64_t timeMs = 0;
    std::vector<engine::Event> events;
};

/// How far the tables have come.
struct ProjectedPlace {
    std::uint64_t batch = 0;    ///< the last batch whose events are all in the tables; 0: none
    std::uint64_t sequence = 0; ///< the last command of it
    Hash head;                  ///< of that batch: tables of another history are dropped
    bool operator==(const ProjectedPlace&) const = default;
};

/// Owned by one thread.
class Projector {
public:
    virtual ~Projector() = default;
    virtual ProjectedPlace standsAt() const = 0;
    /// The whole batch in one transaction, together with the place where the tables then stand.
    virtual Result<void, StoreFailure> project(const ProjectedPlace& place, const std::vector<Projected>& batch) = 0;
    /// Forgets everything, to be rebuilt from the first batch.
    virtual Result<void, StoreFailure> clear() = 0;

    virtual Result<std::vector<wire::HistoryRow>, StoreFailure> history(HolderId reader,
                                                                        const wire::HistoryQuery& query) = 0;
    /// As far as the public stream has told it. An instrument that nobody knows has an empty one.
    virtual Result<wire::BookSnapshot, StoreFailure> book(const wire::BookQuery& query) = 0;
    virtual Result<wire::CandlePage, StoreFailure> candles(const wire::CandleQuery& query) = 0;
    /// Stream items with position > cursor, at most `limit`. Reader none: the public stream.
    virtual Result<std::vector<wire::StreamItem>, StoreFailure> stream(HolderId reader, std::uint64_t cursor,
                                                                       std::size_t limit) = 0;
};

} // namespace tallylock::ports
