// The client order ids that one holder used last: up to 1,024, each with the order that it named. Twelve to twenty
// bytes an id, in two pieces of memory however many there are.
#pragma once

#include "core/base/Fixed.h"
#include "core/base/FlatMap.h"

#include <optional>
#include <vector>

namespace tallylock::market {

struct ClientKey {
    HolderId holder;
    std::uint64_t clientOrderId = 0;
    auto operator<=>(const ClientKey&) const = default;
};

class RecentIds {
public:
    static constexpr std::size_t kMost = 1024;
    struct Entry {
        std::uint64_t clientOrderId = 0;
        OrderId order;
    };

    explicit RecentIds(HolderId holder) : m_holder(holder) {}
    HolderId holder() const { return m_holder; }
    std::size_t size() const { return m_ring.size(); }

    /// None if the id is not among the last.
    OrderId find(std::uint64_t clientOrderId) const;
    /// The id must be new. Answers the oldest entry if it had to go.
    std::optional<Entry> add(Entry entry);

    /// Oldest first.
    template <class F>
    void forEach(F&& visit) const {
        for (std::size_t i = 0; i < m_ring.size(); ++i) visit(m_ring[(m_oldest + i) % m_ring.size()]);
    }

private:
    std::size_t homeOf(std::uint64_t clientOrderId) const {
        return static_cast<std::size_t>(spreadHash(clientOrderId) >> 32) & (m_index.size() - 1);
    }
    void putIndex(std::uint64_t clientOrderId, std::uint16_t position);
    void dropIndex(std::uint64_t clientOrderId);
    void regrow();

    HolderId m_holder;
    std::vector<Entry> m_ring;          // grows to kMost, then turns
    std::vector<std::uint16_t> m_index; // hash table of positions in the ring, plus one; zero is free
    std::size_t m_oldest = 0;
};

} // namespace tallylock::market
