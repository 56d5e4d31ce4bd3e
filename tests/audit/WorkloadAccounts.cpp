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
    if (oneIn(4)) c.most = {money::Int128{1} << static_cast<int>(below(40)), {static_cast<std::uint16_t>(below(7))}};
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
    if (oneIn(3)) c.standing = static_cast<std::uint8_t>(below(5));
    if (oneIn(10)) c.evidence.clear();
    // Nobody stays out for long: those who are busy are verified again.
    if (!oneIn(3) && !m_users.empty()) c.holder = {m_users[below(std::min<std::size_t>(m_users.size(), 2))].holder};
    if (c.holder.value <= 2 && !oneIn(3)) c.standing = 1;
    return c;
}

Workload::Body Workload::payoutAddress() {
    signAs(someUser(parties::kTreasurer).key);
    if (!m_addresses.empty() && oneIn(6)) {
        const std::size_t at = below(m_addresses.size());
        if (!oneIn(4)) signAs(m_addressOwners[at]);
        return RemovePayoutAddress{m_addresses[at].first};
    }
    AddPayoutAddress c{{static_cast<std::uint16_t>(1 + below(5))}, "address " + std::to_string(m_steps), "label"};
    if (oneIn(12) && !m_addresses.empty()) c = m_addresses[below(m_addresses.size())].second;
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

Workload::Body Workload::decideWithdrawal() {
    signAs(someUser(parties::kTreasurer).key);
    const treasury::WithdrawalId id{m_lastWithdrawal - below(std::min<std::uint64_t>(m_lastWithdrawal, 30) + 1)};
    if (oneIn(5)) return CancelWithdrawal{id};
    return ApproveWithdrawal{id};
}

Workload::Body Workload::payWithdrawal() {
    signAsCoordinator();
    const treasury::WithdrawalId id{m_lastWithdrawal - below(std::min<std::uint64_t>(m_lastWithdrawal, 20) + 1)};
    if (oneIn(2)) return StartWithdrawal{id, oneIn(20) ? std::string(below(2) * 65, 'r') : "rail"};
    return ReportWithdrawal{id, !oneIn(4), "payment"};
}

Workload::Body Workload::setWithdrawalFee() {
    signAsCoordinator();
    SetWithdrawalFee c{{static_cast<std::int64_t>(below(5'000)), {static_cast<std::uint16_t>(1 + below(6))}}};
    if (oneIn(10)) c.fee.value = oneIn(2) ? -1 : money::kInt128Max;
    return c;
}

} // namespace tallylock::audit
