#include "core/treasury/Watch.h"

#include "core/base/Planted.h"

#include <algorithm>

namespace tallylock::treasury {

using money::Amount;
using money::Int128;

const char* nameOf(Way way) { return way == Way::In ? "in" : "out"; }

const char* nameOf(RuleKind kind) {
    switch (kind) {
    case RuleKind::Size: return "size";
    case RuleKind::Speed: return "speed";
    case RuleKind::Structuring: return "structuring";
    case RuleKind::Address: return "address";
    case RuleKind::kCount: break;
    }
    return "?";
}

const char* nameOf(CaseState state) {
    switch (state) {
    case CaseState::Open: return "open";
    case CaseState::Held: return "held";
    case CaseState::Released: return "released";
    case CaseState::Frozen: return "frozen";
    case CaseState::kCount: break;
    }
    return "?";
}

// --- rules ----------------------------------------------------------------------------------------------------------

static bool looksBack(RuleKind kind) { return kind == RuleKind::Speed || kind == RuleKind::Structuring; }

static bool isGoodRule(const WatchRule& rule) {
    if (!rule.id || rule.kind >= RuleKind::kCount || rule.way >= Way::kCount) return false;
    if (!money::findUnit(rule.amount.unit) || rule.amount.value < 0) return false;
    const bool goodWindow = looksBack(rule.kind) ? rule.windowMs >= 1 && rule.windowMs <= Watch::kLongestWindowMs &&
                                                       rule.count >= 1 && rule.count <= Watch::kMostCount
                                                 : rule.windowMs == 0 && rule.count == 0;
    const bool goodPart = rule.kind == RuleKind::Structuring
                              ? rule.nearBasisPoints >= 1 && rule.nearBasisPoints < money::kBasisPointsInOne
                              : rule.nearBasisPoints == 0;
    if (!goodWindow || !goodPart) return false;
    switch (rule.kind) {
    case RuleKind::Speed: return true;
    case RuleKind::Address: return rule.amount.isZero() && rule.way == Way::Out;
    default: return rule.amount.isPositive();
    }
}

Result<void, WatchError> Watch::setRule(const WatchRule& rule, std::int64_t nowMs) {
    if (!isGoodRule(rule)) return Err(WatchError::RuleInvalid);
    if (!m_rules.contains(rule.id) && m_rules.size() >= kMostRules) return Err(WatchError::RulesTooMany);
    forget(nowMs); // by the rules until now, or a longer window would find what happens to lie there still
    m_rules[rule.id] = rule;
    forget(nowMs);
    return {};
}

Result<WatchRule, WatchError> Watch::removeRule(WatchRuleId id, std::int64_t nowMs) {
    const auto found = m_rules.find(id);
    if (found == m_rules.end()) return Err(WatchError::RuleUnknown);
    const WatchRule removed = found->second;
    m_rules.erase(found);
    forget(nowMs);
    return removed;
}

Result<std::size_t, WatchError> Watch::changeList(const std::vector<Hash>& add, const std::vector<Hash>& remove) {
    if (m_listed.size() + add.size() > kMostListed) return Err(WatchError::ListTooLong);
    for (const Hash& one : remove) m_listed.erase(one);
    for (const Hash& one : add) m_listed.insert(one);
    return m_listed.size();
}

// --- transactions ---------------------------------------------------------------------------------------------------

std::int64_t Watch::longestWindowMs() const {
    std::int64_t longest = 0;
    for (const auto& [id, rule] : m_rules) longest = std::max(longest, rule.windowMs);
    return longest;
}

/// What is as old as the longest window, or older.
void Watch::forget(std::int64_t nowMs) {
    const std::int64_t keptFromMs = nowMs - longestWindowMs();
    while (!m_byTime.empty() && m_byTime.begin()->first <= keptFromMs) {
        const auto found = m_past.find(m_byTime.begin()->second);
        m_byTime.erase(m_byTime.begin());
        if (found == m_past.end()) continue; // pushed out by younger ones
        auto& past = found->second;
        while (!past.empty() && past.front().timeMs <= keptFromMs) past.pop_front();
        if (past.empty()) m_past.erase(found);
    }
}

void Watch::remember(const Move& move, std::int64_t nowMs) {
    forget(nowMs);
    if (longestWindowMs() == 0 || move.amount.isZero()) return;
    const Flow flow{move.holder, move.amount.unit, move.way};
    auto& past = m_past[flow];
    past.push_back({nowMs, move.amount});
    m_byTime.emplace(nowMs, flow);
    if (past.size() > kMostCount) past.pop_front();
}

/// The move itself is among the past already.
bool Watch::meets(const WatchRule& rule, const Move& move, std::int64_t nowMs) const {
    if (rule.way != move.way) return false;
    if (rule.kind == RuleKind::Address) return move.listed;
    if (rule.amount.unit != move.amount.unit || move.amount.isZero()) return false;
    if (rule.kind == RuleKind::Size) return move.amount.value >= rule.amount.value;

    const bool structuring = rule.kind == RuleKind::Structuring;
    const auto near = structuring ? money::feeOf(rule.amount, rule.nearBasisPoints) : Amount{0, rule.amount.unit};
    const auto counts = [&](const Amount& amount) {
        return !structuring || (amount.value < rule.amount.value && near && amount.value >= near->value);
    };
    if (!counts(move.amount)) return false;
    const auto found = m_past.find({move.holder, move.amount.unit, move.way});
    if (found == m_past.end()) return false;
    std::uint32_t count = 0;
    Int128 sum = 0;
    bool fits = true;
    for (const Past& past : found->second) {
        const std::int64_t ageMs = nowMs - past.timeMs;
        const bool isWithin = ageMs < rule.windowMs || (TALLYLOCK_PLANTED(PastCounted) && ageMs == rule.windowMs);
        if (!isWithin || !counts(past.amount)) continue;
        ++count;
        fits = fits && money::addTo(sum, past.amount.value);
    }
    return count >= rule.count && (structuring || !fits || sum >= rule.amount.value);
}

std::vector<Case> Watch::note(const Move& move, std::int64_t nowMs) {
    if (m_rules.empty()) return {};
    remember(move, nowMs);
    std::vector<Case> met;
    for (const auto& [id, rule] : m_rules) {
        if (!meets(rule, move, nowMs)) continue;
        CaseId& number = m_caseOf[{move.holder, id}];
        const bool isNew = !number || TALLYLOCK_PLANTED(CaseTwice);
        if (isNew) number = {++m_lastCase};
        Case& one = m_cases[number];
        if (isNew) {
            one = {number,     move.holder,     id, rule.kind, CaseState::Open, move.way, move.amount,
                   move.place, move.withdrawal, 0,  nowMs,     nowMs,           {}};
            if (rule.hold) {
                one.state = CaseState::Held;
                ++m_heldOf[move.holder];
            }
        }
        ++one.transactions;
        one.changedMs = nowMs;
        met.push_back(one);
    }
    return met;
}

Result<Case, WatchError> Watch::decide(CaseId id, CaseState decision, const std::string& reason, std::int64_t nowMs) {
    const auto found = m_cases.find(id);
    if (found == m_cases.end()) return Err(WatchError::CaseUnknown);
    Case& one = found->second;
    if (decision == CaseState::Open || decision == one.state) return Err(WatchError::WrongState);
    if (one.state == CaseState::Held && --m_heldOf[one.holder] == 0) m_heldOf.erase(one.holder);
    if (decision == CaseState::Held) ++m_heldOf[one.holder];
    one.state = decision;
    one.reason = reason;
    one.changedMs = nowMs;
    const Case decided = one;
    if (decided.isOver()) {
        m_caseOf.erase({decided.holder, decided.rule});
        m_cases.erase(found);
    }
    return decided;
}

} // namespace tallylock::treasury
