// A recorded stream of orders and cancellations, and the textbook book that every measured market is held against.
//
// Orders come within 100 ticks of the mid; a book that is fuller than it should be loses a random live order; one
// operation in ten is marketable. The recorder knows which orders live from the textbook, so a stream is the same for
// every subject, and the trades that it makes have one hash.
#pragma once

#include "core/market/Order.h"

#include <algorithm>
#include <list>
#include <map>
#include <random>
#include <unordered_map>
#include <vector>

namespace tallylock::bench {

inline constexpr std::size_t kOperations = 1'000'000;
inline constexpr std::uint32_t kHolders = 100'000;
inline constexpr std::int64_t kMidTicks = 6'500'000; // 65,000.00

struct Operation {
    std::uint32_t order = 0;  // the number of a new order, or of the one to cancel
    std::uint32_t holder = 0; // zero cancels
    std::int32_t ticks = 0;
    std::uint16_t lots = 0;
    market::Side side = market::Side::Buy;
};

class TradeHash {
public:
    void add(std::uint64_t maker, std::uint64_t taker, std::int64_t ticks, std::int64_t lots) {
        for (const std::uint64_t word :
             {maker, taker, static_cast<std::uint64_t>(ticks), static_cast<std::uint64_t>(lots)}) {
            m_value = (m_value ^ word) * 0x100000001b3u;
        }
        ++m_trades;
    }
    bool operator==(const TradeHash&) const = default;
    std::uint64_t trades() const { return m_trades; }

private:
    std::uint64_t m_value = 0xcbf29ce484222325u;
    std::uint64_t m_trades = 0;
};

class Textbook {
public:
    void apply(const Operation& operation) {
        if (operation.holder != 0) {
            place(operation, [](std::uint32_t) {});
        } else {
            cancel(operation.order);
        }
    }
    template <class Gone>
    void place(const Operation& order, Gone&& gone) {
        if (order.side == market::Side::Buy) {
            sweep(
                order, m_sells, m_buys, [&](std::int64_t ticks) { return ticks <= order.ticks; }, gone);
        } else {
            sweep(
                order, m_buys, m_sells, [&](std::int64_t ticks) { return ticks >= order.ticks; }, gone);
        }
    }
    void cancel(std::uint32_t number) {
        const auto found = m_where.find(number);
        if (found == m_where.end()) return;
        const Place place = found->second;
        m_where.erase(found);
        if (place.side == market::Side::Buy) {
            drop(m_buys, place);
        } else {
            drop(m_sells, place);
        }
    }
    std::size_t depth() const { return m_where.size(); }
    const TradeHash& hash() const { return m_hash; }

private:
    struct Entry {
        std::uint32_t number;
        std::uint32_t holder;
        std::int64_t lots;
    };
    using Queue = std::list<Entry>;
    struct Place {
        market::Side side;
        std::int64_t ticks;
        Queue::iterator entry;
    };
    template <class Others, class Own, class Crosses, class Gone>
    void sweep(const Operation& order, Others& others, Own& own, Crosses&& crosses, Gone&& gone) {
        std::int64_t lots = order.lots;
        while (lots > 0 && !others.empty() && crosses(others.begin()->first)) {
            const auto level = others.begin();
            Entry& maker = level->second.front();
            const std::int64_t filled = std::min(lots, maker.lots);
            m_hash.add(maker.number, order.order, level->first, filled);
            lots -= filled;
            maker.lots -= filled;
            if (maker.lots > 0) break;
            gone(maker.number);
            m_where.erase(maker.number);
            level->second.pop_front();
            if (level->second.empty()) others.erase(level);
        }
        if (lots == 0) return;
        Queue& queue = own[order.ticks];
        queue.push_back({order.order, order.holder, lots});
        m_where.emplace(order.order, Place{order.side, order.ticks, std::prev(queue.end())});
    }
    template <class Levels>
    void drop(Levels& levels, const Place& place) {
        const auto level = levels.find(place.ticks);
        level->second.erase(place.entry);
        if (level->second.empty()) levels.erase(level);
    }

    std::map<std::int64_t, Queue, std::greater<>> m_buys;
    std::map<std::int64_t, Queue> m_sells;
    std::unordered_map<std::uint32_t, Place> m_where;
    TradeHash m_hash;
};

/// What was fed: first the orders that fill the book, then what is measured.
struct Stream {
    std::size_t depth = 0;
    std::vector<Operation> prefill;
    std::vector<Operation> measured;
};

class Recorder {
public:
    Recorder(std::size_t depth, std::uint32_t holders) : m_random(depth), m_holders(holders) { m_stream.depth = depth; }

    Stream record(std::size_t operations = kOperations) {
        while (m_live.size() < m_stream.depth) add(m_stream.prefill, false);
        Stream stream{m_stream.depth, std::move(m_stream.prefill), more(operations)};
        return stream;
    }
    /// Goes on.
    std::vector<Operation> more(std::size_t operations) {
        m_stream.measured.clear();
        while (m_stream.measured.size() < operations) {
            if (m_random() % 10 == 0) {
                add(m_stream.measured, true);
            } else if (m_live.size() < m_stream.depth) {
                add(m_stream.measured, false);
            } else {
                const std::uint32_t number = m_live[m_random() % m_live.size()];
                m_stream.measured.push_back({number, 0, 0, 0, market::Side::Buy});
                m_book.cancel(number);
                forget(number);
            }
        }
        return std::move(m_stream.measured);
    }

private:
    // Within 100 ticks of the mid: on the own side of it, or on the other where it meets what rests there.
    void add(std::vector<Operation>& operations, bool marketable) {
        Operation order;
        order.order = static_cast<std::uint32_t>(m_position.size());
        order.holder = 1 + static_cast<std::uint32_t>(m_random() % m_holders);
        order.side = m_random() % 2 == 0 ? market::Side::Buy : market::Side::Sell;
        order.lots = static_cast<std::uint16_t>(1 + m_random() % 100);
        const auto distance = static_cast<std::int32_t>(marketable ? 100 : 1 + m_random() % 100);
        const bool above = (order.side == market::Side::Sell) != marketable;
        order.ticks = static_cast<std::int32_t>(kMidTicks) + (above ? distance : -distance);
        operations.push_back(order);
        m_position.push_back(0);
        const std::size_t before = m_book.depth();
        std::size_t filled = 0;
        m_book.place(order, [&](std::uint32_t number) {
            forget(number);
            ++filled;
        });
        if (m_book.depth() + filled > before) {
            m_position[order.order] = static_cast<std::uint32_t>(m_live.size());
            m_live.push_back(order.order);
        }
    }
    void forget(std::uint32_t number) {
        const std::uint32_t at = m_position[number];
        m_live[at] = m_live.back();
        m_position[m_live[at]] = at;
        m_live.pop_back();
    }

    Textbook m_book;
    std::mt19937_64 m_random;
    std::uint32_t m_holders;
    Stream m_stream;
    std::vector<std::uint32_t> m_live;
    std::vector<std::uint32_t> m_position{0}; // by number, in m_live
};

} // namespace tallylock::bench
