#include "core/market/Book.h"

namespace tallylock::market {

static std::int64_t keyOf(const Order& order) { return order.side == Side::Buy ? -order.priceTicks : order.priceTicks; }
static std::int64_t ticksOfKey(Side side, std::int64_t key) { return side == Side::Buy ? -key : key; }

const Book::Level& Book::firstLevel(const Page& page) {
    return page.levels[static_cast<std::size_t>(std::countr_zero(page.used))];
}

LevelRow Book::rest(OrderPool& pool, std::uint32_t slot) {
    const Order& order = pool.order(slot);
    const std::int64_t key = keyOf(order);
    Page& page = m_pages[static_cast<std::size_t>(order.side)][key >> kPageShift];
    const auto at = static_cast<std::size_t>(key & (kPageTicks - 1));
    Level& level = page.levels[at];
    page.used |= 1u << at;
    level.totalLots += order.remainingLots;
    ++level.orders;
    pool.linkLast(slot, level.head, level.tail);
    return {order.priceTicks, level.totalLots, level.orders};
}

LevelRow Book::take(OrderPool& pool, std::uint32_t slot, std::int64_t lots, bool leaves) {
    const Order& order = pool.order(slot);
    const std::int64_t key = keyOf(order);
    Pages& pages = m_pages[static_cast<std::size_t>(order.side)];
    const auto found = pages.find(key >> kPageShift);
    assert(found != pages.end());
    Page& page = found->second;
    const auto at = static_cast<std::size_t>(key & (kPageTicks - 1));
    Level& level = page.levels[at];
    if (!TALLYLOCK_PLANTED(StaleLevel)) level.totalLots -= lots;
    if (leaves) {
        --level.orders;
        pool.unlink(slot, level.head, level.tail);
    }
    const LevelRow row{order.priceTicks, level.totalLots, level.orders};
    if (level.orders == 0) {
        page.used &= ~(1u << at);
        if (page.used == 0) pages.erase(found);
    }
    return row;
}

LevelRow Book::fill(OrderPool& pool, std::uint32_t slot, std::int64_t lots) {
    return take(pool, slot, lots, pool.order(slot).remainingLots == 0);
}

LevelRow Book::remove(OrderPool& pool, std::uint32_t slot) {
    return take(pool, slot, pool.order(slot).remainingLots, true);
}

std::vector<LevelRow> Book::depth(Side side, std::size_t most) const {
    std::vector<LevelRow> rows;
    for (const auto& [number, page] : m_pages[static_cast<std::size_t>(side)]) {
        for (std::uint32_t used = page.used; used != 0; used &= used - 1) {
            if (rows.size() >= most) return rows;
            const int at = std::countr_zero(used);
            const Level& level = page.levels[static_cast<std::size_t>(at)];
            rows.push_back({ticksOfKey(side, number * kPageTicks + at), level.totalLots, level.orders});
        }
    }
    return rows;
}

} // namespace tallylock::market
