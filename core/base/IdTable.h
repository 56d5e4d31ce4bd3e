// From numbers that rise by one to places in a pool: the way to open orders and holds.
//
// Eight bytes an entry, open addressing. Eight neighbouring numbers share a home line, so what is made one after the
// other costs a cache miss every eighth time, and not each time as in a table that spreads every number. An entry
// holds the low half of its number; the pool, which knows the whole of it, confirms what is found.
#pragma once

#include "core/base/FlatMap.h"
#include "core/base/HugeVector.h"
#include "core/base/Prefetch.h"

namespace tallylock {

class IdTable {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    std::size_t size() const { return m_size; }

    /// The place whose number is `id`, or kNone; `idAt` tells a place's number.
    template <class IdAt>
    std::uint32_t find(std::uint64_t id, IdAt&& idAt) const {
        if (m_size == 0) return kNone;
        const auto low = static_cast<std::uint32_t>(id);
        for (std::size_t at = home(low); m_entries[at].place != kNone; at = next(at)) {
            if (m_entries[at].low == low && idAt(m_entries[at].place) == id) return m_entries[at].place;
        }
        return kNone;
    }
    /// For what will be asked in a moment: fetches what find() will read.
    void prefetch(std::uint64_t id) const {
        if (m_size != 0) prefetchLine(&m_entries[home(static_cast<std::uint32_t>(id))]);
    }
    /// What find() would answer, most likely, without a look at the pool: to fetch it.
    std::uint32_t guess(std::uint64_t id) const {
        return find(id, [id](std::uint32_t) { return id; });
    }
    /// The number must be absent.
    void insert(std::uint64_t id, std::uint32_t place) {
        if ((m_size + 1) * 8 > m_entries.size() * 5) grow();
        put({static_cast<std::uint32_t>(id), place});
        ++m_size;
    }
    /// The number must be here, at this place.
    void erase(std::uint64_t id, std::uint32_t place) {
        std::size_t gap = home(static_cast<std::uint32_t>(id));
        while (m_entries[gap].place != place) gap = next(gap);
        // Close the gap, as FlatMap does.
        for (std::size_t at = next(gap); m_entries[at].place != kNone; at = next(at)) {
            const std::size_t fromHome = (at - home(m_entries[at].low)) & m_mask;
            const std::size_t fromGap = (at - gap) & m_mask;
            if (fromHome < fromGap) continue;
            m_entries[gap] = m_entries[at];
            gap = at;
        }
        m_entries[gap] = Entry{};
        --m_size;
    }

private:
    struct Entry {
        std::uint32_t low = 0;
        std::uint32_t place = kNone;
    };
    static constexpr std::uint64_t kLine = 8; // entries

    std::size_t home(std::uint32_t low) const {
        return static_cast<std::size_t>(spreadHash(low / kLine) >> m_shift) * kLine + low % kLine;
    }
    std::size_t next(std::size_t at) const { return (at + 1) & m_mask; }
    void put(Entry entry) {
        std::size_t at = home(entry.low);
        while (m_entries[at].place != kNone) at = next(at);
        m_entries[at] = entry;
    }
    void grow() {
        HugeVector<Entry> old(m_entries.empty() ? 2 * kLine : m_entries.size() * 2);
        old.swap(m_entries);
        m_mask = m_entries.size() - 1;
        m_shift = std::countl_zero(std::uint64_t{m_mask / kLine});
        for (const Entry& entry : old) {
            if (entry.place != kNone) put(entry);
        }
    }

    HugeVector<Entry> m_entries;
    std::size_t m_size = 0;
    std::size_t m_mask = 0;
    int m_shift = 63;
};

} // namespace tallylock
