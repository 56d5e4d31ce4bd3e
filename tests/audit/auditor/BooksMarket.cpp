// Instruments, orders and matching: by price, then time, at the resting order's price; what is held for an order.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr Whole kInOne = 10'000; // basis points
constexpr Whole kMostTicks = 1'000'000'000'000;
constexpr std::size_t kRememberedIds = 1024;
__extension__ typedef unsigned __int128 Bits;
const Whole kLargest = static_cast<Whole>(~Bits{0} >> 1);

Whole powerOfTen(unsigned exponent) { return exponent == 0 ? 1 : 10 * powerOfTen(exponent - 1); }
/// Of two that are not negative.
bool fits(Whole a, Whole b) { return a == 0 || b <= kLargest / a; }
Whole roundedUp(Whole tenThousandths) { return (tenThousandths + kInOne - 1) / kInOne; }
/// The key by which a side is sorted: the best price first.
Whole keyOf(unsigned side, Whole price) { return side == 0 ? -price : price; }
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
    if (c.at(8).number() > 10'000 || c.at(9).number() > 10'000) return refuse("instrument-invalid");
    Outcome out;
    out.value = m_instruments.size() + 1;
    m_instruments[out.value] = {
        symbol,           base, quote, tick.value, lot.value, minimum.value, maximum.value, c.at(8).number(),
        c.at(9).number(), {}};
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
                            {10, std::to_string(c.at(9).number())}}});
    return out;
}

Whole Books::cost(const Instrument& in, Whole price, Whole quantity) const {
    return price * quantity / powerOfTen(unitOf(in.base)->decimals);
}

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
    const Whole owed = price * static_cast<Whole>(std::max(in.makerRate, in.takerRate)) - overpaid;
    return price + (owed > 0 ? roundedUp(owed) : 0);
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

// --- placing
// ----------------------------------------------------------------------------------------------------------

std::string Books::clientIdRefusal(std::uint64_t holder, std::uint64_t clientId) const {
    if (clientId == 0) return {};
    const auto used = m_usedIds.find(holder);
    return used != m_usedIds.end() && used->second.contains(clientId) ? "client-id-used" : "";
}

std::string Books::orderRefusal(const Item& c) const {
    if (c.at(2).number() > 1) return "amount-invalid";
    const auto found = m_instruments.find(c.at(1).number());
    if (found == m_instruments.end()) return "instrument-unknown";
    const Instrument& in = found->second;
    const Money price = Money::of(c.at(3));
    const Money quantity = Money::of(c.at(4));
    const std::string notPositive = price.value < 0 || quantity.value < 0 ? "amount-negative" : "amount-zero";
    if (price.unit != in.quote || quantity.unit != in.base) return "amount-invalid";
    if (price.value <= 0) return notPositive;
    if (price.value % in.tick != 0) return "price-not-on-tick";
    if (price.value / in.tick > kMostTicks) return "order-too-large";
    if (quantity.value <= 0) return notPositive;
    if (quantity.value % in.lot != 0) return "quantity-not-on-lot";
    if (quantity.value < in.minimum) return "order-too-small";
    if (quantity.value > in.maximum) return "order-too-large";
    return clientIdRefusal(actor()->holder, c.at(5).number());
}

