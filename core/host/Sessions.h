// Which sessions want their user's orders cancelled when they end, and what happens then: a command of the
// coordinator's own in the journal, behind everything that the session has submitted.
//
// A device may have several sessions, such as the one that is breaking and the one that takes its place: only the last
// of those that asked for it cancels.
#pragma once

#include "core/host/Sequencer.h"

#include <map>

namespace tallylock::host {

/// Any thread may call.
class Sessions {
public:
    explicit Sessions(Sequencer& sequencer) : m_sequencer(sequencer) {}

    /// `session`: whatever tells it from others while it lives.
    void set(const void* session, const IdentityKey& device, bool cancelOnDisconnect);
    /// Does not wait. No effect for a session that has asked for nothing.
    void ended(const void* session);
    /// The host is stopping, and all sessions with it. Waits until the orders are cancelled, or cannot be.
    void endAll();

private:
    Sequencer& m_sequencer;
    std::mutex m_mutex;
    std::map<const void*, IdentityKey> m_wanting;
};

} // namespace tallylock::host
