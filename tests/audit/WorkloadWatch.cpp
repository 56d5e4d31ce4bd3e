// Rules over transactions, watched addresses, and what an operator does about cases.
#include "core/parties/Party.h"
#include "tests/audit/Workload.h"

#include <algorithm>

namespace tallylock::audit {

using namespace engine;
using treasury::RuleKind;
using treasury::Way;

namespace {
/// Of rules: the first is the one whose edge is sought, the last the longest that may be.
constexpr std::int64_t kWindows[] = {10'000, 60'000, 1, 3'600'000, 86'400'000, treasury::Watch::kLongestWindowMs};
constexpr std::uint64_t kBusyRules = 12; ///< the numbers above are of rules that hardly anything meets

/// As it is entered: the same address in many spellings.
std::string watchedPlace(std::uint64_t number, bool loud) {
    return (loud ? "WATCHED  Place " : "watched place ") + std::to_string(number);
}
} // namespace

Amount Workload::largeAmount(UnitId unit, Way way) {
    const money::Unit* known = money::findUnit(unit);
    if (!known) return {1, unit};
    if (way == Way::Out) return {oneOf(unit) * 4, unit};
    return {oneOf(unit) * (known->kind == money::UnitKind::Fiat ? 200'000 : 20), unit};
}

Workload::Body Workload::setWatchRule() {
    signAsCoordinator();
    SetWatchRule c;
    treasury::WatchRule& rule = c.rule;
    rule.id = {1 + below(oneIn(3) ? 400 : kBusyRules)};
    if (oneIn(12)) {
        c.removed = true;
        return c;
    }
    const bool isBusy = rule.id.value <= kBusyRules;
    static constexpr RuleKind kKinds[] = {RuleKind::Size, RuleKind::Speed, RuleKind::Speed, RuleKind::Structuring,
                                          RuleKind::Address};
    rule.kind = isBusy ? kKinds[below(std::size(kKinds))] : RuleKind::Size;
    rule.way = rule.kind == RuleKind::Address || oneIn(2) ? Way::Out : Way::In;
    static constexpr UnitId kUnits[] = {money::kUsd, money::kUsd, money::kBtc, money::kXmr, money::kEur, money::kEth};
    const UnitId unit = kUnits[below(std::size(kUnits))];
    rule.amount = {0, unit};
    if (rule.kind != RuleKind::Address && (rule.kind != RuleKind::Speed || oneIn(3))) {
        rule.amount = largeAmount(unit, rule.way);
        rule.amount.value = rule.amount.value * static_cast<std::int64_t>(4 + below(9)) / 10;
        if (!isBusy) rule.amount.value *= 1'000;
    }
    if (rule.kind == RuleKind::Speed || rule.kind == RuleKind::Structuring) {
        rule.windowMs = kWindows[oneIn(2) ? 0 : below(std::size(kWindows))];
        rule.count = static_cast<std::uint32_t>(oneIn(20) ? 100 : oneIn(2) ? 2 : 1 + below(4));
    }
    if (rule.kind == RuleKind::Structuring) rule.nearBasisPoints = static_cast<std::uint32_t>(1 + below(9'999));
    rule.hold = oneIn(8);
    if (oneIn(6)) spoil(rule);
    return c;
}

void Workload::spoil(treasury::WatchRule& rule) {
    switch (below(10)) {
    case 0: rule.id = {}; break;
    case 1: rule.amount.unit = {9}; break;
    case 2: rule.amount.value = -1; break;
    case 3: rule.amount.value = money::kInt128Max; break; // good, but of an address
    case 4: rule.windowMs = oneIn(2) ? -1 : treasury::Watch::kLongestWindowMs + 1; break;
    case 5: rule.windowMs = rule.windowMs == 0 ? 1 : 0; break;
    case 6: rule.count = rule.count == 0 ? 1 : 101 * static_cast<std::uint32_t>(below(2)); break;
    case 7: rule.nearBasisPoints = rule.nearBasisPoints == 0 ? 1 : 10'000 * static_cast<std::uint32_t>(below(2)); break;
    case 8: rule.way = Way::In; break;     // bad for an address only
    default: rule.amount.value = 0; break; // good for some kinds
    }
}

Workload::Body Workload::changeWatched() {
    signAsCoordinator();
    ChangeWatchedAddresses c;
    const auto some = [&] {
        const bool isKnown = !m_addresses.empty() && oneIn(4);
        return watchedAddress(isKnown ? m_addresses[below(m_addresses.size())].second.address
                                      : watchedPlace(below(kWatchedPlaces), oneIn(2)));
    };
    for (std::uint64_t i = below(4); i > 0; --i) c.add.push_back(some());
    for (std::uint64_t i = below(3); i > 0; --i) c.remove.push_back(oneIn(4) && !c.add.empty() ? c.add[0] : some());
    return c;
}

Workload::Body Workload::decideCase() {
    signAsCoordinator();
    DecideCase c{{below(m_lastCase + 3)}, CaseDecision::Release, "seen the papers"}; // mostly over, or not yet raised
    HolderId holder;
    if (!m_cases.empty() && !oneIn(8)) {
        const bool rather = oneIn(2); // one that is held
        const treasury::Case* one = &m_cases[below(m_cases.size())];
        for (int tries = 0; tries < 20 && rather && one->state != treasury::CaseState::Held; ++tries) {
            one = &m_cases[below(m_cases.size())];
        }
        c.number = one->id;
        holder = one->holder;
    }
    if (oneIn(5)) c.decision = CaseDecision::Hold;
    if (oneIn(holder.value <= 2 ? 40 : 10)) c.decision = CaseDecision::Freeze; // those who are busy stay so, mostly
    if (oneIn(12)) c.reason = std::string(below(2) * 1'001, 'r');
    return c;
}

void Workload::heardOf(const treasury::Case& one) {
    m_lastCase = std::max(m_lastCase, one.id.value);
    std::erase_if(m_cases, [&](const treasury::Case& known) { return known.id == one.id; });
    if (!one.isOver()) m_cases.push_back(one);
    if (one.state == treasury::CaseState::Frozen) m_frozen.push_back(one.holder);
}

/// A place that is or may come to be watched, in some spelling.
std::string Workload::somewhereWatched() { return watchedPlace(below(kWatchedPlaces), oneIn(3)); }

/// Exactly when the window of many rules ends, or just before: the same sum again.
std::optional<ObserveBankEntry> Workload::entryAtAnEdge() {
    if (m_lines.empty() || !oneIn(3)) return std::nullopt;
    ObserveBankEntry c = m_lines.back();
    m_nowMs = std::max(m_nowMs, c.bookedMs + kWindows[0] - (oneIn(3) ? 1 : 0));
    c.entry = "line " + std::to_string(m_steps);
    c.bookedMs = m_nowMs;
    m_lines.push_back(c);
    return c;
}

} // namespace tallylock::audit
