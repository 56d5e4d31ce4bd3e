// One order book: price levels that hold queues of orders.
//
// Orders lie in a pool shared by all books and are linked into their level, so that adding, filling and cancelling
// touch no more than an order, its two neighbours and its level. Levels lie in pages of neighbouring ticks, with a
// bit for each that is not empty; pages are sorted by a std::map. Near the mid a book has a handful of pages.
#pragma once

#include "core/base/Planted.h"
#include "core/market/OrderPool.h"

#include <array>
#include <bit>
#include <map>
#include <vector>

namespace tallylock::market {

/// One fill. Both orders are as after the fill; maker.remainingLots == 0 ends the maker, likewise the taker. The
/// sink may write the fields of both that are the caller's (hold, feeCredit).
struct Match {
    Order& maker;
    Order& taker;
    std::int64_t priceTicks; ///< the maker's
    std::int64_t lots;
    Order& buyer() const { return taker.side == Side::Buy ? taker : maker; }
    Order& seller() const { return taker.side == Side::Buy ? maker : taker; }
};

/// A price level as others see it. orders == 0: the level is gone.
struct LevelRow {
    std::int64_t priceTicks = 0;
    std::int64_t totalLots = 0;
    std::uint32_t orders = 0;
    bool operator==(const LevelRow&) const = default;
};

/// Hears what happens in a book, while it happens.
class BookSink {
public:
    virtual void onMatch(const Match& match) = 0;
    /// A level has changed, and is now like this.
    virtual void onLevel(InstrumentId instrument, Side side, const LevelRow& level) = 0;
    /// What remains of an order has come to rest in the book.
    virtual void onRested(const Order&) {}
    /// A stop order is a limit order from now on, and is matched next.
    virtual void onTriggered(const Order&) {}
    /// The rest of an order is gone, and not because somebody asked for it here: its hold is to be released.
    virtual void onCancelled(const Order& order, CancelCause cause) = 0;

protected:
    ~BookSink() = default;
};

class Book {
public:
    /// The best order of a side, or kNoSlot.
    std::uint32_t best(Side side) const {
        const Pages& pages = m_pages[static_cast<std::size_t>(side)];
        if (TALLYLOCK_PLANTED(PriorityInverted) && !pages.empty()) return firstLevel(pages.begin()->second).tail;
        return pages.empty() ? kNoSlot : firstLevel(pages.begin()->second).head;
    }
    /// Puts an order at the end of its level; answers the level.
    LevelRow rest(OrderPool& pool, std::uint32_t slot);
    /// Takes `lots` off the level of an order whose remaining lots the caller has lowered. An order of which nothing
    /// remains leaves the level, not the pool.
    LevelRow fill(OrderPool& pool, std::uint32_t slot, std::int64_t lots);
    /// The same for an order that was made smaller and stays where it is.
    LevelRow shrink(OrderPool& pool, std::uint32_t slot, std::int64_t lots) { return take(pool, slot, lots, false); }
    /// Takes an order with all that remains of it out of its level, not out of the pool.
    LevelRow remove(OrderPool& pool, std::uint32_t slot);

    /// Best first.
    std::vector<LevelRow> depth(Side side, std::size_t most) const;
    /// Visits the slots of a side, best price first, then oldest first, until `visit` answers false.
    template <class F>
    void visitSlots(const OrderPool& pool, Side side, F&& visit) const {
        for (const auto& [number, page] : m_pages[static_cast<std::size_t>(side)]) {
            for (const Level& level : page.levels) {
                for (std::uint32_t slot = level.head; slot != kNoSlot; slot = pool.next(slot)) {
                    if (!visit(slot)) return;
                }
            }
        }
    }

private:
    static constexpr int kPageShift = 4; // a page of 16 ticks has 400 bytes: the most that a lonely order costs
    static constexpr std::int64_t kPageTicks = std::int64_t{1} << kPageShift;
    struct Level {
        std::int64_t totalLots = 0;
        std::uint32_t head = kNoSlot;
        std::uint32_t tail = kNoSlot;
        std::uint32_t orders = 0;
    };
    struct Page {
        std::uint32_t used = 0; // bit i: level i is not empty
        std::array<Level, kPageTicks> levels;
    };
    /// By key / kPageTicks, where a key is the price in ticks, negated for buyers: so the lowest key is the best
    /// price of either side.
    using Pages = std::map<std::int64_t, Page>;

    static const Level& firstLevel(const Page& page);
    LevelRow take(OrderPool& pool, std::uint32_t slot, std::int64_t lots, bool leaves);

    std::array<Pages, 2> m_pages;
};

} // namespace tallylock::market
