// Applying a batch: the same act for new batches and for those that are replayed.
#pragma once

#include "core/ports/Projector.h"

namespace tallylock::host {

struct Applied {
    std::vector<ports::Projected> projected; ///< the deadlines that were due, if any, and then each command
    std::vector<engine::Reply> replies;      ///< one a command
    Hash eventsHash;
    bool quiet = true; ///< nothing has happened, and no command was in it
};

/// `sequence` is that of the last command before this batch.
Applied applyBatch(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence,
                   const std::vector<engine::Command>& commands);

} // namespace tallylock::host
