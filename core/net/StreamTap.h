// A stream on its way to a client that may read slowly. What has come and is not sent yet is bounded: beyond that the
// stream is let go, and followed again from the last item that was taken.
#pragma once

#include "core/ports/Link.h"

#include <atomic>
#include <deque>
#include <mutex>

namespace tallylock::net {

/// Network thread, but for what the link calls.
class StreamTap {
public:
    /// `news`: something has come; called on the link's thread. The link outlives the tap.
    StreamTap(ports::Link& link, ports::Link::Stream stream, std::uint64_t cursor, std::size_t mostBytes,
              std::function<void()> news);

    /// What has come, oldest first, up to about `mostBytes`. Follows again if the stream had been let go.
    std::vector<wire::StreamItem> take(std::size_t mostBytes);

private:
    struct Inside {
        std::mutex mutex;
        std::deque<wire::StreamItem> items;
        std::size_t bytes = 0;
        std::uint64_t cursor = 0;    ///< of the last item in `items`, or before
        bool isFull = false;         ///< what comes is not taken any more
        std::uint64_t following = 0; ///< which of the subscriptions is the present one
    };
    void follow();

    ports::Link& m_link;
    ports::Link::Stream m_stream;
    std::size_t m_mostBytes;
    std::function<void()> m_news;
    std::shared_ptr<Inside> m_inside = std::make_shared<Inside>();
    std::unique_ptr<ports::Subscription> m_subscription;
};

} // namespace tallylock::net
