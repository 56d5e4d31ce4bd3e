// Rules over transactions and the cases that they raise. The rules are core/treasury's; here they meet the parties.
#include "core/base/Planted.h"
#include "core/engine/EngineState.h"

#include <algorithm>
#include <cassert>

namespace tallylock::engine {

using treasury::CaseState;

namespace {

Refused refusedBy(treasury::WatchError error) {
    using W = treasury::WatchError;
    switch (error) {
    case W::RuleInvalid: return Refused::RuleInvalid;
    case W::RuleUnknown: return Refused::RuleUnknown;
    case W::RulesTooMany: return Refused::RulesTooMany;
    case W::ListTooLong: return Refused::ListTooLong;
    case W::CaseUnknown: return Refused::CaseUnknown;
    case W::WrongState: return Refused::CaseWrongState;
    }
    return Refused::RuleInvalid;
}

CaseState stateAfter(CaseDecision decision) {
    switch (decision) {
    case CaseDecision::Hold: return CaseState::Held;
    case CaseDecision::Release: return CaseState::Released;
    default: return CaseState::Frozen;
    }
}
} // namespace

Hash watchedAddress(std::string_view address) {
    std::string plain;
    for (const char c : address) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return crypto::labelledHash("watched-address", crypto::cborList(plain));
}

void Engine::State::watchMove(HolderId holder, treasury::Way way, const Amount& amount, const std::string& place,
                              treasury::WithdrawalId withdrawal) {
    const bool listed =
        way == treasury::Way::Out && !watch.listed().empty() && watch.listed().contains(watchedAddress(place));
    for (const treasury::Case& one : watch.note({holder, way, amount, place, listed, withdrawal}, nowMs)) {
        emit(TALLYLOCK_PLANTED(CaseTold) ? Audience::only(holder) : Audience::internal(), CaseChanged{one, false});
    }
}

/// NotPermitted, RuleUnknown (of one that is removed), RuleInvalid, RulesTooMany.
Reply Engine::State::handle(const SetWatchRule& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    treasury::WatchRule rule = c.rule;
    if (c.removed) {
        const auto removed = watch.removeRule(c.rule.id, nowMs);
        if (!removed) return refuse(refusedBy(removed.error()));
        rule = *removed;
    } else if (const auto set = watch.setRule(rule, nowMs); !set) {
        return refuse(refusedBy(set.error()));
    }
    emit(Audience::internal(), WatchRuleChanged{rule, c.removed});
    return done(rule.id.value);
}

/// NotPermitted, ListTooLong. Answers how many there are then.
Reply Engine::State::handle(const ChangeWatchedAddresses& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    const auto changed = watch.changeList(c.add, c.remove);
    if (!changed) return refuse(refusedBy(changed.error()));
    emit(Audience::internal(), WatchedAddressesChanged{c.add.size(), c.remove.size(), *changed});
    return done(*changed);
}

/// NotPermitted, InfoInvalid (no reason, or too much of it), CaseUnknown (also once it is over), CaseWrongState: it is
/// held already.
Reply Engine::State::handle(const DecideCase& c) {
    if (!isCoordinator()) return refuse(Refused::NotPermitted);
    if (c.reason.empty() || c.reason.size() > kMostReasonBytes) return refuse(Refused::InfoInvalid);
    const auto decided = watch.decide(c.number, stateAfter(c.decision), c.reason, nowMs);
    if (!decided) return refuse(refusedBy(decided.error()));
    emit(Audience::internal(), CaseChanged{*decided, true});
    if (c.decision == CaseDecision::Freeze && !TALLYLOCK_PLANTED(FreezeForgotten)) {
        const std::string evidence = "case " + std::to_string(c.number.value);
        const auto frozen = parties.setStanding(decided->holder, parties::Standing::Frozen, evidence);
        assert(frozen && "a case is about somebody who is known");
        (void)frozen;
        emit(Audience::only(decided->holder),
             StandingChanged{decided->holder, static_cast<std::uint8_t>(parties::Standing::Frozen), evidence});
    }
    return done();
}

} // namespace tallylock::engine
