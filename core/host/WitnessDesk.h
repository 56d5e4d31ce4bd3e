// Answers who wants to know that this coordinator has one history, and owes what it says (wire/Witness.h): signed heads
// and proofs from the tables, and the tree of what was owed at the end of the last day, which is made on a thread of
// its own when somebody first asks.
#pragma once

#include "core/base/TaskThread.h"
#include "core/host/OwedTree.h"
#include "core/host/Projection.h"
#include "core/keys/Identity.h"

namespace tallylock::host {

/// Any thread may call. The answers come on threads of the host's; dropped when it is stopping.
class WitnessDesk {
public:
    WitnessDesk(const keys::Identity& identity, Projection& projection)
        : m_identity(identity),
          m_projection(projection) {}
    ~WitnessDesk() { stop(); }

    using Done = std::function<void(wire::Answer)>;
    void witness(HolderId reader, const wire::WitnessQuery& query, Done done);
    /// False: too much is waiting.
    bool owed(HolderId reader, Done done);
    void stop() { m_thread.stop(); }

private:
    wire::Answer answer(HolderId reader, const wire::WitnessQuery& query, ports::Projector& tables) const;
    wire::Answer answerOwed(HolderId reader);
    bool isMade(const ports::OwedDay& day);
    /// Reads the tables and waits; nothing when they cannot be read any more.
    template <class T>
    std::optional<T> read(std::function<std::optional<T>(ports::Projector&)> question);

    static constexpr std::size_t kMostWaiting = 1000;
    const keys::Identity& m_identity;
    Projection& m_projection;
    std::optional<OwedTree> m_tree;
    // Of that day.
    wire::OwedNote m_note;
    Signature m_signature;
    TaskThread m_thread; // last: its tasks use the others
};

} // namespace tallylock::host
