// Users, devices and withdrawals of a Party: implements api::Treasury.
#include "core/party/Inside.h"
#include "core/treasury/Withdrawals.h"

#include <algorithm>

namespace tallylock::party {

using api::Answer;
using api::Done;
using treasury::PayoutAddressId;
using treasury::PolicyChangeId;
using treasury::WithdrawalId;

namespace {

static_assert(static_cast<int>(api::WithdrawalState::kCount) == static_cast<int>(treasury::WithdrawalState::kCount));

treasury::WithdrawalPolicy toEngine(const api::WithdrawalPolicy& p) {
    return {p.approvals, p.waitingMs, p.userDay, p.holderDay, p.secondFactor};
}
api::WithdrawalPolicy toRow(const treasury::WithdrawalPolicy& p) {
    return {p.approvals, p.waitingMs, p.userDay, p.holderDay, p.secondFactor};
}

bool hasUser(const std::vector<UserId>& users, UserId user) {
    return std::find(users.begin(), users.end(), user) != users.end();
}

api::WithdrawalRow rowOf(const treasury::Withdrawal& w, const api::AccountInfo& me) {
    using State = treasury::WithdrawalState;
    api::WithdrawalRow row;
    row.id = w.id.value;
    row.amount = w.amount;
    row.fee = w.fee;
    row.to = w.to;
    row.state = static_cast<api::WithdrawalState>(w.state);
    row.user = w.user;
    row.approvals = static_cast<std::uint32_t>(w.approvedBy.size());
    row.approvalsNeeded = w.approvalsNeeded;
    row.mineToApprove = w.state == State::Requested && (me.myRoles & api::kTreasurer) != 0 && w.user != me.myself &&
                        !hasUser(w.approvedBy, me.myself);
    row.mineToCancel = (w.state == State::Requested || w.state == State::Approved) &&
                       (me.myRoles & (api::kTreasurer | api::kAdministrator)) != 0;
    row.requestedMs = w.requestedMs;
    row.changedMs = w.changedMs;
    row.rail = w.rail;
    row.reference = w.reference;
    row.approvedBy = w.approvedBy;
    row.expiresMs = w.expiresMs;
    row.sale = w.sale.value_or(SaleId{});
    return row;
}

api::PolicyChangeRow rowOf(const treasury::PolicyChange& c, const api::AccountInfo& me) {
    const bool counts = !c.approved && (me.myRoles & api::kTreasurer) != 0 && c.proposer != me.myself &&
                        !hasUser(c.approvedBy, me.myself);
    return {c.id.value,        toRow(c.policy), c.proposer, static_cast<std::uint32_t>(c.approvedBy.size()),
            c.approvalsNeeded, c.approved,      c.dueMs,    counts};
}

/// Has a command of this identity executed once it has a holder; `landed` as Core::command takes it.
template <class T>
void act(Core& core, const Done<T>& reply, engine::CommandBody body, Core::Landed landed) {
    core.whenSynced([&core, reply, body = std::move(body), landed = std::move(landed)] {
        core.withHolder([&core, reply, body, landed](const Answer<HolderId>& holder) {
            if (!holder) return reply(Err(holder.error()));
            core.command(body, landed, [reply](const Answer<std::uint64_t>& value) {
                if (!value) return reply(Err(value.error()));
                if constexpr (std::is_void_v<T>) {
                    reply({});
                } else {
                    reply(*value);
                }
            });
        });
    });
}

/// It is not any more what it was when the command was made.
Core::Landed hasMoved(Core& core, WithdrawalId id) {
    const auto& all = core.replica().withdrawals();
    const auto known = all.find(id);
    if (known == all.end()) return {};
    return [&all, id, before = known->second](std::uint64_t) { return all.at(id) != before; };
}

} // namespace

// --- users ----------------------------------------------------------------------------------------------------------

void Party::addDevice(UserId user, IdentityKey key, Done<void> done) {
    m_inside->call<void>(std::move(done), [user, key](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::AddDevice{user, key},
                  [&core, key](std::uint64_t) { return core.replica().devices().contains(key); });
    });
}

void Party::removeDevice(IdentityKey key, Done<void> done) {
    m_inside->call<void>(std::move(done), [key](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::RemoveDevice{key},
                  [&core, key](std::uint64_t) { return !core.replica().devices().contains(key); });
    });
}

void Party::setRoles(UserId user, std::uint32_t roles, Done<void> done) {
    m_inside->call<void>(std::move(done), [user, roles](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::SetRoles{user, roles}, [&core, user, roles](std::uint64_t) {
            const auto& users = core.replica().users();
            return std::any_of(users.begin(), users.end(),
                               [&](const engine::UserAdded& u) { return u.user == user && u.roles == roles; });
        });
    });
}

void Party::setOrderLimit(UserId user, api::Amount most, Done<void> done) {
    m_inside->call<void>(std::move(done), [user, most](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::SetOrderLimit{user, most}, {});
    });
}

void Party::setAssetAccount(api::UnitId unit, std::string address, Done<void> done) {
    m_inside->call<void>(std::move(done), [unit, address](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::SetAssetAccount{unit, address}, [&core, unit, address](std::uint64_t) {
            const auto found = core.replica().assetAccounts().find(unit);
            return found != core.replica().assetAccounts().end() && found->second == address;
        });
    });
}

// --- deposits -------------------------------------------------------------------------------------------------------

void Party::deposits(Done<std::vector<api::IncomingRow>> done) {
    m_inside->query<std::vector<api::IncomingRow>>(std::move(done),
                                                   [](RowMaker& rows, Core&) { return rows.deposits(); });
}

// --- address book ---------------------------------------------------------------------------------------------------

