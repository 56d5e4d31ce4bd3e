// Who may act for an account, and how money leaves it. As core/api/Session.h: asynchronous as if remote, answers on the
// caller's thread.
#pragma once

#include "core/api/Session.h"

namespace tallylock::api {

/// A place outside that may be paid at.
struct PayoutAddressRow {
    std::uint64_t id = 0;
    UnitId unit{};
    std::string address;
    std::string label;
    std::int64_t usableFromMs = 0; ///< nothing goes there before
};

enum class WithdrawalState : std::uint8_t {
    Requested, ///< waits for approvals
    Approved,  ///< waits for a rail
    Paying,    ///< can no longer be cancelled
    Sent,
    Failed, ///< the rail refused; the money is free again
    Cancelled,
    Expired, ///< not approved in time
    kCount
};

struct WithdrawalRow {
    std::uint64_t id = 0;
    Amount amount;
    Amount fee; ///< on top
    std::string to;
    WithdrawalState state{};
    UserId user; ///< who asked
    std::uint32_t approvals = 0;
    std::uint32_t approvalsNeeded = 0;
    bool mineToApprove = false; ///< it waits for approvals, and this user's counts
    std::int64_t requestedMs = 0;
    std::int64_t changedMs = 0;
    std::string rail;
    std::string reference;          ///< the rail's name of the payment, or why it refused
    std::vector<UserId> approvedBy; ///< in the order of approval
    std::int64_t expiresMs = 0;     ///< while it waits for approvals; else 0
    bool mineToCancel = false;      ///< it can still be cancelled, and this user may
    SaleId sale;                    ///< no user has asked: it came back out of this sale. 0: a user has
};

/// The limits have one amount a unit; a unit that is missing has none.
struct WithdrawalPolicy {
    std::uint32_t approvals = 0;
    std::int64_t waitingMs = 0;
    std::vector<Amount> userDay;
    std::vector<Amount> holderDay;
    bool secondFactor = false;
};

struct PolicyChangeRow {
    std::uint64_t id = 0;
    WithdrawalPolicy policy;
    UserId proposer;
    std::uint32_t approvals = 0;
    std::uint32_t approvalsNeeded = 0;
    bool approved = false;
    std::int64_t dueMs = 0;     ///< approved: when it begins; else when it is given up
    bool mineToApprove = false; ///< it waits for approvals, and this user's counts
};

struct PolicyRow {
    WithdrawalPolicy policy; ///< in force
    std::optional<PolicyChangeRow> pending;
};

/// Any `needed` of these users together could move it, within one day; nobody if `possible` is false.
struct MoversRow {
    std::size_t needed = 0;
    std::vector<UserRow> of;
    bool possible = false;
};

class Treasury {
public:
    virtual ~Treasury() = default;

    // --- users, by an administrator ---
    virtual void addDevice(UserId user, IdentityKey key, Done<void> done) = 0;
    virtual void removeDevice(IdentityKey key, Done<void> done) = 0;
    virtual void setRoles(UserId user, std::uint32_t roles, Done<void> done) = 0;
    virtual void setOrderLimit(UserId user, Amount most, Done<void> done) = 0;
    virtual void setAssetAccount(UnitId unit, std::string address, Done<void> done) = 0;

    // --- deposits ---
    /// Newest first. What was paid for a sale is not among them.
    virtual void deposits(Done<std::vector<IncomingRow>> done) = 0;

    // --- address book ---
    virtual void payoutAddresses(Done<std::vector<PayoutAddressRow>> done) = 0;
    virtual void addPayoutAddress(UnitId unit, std::string address, std::string label, Done<std::uint64_t> done) = 0;
    virtual void removePayoutAddress(std::uint64_t address, Done<void> done) = 0;

    // --- withdrawals ---
    /// What a withdrawal costs on top, one amount a unit; a unit that is missing costs nothing.
    virtual void withdrawalFees(Done<std::vector<Amount>> done) = 0;
    /// Newest first, those that are over included.
    virtual void withdrawals(Done<std::vector<WithdrawalRow>> done) = 0;
    virtual void requestWithdrawal(std::uint64_t address, Amount amount, Done<std::uint64_t> done) = 0;
    virtual void approveWithdrawal(std::uint64_t withdrawal, Done<void> done) = 0;
    virtual void cancelWithdrawal(std::uint64_t withdrawal, Done<void> done) = 0;

    // --- policy ---
    virtual void withdrawalPolicy(Done<PolicyRow> done) = 0;
    /// Answers with the number of the change, or zero if it is in force already.
    virtual void setWithdrawalPolicy(WithdrawalPolicy policy, Done<std::uint64_t> done) = 0;
    virtual void approvePolicyChange(std::uint64_t change, Done<void> done) = 0;
    /// What a policy would allow, before it is switched on. Nothing is sent.
    virtual void whoCouldMove(WithdrawalPolicy policy, Amount amount, Done<MoversRow> done) = 0;
};

} // namespace tallylock::api
