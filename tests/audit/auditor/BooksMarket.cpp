// Instruments and matching: by price, then time, at the resting order's price; orders that wait; what is held.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr Whole kInOne = 10'000; // basis points
__extension__ typedef unsigned __int128 Bits;
const Whole kLargest = static_cast<Whole>(~Bits{0} >> 1);

Whole powerOfTen(unsigned exponent) { return exponent == 0 ? 1 : 10 * powerOfTen(exponent - 1); }
/// Of two that are not negative.
bool fits(Whole a, Whole b) { return a == 0 || b <= kLargest / a; }
Whole roundedUp(Whole tenThousandths) { return (tenThousandths + kInOne - 1) / kInOne; }
/// The key by which a side is sorted: the best price first, and of stop prices the one that is reached first.
Whole keyOf(unsigned side, Whole price) { return side == 0 ? -price : price; }
Whole stopKeyOf(const Order& order) { return order.side == 0 ? order.stop : -order.stop; }
/// The taker would not pay this, or take so little.
bool isBeyond(const Order& taker, Whole price) { return taker.side == 0 ? price > taker.price : price < taker.price; }
} // namespace

Outcome Books::openInstrument(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const std::string& symbol = c.at(1).text();
    const auto base = static_cast<unsigned>(c.at(2).number());
    const auto quote = static_cast<unsigned>(c.at(3).number());
    const Money tick = Money::of(c.at(4));
    const Money lot = Money::of(c.at(5));
    const Money minimum = Money::of(c.at(6));
    const Money maximum = Money::of(c.at(7));
    for (const auto& [id, in] : m_instruments) {
        if (in.symbol == symbol) return refuse("instrument-exists");
    }
    const bool goodUnits = unitOf(base) && unitOf(quote) && base != quote && tick.unit == quote && lot.unit == base &&
                           minimum.unit == base && maximum.unit == base;
    if (!goodUnits || symbol.empty() || symbol.size() > 32) return refuse("instrument-invalid");
    if (tick.value <= 0 || lot.value <= 0 || !fits(tick.value, lot.value)) return refuse("instrument-invalid");
    const Whole one = powerOfTen(unitOf(base)->decimals);
    const Whole lots = maximum.value / lot.value;
    const Whole tickLot = tick.value * lot.value / one;
    const bool goodBounds = minimum.value >= lot.value && maximum.value >= minimum.value &&
                            minimum.value % lot.value == 0 && maximum.value % lot.value == 0 && lots <= INT64_MAX;
    if (tick.value * lot.value % one != 0 || !goodBounds) return refuse("instrument-invalid");
    if (!fits(tick.value, kMostTicks) || !fits(2 * tickLot, kMostTicks * lots)) return refuse("instrument-invalid");
    const std::uint64_t collar = c.find(10) ? c.at(10).number() : 0;
    if (c.at(8).number() > kInOne || c.at(9).number() > kInOne || collar > kInOne) return refuse("instrument-invalid");
    Outcome out;
    out.value = m_instruments.size() + 1;
    Instrument& in = m_instruments[out.value];
    in.symbol = symbol;
    in.base = base;
    in.quote = quote;
    in.tick = tick.value;
    in.lot = lot.value;
    in.minimum = minimum.value;
    in.maximum = maximum.value;
    in.makerRate = c.at(8).number();
    in.takerRate = c.at(9).number();
    in.collarRate = collar;
    out.records.push_back({30,
                           {{1, std::to_string(out.value)},
                            {2, symbol},
                            {3, std::to_string(base)},
                            {4, std::to_string(quote)},
                            {5, textOf(tick)},
                            {6, textOf(lot)},
                            {7, textOf(minimum)},
                            {8, textOf(maximum)},
                            {9, std::to_string(c.at(8).number())},
                            {10, std::to_string(c.at(9).number())},
                            {11, c.find(10) ? wordOf(c.at(10)) : kNone}}});
    return out;
}

Outcome Books::steerInstrument(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const auto found = m_instruments.find(c.at(1).number());
    if (found == m_instruments.end()) return refuse("instrument-unknown");
    Instrument& in = found->second;
    const Money reference = Money::of(c.at(3));
    if (reference.unit != in.quote) return refuse("amount-invalid");
    if (reference.value < 0) return refuse("amount-negative");
    if (reference.value % in.tick != 0) return refuse("price-not-on-tick");
    if (reference.value / in.tick > kMostTicks) return refuse("order-too-large");
    in.halted = c.at(2).flag();
    in.reference = reference.value;
    Outcome out;
    out.records.push_back({kInstrumentSteered, {{1, wordOf(c.at(1))}, {2, wordOf(c.at(2))}, {3, wordOf(c.at(3))}}});
    return out;
}

// A part of the reference price up and down, rounded inwards to whole ticks.
std::pair<Whole, Whole> Books::collar(const Instrument& in) const {
    const Whole from = reference(in) / in.tick;
    const auto rate = static_cast<Whole>(in.collarRate);
    if (rate == 0 || from == 0) return {in.tick, in.tick * kMostTicks};
    const Whole lowest = std::max<Whole>(roundedUp(from * (kInOne - rate)), 1);
    const Whole highest = std::min<Whole>(from * (kInOne + rate) / kInOne, kMostTicks);
    return {lowest * in.tick, highest * in.tick};
}

