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

/// Owned by one thread.
class Projector {
public:
    virtual ~Projector() = default;
    /// The number of the last batch whose events are all in the tables.
    virtual std::uint64_t standsAtBatch() const = 0;
    virtual std::uint64_t standsAtSequence() const = 0;
    /// The whole batch in one transaction, together with the place where it stands.
    virtual Result<void, StoreFailure> project(std::uint64_t batchNumber, const std::vector<Projected>& batch) = 0;

    virtual Result<std::vector<wire::HistoryRow>, StoreFailure> history(HolderId reader,
                                                                        const wire::HistoryQuery& query) = 0;
    /// Stream items with position > cursor, at most `limit`. Reader none: the public stream.
    virtual Result<std::vector<wire::StreamItem>, StoreFailure> stream(HolderId reader, std::uint64_t cursor,
                                                                       std::size_t limit) = 0;
};

} // namespace tallylock::ports
