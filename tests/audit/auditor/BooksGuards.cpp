// What cancels orders though nobody asks for it at that moment, and what a collar is measured from.
#include "tests/audit/auditor/Books.h"

namespace tallylock::audit {

namespace {
constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kDayMs = 24 * 3'600 * kSecondMs;
constexpr std::int64_t kParts = 16; // of a window
constexpr unsigned kArmed = 0;
constexpr unsigned kEnded = 1;
constexpr unsigned kFired = 2;

bool isBetween(std::int64_t ms) { return ms >= kSecondMs && ms <= kDayMs; }
} // namespace

Record Books::told(const DeadMan& one, unsigned state, std::uint64_t cancelled) const {
    return {kDeadManChanged,
            {{1, std::to_string(one.number)},
             {2, std::to_string(one.holder)},
             {3, std::to_string(one.user)},
             {4, std::to_string(one.withinMs)},
             {5, std::to_string(one.dueMs)},
             {6, std::to_string(state)},
             {7, std::to_string(cancelled)},
             {8, std::to_string(m_nowMs)}}};
}

/// All open orders of a user, or with user zero of the holder, in the order of their numbers.
std::uint64_t Books::cancelOrdersOf(std::uint64_t holder, std::uint64_t user, unsigned cause, Outcome& out) {
    std::uint64_t count = 0;
    const std::set<std::uint64_t> own = m_ordersOf[holder];
    for (const std::uint64_t id : own) {
        const Order gone = m_orders.at(id);
        if (user != 0 && gone.user != user) continue;
        takeOut(gone, out);
        cancel(gone, cause, out);
        ++count;
    }
    return count;
}

Outcome Books::setDeadMan(const Item& c) {
    const User* by = actor();
    if (!by) return refuse("not-registered");
    if ((by->roles & 2) == 0) return refuse("not-permitted");
    const std::int64_t withinMs = c.at(1).integer();
    const std::pair owner{by->holder, c.at(2).flag() ? 0 : by->id};
    Outcome out;
    const auto known = m_deadMen.find(owner);
    if (withinMs == 0) {
        if (known == m_deadMen.end()) return out;
        out.value = known->second.number;
        out.records.push_back(told(known->second, kEnded, 0));
        m_deadMen.erase(known);
        return out;
    }
    if (!isBetween(withinMs)) return refuse("delay-invalid");
    const std::uint64_t number = known == m_deadMen.end() ? ++m_lastDeadMan : known->second.number;
    const DeadMan armed{number, owner.first, owner.second, withinMs, m_nowMs + withinMs};
    m_deadMen[owner] = armed;
    out.value = number;
    out.records.push_back(told(armed, kArmed, 0));
    return out;
}

Outcome Books::fireDeadMan(std::uint64_t number) {
    for (const auto& [owner, one] : m_deadMen) {
        if (one.number != number) continue;
        const DeadMan fired = one;
        m_deadMen.erase(owner);
        Outcome out;
        const std::uint64_t count = cancelOrdersOf(fired.holder, fired.user, NotHeardOf, out);
        out.records.push_back(told(fired, kFired, count));
        return out;
    }
    throw Malformed("no such dead-man switch");
}

Outcome Books::endSession(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const auto of = m_userOf.find(c.at(1).bytes());
    if (of == m_userOf.end()) return refuse("not-registered");
    Outcome out;
    out.value = cancelOrdersOf(m_users.at(of->second).holder, of->second, SessionEnded, out);
    return out;
}

Outcome Books::setReferenceWindow(const Item& c) {
    if (!isCoordinator()) return refuse("not-permitted");
    const auto found = m_instruments.find(c.at(1).number());
    if (found == m_instruments.end()) return refuse("instrument-unknown");
    const std::int64_t windowMs = c.at(2).integer();
    if (windowMs != 0 && !isBetween(windowMs)) return refuse("delay-invalid");
    found->second.windowMs = windowMs;
    found->second.window.clear();
    Outcome out;
    out.records.push_back({kReferenceWindowSet, {{1, wordOf(c.at(1))}, {2, wordOf(c.at(2))}}});
    return out;
}

// --- the window: sixteen parts, of which the last counts until it ends
// --------------------------------------------------------------------------------

std::int64_t Books::partOf(const Instrument& in) const { return m_nowMs / ((in.windowMs + kParts - 1) / kParts); }

void Books::noteTrade(Instrument& in, Whole price, Whole quantity) const {
    if (in.windowMs == 0) return;
    while (!in.window.empty() && in.window.front().part <= partOf(in) - kParts) in.window.pop_front();
    in.window.push_back({partOf(in), price / in.tick, quantity / in.lot});
}

/// As it was set; else the mean price of the window by quantity, in whole ticks; else the last trade's; else zero.
Whole Books::reference(const Instrument& in) const {
    if (in.reference != 0) return in.reference;
    Whole worth = 0;
    Whole lots = 0;
    for (const Instrument::Past& trade : in.window) {
        if (trade.part <= partOf(in) - kParts) continue;
        worth += trade.ticks * trade.lots;
        lots += trade.lots;
    }
    return lots == 0 ? in.last : worth / lots * in.tick;
}

/// A stop order that is reached while a window is set reaches no further than the collar. True if that holds it back.
bool Books::holdInCollar(Order& order) const {
    const Instrument& in = m_instruments.at(order.instrument);
    const auto [lowest, highest] = collar(in);
    if (in.windowMs == 0 || (order.side == 0 ? order.price <= highest : order.price >= lowest)) return false;
    order.price = order.side == 0 ? highest : lowest;
    return true;
}

} // namespace tallylock::audit