const Order* Books::order(std::uint64_t id) const {
    const auto found = m_orders.find(id);
    return found == m_orders.end() ? nullptr : &found->second;
}

// --- what is held
// -----------------------------------------------------------------------------------------------------

Whole Books::cost(const Instrument& in, Whole price, Whole quantity) const {
    return price * quantity / powerOfTen(unitOf(in.base)->decimals);
}

Whole Books::dearerRate(const Instrument& in) const { return static_cast<Whole>(std::max(in.makerRate, in.takerRate)); }

unsigned Books::heldUnit(const Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    return order.side == 0 ? in.quote : in.base;
}

// A seller's goods; a buyer's cost at its own limit and, at the dearer rate, the fee of that, less what earlier
// roundings have overpaid.
Whole Books::needed(const Order& order) const {
    if (order.side == 1 || order.remaining == 0) return order.remaining;
    const Instrument& in = m_instruments.at(order.instrument);
    const Whole price = cost(in, order.price, order.remaining);
    const Whole overpaid = order.feePaid * kInOne - order.feeOwed;
    const Whole owed = price * dearerRate(in) - overpaid;
    return price + (owed > 0 ? roundedUp(owed) : 0);
}

// Nothing where nobody is there. A seller's whole quantity; a buyer's cost of exactly what it will buy.
Whole Books::marketNeeds(const Order& order) const {
    const Whole price = reach(order).second;
    if (price == 0 || order.side == 1) return price == 0 ? 0 : order.quantity;
    return price + roundedUp(price * dearerRate(m_instruments.at(order.instrument)));
}

Whole Books::held(std::uint64_t holder, unsigned unit) const {
    Whole sum = 0;
    if (const auto own = m_ordersOf.find(holder); own != m_ordersOf.end()) {
        for (const std::uint64_t id : own->second) {
            const Order& order = m_orders.at(id);
            if (heldUnit(order) == unit) sum += needed(order);
        }
    }
    if (const auto own = m_withdrawalsOf.find(holder); own != m_withdrawalsOf.end()) {
        for (const std::uint64_t id : own->second) {
            const Withdrawal& withdrawal = m_withdrawals.at(id);
            if (withdrawal.amount.unit == unit) sum += withdrawal.amount.value + withdrawal.fee.value;
        }
    }
    return sum;
}

Level Books::level(const LevelKey& key) const {
    const auto found = m_levels.find(key);
    return found == m_levels.end() ? Level{} : found->second;
}

// --- matching
// ---------------------------------------------------------------------------------------------------------

// An order of its own, where it may not trade with itself, is passed by or ends the search.
std::pair<Whole, Whole> Books::reach(const Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    Whole quantity = 0;
    Whole price = 0;
    for (const auto& [key, id] : in.book[1 - order.side]) {
        const Order& maker = m_orders.at(id);
        if (quantity == order.remaining || isBeyond(order, maker.price)) break;
        if (maker.holder == order.holder && order.rule != SelfTrade::Allow) {
            if (order.rule == SelfTrade::CancelOldest) continue;
            break;
        }
        const Whole some = std::min(maker.remaining, order.remaining - quantity);
        quantity += some;
        price += cost(in, maker.price, some);
    }
    return {quantity, price};
}

// Trades what can be traded; the rest comes to rest, or is gone.
void Books::enter(Order order, Traded& traded, Outcome& out, unsigned whenLeft) {
    const bool metItself = match(order, traded, out);
    const bool mayRest = order.type == OrderType::Limit || order.type == OrderType::PostOnly;
    if (order.remaining == 0) {
        closeId(order);
    } else if (metItself || !mayRest) {
        cancel(order, metItself ? MetItself : whenLeft, out);
    } else {
        rest(order, out);
    }
}

/// Whether it has met an order of its own and must go.
bool Books::match(Order& taker, Traded& traded, Outcome& out) {
    Instrument& in = m_instruments.at(taker.instrument);
    auto& makers = in.book[1 - taker.side];
    while (taker.remaining > 0 && !makers.empty()) {
        Order& maker = m_orders.at(makers.begin()->second);
        if (isBeyond(taker, maker.price)) break;
        if (maker.holder == taker.holder && taker.rule != SelfTrade::Allow) {
            if (taker.rule != SelfTrade::CancelNewest) {
                const Order oldest = maker;
                takeOut(oldest, out);
                cancel(oldest, MetItself, out);
            }
            if (taker.rule != SelfTrade::CancelOldest) return true;
            continue;
        }
        in.last = maker.price;
        traded.add(maker.price);
        const Whole quantity = std::min(maker.remaining, taker.remaining);
        noteTrade(in, maker.price, quantity);
        trade(maker, taker, quantity, out);
        if (maker.remaining > 0) continue;
        const Order filled = maker;
        takeOut(filled, out);
        closeId(filled);
    }
    return false;
}

