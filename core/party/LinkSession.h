// The session on the link to the coordinator: while it is open, orders go without a signature of their own
// (docs/decisions/sessions.md). It ends with the connection, and nobody says so: whoever is cut off, or told that there
// is none, reports it here. What a connection was told is forgotten with it, so that is said here again, too.
//
// State      one writer   durable where             if it arrives twice
// open       worker       nowhere: of a connection  a second one takes the place of the first
// cancels    worker       nowhere: of this run      nothing is changed by it
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

    /// The open orders of this user are to be cancelled when the connection ends: this one, and every later one.
    void setCancelOnDisconnect(bool on, Server::Then<wire::Accepted> done);
    /// Says again, if it is wanted, that orders are cancelled at the end of the connection. Before each command that
    /// goes signed: such a one is taken on a new connection, too, on which nobody has said it yet.
    void remind();

private:
    void prove(const Hash& nonce);
    void pause(std::function<void()> then = {});

    const keys::Identity& m_identity;
    Server& m_server;
    Loop::Poster m_poster;
    std::optional<IdentityKey> m_coordinator;
    bool m_isOpen = false;
    bool m_isBusy = false; ///< being tried, or pausing
    bool m_cancelOnDisconnect = false;
    Backoff m_backoff;
};

} // namespace tallylock::party