Outcome Books::placeOrder(const Item& c) {
    if (const auto why = mayNot(2); !why.empty()) return refuse(why);
    if (const auto why = orderRefusal(c); !why.empty()) return refuse(why);
    Order order;
    order.id = m_lastOrder + 1;
    order.arrival = order.id;
    order.holder = actor()->holder;
    order.user = actor()->id;
    order.instrument = c.at(1).number();
    order.side = static_cast<unsigned>(c.at(2).number());
    order.price = Money::of(c.at(3)).value;
    order.quantity = order.remaining = Money::of(c.at(4)).value;
    order.clientId = c.at(5).number();
    const Instrument& in = m_instruments.at(order.instrument);
    const auto limit = actor()->limits.find(in.quote);
    const bool above = limit != actor()->limits.end() && cost(in, order.price, order.quantity) > limit->second;
    if (above) return refuse("not-permitted");
    const unsigned unit = heldUnit(order);
    const Whole free = balance({order.holder, unit, Available, 0}) - held(order.holder, unit);
    if (free < needed(order)) return refuse("insufficient-funds");

    Outcome out;
    out.value = m_lastOrder = order.id;
    out.touched.insert({order.holder, unit});
    out.records.push_back({31,
                           {{1, std::to_string(order.id)},
                            {2, std::to_string(order.instrument)},
                            {3, std::to_string(order.holder)},
                            {4, std::to_string(order.user)},
                            {5, std::to_string(order.side)},
                            {6, textOf(Money::of(c.at(3)))},
                            {7, textOf(Money::of(c.at(4)))},
                            {8, std::to_string(order.clientId)}}});
    if (order.clientId != 0) {
        auto& last = m_clientIds[order.holder];
        last.push_back(order.clientId);
        ++m_usedIds[order.holder][order.clientId];
        if (last.size() > kRememberedIds) {
            forgetId(order.holder, last.front());
            last.pop_front();
        }
        ++m_usedIds[order.holder][order.clientId]; // once for being open
    }
    match(order, out);
    if (order.remaining > 0) {
        rest(order, out);
    } else {
        closeId(order);
    }
    return out;
}

/// What is owed for another fill of this order: all its fees together are the exact fee, rounded up once.
Whole Books::charge(Order& order, Whole fiat, std::uint64_t rate) const {
    order.feeOwed += fiat * static_cast<Whole>(rate);
    const Whole fee = roundedUp(order.feeOwed) - order.feePaid;
    order.feePaid += fee;
    return fee;
}

void Books::match(Order& taker, Outcome& out) {
    auto& makers = m_instruments.at(taker.instrument).book[1 - taker.side];
    while (taker.remaining > 0 && !makers.empty()) {
        Order& maker = m_orders.at(makers.begin()->second);
        if (taker.side == 0 ? maker.price > taker.price : maker.price < taker.price) return;
        trade(maker, taker, std::min(maker.remaining, taker.remaining), out);
        if (maker.remaining == 0) leave(Order(maker));
    }
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
    fill.takerLimit = taker.price;
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

void Books::note(const Order& order, unsigned state, Outcome& out) const {
    out.orders[order.id].push_back({order.remaining, state});
}

void Books::rest(const Order& order, Outcome& out) {
    m_orders[order.id] = order;
    m_ordersOf[order.holder].insert(order.id);
    m_instruments.at(order.instrument).book[order.side][{keyOf(order.side, order.price), order.arrival}] = order.id;
    const LevelKey key{order.instrument, order.side, order.price};
    out.levels.insert(key);
    m_levels[key].quantity += order.remaining;
    ++m_levels[key].orders;
}

/// Takes an order out of its book; what remained of it must be off its level already.
void Books::leave(const Order& order) {
    const LevelKey key{order.instrument, order.side, order.price};
    if (--m_levels[key].orders == 0) m_levels.erase(key);
    m_instruments.at(order.instrument).book[order.side].erase({keyOf(order.side, order.price), order.arrival});
    m_ordersOf[order.holder].erase(order.id);
    closeId(order);
    m_orders.erase(order.id);
}

void Books::closeId(const Order& order) {
    if (order.clientId != 0) forgetId(order.holder, order.clientId);
}

void Books::forgetId(std::uint64_t holder, std::uint64_t clientId) {
    auto& used = m_usedIds[holder];
    if (--used[clientId] == 0) used.erase(clientId);
}

Outcome Books::cancelOrder(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & 2) == 0) return refuse("not-permitted");
    const auto found = m_orders.find(c.at(1).number());
    if (found == m_orders.end() || found->second.holder != by->holder) return refuse("order-unknown");
    const Order order = found->second;
    Outcome out;
    out.value = order.id;
    out.touched.insert({order.holder, heldUnit(order)});
    const LevelKey key{order.instrument, order.side, order.price};
    out.levels.insert(key);
    m_levels[key].quantity -= order.remaining;
    leave(order);
    note(order, Cancelled, out);
    return out;
}

} // namespace tallylock::audit
