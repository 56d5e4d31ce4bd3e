// Follows the journal into SQL tables for people and queries. Never slows an acknowledgement; can be dropped and
// rebuilt.
#pragma once

#include "core/engine/Events.h"
#include "core/ports/Journal.h"
#include "core/wire/Frames.h"

#include <span>

namespace tallylock::ports {

/// What one command (or the deadlines before it) caused.
struct Projected {
    std::uint64_t sequence = 0;
    std::int64_t timeMs = 0;
    std::vector<engine::Event> events;
    bool isRefused = false; ///< then the refusal is a leaf of the batch's events hash, behind these events
};

/// How far the tables have come.
struct ProjectedPlace {
    std::uint64_t batch = 0;    ///< the last batch whose events are all in the tables; 0: none
    std::uint64_t sequence = 0; ///< the last command of it
    Hash head;                  ///< of that batch: tables of another history are dropped
    bool operator==(const ProjectedPlace&) const = default;
};

/// A whole batch, and where the tables stand once it is in them.
struct ProjectedBatch {
    ProjectedPlace place;
    std::vector<Projected> causes;
    std::vector<Hash> leaves; ///< of its events hash
    std::int64_t timeMs = 0;  ///< the batch's; 0: its causes tell
};

/// Where an event lies in the history.
struct EventPlace {
    std::uint64_t batch = 0;
    std::uint64_t leaf = 0;
};
struct HistoryBatch {
    Hash head;
    std::vector<Hash> leaves;
};
/// A day (UTC) that is over, and the last batch before its end.
struct OwedDay {
    std::uint32_t day = 0; ///< since 1970-01-01
    ProjectedPlace place;
};
struct OwedRow {
    HolderId holder;
    engine::Amount total;
};

/// Owned by one thread.
class Projector {
public:
    virtual ~Projector() = default;
    virtual ProjectedPlace standsAt() const = 0;
    /// Whole batches, in order, in one transaction together with the place where the tables then stand.
    virtual Result<void, StoreFailure> project(std::span<const ProjectedBatch> batches) = 0;
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

    // The history as a tree (wire/Witness.h), up to standsAt().
    /// Nothing if the reader's stream has no such position.
    virtual Result<std::optional<EventPlace>, StoreFailure> placeOf(HolderId reader, std::uint64_t position) = 0;
    virtual Result<HistoryBatch, StoreFailure> historyBatch(std::uint64_t number) = 0;
    virtual Result<Hash, StoreFailure> historyNode(unsigned level, std::uint64_t index) = 0;
    // What was owed at the end of the newest day that is over.
    virtual Result<std::optional<OwedDay>, StoreFailure> owedDay() = 0;
    /// By holder and unit, behind the given row, at most `limit`. None if that day is not kept any more.
    virtual Result<std::vector<OwedRow>, StoreFailure> owed(std::uint32_t day, const OwedRow& after,
                                                            std::size_t limit) = 0;
};

} // namespace tallylock::ports
