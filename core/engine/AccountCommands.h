// The part of Commands.h that is about users, standing and money going out. Included by it alone.
#pragma once

#include "core/engine/Terms.h"
#include "core/treasury/Withdrawal.h"

namespace tallylock::engine {

// --- parties (14..19) ----------------------------------------------------------------------------------------------

/// An administrator lets another device speak for a user of the same holder. It waits as the withdrawal policy says
/// before it may move money out.
struct AddDevice {
    static constexpr std::uint64_t kType = 14;
    UserId user;
    IdentityKey key;
    static constexpr void fields(auto use) { use(field(1, &AddDevice::user), field(2, &AddDevice::key)); }
};
struct RemoveDevice {
    static constexpr std::uint64_t kType = 15;
    IdentityKey key;
    static constexpr void fields(auto use) { use(field(1, &RemoveDevice::key)); }
};
struct SetRoles {
    static constexpr std::uint64_t kType = 16;
    UserId user;
    std::uint32_t roles = 0; ///< bits of parties::Role
    static constexpr void fields(auto use) { use(field(1, &SetRoles::user), field(2, &SetRoles::roles)); }
};
/// The most that one order of a user may be worth, in the quote's unit; zero forbids orders.
struct SetOrderLimit {
    static constexpr std::uint64_t kType = 17;
    UserId user;
    Amount most;
    static constexpr void fields(auto use) { use(field(1, &SetOrderLimit::user), field(2, &SetOrderLimit::most)); }
};
/// Where the holder's own coins of a unit lie outside.
struct SetAssetAccount {
    static constexpr std::uint64_t kType = 18;
    UnitId unit{};
    std::string address;
    static constexpr void fields(auto use) {
        use(field(1, &SetAssetAccount::unit), field(2, &SetAssetAccount::address));
    }
};
/// Coordinator: what the operator has found out about a holder.
struct SetStanding {
    static constexpr std::uint64_t kType = 19;
    HolderId holder;
    std::uint8_t standing = 0; ///< parties::Standing
    std::string evidence;      ///< a reference to what it rests on; never the evidence itself
    static constexpr void fields(auto use) {
        use(field(1, &SetStanding::holder), field(2, &SetStanding::standing), field(3, &SetStanding::evidence));
    }
};

// --- treasury (24..29, 70..) ---------------------------------------------------------------------------------------
// Withdrawals: docs/decisions/withdrawals.md.

struct AddPayoutAddress {
    static constexpr std::uint64_t kType = 24;
    UnitId unit{};
    std::string address;
    std::string label;
    static constexpr void fields(auto use) {
        use(field(1, &AddPayoutAddress::unit), field(2, &AddPayoutAddress::address),
            field(3, &AddPayoutAddress::label));
    }
};
struct RemovePayoutAddress {
    static constexpr std::uint64_t kType = 25;
    treasury::PayoutAddressId address;
    static constexpr void fields(auto use) { use(field(1, &RemovePayoutAddress::address)); }
};
/// Verifies the balance and holds amount and fee in one act.
struct RequestWithdrawal {
    static constexpr std::uint64_t kType = 26;
    treasury::PayoutAddressId address;
    Amount amount; ///< what arrives; the fee comes on top
    static constexpr void fields(auto use) {
        use(field(1, &RequestWithdrawal::address), field(2, &RequestWithdrawal::amount));
    }
};
struct ApproveWithdrawal {
    static constexpr std::uint64_t kType = 27;
    treasury::WithdrawalId withdrawal;
    static constexpr void fields(auto use) { use(field(1, &ApproveWithdrawal::withdrawal)); }
};
/// Any treasurer or administrator of the holder, until a rail has been named.
struct CancelWithdrawal {
    static constexpr std::uint64_t kType = 28;
    treasury::WithdrawalId withdrawal;
    static constexpr void fields(auto use) { use(field(1, &CancelWithdrawal::withdrawal)); }
};
/// Coordinator: this rail will pay it, and no other. Journaled before the rail is asked.
struct StartWithdrawal {
    static constexpr std::uint64_t kType = 29;
    treasury::WithdrawalId withdrawal;
    std::string rail;
    static constexpr void fields(auto use) {
        use(field(1, &StartWithdrawal::withdrawal), field(2, &StartWithdrawal::rail));
    }
};
/// Coordinator: the rail has paid, or has refused for good.
struct ReportWithdrawal {
    static constexpr std::uint64_t kType = 70;
    treasury::WithdrawalId withdrawal;
    bool sent = false;
    std::string reference; ///< the rail's name of the payment, or why it refused
    static constexpr void fields(auto use) {
        use(field(1, &ReportWithdrawal::withdrawal), field(2, &ReportWithdrawal::sent),
            field(3, &ReportWithdrawal::reference));
    }
};
/// An administrator. What is stricter in every point begins at once; anything looser needs the approvals of the policy
/// in force, and then waits. It takes the place of a change that is under way.
struct SetWithdrawalPolicy {
    static constexpr std::uint64_t kType = 71;
    treasury::WithdrawalPolicy policy;
    static constexpr void fields(auto use) { use(field(1, &SetWithdrawalPolicy::policy)); }
};
struct ApprovePolicyChange {
    static constexpr std::uint64_t kType = 72;
    treasury::PolicyChangeId change;
    static constexpr void fields(auto use) { use(field(1, &ApprovePolicyChange::change)); }
};
/// Coordinator: what a withdrawal of this unit costs from now on.
/// Coordinator: a deposit that lies in suspense is this holder's. For a chain's the transaction and its output, for a
/// bank's the number of its entry.
struct AssignSuspense {
    static constexpr std::uint64_t kType = 83;
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0;
    std::string entry;
    HolderId holder;
    std::string reason; ///< for the audit
    static constexpr void fields(auto use) {
        use(field(1, &AssignSuspense::rail), field(2, &AssignSuspense::transaction), field(3, &AssignSuspense::output),
            field(4, &AssignSuspense::entry), field(5, &AssignSuspense::holder), field(6, &AssignSuspense::reason));
    }
};
struct SetWithdrawalFee {
    static constexpr std::uint64_t kType = 73;
    Amount fee;
    static constexpr void fields(auto use) { use(field(1, &SetWithdrawalFee::fee)); }
};
/// Coordinator: a one-time code of this device's user was right, for this command and no other. The code and its
/// secret are nowhere in the journal; the step is, so that it counts once.
struct ConfirmSecondFactor {
    static constexpr std::uint64_t kType = 74;
    IdentityKey device;
    Hash command; ///< hash of the signed command that follows
    std::uint64_t step = 0;
    static constexpr void fields(auto use) {
        use(field(1, &ConfirmSecondFactor::device), field(2, &ConfirmSecondFactor::command),
            field(3, &ConfirmSecondFactor::step));
    }
};

} // namespace tallylock::engine
