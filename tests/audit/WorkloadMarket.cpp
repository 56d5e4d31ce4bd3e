// Instruments and orders of all types.
#include "core/parties/Party.h"
#include "tests/audit/Workload.h"

#include <algorithm>

namespace tallylock::audit {

using namespace engine;

Workload::Body Workload::openInstrument() {
    signAsCoordinator();
    // Fees that need rounding; a tick of 3.33 dollars on a lot of a hundred-thousandth keeps trades exact and odd.
    struct Row {
        const char* symbol;
        UnitId base;
        UnitId quote;
        std::uint32_t maker;
        std::uint32_t taker;
        std::optional<std::uint32_t> collar;
    };
    static constexpr Row kRows[] = {{"BTC/USD", money::kBtc, money::kUsd, 10, 25, 200},
                                    {"BTC/EUR", money::kBtc, money::kEur, 7, 3, std::nullopt},
                                    {"XMR/USD", money::kXmr, money::kUsd, 0, 0, 33},
                                    {"XMR/BTC", money::kXmr, money::kBtc, 13, 10'000, 10'000},
                                    {"EUR/USD", money::kEur, money::kUsd, 1, 1, 0}};
    const Row& row = kRows[m_markets.size() % std::size(kRows)];
    const bool exists = m_markets.size() >= std::size(kRows);
    OpenInstrument c;
    c.symbol = row.symbol;
    c.base = row.base;
    c.quote = row.quote;
    // One lot at one tick is 333 parts of the quote unit: fees of it are never whole.
    c.tick = {333'000, c.quote};
    c.lot = {oneOf(c.base) / 1'000, c.base};
    c.minimum = {c.lot.value * 2, c.base};
    c.maximum = {c.lot.value * 5'000, c.base};
    c.makerBasisPoints = row.maker;
    c.takerBasisPoints = row.taker;
    c.collarBasisPoints = row.collar;
    if (!exists && !oneIn(3)) return c;
    if (oneIn(2)) c.symbol = "NEW/" + std::to_string(m_steps);
    switch (below(exists ? 13 : 14)) {
    case 0: c.tick.value = 0; break;
    case 1: c.lot.value = -1; break;
    case 2:
        c.lot = {1, c.base};
        c.tick = {1, c.quote};
        break; // not exact
    case 3: c.quote = c.base; break;
    case 4: c.minimum.value = c.maximum.value + c.lot.value; break;
    case 5: c.makerBasisPoints = 10'001; break;
    case 6: c.symbol = std::string(33, 's'); break;
    case 7: c.symbol.clear(); break;
    case 8: c.minimum.value = 0; break;
    case 9: c.tick.value = money::kInt128Max; break;
    case 10: c.base = {9}; break;
    case 11: c.collarBasisPoints = 10'001; break;
    case 12: // its largest trade fits, but not with the fee
        c.base = money::kBtc;
        c.quote = money::kUsd;
        c.tick = {money::Int128{120'000'000'000} * 1'000'000'000, c.quote};
        c.lot = c.minimum = {100'000'000, c.base};
        c.maximum = {money::Int128{100'000'000} * 1'000'000, c.base};
        break;
    default: break;
    }
    return c;
}

Workload::Market* Workload::marketOf(InstrumentId id) {
    const auto found = std::find_if(m_markets.begin(), m_markets.end(), [&](const Market& m) { return m.id == id; });
    return found == m_markets.end() ? nullptr : &*found;
}

Workload::Body Workload::placeOrder() {
    const User& user = someUser(parties::kTrader);
    signAs(user.key);
    PlaceOrder c;
    if (m_markets.empty()) return c;
    Market& market = m_markets[oneIn(2) ? 0 : below(m_markets.size())];
    if (oneIn(100)) market.midTicks += static_cast<std::int64_t>(below(7)) - 3; // the price wanders
    market.midTicks = std::max<std::int64_t>(market.midTicks, 50);
    c.instrument = market.id;
    c.side = static_cast<std::uint8_t>(below(2));
    // Ten ticks around the mid, so that many orders share a level and many meet.
    std::int64_t ticks = market.midTicks + static_cast<std::int64_t>(below(20)) - (c.side == 0 ? 15 : 4);
    if (oneIn(50)) ticks += c.side == 0 ? -40 : 40;
    if (oneIn(50)) ticks += c.side == 0 ? 25 : -25; // perhaps outside the collar
    c.price = {market.tick * std::max<std::int64_t>(ticks, 1), market.quote};
    c.quantity = {market.lot * static_cast<std::int64_t>(2 + below(oneIn(5) ? 2'000 : 60)), market.base};
    if (oneIn(80)) c.quantity.value = market.lot; // below the minimum
    std::uint64_t& lastId = m_clientIds[user.holder];
    if (!oneIn(3)) c.clientId = ++lastId;
    if (oneIn(40)) c.clientId = 1 + below(lastId + 1); // still open, lately used, or long ago
    chooseType(c, market);
    if (oneIn(12)) spoil(c);
    return c;
}

void Workload::chooseType(PlaceOrder& c, const Market& market) {
    using market::OrderType;
    const std::int64_t away = c.side == 0 ? 1 : -1;
    if (oneIn(2)) c.selfTrade = static_cast<market::SelfTrade>(below(4));
    switch (below(24)) {
    case 0: c.type = OrderType::Limit; break;
    case 1:
    case 2: c.type = OrderType::ImmediateOrCancel; break;
    case 3:
    case 4:
        c.type = OrderType::FillOrKill;
        if (!oneIn(4)) c.quantity.value = market.lot * static_cast<std::int64_t>(2 + below(8));
        if (!oneIn(4)) c.price.value += market.tick * away * 5;
        break;
    case 5:
    case 6:
        c.type = OrderType::PostOnly;
        if (!oneIn(3)) c.price.value -= market.tick * away * 8; // mostly where nobody is
        break;
    case 7:
    case 8:
        c.type = OrderType::Market;
        c.price = oneIn(2) ? Amount{} : Amount{0, market.quote};
        break;
    case 9:
    case 10:
    case 11: { // a little beyond the mid, and its limit a little beyond that; now and then reached already
        c.type = OrderType::StopLimit;
        const std::int64_t stop = market.midTicks + away * (static_cast<std::int64_t>(below(14)) - 4);
        c.stopPrice = {market.tick * stop, market.quote};
        c.price = {market.tick * (stop + away * static_cast<std::int64_t>(below(4))), market.quote};
        break;
    }
    default: break; // a limit order
    }
}

// One or two faults at a time: which reason comes first is tested, too.
void Workload::spoil(PlaceOrder& c) {
    const auto stop = [&c](money::Int128 factor, money::Int128 more) {
        if (!c.stopPrice) c.stopPrice = c.price;
        c.stopPrice->value = c.stopPrice->value * factor + more;
    };
    for (std::uint64_t faults = 1 + below(2); faults > 0; --faults) {
        switch (below(21)) {
        case 0: c.instrument = {oneIn(2) ? 0u : 99u}; break;
        case 1: c.price.unit = money::kEth; break;
        case 2: c.quantity.unit = money::kUsd; break;
        case 3: c.side = 2; break;
        case 4: c.price.value = 0; break;
        case 5: c.price.value = -c.price.value; break;
        case 6: c.price.value += 1; break;
        case 7: c.price.value *= 1'000'000'000'000; break;
        case 8: c.quantity.value = 0; break;
        case 9: c.quantity.value = -c.quantity.value; break;
        case 10: c.quantity.value += 1; break;
        case 11: c.quantity.value *= 100'000; break;
        case 12: c.quantity.value /= 60; break; // too small, or off the lot
        case 13: stop(1, 0); break;             // where none is meant, perhaps
        case 14: stop(1, 1); break;
        case 15: stop(0, 0); break;
        case 16: stop(-1, 0); break;
        case 17: stop(1'000'000'000'000, 0); break;
        case 18: c.stopPrice.reset(); break;
        case 19:
            stop(1, 0);
            c.stopPrice->unit = money::kXmr;
            break;
        default: c.type = static_cast<market::OrderType>(below(6)); break; // another than its prices are for
        }
    }
}

/// One of the orders that were placed lately, signed by its owner, mostly.
std::size_t Workload::somePlaced() {
    // Late ones are mostly still open; when there are many, the oldest go.
    const std::size_t many = std::min<std::size_t>(m_orders.size(), 400);
    const std::size_t at = m_orders.size() > kMostOpen ? below(many) : m_orders.size() - 1 - below(many);
    signAs(m_orders[at].key);
    if (oneIn(30)) signAs(someUser(parties::kAuditor).key);
    return at;
}

Workload::Body Workload::cancelOrder() {
    if (m_orders.empty() || oneIn(40)) {
        signAs(someUser(parties::kTrader).key);
        return CancelOrder{{below(m_orders.size() * 2 + 2)}}; // hardly its own
    }
    const std::size_t at = somePlaced();
    const OrderId order = m_orders[at].order;
    if (!oneIn(10)) {
        m_orders[at] = m_orders.back();
        m_orders.pop_back();
    }
    return CancelOrder{order};
}

Workload::Body Workload::replaceOrder() {
    if (m_orders.empty() || oneIn(40)) {
        signAs(someUser(parties::kTrader).key);
        return ReplaceOrder{{below(m_orders.size() * 2 + 2)}};
    }
    const Placed& placed = m_orders[somePlaced()];
    ReplaceOrder c{placed.order};
    const Market* market = marketOf(placed.asked.instrument);
    if (!market) return c;
    const auto nearby = [&](const Amount& price) {
        const money::Int128 moved = price.value + market->tick * (static_cast<std::int64_t>(below(9)) - 4);
        return Amount{std::max(moved, market->tick), market->quote};
    };
    const std::uint64_t what = below(8); // 7: nothing changes
    if (what < 2 || what == 4) c.price = nearby(placed.asked.price);
    if (what == 5) c.price = placed.asked.price;
    if (what >= 2 && what < 6) {
        const money::Int128 lots = placed.asked.quantity.value / market->lot;
        const auto wanted =
            oneIn(2) ? 1 + below(static_cast<std::uint64_t>(lots) + 1) : static_cast<std::uint64_t>(lots) + below(40);
        c.quantity = {market->lot * static_cast<std::int64_t>(wanted), market->base};
    }
    const bool isStop = placed.asked.stopPrice.has_value();
    if (what == 6 || oneIn(isStop ? 2 : 20)) c.stopPrice = nearby(placed.asked.stopPrice.value_or(placed.asked.price));
    if (oneIn(8)) spoil(c);
    return c;
}

void Workload::spoil(ReplaceOrder& c) {
    std::optional<Amount>* const fields[] = {&c.price, &c.quantity, &c.stopPrice};
    for (std::uint64_t faults = 1 + below(2); faults > 0; --faults) {
        std::optional<Amount>& one = *fields[below(std::size(fields))];
        if (!one) one = Amount{1, money::kUsd};
        switch (below(6)) {
        case 0: one->unit = money::kEth; break;
        case 1: one->value = 0; break;
        case 2: one->value = -one->value; break;
        case 3: one->value += 1; break;
        case 4: one->value *= 1'000'000'000'000; break;
        default: one->value *= 20; break; // outside the collar, or more than there is money for
        }
    }
}

Workload::Body Workload::cancelAll() {
    signAs(someUser(parties::kTrader).key);
    CancelAllOrders c;
    if (!oneIn(5)) c.instrument = InstrumentId{1 + below(6)};
    return c;
}

Workload::Body Workload::steerInstrument() {
    signAsCoordinator();
    SteerInstrument c;
    if (m_markets.empty()) return c;
    const Market* market = m_halted && !oneIn(4) ? marketOf(m_halted) : &m_markets[below(m_markets.size())];
    if (!market) return c;
    c.instrument = market->id;
    c.halted = market->id != m_halted && oneIn(5);
    c.reference = {0, market->quote};
    if (oneIn(2)) c.reference.value = market->tick * (market->midTicks + static_cast<std::int64_t>(below(9)) - 4);
    switch (below(30)) {
    case 0: c.instrument = {99}; break;
    case 1: c.reference.unit = money::kEth; break;
    case 2: c.reference.value = -market->tick; break;
    case 3: c.reference.value += 1; break;
    case 4: c.reference.value = market->tick * 1'000'000'000'001; break;
    case 5: c.reference.value = market->tick; break; // nobody can buy
    default: break;
    }
    return c;
}

Workload::Body Workload::setDeadMan() {
    signAs(someUser(parties::kTrader).key);
    SetDeadMan c;
    c.account = oneIn(3);
    if (oneIn(5)) return c; // ends it
    static constexpr std::int64_t kEdges[] = {-1, 999, 1'000, 86'400'000, 86'400'001};
    c.withinMs = oneIn(8) ? kEdges[below(std::size(kEdges))] : 1'000 + static_cast<std::int64_t>(below(3'600'000));
    return c;
}

Workload::Body Workload::endSession() {
    signAsCoordinator();
    return EndSession{oneIn(10) ? keyOf(below(3)) : someUser(parties::kTrader).key};
}

Workload::Body Workload::setReferenceWindow() {
    signAsCoordinator();
    SetReferenceWindow c{{oneIn(20) ? 99 : 1 + below(5)}};
    static constexpr std::int64_t kWindows[] = {0, 1'000, 1'001, 60'000, 3'600'000, 86'400'000, 999, 86'400'001, -5};
    c.windowMs = kWindows[below(std::size(kWindows))];
    return c;
}

} // namespace tallylock::audit
