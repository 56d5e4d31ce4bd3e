// Placing and changing: matching, what becomes of the rest, and the stop orders that trades trigger.
#include "core/market/Market.h"

#include <cassert>

namespace tallylock::market {

static std::int64_t stopKeyOf(const Order& order, std::int64_t ticks) {
    return order.side == Side::Buy ? ticks : -ticks;
}

Placed Market::place(const Ticket& ticket, HoldId hold, BookSink& sink) {
    assert(ticket.version == m_version && "the market has changed since check()");
    ++m_version;
    m_lastOrder = ticket.order;
    Order order;
    order.id = ticket.order;
    order.holder = ticket.asked.holder;
    order.user = ticket.asked.user;
    order.clientOrderId = ticket.asked.clientOrderId;
    order.priceTicks = ticket.priceTicks;
    order.quantityLots = ticket.quantityLots;
    order.remainingLots = ticket.quantityLots;
    order.hold = hold;
    order.side = ticket.asked.side;
    order.type = ticket.asked.type;
    order.selfTrade = ticket.asked.selfTrade;
    order.instrument = static_cast<std::uint16_t>(ticket.asked.instrument.value);
    remember(order);
    Traded traded;
    Placed placed{order.id, 0, order.remainingLots};
    if (order.type == OrderType::StopLimit) {
        wait(order, ticket.stopTicks);
        // It may have been reached already.
        if (const std::int64_t last = instrument(order.instrumentId())->lastTicks; last != 0) traded.add(last);
    } else {
        placed = enter(order, traded, sink);
    }
    return settle(placed, order.instrumentId(), traded, sink);
}

Placed Market::change(const ChangeTicket& ticket, BookSink& sink) {
    assert(ticket.version == m_version && "the market has changed since checkChange()");
    ++m_version;
    const std::uint32_t slot = m_pool.slotOf(ticket.order);
    Order& order = m_pool.order(slot);
    const InstrumentId id = order.instrumentId();
    const std::int64_t fewer = order.remainingLots - ticket.remainingLots;
    order.quantityLots = ticket.quantityLots;
    order.remainingLots = ticket.remainingLots;
    Traded traded;
    Placed placed{order.id, 0, order.remainingLots};
    if (order.type == OrderType::StopLimit) {
        order.priceTicks = ticket.priceTicks;
        if (ticket.stopTicks != stopTicksOf(order.id)) {
            stopWaiting(slot);
            m_stopTicks.insert(order.id, ticket.stopTicks);
            stopsOf(order).emplace(std::pair{stopKeyOf(order, ticket.stopTicks), order.id}, slot);
            if (const std::int64_t last = instrument(id)->lastTicks; last != 0) traded.add(last);
        }
    } else if (ticket.keepsPriority || (TALLYLOCK_PLANTED(PlaceKept) && ticket.priceTicks == order.priceTicks)) {
        if (fewer != 0) sink.onLevel(id, order.side, bookOf(id).shrink(m_pool, slot, fewer));
    } else {
        order.remainingLots += fewer; // as its level knows it
        const LevelRow level = bookOf(id).remove(m_pool, slot);
        Order moved = order;
        moved.priceTicks = ticket.priceTicks;
        moved.remainingLots = ticket.remainingLots;
        m_pool.drop(slot);
        sink.onLevel(id, moved.side, level);
        placed = enter(moved, traded, sink);
    }
    return settle(placed, id, traded, sink);
}

// Triggers what is to be triggered, and says how the order stands then.
Placed Market::settle(const Placed& placed, InstrumentId instrument, Traded& traded, BookSink& sink) {
    if (!traded.any()) return placed;
    triggerStops(instrument, traded, sink);
    const Order* left = order(placed.order);
    return {placed.order, placed.filledLots, left ? left->remainingLots : 0};
}

// Matches an order that is in no book and not in the pool, and finds its remainder a place, or ends it.
Placed Market::enter(Order order, Traded& traded, BookSink& sink, CancelCause whenLeft) {
    const std::int64_t before = order.remainingLots;
    bool metItself = false;
    matchAgainst(order, metItself, traded, sink);
    const std::int64_t filled = before - order.remainingLots;
    if (order.remainingLots == 0) {
        forget(order);
        return {order.id, filled, 0};
    }
    const bool mayRest = order.type == OrderType::Limit || order.type == OrderType::PostOnly ||
                         (TALLYLOCK_PLANTED(RestKept) && order.type == OrderType::ImmediateOrCancel);
    if (metItself || !mayRest) {
        forget(order);
        sink.onCancelled(order, metItself ? CancelCause::SelfTrade : whenLeft);
        return {order.id, filled, 0};
    }
    const LevelRow level = bookOf(order.instrumentId()).rest(m_pool, m_pool.add(order));
    sink.onRested(order);
    sink.onLevel(order.instrumentId(), order.side, level);
    return {order.id, filled, order.remainingLots};
}

void Market::matchAgainst(Order& taker, bool& metItself, Traded& traded, BookSink& sink) {
    Book& book = bookOf(taker.instrumentId());
    const Side makers = opposite(taker.side);
    LevelRow changed; // of priceTicks 0 while there is none
    while (taker.remainingLots > 0 && !metItself) {
        const std::uint32_t slot = book.best(makers);
        if (slot == kNoSlot) break;
        Order& maker = m_pool.order(slot);
        const std::int64_t price = maker.priceTicks;
        const std::int64_t least = TALLYLOCK_PLANTED(TradedThrough) ? taker.priceTicks - 1 : taker.priceTicks;
        if (taker.side == Side::Buy ? price > taker.priceTicks : price < least) break;
        if (TALLYLOCK_PLANTED(StoppedEarly) && price == taker.priceTicks) break;
        if (changed.priceTicks != 0 && changed.priceTicks != price) {
            sink.onLevel(taker.instrumentId(), makers, changed);
        }
        const bool letThrough = TALLYLOCK_PLANTED(SelfTraded) && taker.type != OrderType::Market;
        if (maker.holder == taker.holder && taker.selfTrade != SelfTrade::Allow && !letThrough) {
            metItself = taker.selfTrade != SelfTrade::CancelOldest;
            if (taker.selfTrade == SelfTrade::CancelNewest) break;
            changed = book.remove(m_pool, slot);
            sink.onCancelled(maker, CancelCause::SelfTrade);
            drop(slot);
            continue;
        }
        const std::int64_t lots = std::min(maker.remainingLots, taker.remainingLots);
        maker.remainingLots -= lots;
        taker.remainingLots -= lots;
        m_instruments[taker.instrument - 1u].lastTicks = price;
        traded.add(price);
        if (ReferenceWindow& window = m_places[taker.instrument - 1u].window; window.isOn()) {
            window.add(m_nowMs, price, lots);
        }
        const bool takers = TALLYLOCK_PLANTED(TakersPrice) && taker.type != OrderType::Market; // which holds no more
        sink.onMatch(Match{maker, taker, takers ? taker.priceTicks : price, lots});
        changed = book.fill(m_pool, slot, lots);
        if (maker.remainingLots == 0) drop(slot);
    }
    if (changed.priceTicks != 0) sink.onLevel(taker.instrumentId(), makers, changed);
}

// --- stop orders -----------------------------------------------------------------------------------------------------

void Market::wait(const Order& order, std::int64_t stopTicks) {
    const std::uint32_t slot = m_pool.add(order);
    m_stopTicks.insert(order.id, stopTicks);
    stopsOf(order).emplace(std::pair{stopKeyOf(order, stopTicks), order.id}, slot);
}

void Market::stopWaiting(std::uint32_t slot) {
    const Order& order = m_pool.order(slot);
    stopsOf(order).erase({stopKeyOf(order, *m_stopTicks.find(order.id)), order.id});
    m_stopTicks.erase(order.id);
}

void Market::triggerStops(InstrumentId id, Traded& traded, BookSink& sink) {
    auto& [buyers, sellers] = m_places[id.value - 1].stops;
    const std::int64_t early = TALLYLOCK_PLANTED(StopTooEarly) ? 1 : 0;
    for (;;) {
        std::uint32_t slot = kNoSlot;
        if (!buyers.empty() && buyers.begin()->first.first <= traded.highest + early) {
            slot = buyers.begin()->second;
        } else if (!sellers.empty() && -sellers.begin()->first.first >= traded.lowest - early) {
            slot = sellers.begin()->second;
        } else {
            return;
        }
        stopWaiting(slot);
        Order order = m_pool.order(slot);
        m_pool.drop(slot);
        order.type = OrderType::Limit;
        sink.onTriggered(order);
        if (holdInCollar(order)) {
            order.type = OrderType::ImmediateOrCancel;
            enter(order, traded, sink, CancelCause::Collar);
        } else {
            enter(order, traded, sink);
        }
    }
}

bool Market::holdInCollar(Order& order) const {
    if (!m_places[order.instrument - 1u].window.isOn()) return false;
    const auto [lowest, highest] = collarOf(*instrument(order.instrumentId()));
    if (order.side == Side::Buy ? order.priceTicks <= highest : order.priceTicks >= lowest) return false;
    order.priceTicks = order.side == Side::Buy ? highest : lowest;
    return true;
}

} // namespace tallylock::market
