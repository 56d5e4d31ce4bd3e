// The session on the link to the coordinator: while it is open, orders go without a signature of their own
// (docs/decisions/sessions.md). It ends with the connection, and nobody says so: whoever is cut off, or told that there
// is none, reports it here.
//
// State      one writer   durable where             if it arrives twice
// open       worker       nowhere: of a connection  a second one takes the place of the first
#pragma once

#include "core/keys/Identity.h"
#include "core/party/Server.h"

namespace tallylock::party {

/// Worker thread. Nothing waits for it: as long as it is not open, orders are signed.
class LinkSession {
public:
    LinkSession(const keys::Identity& identity, Server& coordinator, Loop::Poster poster)
        : m_identity(identity),
          m_server(coordinator),
          m_poster(poster) {}

    /// Whose link it is, as the coordinator has said. Where a link pins a key, it must be this one: what is signed here
    /// for one coordinator is of no use at another.
    void setCoordinator(const IdentityKey& coordinator) { m_coordinator = coordinator; }
    /// It is wanted now, or an order is about to go. Tries to open it, unless it is open, is being tried, or came to
    /// nothing a moment ago: so whoever refuses it is asked no more often than there are orders, and with pauses.
    void wish();
    bool isOpen() const { return m_isOpen; }
    /// A command was taken on it.
    void worked() { m_backoff.reset(); }
    /// The connection has ended, or the coordinator knows of no session. Tried once more by itself.
    void lost();

private:
    void prove(const Hash& nonce);
    void pause(std::function<void()> then = {});

    const keys::Identity& m_identity;
    Server& m_server;
    Loop::Poster m_poster;
    std::optional<IdentityKey> m_coordinator;
    bool m_isOpen = false;
    bool m_isBusy = false; ///< being tried, or pausing
    Backoff m_backoff;
};

} // namespace tallylock::party
