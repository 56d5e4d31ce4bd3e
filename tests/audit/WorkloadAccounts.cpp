// Users, devices, limits, standing and withdrawals.
#include "core/parties/Party.h"
#include "tests/audit/Workload.h"

namespace tallylock::audit {

using namespace engine;

Workload::Body Workload::changeDevice() {
    signAs(someUser(parties::kAdministrator).key);
    if (!m_devices.empty() && oneIn(2)) {
        RemoveDevice c{m_devices[below(m_devices.size())]};
        if (oneIn(6)) c.key = someUser(0).key; // perhaps the last
        for (const User& user : m_users) {     // mostly by somebody who may
            if (user.key == c.key && !oneIn(5)) signAs(m_users[below(m_users.size())].key);
        }
        return c;
    }
    const User& user = someUser(0);
    if (!oneIn(4)) signAs(user.key);
    AddDevice c{user.id, freshKey()};
    if (oneIn(8)) c.key = keyOf(below(3));
    if (oneIn(8)) c.key = someUser(0).key;
    if (oneIn(10)) c.user = {9'999};
    return c;
}

Workload::Body Workload::setRoles() {
    const User& by = someUser(parties::kAdministrator);
    signAs(by.key);
    SetRoles c{by.id, parties::kAllRoles};
    if (oneIn(2)) c.user = someUser(0).id;
    if (oneIn(3)) c.roles = static_cast<std::uint32_t>(below(18));
    return c;
}

Workload::Body Workload::setOrderLimit() {
    const User& by = someUser(parties::kAdministrator);
    signAs(by.key);
    SetOrderLimit c{oneIn(3) ? someUser(0).id : by.id, {money::Int128{1'000'000} * 1'000'000, money::kUsd}};
    if (oneIn(8)) c.most = {money::Int128{1} << static_cast<int>(below(40)), {static_cast<std::uint16_t>(below(7))}};
    if (oneIn(10)) c.most.value = -1;
    return c;
}

Workload::Body Workload::setAssetAccount() {
    signAs(someUser(parties::kAdministrator).key);
    return SetAssetAccount{{static_cast<std::uint16_t>(below(7))}, oneIn(5) ? std::string() : "own address"};
}

Workload::Body Workload::setStanding() {
    signAsCoordinator();
    SetStanding c{{oneIn(10) ? 9'999 : someUser(0).holder}, 1, "file 7"};
    if (oneIn(4)) c.standing = static_cast<std::uint8_t>(below(5));
    if (oneIn(10)) c.evidence.clear();
    // Nobody stays out for long: those who are busy are verified again.
    if (!oneIn(3) && !m_users.empty()) c.holder = {m_users[below(std::min<std::size_t>(m_users.size(), 2))].holder};
    if (c.holder.value <= 2 && !oneIn(3)) c.standing = 1;
    if (!m_frozen.empty() && !oneIn(3)) { // nor whom a case has frozen
        c = {m_frozen.back(), 1, "file 8"};
        m_frozen.pop_back();
    }
    return c;
}

Workload::Body Workload::payoutAddress() {
    signAs(someUser(parties::kTreasurer).key);
    if (!m_addresses.empty() && oneIn(6)) {
        const std::size_t at = below(m_addresses.size());
        if (!oneIn(4)) signAs(m_addressOwners[at]);
        return RemovePayoutAddress{m_addresses[at].first};
    }
    AddPayoutAddress c{{static_cast<std::uint16_t>(1 + below(6))}, "address " + std::to_string(m_steps), "label"};
    if (oneIn(12) && !m_addresses.empty()) c = m_addresses[below(m_addresses.size())].second;
    if (oneIn(5)) c.address = somewhereWatched();
    if (oneIn(20)) c.unit = {9};
    if (oneIn(20)) c.address = oneIn(2) ? "" : "with\tcontrol";
    return c;
}

Workload::Body Workload::requestWithdrawal() {
    signAs(someUser(parties::kTreasurer).key);
    RequestWithdrawal c{{below(50)}, {1, money::kUsd}};
    if (m_addresses.empty()) return c;
    const std::size_t at = m_addresses.size() - 1 - below(std::min<std::size_t>(m_addresses.size(), 40));
    c.address = m_addresses[at].first;
    c.amount.unit = m_addresses[at].second.unit;
    const money::Int128 one = money::powerOfTen(money::findUnit(c.amount.unit)->ledgerDecimals);
    c.amount.value = one * static_cast<std::int64_t>(1 + below(80)) / 20;
    if (!oneIn(20)) signAs(m_addressOwners[at]);
    switch (below(40)) {
    case 0: c.amount.value = 0; break;
    case 1: c.amount.value = -1; break;
    case 2: c.amount.value = money::kInt128Max; break;
    case 3: c.amount.value += 1; break; // too fine for a bank
    case 4: c.amount.unit = money::kEth; break;
    case 5: c.amount.value *= 1'000'000; break;
    default: break;
    }
    return c;
}

IdentityKey Workload::someOf(std::uint64_t holder) {
    for (int tries = 0; tries < 60; ++tries) {
        const User& user = someUser(parties::kTreasurer);
        if (user.holder == holder || oneIn(60)) return user.key;
    }
    return someUser(0).key;
}

Workload::Body Workload::decideWithdrawal() {
    signAs(someUser(parties::kTreasurer).key);
    if (m_withdrawals.empty()) return ApproveWithdrawal{{below(3)}};
    const std::size_t back = below(std::min<std::size_t>(m_withdrawals.size(), 30));
    const auto [id, holder] = m_withdrawals[m_withdrawals.size() - 1 - back];
    if (!oneIn(8)) signAs(someOf(holder));
    if (oneIn(5)) return CancelWithdrawal{id};
    return ApproveWithdrawal{id};
}

Workload::Body Workload::payWithdrawal() {
    signAsCoordinator();
    treasury::WithdrawalId id{below(3)};
    if (!m_withdrawals.empty()) {
        const std::size_t back = below(std::min<std::size_t>(m_withdrawals.size(), 20));
        id = m_withdrawals[m_withdrawals.size() - 1 - back].first;
    }
    if (oneIn(2)) return StartWithdrawal{id, oneIn(20) ? std::string(below(2) * 65, 'r') : "rail"};
    return ReportWithdrawal{id, !oneIn(4), oneIn(20) ? std::string(300, 'p') : "payment"};
}

Workload::Body Workload::setPolicy() {
    signAs(someUser(parties::kAdministrator).key);
    SetWithdrawalPolicy c;
    treasury::WithdrawalPolicy& policy = c.policy;
    policy.approvals = static_cast<std::uint32_t>(below(3));
    policy.waitingMs = oneIn(2) ? 0 : static_cast<std::int64_t>(below(5)) * 6 * 3'600'000;
    const auto limited = [&](std::vector<Amount>& limits, std::int64_t factor) {
        for (const UnitId unit : {money::kBtc, money::kUsd}) {
            const auto most = static_cast<std::int64_t>(below(6)) * factor;
            if (oneIn(2)) limits.push_back({oneOf(unit) * most, unit});
        }
    };
    if (oneIn(2)) limited(policy.userDay, 1);
    if (oneIn(2)) limited(policy.holderDay, 2);
    policy.secondFactor = oneIn(6);
    if (oneIn(10)) spoil(policy);
    return c;
}

void Workload::spoil(treasury::WithdrawalPolicy& policy) {
    switch (below(7)) {
    case 0: policy.approvals = 101; break;
    case 1: policy.approvals = 50; break; // more than there are treasurers
    case 2: policy.waitingMs = -1; break;
    case 3: policy.waitingMs = std::int64_t{91} * 24 * 3'600'000; break;
    case 4: policy.userDay = {{1, money::kUsd}, {1, money::kBtc}}; break;
    case 5: policy.holderDay = {{-1, money::kUsd}}; break;
    default: policy.holderDay = {{1, UnitId{9}}}; break;
    }
}

Workload::Body Workload::approvePolicy() {
    signAs(someUser(parties::kTreasurer).key);
    if (!oneIn(8)) signAs(someOf(m_lastChange.second));
    return ApprovePolicyChange{{oneIn(10) ? below(m_lastChange.first + 2) : m_lastChange.first}};
}

bool Workload::wantsCode(const Command& command) {
    const bool mayNeedOne = std::holds_alternative<RequestWithdrawal>(command.body) ||
                            std::holds_alternative<ApproveWithdrawal>(command.body) ||
                            std::holds_alternative<AddPayoutAddress>(command.body) ||
                            std::holds_alternative<SetWithdrawalPolicy>(command.body) ||
                            std::holds_alternative<ApprovePolicyChange>(command.body);
    const auto* policy = std::get_if<SetWithdrawalPolicy>(&command.body);
    const bool needsOne = (policy && policy->policy.secondFactor) || m_withCodes.contains(holderOf(command.signer));
    return mayNeedOne && !oneIn(5) && (needsOne || oneIn(20));
}

Workload::Body Workload::codeFor(const Command& command) {
    if (!oneIn(10)) ++m_codeStep; // else one that was used, perhaps
    return ConfirmSecondFactor{oneIn(20) ? keyOf(2) : command.signer, command.hash, m_codeStep};
}

Workload::Body Workload::setWithdrawalFee() {
    signAsCoordinator();
    SetWithdrawalFee c{{static_cast<std::int64_t>(below(5'000)), {static_cast<std::uint16_t>(1 + below(7))}}};
    if (oneIn(10)) c.fee.value = oneIn(2) ? -1 : money::kInt128Max;
    return c;
}

} // namespace tallylock::audit
