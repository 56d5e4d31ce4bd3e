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
    std::vector<Hash> leaves; ///< of it
};

/// Hashing what has happened takes as long as making it happen: in a large batch a second thread does it meanwhile.
/// Belongs to one thread at a time.
class BatchApplier {
public:
    /// The whole of it. `sequence` is that of the last command before this batch.
    Applied apply(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence,
                  std::span<const engine::Command* const> commands);

    /// The same as its commands come: begin, any number of add, finish.
    void begin(engine::Engine& engine, std::int64_t timeMs, std::uint64_t sequence);
    void add(engine::Engine& engine, std::span<const engine::Command* const> commands);
    Applied finish();

private:
    /// What some commands in a row have caused; it stays where it is until it is hashed.
    struct Part {
        std::span<ports::Projected> projected;
        std::span<const engine::Reply> replies;
    };
    void makeRoom(std::size_t commands);
    /// What has not been taken to be hashed.
    Part takeRest();
    void handOver();
    void waitForHasher();
    /// Completes what has happened, too.
    void hash(const Part& part);

    Applied m_applied; ///< so far
    std::int64_t m_timeMs = 0;
    std::uint64_t m_sequence = 0;
    std::size_t m_taken = 0;   ///< commands that are hashed or handed over for it
    bool m_handedOver = false; ///< the other thread may be at it
    wire::EventsHash m_hash;
    TaskThread m_hasher; // last: its tasks use the others
};

} // namespace tallylock::host
