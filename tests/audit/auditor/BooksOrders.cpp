// What may refuse an order or a change, and in which order; placing, changing and cancelling.
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
constexpr std::size_t kRememberedIds = 1024;

std::string priceRefusal(const Instrument& in, const Money& price, const char* notOnTick) {
    if (price.value <= 0) return price.value < 0 ? "amount-negative" : "amount-zero";
    if (price.value % in.tick != 0) return notOnTick;
    return price.value / in.tick > kMostTicks ? "order-too-large" : "";
}

std::string quantityRefusal(const Instrument& in, const Money& quantity) {
    if (quantity.value <= 0) return quantity.value < 0 ? "amount-negative" : "amount-zero";
    if (quantity.value % in.lot != 0) return "quantity-not-on-lot";
    if (quantity.value < in.minimum) return "order-too-small";
    return quantity.value > in.maximum ? "order-too-large" : "";
}

std::optional<Money> moneyIn(const Item& map, std::uint64_t key) {
    const Item* found = map.find(key);
    if (!found) return std::nullopt;
    return Money::of(*found);
}

std::string numberIn(const Item& map, std::uint64_t key) { return map.find(key) ? wordOf(map.at(key)) : kNone; }
} // namespace

// --- client ids
// -------------------------------------------------------------------------------------------------------

std::string Books::clientIdRefusal(std::uint64_t holder, std::uint64_t clientId) const {
    if (clientId == 0) return {};
    const auto used = m_usedIds.find(holder);
    return used != m_usedIds.end() && used->second.contains(clientId) ? "client-id-used" : "";
}

void Books::rememberId(const Order& order) {
    if (order.clientId == 0) return;
    auto& last = m_clientIds[order.holder];
    last.push_back(order.clientId);
    ++m_usedIds[order.holder][order.clientId];
    if (last.size() > kRememberedIds) {
        forgetId(order.holder, last.front());
        last.pop_front();
    }
    ++m_usedIds[order.holder][order.clientId]; // once for being open
}

void Books::closeId(const Order& order) {
    if (order.clientId != 0) forgetId(order.holder, order.clientId);
}

void Books::forgetId(std::uint64_t holder, std::uint64_t clientId) {
    auto& used = m_usedIds[holder];
    if (--used[clientId] == 0) used.erase(clientId);
}

// --- refusals
// ---------------------------------------------------------------------------------------------------------

std::string Books::orderRefusal(const Item& c, Order& order) const {
    if (c.at(2).number() > 1) return "amount-invalid";
    const auto found = m_instruments.find(c.at(1).number());
    if (found == m_instruments.end()) return "instrument-unknown";
    const Instrument& in = found->second;
    if (in.halted) return "instrument-halted";
    const Money price = Money::of(c.at(3));
    const Money quantity = Money::of(c.at(4));
    const Money stop = moneyIn(c, 7).value_or(Money{});
    order.type = static_cast<OrderType>(c.find(6) ? c.at(6).number() : 0);
    order.rule = static_cast<SelfTrade>(c.find(8) ? c.at(8).number() : 0);
    const bool hasPrice = order.type != OrderType::Market;
    if ((hasPrice && price.unit != in.quote) || quantity.unit != in.base || (order.waits() && stop.unit != in.quote)) {
        return "amount-invalid";
    }
    if (!hasPrice && price.value != 0) return "order-invalid";
    if (auto why = hasPrice ? priceRefusal(in, price, "price-not-on-tick") : ""; !why.empty()) return why;
    if (auto why = quantityRefusal(in, quantity); !why.empty()) return why;
    if (!order.waits() && stop.value != 0) return "order-invalid";
    if (auto why = order.waits() ? priceRefusal(in, stop, "stop-price-not-on-tick") : ""; !why.empty()) return why;
    order.instrument = found->first;
    order.side = static_cast<unsigned>(c.at(2).number());
    order.quantity = order.remaining = quantity.value;
    order.stop = stop.value;
    order.clientId = c.at(5).number();
    const auto [lowest, highest] = collar(in);
    order.price = hasPrice ? price.value : order.side == 0 ? highest : lowest;
    if (auto why = clientIdRefusal(order.holder, order.clientId); !why.empty()) return why;
    return bookRefusal(order);
}

// What depends on the others' orders.
std::string Books::bookRefusal(const Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    const auto [lowest, highest] = collar(in);
    if (order.side == 0 ? order.price > highest : order.price < lowest) return "price-outside-collar";
    const auto& others = in.book[1 - order.side];
    if (order.type == OrderType::PostOnly && !others.empty()) {
        const Whole best = m_orders.at(others.begin()->second).price;
        if (order.side == 0 ? best <= order.price : best >= order.price) return "order-would-trade";
    }
    if (order.type == OrderType::FillOrKill && reach(order).first < order.quantity) return "order-not-fillable";
    return {};
}

std::string Books::changeRefusal(const Item& c, Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    if (in.halted) return "instrument-halted";
    const auto price = moneyIn(c, 2);
    const auto quantity = moneyIn(c, 3);
    const auto stop = moneyIn(c, 4);
    if ((price && price->unit != in.quote) || (quantity && quantity->unit != in.base) ||
        (order.waits() && stop && stop->unit != in.quote)) {
        return "amount-invalid";
    }
    if (auto why = price ? priceRefusal(in, *price, "price-not-on-tick") : ""; !why.empty()) return why;
    if (auto why = quantity ? quantityRefusal(in, *quantity) : ""; !why.empty()) return why;
    const Whole filled = order.quantity - order.remaining;
    if (quantity) order.quantity = quantity->value;
    order.remaining = order.quantity - filled;
    if (order.remaining <= 0) return "quantity-already-filled";
    if (stop && !order.waits()) return "order-invalid";
    if (auto why = stop ? priceRefusal(in, *stop, "stop-price-not-on-tick") : ""; !why.empty()) return why;
    if (stop) order.stop = stop->value;
    if (!price || price->value == order.price) return {};
    order.price = price->value;
    return bookRefusal(order);
}

