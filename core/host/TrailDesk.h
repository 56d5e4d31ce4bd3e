// Gives the parties of a sale its trail (wire::Trail): receipts and entries from the tables, the signed commands behind
// them from the journal, and the coordinator's signature over the whole. On a thread of its own, since it reads the
// journal back; nothing that is written waits for it.
#pragma once

#include "core/base/TaskThread.h"
#include "core/host/Sequencer.h"

namespace tallylock::host {

class TrailDesk {
public:
    TrailDesk(const keys::Identity& identity, OpenJournal openJournal, Projection& projection)
        : m_identity(identity),
          m_openJournal(std::move(openJournal)),
          m_projection(projection) {}
    ~TrailDesk() { stop(); }

    /// Any thread. `at`: where the journal stands; the trail is at least that far. False: too much is waiting. Called
    /// once with the answer, NotFound if the reader has no part in such a sale; dropped when the host is stopping.
    using Done = std::function<void(wire::Answer)>;
    bool ask(HolderId reader, const Position& at, const wire::TrailQuery& query, Done done);
    void stop() { m_thread.stop(); }

private:
    wire::Answer answer(HolderId reader, const Position& at, const wire::TrailQuery& query);
    /// All events of this kind and sale, oldest first; nothing when the tables cannot be read any more.
    std::optional<std::vector<wire::HistoryRow>> eventsOf(HolderId reader, SaleId sale, std::uint64_t kind,
                                                          std::uint64_t minSequence);

    static constexpr std::size_t kMostWaiting = 1000;
    const keys::Identity& m_identity;
    OpenJournal m_openJournal;
    Projection& m_projection;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host
