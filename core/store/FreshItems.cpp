#include "core/store/FreshItems.h"

#include <algorithm>

namespace tallylock::store {

void FreshItems::clear() {
    m_events.clear();
    m_streams.clear();
    m_bytes = 0;
    m_isTooMuch = false;
}

bool FreshItems::take(std::size_t bytes) {
    m_bytes += bytes;
    if (m_bytes > m_mostBytes && !m_isTooMuch) {
        m_isTooMuch = true;
        m_events.clear();
        m_streams.clear();
    }
    return !m_isTooMuch;
}

void FreshItems::addEvent(Bytes body) {
    if (take(sizeof(Bytes) + body.size())) m_events.push_back(std::move(body));
}

void FreshItems::add(HolderId reader, const Place& place) {
    if (take(sizeof(Item))) m_streams[reader].push_back({place, m_events.size() - 1});
}

std::optional<std::vector<wire::StreamItem>> FreshItems::after(HolderId reader, std::uint64_t cursor, std::size_t limit,
                                                               std::size_t mostBytes) const {
    const auto stream = m_streams.find(reader);
    if (stream == m_streams.end()) return std::nullopt;
    const std::vector<Item>& fresh = stream->second;
    const std::uint64_t first = fresh.front().place.position;
    if (cursor + 1 < first) return std::nullopt;
    std::vector<wire::StreamItem> items;
    std::size_t bytes = 0;
    for (std::size_t at = cursor + 1 - first; at < fresh.size() && items.size() < limit && bytes < mostBytes; ++at) {
        const auto& [place, event] = fresh[at];
        items.push_back({place.sequence, place.position, m_events[event], place.checksum});
        bytes += m_events[event].size();
    }
    return items;
}

} // namespace tallylock::store
