#include "core/market/RecentIds.h"

#include <algorithm>

namespace tallylock::market {

static constexpr std::size_t kLeastIndex = 8;

OrderId RecentIds::find(std::uint64_t clientOrderId) const {
    if (m_index.empty()) return {};
    for (std::size_t at = homeOf(clientOrderId);; at = (at + 1) & (m_index.size() - 1)) {
        if (m_index[at] == 0) return {};
        const Entry& entry = m_ring[m_index[at] - 1u];
        if (entry.clientOrderId == clientOrderId) return entry.order;
    }
}

void RecentIds::putIndex(std::uint64_t clientOrderId, std::uint16_t position) {
    std::size_t at = homeOf(clientOrderId);
    while (m_index[at] != 0) at = (at + 1) & (m_index.size() - 1);
    m_index[at] = static_cast<std::uint16_t>(position + 1);
}

void RecentIds::dropIndex(std::uint64_t clientOrderId) {
    const std::size_t mask = m_index.size() - 1;
    std::size_t gap = homeOf(clientOrderId);
    while (m_ring[m_index[gap] - 1u].clientOrderId != clientOrderId) gap = (gap + 1) & mask;
    // Close the gap, as FlatMap does.
    for (std::size_t at = (gap + 1) & mask; m_index[at] != 0; at = (at + 1) & mask) {
        const std::size_t home = homeOf(m_ring[m_index[at] - 1u].clientOrderId);
        if (((at - home) & mask) < ((at - gap) & mask)) continue;
        m_index[gap] = m_index[at];
        gap = at;
    }
    m_index[gap] = 0;
}

void RecentIds::regrow() {
    m_index.assign(std::max(kLeastIndex, m_index.size() * 2), 0);
    for (std::size_t i = 0; i < m_ring.size(); ++i) putIndex(m_ring[i].clientOrderId, static_cast<std::uint16_t>(i));
}

std::optional<RecentIds::Entry> RecentIds::add(Entry entry) {
    assert(!find(entry.clientOrderId));
    if (m_ring.size() < kMost) {
        if ((m_ring.size() + 1) * 4 > m_index.size() * 3) regrow();
        m_ring.push_back(entry);
        putIndex(entry.clientOrderId, static_cast<std::uint16_t>(m_ring.size() - 1));
        return std::nullopt;
    }
    const Entry gone = m_ring[m_oldest];
    dropIndex(gone.clientOrderId);
    m_ring[m_oldest] = entry;
    putIndex(entry.clientOrderId, static_cast<std::uint16_t>(m_oldest));
    m_oldest = (m_oldest + 1) % kMost;
    return gone;
}

} // namespace tallylock::market
