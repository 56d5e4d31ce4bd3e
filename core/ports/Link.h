// How a party reaches a server, and a server another: encoded frames, in both directions, nothing else. In-process now.
// A Link belongs to one identity (whoever opened it has proved that it holds the key).
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/wire/Frames.h"

#include <functional>
#include <memory>

namespace tallylock::ports {

enum class LinkError {
    Closed,   ///< the other side is gone or stopping
    Busy,     ///< its queue is full; try again
    TooLarge, ///< the frame
};

/// Stops the flow when destroyed; when the destructor returns, no callback runs or will run.
class Subscription {
public:
    virtual ~Subscription() = default;
};

class Link {
public:
    virtual ~Link() = default;

    /// Sends an encoded wire::Request; `done` gets an encoded wire::Answer. Called on a thread of the link's: be quick,
    /// post on.
    virtual void request(Bytes frame, std::function<void(Result<Bytes, LinkError>)> done) = 0;

    enum class Stream : std::uint8_t {
        Public, ///< listings, book, trades
        Own,    ///< what this identity's holder may see; empty until it is registered
    };
    /// Delivers every item with position > cursor, in order, once, now and in the future; across restarts of either
    /// side.
    virtual std::unique_ptr<Subscription> subscribe(Stream stream, std::uint64_t cursor,
                                                    std::function<void(const wire::StreamItem&)> onItem) = 0;
};

} // namespace tallylock::ports
