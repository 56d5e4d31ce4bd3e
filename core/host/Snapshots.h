// Snapshots while the host runs, without a pause: a second engine reads back what the first has written, and its state
// is what is kept. So each of them is also a proof that the newest snapshot loads, that the journal can be read, and
// that replaying it gives the events that were acknowledged.
//
// The second engine lives only as long as a snapshot is being made, on a thread of the lowest priority.
#pragma once

#include "core/host/Projection.h"

namespace tallylock::host {

/// Belongs to the sequencer's thread.
class Snapshots {
public:
    using Fail = Projection::Fail;
    /// `fail` is called on our thread when the journal does not lead where the running engine is: a restart would fail.
    Snapshots(Rereading::Source source, Projection& projection, std::uint64_t smallBytes, Fail fail);

    /// Whether the journal has grown so much since the last one that another is worth what it costs: a large state is
    /// read, replayed and written as a whole, so the journal grows by as much first. The replay at a start then takes
    /// about as long again as the snapshot. Sequencer's thread.
    bool isWorth(std::uint64_t journalBytes) const {
        const std::uint64_t last = m_lastBytes;
        return last <= m_smallBytes || journalBytes >= last;
    }
    /// Of the engine after this batch, which is durable and on its way to the tables. Does not wait. Left out when one
    /// waits already, or when the journal or the store cannot be used now: without it the next start takes longer, and
    /// nothing else.
    void make(std::uint64_t batch);
    /// Gives up the one that is being made.
    ~Snapshots();

private:
    /// Replayed at a time: what lies in between pins no part of the journal's file, and can be given up.
    static constexpr std::uint64_t kBatchesAtATime = 50;

    Result<void, ports::StoreFailure> makeNow(std::uint64_t batch);

    Rereading::Source m_source;
    Projection& m_projection;
    const std::uint64_t m_smallBytes; ///< of a state that costs next to nothing
    Fail m_fail;
    std::atomic<std::uint64_t> m_lastBytes{0};
    std::atomic<bool> m_stopping{false};
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host
