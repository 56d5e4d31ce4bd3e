// A server that is reached over a network, as one identity: its Link, its file store and the apps of others, over one
// connection that is made anew whenever it breaks. Nothing is lost or repeated by a break: what was asked is answered
// with Closed, whoever follows a stream gets on where it stood, a file that is being brought goes on where it stands
// there, and whoever answers others is said to do so again.
//
// State              one writer        durable where   if it arrives twice
// connection         network thread    nowhere         made anew
// questions          network thread    nowhere         each has its number; an unknown one is passed over
// cursors            network thread    the follower's  an item that is not behind the last one is passed over
// who answers        network thread    nowhere         said anew on each connection
#pragma once

#include "core/keys/Identity.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"
#include "core/ports/Peer.h"
#include "core/wire/Connection.h"

namespace tallylock::net {

struct RemotePlace {
    std::string host; ///< a name or a numeric address
    std::uint16_t port = 0;
};

struct RemoteOptions {
    std::string host; ///< a name or a numeric address
    std::uint16_t port = 0;
    /// Where it may be as well, or whoever takes its place with the same identity. Tried in turn: one that has let us
    /// in is tried first when it breaks.
    std::vector<RemotePlace> others{};
    /// Who it must be. None: whoever is there, to be shown to a person who then pins it; nothing is asked of such a
    /// one.
    std::optional<IdentityKey> server;
    std::shared_ptr<const keys::Identity> self;
    std::int64_t firstPauseMs = 50; ///< between attempts; doubles
    std::int64_t lastPauseMs = 5'000;
    std::int64_t connectMs = 10'000;                ///< an attempt that takes longer is given up
    std::int64_t pingMs = 20'000;                   ///< without a byte from the server: is it alive?
    std::int64_t silenceMs = 45'000;                ///< then the connection is over
    std::uint64_t talkVersion = wire::kTalkVersion; ///< the newest that it understands
};

enum class RemoteState : std::uint8_t {
    Connecting,
    Connected,
    Unreachable, ///< the last attempt has failed, at each of its places; tried again
    OtherServer, ///< somebody answers there, and is not who it must be; tried again
    Refused,     ///< it does not let us in: too many, another version, stopping; tried again
    kCount
};
const char* nameOf(RemoteState state);

struct RemoteStatus {
    RemoteState state{};
    std::string detail;                      ///< why, for a log
    std::optional<IdentityKey> server{};     ///< who answers there
    std::vector<wire::ServerPlace> places{}; ///< once connected, like the next one
    bool isPractice = false;
};

class Remote {
public:
    /// `changed` is called on the network thread at each change: be quick, post on.
    explicit Remote(RemoteOptions options, std::function<void(const RemoteStatus&)> changed = {});
    /// Answers what waits with Closed and joins its thread. Links and stores may outlive it: they are then Closed.
    ~Remote();

    std::unique_ptr<ports::Link> link() const;
    /// Its calls wait for the server, and for a connection for as long as a few attempts take.
    std::shared_ptr<ports::FileStore> files() const;
    /// The apps of others, through the server. Closed, with one that passes nothing on.
    std::unique_ptr<ports::Peers> peers() const;
    RemoteStatus status() const; ///< any thread

    class Core;

private:
    std::shared_ptr<Core> m_core;
};

} // namespace tallylock::net
