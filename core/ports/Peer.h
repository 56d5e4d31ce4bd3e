// How one party's app reaches another's: encoded frames, a question and its answer; inside one process, or through the
// coordinator, which passes them on. Peers belong to one identity (whoever opened them has proved that it holds the
// key), and each side is told whom it talks to, as whoever carries it has seen it proven. What is asked is bounded in
// size by the link; what is answered, by whoever answers.
#pragma once

#include "core/ports/Link.h"

namespace tallylock::ports {

/// The largest question. An answer holds a portion of a sealed file at most.
inline constexpr std::size_t kMostPeerQuestion = 4096;

class Peers {
public:
    using Done = std::function<void(Result<Bytes, LinkError>)>;
    virtual ~Peers() = default;

    /// Sends an encoded wire::Request to the app of this identity; `done` gets an encoded wire::Answer, once. Closed:
    /// it is not running, or has ended. `done` is called on a thread of the link's or on the caller's: be quick, post
    /// on.
    virtual void request(const IdentityKey& to, Bytes frame, Done done) = 0;

    /// Gets what others ask of this identity, and who asks. Called on a thread of the link's: be quick, post on. A
    /// question whose `done` is dropped is answered with Closed.
    using Answerer = std::function<void(const IdentityKey& asker, Bytes frame, Done done)>;
    /// Answers until the subscription is destroyed. Of two apps of one identity the newer is asked; through a server
    /// one is as old as its connection.
    virtual std::unique_ptr<Subscription> serve(Answerer answerer) = 0;
};

} // namespace tallylock::ports