/// A limit binds what the order moves of either unit. A seller may get more than asked for: what is bid counts.
bool Books::isAboveLimit(const Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    Whole worth = cost(in, order.price, order.remaining);
    if (order.side == 1 || order.type == OrderType::Market) {
        const auto [met, paid] = reach(order); // also of one that waits: it may be reached already
        worth = paid + (order.type == OrderType::Market ? 0 : cost(in, order.price, order.remaining - met));
    }
    if (order.side == 1 && order.waits()) worth = std::max(worth, cost(in, order.stop, order.remaining));
    const auto exceeds = [&](unsigned unit, Whole amount) {
        const auto limit = actor()->limits.find(unit);
        return limit != actor()->limits.end() && amount > limit->second;
    };
    return exceeds(in.quote, worth) || exceeds(in.base, order.remaining);
}

// --- commands
// ---------------------------------------------------------------------------------------------------------

Outcome Books::placeOrder(const Item& c) {
    if (auto why = mayNot(2); !why.empty()) return refuse(why);
    Order order;
    order.id = m_lastOrder + 1;
    order.holder = actor()->holder;
    order.user = actor()->id;
    if (auto why = orderRefusal(c, order); !why.empty()) return refuse(why);
    const Instrument& in = m_instruments.at(order.instrument);
    const bool atAnyPrice = order.type == OrderType::Market;
    if (isAboveLimit(order)) return refuse("not-permitted");
    const unsigned unit = heldUnit(order);
    const Whole free = balance({order.holder, unit, Available, 0}) - held(order.holder, unit);
    if (free < (atAnyPrice ? marketNeeds(order) : needed(order))) return refuse("insufficient-funds");

    Outcome out;
    out.value = m_lastOrder = order.id;
    out.touched.insert({order.holder, unit});
    out.records.push_back({kOrderPlaced,
                           {{1, std::to_string(order.id)},
                            {2, std::to_string(order.instrument)},
                            {3, std::to_string(order.holder)},
                            {4, std::to_string(order.user)},
                            {5, std::to_string(order.side)},
                            {6, wordOf(c.at(3))},
                            {7, wordOf(c.at(4))},
                            {8, std::to_string(order.clientId)},
                            {10, numberIn(c, 6)},
                            {11, numberIn(c, 7)},
                            {12, numberIn(c, 8)}}});
    rememberId(order);
    Traded traded;
    if (order.waits()) {
        wait(order);
        if (in.last != 0) traded.add(in.last); // it may have been reached already
    } else {
        enter(order, traded, out);
    }
    trigger(order.instrument, traded, out);
    return out;
}

Outcome Books::replaceOrder(const Item& c) {
    if (auto why = mayNot(2); !why.empty()) return refuse(why);
    const auto found = m_orders.find(c.at(1).number());
    if (found == m_orders.end() || found->second.holder != actor()->holder) return refuse("order-unknown");
    const Order before = found->second;
    Order order = before;
    if (auto why = changeRefusal(c, order); !why.empty()) return refuse(why);
    const Instrument& in = m_instruments.at(order.instrument);
    if (isAboveLimit(order)) return refuse("not-permitted");
    const unsigned unit = heldUnit(order);
    const Whole free = balance({order.holder, unit, Available, 0}) - held(order.holder, unit);
    if (free + needed(before) < needed(order)) return refuse("insufficient-funds");

    Outcome out;
    out.value = order.id;
    out.touched.insert({order.holder, unit});
    out.records.push_back({kOrderReplaced,
                           {{1, std::to_string(order.id)},
                            {2, std::to_string(order.holder)},
                            {3, textOf({order.price, in.quote})},
                            {4, textOf({order.quantity, in.base})},
                            {5, textOf({order.remaining, in.base})},
                            {6, order.waits() ? textOf({order.stop, in.quote}) : kNone},
                            {7, std::to_string(m_nowMs)}}});
    Traded traded;
    if (order.waits()) {
        takeOut(before, out);
        wait(order);
        if (order.stop != before.stop && in.last != 0) traded.add(in.last);
    } else if (order.price == before.price && order.remaining <= before.remaining) { // keeps its place
        found->second = order;
        const LevelKey key{order.instrument, order.side, order.price};
        m_levels[key].quantity -= before.remaining - order.remaining;
        if (order.remaining != before.remaining) out.levels.insert(key);
    } else {
        takeOut(before, out);
        enter(order, traded, out);
    }
    trigger(order.instrument, traded, out);
    return out;
}

Outcome Books::cancelOrder(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & 2) == 0) return refuse("not-permitted");
    const Order* open = order(c.at(1).number());
    if (!open || open->holder != by->holder) return refuse("order-unknown");
    const Order gone = *open;
    Outcome out;
    out.value = gone.id;
    takeOut(gone, out);
    cancel(gone, std::nullopt, out);
    return out;
}

Outcome Books::cancelAllOrders(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & 2) == 0) return refuse("not-permitted");
    if (c.find(1) && !m_instruments.contains(c.at(1).number())) return refuse("instrument-unknown");
    Outcome out;
    const std::set<std::uint64_t> own = m_ordersOf[by->holder];
    for (const std::uint64_t id : own) {
        const Order gone = m_orders.at(id);
        if (c.find(1) && gone.instrument != c.at(1).number()) continue;
        takeOut(gone, out);
        cancel(gone, std::nullopt, out);
        ++out.value;
    }
    return out;
}

} // namespace tallylock::audit
