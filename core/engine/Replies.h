// What a device has been answered lately: its last 1,024 command ids with hash and reply.
//
// Nearly every id is above all former ones, and then it costs one write at the end of a ring. The ring grows with use.
//
// Of a hash its start is kept. Nobody but the device's owner can make two commands with one id, and whoever finds two
// that start alike (about 2^56 attempts) has won nothing: the second is answered as the first was, and not refused, but
// neither way does it happen. So it is half the memory, and with it half of what a command costs to remember.
#pragma once

#include "core/base/BlockPool.h"
#include "core/base/Prefetch.h"
#include "core/engine/Engine.h"

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

namespace tallylock::engine {

/// The start of a command's hash.
using HashStart = Fixed<14, struct HashStartMeaning>;
inline std::span<const std::uint8_t, HashStart::kSize> startOf(const Hash& hash) {
    return std::span(hash.bytes).first<HashStart::kSize>();
}

/// As it is saved.
struct RememberedReply {
    std::uint64_t counter = 0;
    HashStart hash;
    Reply reply;
    bool isOf(const Hash& whole) const { return std::equal(hash.bytes.begin(), hash.bytes.end(), whole.bytes.begin()); }
    static constexpr void fields(auto use) {
        using R = RememberedReply;
        use(field(1, &R::counter), field(2, &R::hash), field(3, &R::reply));
    }
};

class Replies {
public:
    static constexpr std::uint32_t kMost = 1024;

    bool empty() const { return m_size == 0; }
    std::uint32_t size() const { return m_size; }
    std::uint64_t lastCounter() const { return m_last; }
    /// Nothing for an id that is not remembered: new, or too old.
    std::optional<RememberedReply> find(std::uint64_t counter) const {
        if (counter > m_last || m_size == 0) return std::nullopt;
        return search(counter);
    }
    /// Below the window: it may have been answered once.
    bool isTooOld(std::uint64_t counter) const { return m_size == kMost && counter < at(0).counter; }
    /// The counter must be new and not too old. The oldest goes if there are too many.
    /// Always with the same pool.
    void add(std::uint64_t counter, std::span<const std::uint8_t, HashStart::kSize> hash, const Reply& reply,
             BlockPool& pool);
    /// Fetches what add() will write.
    void prefetch() const {
        if (!m_ring) return;
        prefetchLine(m_ring + ((m_first + m_size) & (m_capacity - 1)));
    }
    /// By position, from the lowest counter.
    RememberedReply row(std::uint32_t position) const;

private:
    struct Kept { // half a line of the cache
        std::uint64_t counter = 0;
        std::uint64_t value = 0;
        HashStart hash;
        Refused refused = Refused::No;
        bool hasDetail = false;
    };
    static_assert(sizeof(Kept) == 32);
    struct Detail {
        std::uint64_t counter = 0;
        std::string text;
    };

    Kept& at(std::uint32_t position) { return m_ring[(m_first + position) & (m_capacity - 1)]; }
    const Kept& at(std::uint32_t position) const { return m_ring[(m_first + position) & (m_capacity - 1)]; }
    std::optional<RememberedReply> search(std::uint64_t counter) const;
    std::uint32_t positionOf(std::uint64_t counter) const;
    void grow(BlockPool& pool);
    void dropOldest();

    Kept* m_ring = nullptr;                         // the pool's; by counter, from m_first on
    std::unique_ptr<std::vector<Detail>> m_details; // few replies have one
    std::uint64_t m_last = 0;
    std::uint16_t m_first = 0;
    std::uint16_t m_size = 0;
    std::uint16_t m_capacity = 0; // a power of four
};

} // namespace tallylock::engine
