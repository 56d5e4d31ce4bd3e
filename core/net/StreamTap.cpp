#include "core/net/StreamTap.h"

namespace tallylock::net {

StreamTap::StreamTap(ports::Link& link, ports::Link::Stream stream, std::uint64_t cursor, std::size_t mostBytes,
                     std::function<void()> news)
    : m_link(link),
      m_stream(stream),
      m_mostBytes(mostBytes),
      m_news(std::move(news)) {
    m_inside->cursor = cursor;
    follow();
}

void StreamTap::follow() {
    std::uint64_t cursor = 0;
    std::uint64_t following = 0;
    {
        const std::lock_guard lock(m_inside->mutex);
        m_inside->isFull = false;
        cursor = m_inside->cursor;
        following = ++m_inside->following;
    }
    m_subscription = m_link.subscribe(
        m_stream, cursor,
        [inside = m_inside, most = m_mostBytes, news = m_news, following](const wire::StreamItem& item) {
            {
                const std::lock_guard lock(inside->mutex);
                if (inside->isFull || inside->following != following) return;
                inside->isFull = inside->bytes >= most; // this one comes again
                if (!inside->isFull) {
                    inside->bytes += item.event.size();
                    inside->cursor = item.position;
                    inside->items.push_back(item);
                    if (inside->items.size() > 1) return; // whoever was told of the first takes all
                }
            }
            news();
        });
}

std::vector<wire::StreamItem> StreamTap::take(std::size_t mostBytes) {
    std::vector<wire::StreamItem> taken;
    bool isFull = false;
    bool again = false;
    {
        const std::lock_guard lock(m_inside->mutex);
        std::size_t bytes = 0;
        while (!m_inside->items.empty() && bytes < mostBytes) {
            bytes += m_inside->items.front().event.size();
            taken.push_back(std::move(m_inside->items.front()));
            m_inside->items.pop_front();
        }
        m_inside->bytes -= bytes;
        isFull = m_inside->isFull;
        again = isFull && m_inside->items.empty();
    }
    if (isFull) m_subscription.reset(); // nothing more is read for it meanwhile
    if (again) follow();
    return taken;
}

} // namespace tallylock::net
