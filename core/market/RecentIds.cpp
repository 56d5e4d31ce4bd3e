#include "core/market/RecentIds.h"

#include <algorithm>

namespace tallylock::market {

static constexpr std::size_t kLeastRing = 4;
static constexpr std::size_t kLeastIndex = 16;

OrderId RecentIds::search(std::uint64_t clientOrderId) const {
    if (m_size == 0) return {};
    if (m_index.empty()) buildIndex();
    for (std::size_t at = homeOf(clientOrderId); m_index[at] != 0; at = (at + 1) & (m_index.size() - 1)) {
        const Entry& entry = m_ring[m_index[at] - 1u];
        if (entry.clientOrderId == clientOrderId) return entry.order;
    }
    return {};
}

void RecentIds::buildIndex() const {
    std::size_t size = kLeastIndex;
    while (size < m_size * 2) size *= 2;
    m_index.assign(size, 0);
    for (std::size_t i = 0; i < m_size; ++i) putIndex(i);
}

void RecentIds::putIndex(std::size_t position) const {
    std::size_t at = homeOf(m_ring[position].clientOrderId);
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

void RecentIds::grow(BlockPool& pool) {
    const std::size_t capacity = m_capacity == 0 ? kLeastRing : m_capacity * std::size_t{2};
    auto* ring = pool.take<Entry>(capacity);
    std::copy_n(m_ring, m_size, ring);
    pool.give(m_ring, m_capacity);
    m_ring = ring;
    m_capacity = static_cast<std::uint16_t>(capacity);
}

std::optional<RecentIds::Entry> RecentIds::add(Entry entry, BlockPool& pool) {
    assert(!find(entry.clientOrderId));
    m_highest = std::max(m_highest, entry.clientOrderId);
    if (m_size < kMost) {
        if (m_size == m_capacity) grow(pool);
        m_ring[m_size++] = entry;
        if (m_index.empty()) return std::nullopt;
        if (m_size * std::size_t{2} > m_index.size()) {
            buildIndex();
        } else {
            putIndex(m_size - std::size_t{1});
        }
        return std::nullopt;
    }
    const std::size_t position = m_oldest;
    const Entry gone = m_ring[position];
    if (!m_index.empty()) dropIndex(gone.clientOrderId);
    m_ring[position] = entry;
    if (!m_index.empty()) putIndex(position);
    m_oldest = static_cast<std::uint16_t>((position + 1) % kMost);
    return gone;
}

} // namespace tallylock::market
