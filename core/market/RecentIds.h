// The client order ids that one holder used last: up to 1,024, each with the order that it named.
//
// Most clients count upwards, and an id above all former ones is new without a search: then an id costs 16 bytes
// and one write. The first search for a lower id builds an index of two to five bytes an id, which stays.
#pragma once

#include "core/base/BlockPool.h"
#include "core/base/Fixed.h"
#include "core/base/FlatMap.h"
#include "core/base/Prefetch.h"

#include <optional>
#include <vector>

namespace tallylock::market {

struct ClientKey {
    HolderId holder;
    std::uint64_t clientOrderId = 0;
    auto operator<=>(const ClientKey&) const = default;
};

class alignas(64) RecentIds { // one line of the cache
public:
    static constexpr std::size_t kMost = 1024;
    struct Entry {
        std::uint64_t clientOrderId = 0;
        OrderId order;
    };

    RecentIds() = default;
    RecentIds(RecentIds&&) noexcept = default; // whose ring it was is moved from, and not used again
    RecentIds& operator=(RecentIds&&) noexcept = default;
    RecentIds(const RecentIds&) = delete;
    RecentIds& operator=(const RecentIds&) = delete;
    ~RecentIds() = default;

    std::size_t size() const { return m_size; }
    /// Above every id that was ever added.
    bool isAboveAll(std::uint64_t clientOrderId) const { return clientOrderId > m_highest; }
    /// None if the id is not among the last.
    OrderId find(std::uint64_t clientOrderId) const {
        return isAboveAll(clientOrderId) ? OrderId{} : search(clientOrderId);
    }
    /// An id was added once and has gone since.
    void sawBefore(std::uint64_t clientOrderId) {
        if (isAboveAll(clientOrderId)) m_highest = clientOrderId;
    }
    /// The id must be new. Answers the oldest entry if it had to go. Always with the same pool.
    std::optional<Entry> add(Entry entry, BlockPool& pool);

    /// Fetches what add() will write.
    void prefetch() const { prefetchLine(m_ring + (m_size < kMost ? m_size : m_oldest)); }

    /// Oldest first.
    template <class F>
    void forEach(F&& visit) const {
        for (std::size_t i = 0; i < m_size; ++i) visit(m_ring[(m_oldest + i) % m_size]);
    }

private:
    OrderId search(std::uint64_t clientOrderId) const;
    std::size_t homeOf(std::uint64_t clientOrderId) const {
        return static_cast<std::size_t>(spreadHash(clientOrderId) >> 32) & (m_index.size() - 1);
    }
    void grow(BlockPool& pool);
    void buildIndex() const;
    void putIndex(std::size_t position) const;
    void dropIndex(std::uint64_t clientOrderId);

    std::uint64_t m_highest = 0;
    Entry* m_ring = nullptr; // the pool's; grows to kMost, then turns
    std::uint16_t m_size = 0;
    std::uint16_t m_capacity = 0;
    std::uint16_t m_oldest = 0;
    /// A hash table of positions in the ring, plus one; zero is free. Empty until it is needed: no state, but a
    /// shortcut to what the ring says.
    mutable std::vector<std::uint16_t> m_index;
};

} // namespace tallylock::market