// Orders whose stop price was reached are entered one after the other, buyers first.
void Books::trigger(std::uint64_t instrument, Traded& traded, Outcome& out) {
    const auto& [buyers, sellers] = m_instruments.at(instrument).stops;
    while (traded.lowest) {
        std::uint64_t id = 0;
        if (!buyers.empty() && buyers.begin()->first.first <= *traded.highest) {
            id = buyers.begin()->second;
        } else if (!sellers.empty() && -sellers.begin()->first.first >= *traded.lowest) {
            id = sellers.begin()->second;
        } else {
            return;
        }
        Order order = m_orders.at(id);
        takeOut(order, out);
        order.type = OrderType::Limit;
        order.stop = 0;
        note(order, Open, out);
        if (holdInCollar(order)) {
            order.type = OrderType::ImmediateOrCancel;
            enter(order, traded, out, HeldInCollar);
        } else {
            enter(order, traded, out);
        }
    }
}

/// What is owed for another fill of this order: all its fees together are the exact fee, rounded up once.
Whole Books::charge(Order& order, Whole fiat, std::uint64_t rate) const {
    order.feeOwed += fiat * static_cast<Whole>(rate);
    const Whole fee = roundedUp(order.feeOwed) - order.feePaid;
    order.feePaid += fee;
    return fee;
}

void Books::trade(Order& maker, Order& taker, Whole quantity, Outcome& out) {
    const Instrument& in = m_instruments.at(taker.instrument);
    Order& buyer = taker.side == 0 ? taker : maker;
    Order& seller = taker.side == 0 ? maker : taker;
    Fill fill;
    fill.instrument = taker.instrument;
    fill.maker = maker.id;
    fill.taker = taker.id;
    fill.buyer = buyer.holder;
    fill.seller = seller.holder;
    fill.takerSide = taker.side;
    fill.price = {maker.price, in.quote};
    fill.quantity = {quantity, in.base};
    fill.fiat = {cost(in, maker.price, quantity), in.quote};
    fill.buyerFee = charge(buyer, fill.fiat.value, &buyer == &maker ? in.makerRate : in.takerRate);
    fill.sellerFee = charge(seller, fill.fiat.value, &seller == &maker ? in.makerRate : in.takerRate);
    out.fills.push_back(fill);

    const LevelKey key{maker.instrument, maker.side, maker.price};
    out.levels.insert(key);
    m_levels[key].quantity -= quantity;
    for (Order* order : {&maker, &taker}) {
        order->remaining -= quantity;
        note(*order, order->remaining == 0 ? Filled : Open, out);
    }
    Posting posting{Invariant::TradesMoveWhatTheySay, "trade", {}};
    posting.add({buyer.holder, in.quote, Available, 0}, -(fill.fiat.value + fill.buyerFee));
    posting.add({seller.holder, in.quote, Available, 0}, fill.fiat.value - fill.sellerFee);
    posting.add({seller.holder, in.base, Available, 0}, -quantity);
    posting.add({buyer.holder, in.base, Available, 0}, quantity);
    if (fill.buyerFee + fill.sellerFee != 0) posting.add({0, in.quote, Fees, 0}, fill.buyerFee + fill.sellerFee);
    post(std::move(posting), out);
}

void Books::note(const Order& order, unsigned state, Outcome& out, std::optional<unsigned> cause) const {
    out.orders[order.id].push_back({order.remaining, state, cause});
}

/// Behind all others of its price.
void Books::rest(Order order, Outcome& out) {
    order.arrival = ++m_arrivals;
    m_orders[order.id] = order;
    m_ordersOf[order.holder].insert(order.id);
    m_instruments.at(order.instrument).book[order.side][{keyOf(order.side, order.price), order.arrival}] = order.id;
    const LevelKey key{order.instrument, order.side, order.price};
    out.levels.insert(key);
    m_levels[key].quantity += order.remaining;
    ++m_levels[key].orders;
}

void Books::wait(const Order& order) {
    m_orders[order.id] = order;
    m_ordersOf[order.holder].insert(order.id);
    m_instruments.at(order.instrument).stops[order.side][{stopKeyOf(order), order.id}] = order.id;
}

/// Out of its book, or from among those who wait.
void Books::takeOut(const Order& order, Outcome& out) {
    Instrument& in = m_instruments.at(order.instrument);
    if (order.waits()) {
        in.stops[order.side].erase({stopKeyOf(order), order.id});
    } else {
        const LevelKey key{order.instrument, order.side, order.price};
        out.levels.insert(key);
        m_levels[key].quantity -= order.remaining;
        if (--m_levels[key].orders == 0) m_levels.erase(key);
        in.book[order.side].erase({keyOf(order.side, order.price), order.arrival});
        ++out.ordersTakenOut;
    }
    m_ordersOf[order.holder].erase(order.id);
    m_orders.erase(order.id);
}

/// What remains of an order that is out of its book is gone.
void Books::cancel(const Order& order, std::optional<unsigned> cause, Outcome& out) {
    out.touched.insert({order.holder, heldUnit(order)});
    note(order, Cancelled, out, cause);
    closeId(order);
}

} // namespace tallylock::audit
