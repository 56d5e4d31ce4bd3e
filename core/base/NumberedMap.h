// The part of std::map that its users need, for keys that are numbers and rise as they are given: what there is lies in
// pages of 64 neighbouring numbers, and the page is found by counting from the first one. So a look-up costs two
// steps through memory where a tree of a hundred thousand takes seventeen, and going through them all is in order.
//
// A number that is far from all others costs a page (520 bytes), wherever it is. Values stay where they are.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tallylock {

template <class Number, class Value> // Number has a std::uint64_t `value`
class NumberedMap {
public:
    using value_type = std::pair<const Number, Value>;

private:
    static constexpr std::uint64_t kSlots = 64;
    struct Page {
        std::uint64_t used = 0; ///< a bit each
        std::array<std::unique_ptr<value_type>, kSlots> slots;
    };
    struct Place {
        std::uint64_t number; ///< of its values, by 64
        std::unique_ptr<Page> page;
    };

    template <class Entry>
    class Cursor {
    public:
        Cursor() = default;
        Cursor(const NumberedMap* map, std::size_t at, unsigned slot) : m_map(map), m_at(at), m_slot(slot) {}
        Entry& operator*() const { return *m_map->m_pages[m_at].page->slots[m_slot]; }
        Entry* operator->() const { return &**this; }
        Cursor& operator++() {
            const std::uint64_t used = m_map->m_pages[m_at].page->used;
            const std::uint64_t later = m_slot == kSlots - 1 ? 0 : used >> (m_slot + 1) << (m_slot + 1);
            *this = later != 0 ? Cursor(m_map, m_at, static_cast<unsigned>(std::countr_zero(later)))
                               : m_map->template first<Entry>(m_at + 1);
            return *this;
        }
        bool operator==(const Cursor&) const = default;

    private:
        const NumberedMap* m_map = nullptr;
        std::size_t m_at = 0;
        unsigned m_slot = 0;
    };

public:
    using iterator = Cursor<value_type>;
    using const_iterator = Cursor<const value_type>;

    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    iterator begin() { return first<value_type>(0); }
    iterator end() { return first<value_type>(m_pages.size()); }
    const_iterator begin() const { return first<const value_type>(0); }
    const_iterator end() const { return first<const value_type>(m_pages.size()); }

    iterator find(Number number) { return found<value_type>(number); }
    const_iterator find(Number number) const { return found<const value_type>(number); }
    Value& at(Number number) {
        const iterator known = find(number);
        assert(known != end());
        return known->second;
    }
    const Value& at(Number number) const {
        const const_iterator known = find(number);
        assert(known != end());
        return known->second;
    }
    /// The value that is there already is kept, as std::map does.
    std::pair<iterator, bool> emplace(Number number, Value value) {
        const std::uint64_t wanted = number.value / kSlots;
        const auto slot = static_cast<unsigned>(number.value % kSlots);
        const std::size_t at = placeOf(wanted);
        if (at == m_pages.size() || m_pages[at].number != wanted)
            m_pages.insert(m_pages.begin() + static_cast<std::ptrdiff_t>(at), Place{wanted, std::make_unique<Page>()});
        Page& page = *m_pages[at].page;
        const bool isNew = !page.slots[slot];
        if (isNew) {
            page.slots[slot] = std::make_unique<value_type>(number, std::move(value));
            page.used |= std::uint64_t{1} << slot;
            ++m_size;
        }
        return {iterator(this, at, slot), isNew};
    }
    void erase(Number number) {
        const std::uint64_t wanted = number.value / kSlots;
        const auto slot = static_cast<unsigned>(number.value % kSlots);
        const std::size_t at = placeOf(wanted);
        if (at == m_pages.size() || m_pages[at].number != wanted || !m_pages[at].page->slots[slot]) return;
        Page& page = *m_pages[at].page;
        page.slots[slot].reset();
        page.used &= ~(std::uint64_t{1} << slot);
        --m_size;
        if (page.used == 0) m_pages.erase(m_pages.begin() + static_cast<std::ptrdiff_t>(at));
    }

private:
    /// Where the page of this number is, or belongs.
    std::size_t placeOf(std::uint64_t number) const {
        if (m_pages.empty() || number <= m_pages.front().number) return 0;
        const std::uint64_t steps = number - m_pages.front().number; // it is no further than that
        if (steps < m_pages.size() && m_pages[steps].number == number) return steps;
        const auto last = m_pages.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(steps, m_pages.size()));
        const auto found = std::lower_bound(m_pages.begin(), last, number,
                                            [](const Place& place, std::uint64_t than) { return place.number < than; });
        return static_cast<std::size_t>(found - m_pages.begin());
    }
    template <class Entry>
    Cursor<Entry> found(Number number) const {
        const std::uint64_t wanted = number.value / kSlots;
        const auto slot = static_cast<unsigned>(number.value % kSlots);
        const std::size_t at = placeOf(wanted);
        if (at == m_pages.size() || m_pages[at].number != wanted || !m_pages[at].page->slots[slot])
            return first<Entry>(m_pages.size());
        return Cursor<Entry>(this, at, slot);
    }
    /// The first value of this page, which has one; or the end.
    template <class Entry>
    Cursor<Entry> first(std::size_t at) const {
        if (at >= m_pages.size()) return Cursor<Entry>(this, m_pages.size(), 0);
        return Cursor<Entry>(this, at, static_cast<unsigned>(std::countr_zero(m_pages[at].page->used)));
    }

    std::vector<Place> m_pages; ///< by number; none is empty
    std::size_t m_size = 0;
};

} // namespace tallylock
