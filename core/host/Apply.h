// Applying a batch: the same act for new batches and for those that are replayed.
#pragma once

#include "core/base/TaskThread.h"
#include "core/ports/Projector.h"

#include <future>
#include <span>

namespace tallylock::host {

struct Applied {
    /// The deadlines that were due, if any did something, and then each command.
    std::vector<ports::Projected> projected;
    std::vector<engine::Reply> replies; ///< one a command
    Hash eventsHash;
    bool quiet = true; ///< nothing has happened, and no command was in it
};

/// Hashing what has happened takes as long as making it happen: in a large batch a second thread does it meanwhile.
/// Belongs to one thread.
class BatchApplier {
public:
    /// `sequence` is that of the last command before this batch.
    Applied apply(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence,
                  std::span<const engine::Command* const> commands);

private:
    /// What some commands in a row have caused; it stays where it is until it is hashed.
    struct Part {
        std::span<ports::Projected> projected;
        std::span<const engine::Reply> replies;
    };
    /// Completes what has happened, too.
    void hash(const Part& part);

    wire::EventsHash m_hash;
    TaskThread m_hasher; // last: its tasks use the others
};

} // namespace tallylock::host
