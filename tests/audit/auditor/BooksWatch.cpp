// Rules over what comes in and goes out, the cases that they raise, and what an operator decides
// (docs/decisions/watching.md).
#include "tests/audit/auditor/Blake2b.h"
#include "tests/audit/auditor/Books.h"

#include <algorithm>

namespace tallylock::audit {

namespace {
enum Kind : unsigned { Size = 0, Speed = 1, Structuring = 2, Address = 3 };
enum Way : unsigned { In = 0, Out = 1 };
enum Decision : unsigned { Hold = 0, Release = 1, Freeze = 2 };
constexpr std::size_t kMostRules = 100;
constexpr std::size_t kMostListed = 1'000'000;
constexpr std::size_t kMostMoves = 100; // of each account, unit and way
constexpr std::uint64_t kMostCount = 100;
constexpr std::uint64_t kWhole = 10'000; // basis points
constexpr std::int64_t kLongestWindowMs = 31ll * 86'400'000;
constexpr unsigned kFrozenStanding = 3;

/// Without case and blanks, under its label.
std::string watchedHash(const std::string& address) {
    std::string plain;
    for (const char c : address) {
        if (std::string(" \t\r\n").find(c) != std::string::npos) continue;
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    std::string body = "\x81"; // a list of one text
    const std::size_t size = plain.size();
    if (size < 24) {
        body += static_cast<char>(0x60 + size);
    } else if (size < 256) {
        body += "\x78" + std::string(1, static_cast<char>(size));
    } else {
        body += "\x79" + std::string{static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
    }
    return labelledHash("watched-address", body + plain);
}

/// `value` is at least `basisPoints` of `whole`; neither is negative. Without a product that might not fit.
bool isAtLeastPart(Whole value, Whole whole, std::uint64_t basisPoints) {
    const Whole part = whole / kWhole * basisPoints;
    const Whole rest = whole % kWhole * basisPoints; // in ten-thousandths
    return value >= part && (value - part >= kWhole || (value - part) * kWhole >= rest);
}
} // namespace

bool Books::isGoodRule(std::uint64_t number, const WatchRule& rule) {
    if (number == 0 || !unitOf(rule.amount.unit)) return false;
    const bool anyWindow = rule.windowMs >= 1 && rule.windowMs <= kLongestWindowMs;
    const bool looksBack = anyWindow && rule.count >= 1 && rule.count <= kMostCount;
    const bool looksAtOne = rule.windowMs == 0 && rule.count == 0;
    switch (rule.kind) {
    case Size: return rule.amount.value > 0 && looksAtOne && rule.near == 0;
    case Speed: return rule.amount.value >= 0 && looksBack && rule.near == 0;
    case Structuring: return rule.amount.value > 0 && looksBack && rule.near >= 1 && rule.near < kWhole;
    case Address: return rule.amount.value == 0 && rule.way == Out && looksAtOne && rule.near == 0;
    default: return false;
    }
}

/// What is as old as the longest window of all rules.
void Books::forgetMoves() {
    std::int64_t longestMs = 0;
    for (const auto& [number, rule] : m_watchRules) longestMs = std::max(longestMs, rule.windowMs);
    for (auto& [flow, moves] : m_moves) {
        while (!moves.empty() && m_nowMs - moves.front().timeMs >= longestMs) moves.pop_front();
    }
}

/// The move is the last of its flow already, if it has an amount.
bool Books::meets(const WatchRule& rule, std::uint64_t holder, unsigned way, const Money& amount,
                  const std::string& place) const {
    if (rule.way != way) return false;
    if (rule.kind == Address) return m_watched.contains(watchedHash(place));
    if (amount.value == 0 || amount.unit != rule.amount.unit) return false;
    if (rule.kind == Size) return amount.value >= rule.amount.value;
    const auto isOfPattern = [&](Whole value) {
        return rule.kind == Speed || (value < rule.amount.value && isAtLeastPart(value, rule.amount.value, rule.near));
    };
    if (!isOfPattern(amount.value)) return false;
    std::uint64_t count = 0;
    Whole sum = 0;
    for (const Move& move : m_moves.at({holder, amount.unit, way})) {
        if (m_nowMs - move.timeMs >= rule.windowMs || !isOfPattern(move.value)) continue;
        ++count;
        sum += move.value; // a hundred of the largest amounts fit
    }
    return count >= rule.count && (rule.kind == Structuring || sum >= rule.amount.value);
}

void Books::look(std::uint64_t holder, bool goesOut, const Money& amount, const std::string& place,
                 std::uint64_t withdrawal, Outcome& out) {
    const unsigned way = goesOut ? Out : In;
    if (amount.value != 0) {
        auto& moves = m_moves[{holder, amount.unit, way}];
        moves.push_back({m_nowMs, amount.value});
        if (moves.size() > kMostMoves) moves.pop_front();
    }
    for (const auto& [number, rule] : m_watchRules) {
        if (!meets(rule, holder, way, amount, place)) continue;
        auto found = std::find_if(m_cases.begin(), m_cases.end(), [&, of = number](const auto& known) {
            return known.second.holder == holder && known.second.rule == of;
        });
        if (found == m_cases.end()) {
            const Case raised{holder, number,  rule.kind, rule.hold ? CaseHeld : CaseOpen,
                              way,    amount,  place,     withdrawal,
                              0,      m_nowMs, m_nowMs,   {}};
            found = m_cases.emplace(++m_lastCase, raised).first;
        }
        ++found->second.transactions;
        found->second.changedMs = m_nowMs;
        out.records.push_back(told(found->first, found->second, false));
    }
}

bool Books::isHeldByCase(std::uint64_t holder) const {
    return std::any_of(m_cases.begin(), m_cases.end(), [holder](const auto& known) {
        return known.second.holder == holder && known.second.state == CaseHeld;
    });
}

Record Books::told(std::uint64_t id, const Case& one, bool decided) {
    return {kCaseChanged,
            {{2, decided ? "true" : "false"}},
            {{1, std::to_string(id)},
             {2, std::to_string(one.holder)},
             {3, std::to_string(one.rule)},
             {4, std::to_string(one.kind)},
             {5, std::to_string(one.state)},
             {6, std::to_string(one.way)},
             {7, textOf(one.amount)},
             {8, one.place},
             {9, std::to_string(one.withdrawal)},
             {10, std::to_string(one.transactions)},
             {11, std::to_string(one.raisedMs)},
             {12, std::to_string(one.changedMs)},
             {13, one.reason}}};
}

Outcome Books::setWatchRule(const Item& c) {
    const Item& said = c.at(1);
    const std::uint64_t number = said.at(1).number();
    const bool removed = c.at(2).flag();
    if (!isCoordinator()) return refuse("not-permitted");
    const auto known = m_watchRules.find(number);
    WatchRule rule{static_cast<unsigned>(said.at(2).number()),
                   static_cast<unsigned>(said.at(3).number()),
                   Money::of(said.at(4)),
                   said.at(5).integer(),
                   said.at(6).number(),
                   said.at(7).number(),
                   said.at(8).flag(),
                   wordOf(said)};
    if (removed && known == m_watchRules.end()) return refuse("rule-unknown");
    if (!removed && !isGoodRule(number, rule)) return refuse("rule-invalid");
    if (!removed && known == m_watchRules.end() && m_watchRules.size() >= kMostRules) return refuse("rules-too-many");
    if (removed) rule = known->second;
    forgetMoves(); // what no rule has looked back to until now
    if (removed) {
        m_watchRules.erase(known);
    } else {
        m_watchRules[number] = rule;
    }
    forgetMoves();
    Outcome out;
    out.value = number;
    out.records.push_back({kWatchRuleChanged, {{1, rule.text}, {2, removed ? "true" : "false"}}});
    return out;
}

Outcome Books::changeWatchedAddresses(const Item& c) {
    const auto& add = c.at(1).list();
    const auto& remove = c.at(2).list();
    if (!isCoordinator()) return refuse("not-permitted");
    if (m_watched.size() + add.size() > kMostListed) return refuse("list-too-long");
    for (const Item& hash : remove) m_watched.erase(hash.bytes());
    for (const Item& hash : add) m_watched.insert(hash.bytes());
    Outcome out;
    out.value = m_watched.size();
    out.records.push_back(
        {kWatchedAddressesChanged,
         {{1, std::to_string(add.size())}, {2, std::to_string(remove.size())}, {3, std::to_string(m_watched.size())}}});
    return out;
}

Outcome Books::decideCase(const Item& c) {
    const std::uint64_t number = c.at(1).number();
    const std::uint64_t decision = c.at(2).number();
    const std::string& reason = c.at(3).text();
    if (!isCoordinator()) return refuse("not-permitted");
    if (reason.empty() || reason.size() > 1000) return refuse("info-invalid");
    const auto found = m_cases.find(number);
    if (found == m_cases.end()) return refuse("case-unknown");
    Case decided = found->second;
    if (decision == Hold && decided.state == CaseHeld) return refuse("case-wrong-state");
    decided.state = decision == Hold ? CaseHeld : decision == Release ? CaseReleased : CaseFrozen;
    decided.reason = reason;
    decided.changedMs = m_nowMs;
    found->second = decided;
    if (decision != Hold) m_cases.erase(found);
    Outcome out;
    out.records.push_back(told(number, decided, true));
    if (decision != Freeze) return out;
    m_holders.at(decided.holder).standing = Standing::Frozen;
    out.records.push_back({kStandingChanged,
                           {{1, std::to_string(decided.holder)},
                            {2, std::to_string(kFrozenStanding)},
                            {3, "case " + std::to_string(number)}}});
    return out;
}

} // namespace tallylock::audit
