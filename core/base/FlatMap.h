// A hash table in one piece of memory: open addressing, linear probing, no node a key. Meant for the big tables of
// the state (accounts, holds, orders), where a node-based map costs a cache miss more a look-up.
//
// Iteration follows the slots, which is no order that anything may depend on: sort before writing. Pointers to
// values live until the next insertion or erasure. Never shrinks. Not for keys that an opponent may choose freely,
// unless the Hash is keyed.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace tallylock {

/// Spreads numbers that rise by one evenly over a table: multiplication by 2^64 / golden ratio (Knuth, volume 3, 6.4).
inline std::uint64_t spreadHash(std::uint64_t value) { return value * 0x9e3779b97f4a7c15u; }

template <class Key, class Value, class Hash = std::hash<Key>>
class FlatMap {
public:
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }

    const Value* find(const Key& key) const {
        const std::size_t at = indexOf(key);
        return at == kNone ? nullptr : &m_slots[at].value;
    }
    Value* find(const Key& key) { return const_cast<Value*>(std::as_const(*this).find(key)); }
    bool contains(const Key& key) const { return find(key) != nullptr; }

    /// The key must be absent.
    Value& insert(const Key& key, Value value) {
        if ((m_size + 1) * 4 > m_slots.size() * 3) grow();
        std::size_t at = home(key);
        while (m_slots[at].used) {
            assert(!(m_slots[at].key == key));
            at = next(at);
        }
        m_slots[at].key = key;
        m_slots[at].value = std::move(value);
        m_slots[at].used = true;
        ++m_size;
        return m_slots[at].value;
    }

    /// False if the key is absent.
    bool erase(const Key& key) {
        std::size_t gap = indexOf(key);
        if (gap == kNone) return false;
        // Close the gap: every follower that may not stand after a free slot moves into it.
        for (std::size_t at = next(gap); m_slots[at].used; at = next(at)) {
            const std::size_t fromHome = (at - home(m_slots[at].key)) & m_mask;
            const std::size_t fromGap = (at - gap) & m_mask;
            if (fromHome < fromGap) continue;
            m_slots[gap] = std::move(m_slots[at]);
            gap = at;
        }
        m_slots[gap] = Slot{};
        --m_size;
        return true;
    }

    template <class F>
    void forEach(F&& visit) const {
        for (const Slot& slot : m_slots) {
            if (slot.used) visit(slot.key, slot.value);
        }
    }

private:
    struct Slot {
        Key key{};
        Value value{};
        bool used = false;
    };
    static constexpr std::size_t kNone = SIZE_MAX;
    std::size_t indexOf(const Key& key) const {
        if (m_size == 0) return kNone;
        for (std::size_t at = home(key);; at = next(at)) {
            if (!m_slots[at].used) return kNone;
            if (m_slots[at].key == key) return at;
        }
    }
    std::size_t home(const Key& key) const {
        return static_cast<std::size_t>(spreadHash(static_cast<std::uint64_t>(Hash{}(key))) >> m_shift);
    }
    std::size_t next(std::size_t at) const { return (at + 1) & m_mask; }
    void grow() {
        std::vector<Slot> old(m_slots.empty() ? 16 : m_slots.size() * 2);
        old.swap(m_slots);
        m_mask = m_slots.size() - 1;
        m_shift = std::countl_zero(std::uint64_t{m_mask});
        m_size = 0;
        for (Slot& slot : old) {
            if (slot.used) insert(slot.key, std::move(slot.value));
        }
    }

    std::vector<Slot> m_slots;
    std::size_t m_size = 0;
    std::size_t m_mask = 0;
    int m_shift = 63;
};

} // namespace tallylock
