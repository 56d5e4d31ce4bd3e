#include "core/engine/Replies.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

// The first position whose counter is not below.
std::uint32_t Replies::positionOf(std::uint64_t counter) const {
    std::uint32_t low = 0;
    std::uint32_t high = m_size;
    while (low < high) {
        const std::uint32_t middle = (low + high) / 2;
        if (at(middle).counter < counter) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

RememberedReply Replies::row(std::uint32_t position) const {
    const Kept& kept = at(position);
    RememberedReply row{kept.counter, kept.hash, {kept.refused, kept.value, {}}};
    if (kept.hasDetail) {
        row.reply.detail = std::find_if(m_details->begin(), m_details->end(), [&](const Detail& detail) {
                               return detail.counter == kept.counter;
                           })->text;
    }
    return row;
}

std::optional<RememberedReply> Replies::search(std::uint64_t counter) const {
    const std::uint32_t position = positionOf(counter);
    if (position == m_size || at(position).counter != counter) return std::nullopt;
    return row(position);
}

void Replies::grow(BlockPool& pool) {
    const auto capacity = static_cast<std::uint16_t>(m_capacity == 0 ? 4 : m_capacity * 4);
    auto* ring = pool.take<Kept>(capacity);
    for (std::uint32_t i = 0; i < m_size; ++i) ring[i] = at(i);
    pool.give(m_ring, m_capacity);
    m_ring = ring;
    m_first = 0;
    m_capacity = capacity;
}

void Replies::dropOldest() {
    if (at(0).hasDetail) {
        std::erase_if(*m_details, [&](const Detail& detail) { return detail.counter == at(0).counter; });
    }
    m_first = static_cast<std::uint16_t>((m_first + 1) & (m_capacity - 1));
    --m_size;
}

void Replies::add(std::uint64_t counter, std::span<const std::uint8_t, HashStart::kSize> hash, const Reply& reply,
                  BlockPool& pool) {
    assert(!isTooOld(counter));
    if (m_size == kMost) {
        dropOldest();
    } else if (m_size == m_capacity) {
        grow(pool);
    }
    std::uint32_t position = m_size;
    ++m_size;
    if (counter < m_last) { // the one before is not looked at without need: it lies on another line
        for (; position > 0 && at(position - 1).counter > counter; --position) at(position) = at(position - 1);
    }
    Kept& kept = at(position);
    kept.counter = counter;
    kept.value = reply.value;
    std::copy(hash.begin(), hash.end(), kept.hash.bytes.begin());
    kept.refused = reply.refused;
    kept.hasDetail = !reply.detail.empty();
    m_last = std::max(m_last, counter);
    if (reply.detail.empty()) return;
    if (!m_details) m_details = std::make_unique<std::vector<Detail>>();
    m_details->push_back({counter, reply.detail});
}

} // namespace tallylock::engine
