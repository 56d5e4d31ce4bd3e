// The door of a server: listens, proves who the server is, lets in whoever proves an identity, and gives each its Link,
// the file store and a way to the others' apps. What a client says is bounded in size, in number and in time; a client
// that reads too slowly is not sent more until it has read, and nobody else waits for it.
// docs/decisions/connections.md.
//
// State               one writer         durable where       if it arrives twice
// connections         network thread     nowhere             each is its own
// uploads             file thread        the store, in steps goes on where it stood; of another identity: another one
//                                        until they are whole
// what clients ask    PeerRelay          nowhere             each has its number
// each other
#pragma once

#include "core/keys/Identity.h"
#include "core/ports/FileStore.h"
#include "core/ports/Link.h"
#include "core/wire/Connection.h"

namespace tallylock::net {

/// What is behind the door. Called on the network thread, or for files on another one.
struct Service {
    /// Whoever it is has proved to be that.
    std::function<std::unique_ptr<ports::Link>(const IdentityKey& who)> connect;
    ports::FileStore* files = nullptr; ///< outlives the server; none: no file is kept here
    /// Who may bring files. Called on the file thread; may wait.
    std::function<bool(const IdentityKey& who)> mayUpload{};
    /// Who may ask other clients' apps. Called on a thread of its own; may wait. None: nothing is passed on here.
    std::function<bool(const IdentityKey& who)> mayAskPeers{};
    std::vector<wire::ServerPlace> places{}; ///< of other servers, told to each client
    bool isPractice = false;
};

struct Limits {
    std::size_t connections = 20'000;
    std::size_t connectionsOfAddress = 10'000; ///< from one network address
    std::int64_t loginMs = 10'000;             ///< from the first byte to the login
    std::int64_t silenceMs = 90'000;           ///< without a byte in either direction: cut
    std::size_t asksAtOnce = 256;              ///< of one connection; more are not read until some are answered
    std::size_t asksPerSecond = 100'000;       ///< of one connection; more wait for the next second, unread
    std::size_t followsAtOnce = 8;
    std::size_t waitingBytes = std::size_t{1} << 20; ///< of streams, to one client: then they pause
    std::size_t uploads = 256;                       ///< begun and not whole, of all
    std::size_t uploadsOfOne = 4;
    std::uint64_t uploadBytes = std::uint64_t{1} << 40;   ///< of one
    std::int64_t uploadMs = std::int64_t{24} * 3'600'000; ///< without a new piece: forgotten
    std::size_t peerAsksAtOnce = 16;     ///< of one identity to other clients; more are refused as busy, like the next
    std::size_t peerAsksPerSecond = 200; ///< of one identity
    std::size_t peerAsksToOne = 64;      ///< to one connection
    std::size_t peerAsks = 10'000;       ///< of all
    std::size_t peerServesAtOnce = 4;    ///< of one connection
    std::size_t peerUnread = std::size_t{8} << 20; ///< bytes that one who asks has not read
    std::int64_t peerAnswerMs = 60'000;            ///< then the question is over
};

/// What has happened since the start, for metrics.
struct Traffic {
    std::uint64_t connections = 0; ///< now
    std::uint64_t accepted = 0;
    std::uint64_t turnedAway = 0; ///< too many, too slow, or no proof
    std::uint64_t asks = 0;
    std::uint64_t items = 0;
    // What clients have asked each other.
    std::uint64_t peerAnswered = 0;
    std::uint64_t peerBytes = 0;   ///< of these answers
    std::uint64_t peerRefused = 0; ///< nobody there, too much, too late, or no account
};

struct ServerOptions {
    std::shared_ptr<const keys::Identity> identity;
    std::string host = "127.0.0.1"; ///< a numeric address of this machine
    std::uint16_t port = 0;         ///< 0: any that is free
    Service service;
    Limits limits{};
    std::uint64_t talkVersion = wire::kTalkVersion; ///< the newest that it understands
};

class Server {
public:
    /// Nothing and why, if the address is not ours or in use.
    static Result<std::unique_ptr<Server>, std::string> start(ServerOptions options);
    /// Says goodbye to everybody and joins its threads.
    ~Server();
    std::uint16_t port() const;
    Traffic traffic() const; ///< any thread

private:
    class Core;
    explicit Server(std::shared_ptr<Core> core) : m_core(std::move(core)) {}
    std::shared_ptr<Core> m_core;
};

} // namespace tallylock::net