void Party::payoutAddresses(Done<std::vector<api::PayoutAddressRow>> done) {
    using Rows = std::vector<api::PayoutAddressRow>;
    m_inside->query<Rows>(std::move(done), [](RowMaker&, Core& core) {
        Rows rows;
        for (const auto& [id, a] : core.replica().payoutAddresses())
            rows.push_back({id.value, a.unit, a.address, a.label, a.usableFromMs});
        return rows;
    });
}

void Party::addPayoutAddress(api::UnitId unit, std::string address, std::string label, Done<std::uint64_t> done) {
    m_inside->call<std::uint64_t>(
        std::move(done), [unit, address, label](Core& core, const Done<std::uint64_t>& reply) {
            act<std::uint64_t>(core, reply, engine::AddPayoutAddress{unit, address, label}, [&core](std::uint64_t id) {
                return core.replica().payoutAddresses().contains(PayoutAddressId{id});
            });
        });
}

void Party::removePayoutAddress(std::uint64_t address, Done<void> done) {
    const PayoutAddressId id{address};
    m_inside->call<void>(std::move(done), [id](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::RemovePayoutAddress{id},
                  [&core, id](std::uint64_t) { return !core.replica().payoutAddresses().contains(id); });
    });
}

// --- withdrawals ----------------------------------------------------------------------------------------------------

void Party::withdrawalFees(Done<std::vector<api::Amount>> done) {
    m_inside->query<std::vector<api::Amount>>(std::move(done), [](RowMaker&, Core& core) {
        std::vector<api::Amount> fees;
        for (const auto& [unit, fee] : core.replica().withdrawalFees()) fees.push_back(fee);
        return fees;
    });
}

void Party::withdrawals(Done<std::vector<api::WithdrawalRow>> done) {
    using Rows = std::vector<api::WithdrawalRow>;
    m_inside->query<Rows>(std::move(done), [](RowMaker& maker, Core& core) {
        Rows rows;
        const api::AccountInfo me = maker.account();
        const auto& all = core.replica().withdrawals();
        for (auto one = all.rbegin(); one != all.rend(); ++one) rows.push_back(rowOf(one->second, me));
        return rows;
    });
}

void Party::requestWithdrawal(std::uint64_t address, api::Amount amount, Done<std::uint64_t> done) {
    m_inside->call<std::uint64_t>(std::move(done), [address, amount](Core& core, const Done<std::uint64_t>& reply) {
        act<std::uint64_t>(core, reply, engine::RequestWithdrawal{{address}, amount}, [&core](std::uint64_t id) {
            return core.replica().withdrawals().contains(WithdrawalId{id});
        });
    });
}

void Party::approveWithdrawal(std::uint64_t withdrawal, Done<void> done) {
    const WithdrawalId id{withdrawal};
    m_inside->call<void>(std::move(done), [id](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::ApproveWithdrawal{id}, hasMoved(core, id));
    });
}

void Party::cancelWithdrawal(std::uint64_t withdrawal, Done<void> done) {
    const WithdrawalId id{withdrawal};
    m_inside->call<void>(std::move(done), [id](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::CancelWithdrawal{id}, hasMoved(core, id));
    });
}

// --- policy ---------------------------------------------------------------------------------------------------------

void Party::withdrawalPolicy(Done<api::PolicyRow> done) {
    m_inside->query<api::PolicyRow>(std::move(done), [](RowMaker& maker, Core& core) {
        api::PolicyRow row;
        if (const auto& known = core.replica().withdrawalPolicy()) {
            row.policy = toRow(known->policy);
            if (known->pending) row.pending = rowOf(*known->pending, maker.account());
        } else {
            const bool practice = !core.welcome() || core.welcome()->config.practice;
            row.policy = toRow(treasury::defaultPolicy(maker.account().institution, practice));
        }
        return row;
    });
}

void Party::setWithdrawalPolicy(api::WithdrawalPolicy policy, Done<std::uint64_t> done) {
    m_inside->call<std::uint64_t>(std::move(done), [policy](Core& core, const Done<std::uint64_t>& reply) {
        const auto wanted = toEngine(policy);
        act<std::uint64_t>(core, reply, engine::SetWithdrawalPolicy{wanted}, [&core, wanted](std::uint64_t change) {
            const auto& known = core.replica().withdrawalPolicy();
            if (!known) return false;
            return change == 0 ? known->policy == wanted : known->pending && known->pending->id.value == change;
        });
    });
}

void Party::approvePolicyChange(std::uint64_t change, Done<void> done) {
    m_inside->call<void>(std::move(done), [change](Core& core, const Done<void>& reply) {
        act<void>(core, reply, engine::ApprovePolicyChange{{change}}, {});
    });
}

void Party::whoCouldMove(api::WithdrawalPolicy policy, api::Amount amount, Done<api::MoversRow> done) {
    m_inside->query<api::MoversRow>(std::move(done), [policy, amount](RowMaker& maker, Core& core) {
        const api::AccountInfo me = maker.account();
        std::vector<UserId> treasurers;
        for (const api::UserRow& user : me.users) {
            const auto& devices = core.replica().devices();
            const bool hasDevice = std::any_of(devices.begin(), devices.end(),
                                               [&](const auto& one) { return one.second.user == user.id; });
            if ((user.roles & api::kTreasurer) != 0 && hasDevice) treasurers.push_back(user.id);
        }
        const treasury::Movers movers = treasury::whoCouldMove(toEngine(policy), amount, std::move(treasurers));
        api::MoversRow row{movers.needed, {}, movers.possible()};
        for (const api::UserRow& user : me.users) {
            if (hasUser(movers.of, user.id)) row.of.push_back(user);
        }
        return row;
    });
}

} // namespace tallylock::party
