// Money going out: address book, requests and their approvals, limits, policies.
//
// Says what may be done and remembers what is under way; moves no money, asks no rail and reads no clock: the caller
// holds and posts, and names the time. That somebody is a treasurer of the holder is the caller's to know, too. What is
// over leaves memory. Pure and single-threaded; a refused call changes nothing.
#pragma once

#include "core/treasury/Withdrawal.h"

#include <map>
#include <set>
#include <variant>

namespace tallylock::treasury {

inline constexpr std::size_t kMaxPayoutAddresses = 200;  // of a holder
inline constexpr std::size_t kMaxOpenWithdrawals = 1000; // of a holder
inline constexpr std::size_t kMaxOpenForRefunds = 100;   // of a holder, of whatever kind
inline constexpr std::uint32_t kMaxApprovals = 100;
inline constexpr std::int64_t kMaxWaitingMs = std::int64_t{90} * 24 * 3600 * 1000;
/// How long a request or a policy change waits for its approvals.
inline constexpr std::int64_t kApprovalMs = std::int64_t{3} * 24 * 3600 * 1000;

/// Where nobody has set one: an institution needs one approval and an individual none, and what is new waits a day,
/// or not at all where everything is practice.
WithdrawalPolicy defaultPolicy(bool institution, bool practice);

/// Some point of `next` lets through what `now` does not.
bool isLooser(const WithdrawalPolicy& next, const WithdrawalPolicy& now);

/// "Who could move this?" Any `needed` of these users together, and no fewer, within one day that begins fresh; nobody
/// if `needed` is more than there are.
struct Movers {
    std::size_t needed = 0;
    std::vector<UserId> of;
    bool possible() const { return needed != 0 && needed <= of.size(); }
    bool operator==(const Movers&) const = default;
};
/// What a policy allows, before it is switched on. `treasurers`: who could act. Above the holder's limit, or where a
/// user's is zero, nobody can: `needed` is zero.
Movers whoCouldMove(const WithdrawalPolicy& policy, const money::Amount& amount, std::vector<UserId> treasurers);

class Withdrawals {
public:
    // --- policy ---
    /// nullptr: none was ever set, and the caller's default holds.
    const WithdrawalPolicy* policyOf(HolderId holder) const;
    const PolicyChange* pendingChange(HolderId holder) const;
    static Result<void, WithdrawalError> checkPolicy(const WithdrawalPolicy& policy);
    /// In force at once; a change that is under way is dropped.
    void setPolicy(HolderId holder, WithdrawalPolicy policy);
    /// A looser policy, judged by the one in force. It takes the place of another that is under way.
    const PolicyChange& propose(HolderId holder, UserId proposer, WithdrawalPolicy policy,
                                const WithdrawalPolicy& inForce, std::int64_t nowMs);
    Result<PolicyChange, WithdrawalError> approveChange(HolderId holder, UserId by, PolicyChangeId change,
                                                        const WithdrawalPolicy& inForce, std::int64_t nowMs);

    // --- devices ---
    /// It may not move money before this time.
    void holdBack(const IdentityKey& device, std::int64_t usableFromMs, std::int64_t nowMs);
    bool isHeldBack(const IdentityKey& device, std::int64_t nowMs) const;
    void forget(const IdentityKey& device) { m_heldBack.erase(device); }

    // --- address book ---
    Result<PayoutAddress, WithdrawalError> addAddress(HolderId holder, money::UnitId unit, const std::string& address,
                                                      const std::string& label, std::int64_t usableFromMs);
    Result<PayoutAddress, WithdrawalError> removeAddress(HolderId holder, PayoutAddressId id);
    std::vector<PayoutAddress> addressesOf(HolderId holder) const;
    /// One of this holder's that may be used now. AddressUnknown (also one of another unit), AddressWaiting.
    Result<PayoutAddress, WithdrawalError> usableAddress(HolderId holder, PayoutAddressId id, money::UnitId unit,
                                                         std::int64_t nowMs) const;

    // --- withdrawals ---
    void setFee(const money::Amount& fee);
    money::Amount feeOf(money::UnitId unit) const;

    /// The withdrawal as it would begin, without number and hold; or why not.
    Result<Withdrawal, WithdrawalError> prepare(HolderId holder, UserId user, PayoutAddressId address,
                                                const money::Amount& amount, const WithdrawalPolicy& policy,
                                                std::int64_t nowMs) const;
    /// The same of what came back to the holder out of a sale, for which no user asks: the fee is taken from it, and
    /// what a rail cannot move stays. No limit counts. AddressUnknown, AddressWaiting, AmountInvalid (nothing is left
    /// to move), WithdrawalsTooMany (sooner than for users, whom these leave room).
    Result<Withdrawal, WithdrawalError> prepareRefund(HolderId holder, SaleId sale, PayoutAddressId address,
                                                      const money::Amount& cameBack, std::int64_t nowMs) const;
    /// The number that the next one gets.
    WithdrawalId nextId() const { return {m_lastWithdrawal + 1}; }
    /// Begins what was prepared, now that its money is held.
    const Withdrawal& begin(Withdrawal prepared, HoldId hold);
    Result<Withdrawal, WithdrawalError> approve(HolderId holder, UserId by, WithdrawalId id, std::int64_t nowMs);
    /// Gives it as it ends; the caller releases the hold.
    Result<Withdrawal, WithdrawalError> cancel(HolderId holder, WithdrawalId id, std::int64_t nowMs);
    /// Naming the same rail again changes nothing.
    Result<Withdrawal, WithdrawalError> start(WithdrawalId id, const std::string& rail, std::int64_t nowMs);
    /// Gives it as it ends; the caller posts or releases.
    Result<Withdrawal, WithdrawalError> finish(WithdrawalId id, bool sent, const std::string& reference,
                                               std::int64_t nowMs);
    const Withdrawal* find(WithdrawalId id) const;
    /// Approved or being paid, oldest first: what is to be carried out.
    std::vector<Withdrawal> toCarryOut() const;
    /// What goes back out of this sale and has no rail yet, newest first.
    std::vector<Withdrawal> refundsNotBegun(SaleId sale) const;
    std::size_t openCount() const { return m_open.size(); }

    // --- one-time codes ---
    /// False if this step or a later one has been used by this user.
    bool confirm(UserId user, const Hash& command, std::uint64_t step);
    bool isConfirmed(UserId user, const Hash& command) const;

    // --- deadlines ---
    std::optional<std::int64_t> nextDeadlineMs() const;
    /// What ended or began because of the first deadline; the caller has seen that it is due.
    using Fired = std::variant<Withdrawal, PolicyChange>;
    Fired fireNext(std::int64_t nowMs);

    void save(CborWriter& writer) const;
    static Result<Withdrawals, CborError> load(CborReader& reader);

private:
    /// What was asked for on one day, by a user or by all of a holder.
    struct Spent {
        std::uint64_t who = 0;
        bool ofHolder = false;
        money::UnitId unit;
        auto operator<=>(const Spent&) const = default;
        static constexpr void fields(auto use) {
            use(field(1, &Spent::who), field(2, &Spent::ofHolder), field(3, &Spent::unit));
        }
    };
    struct Confirmed {
        std::uint64_t step = 0;
        Hash command;
        bool operator==(const Confirmed&) const = default;
        static constexpr void fields(auto use) { use(field(1, &Confirmed::step), field(2, &Confirmed::command)); }
    };
    enum class DeadlineKind : std::uint8_t { Withdrawal, PolicyChange };
    using Deadline = std::tuple<std::int64_t, DeadlineKind, std::uint64_t>; // time, kind, number or holder

    money::Int128 spent(const Spent& key, std::int64_t nowMs) const;
    void count(const Withdrawal& withdrawal);
    void giveBack(const Withdrawal& withdrawal, std::int64_t nowMs);
    std::size_t openOf(HolderId holder) const;
    Result<Withdrawal*, WithdrawalError> openOne(HolderId holder, WithdrawalId id);
    Withdrawal end(Withdrawal& withdrawal, WithdrawalState state, std::int64_t nowMs);
    void dropChange(HolderId holder);
    bool index();

    std::map<HolderId, WithdrawalPolicy> m_policies;
    std::map<HolderId, PolicyChange> m_changes;
    std::map<IdentityKey, std::int64_t> m_heldBack; // usable from
    std::map<PayoutAddressId, PayoutAddress> m_addresses;
    std::map<WithdrawalId, Withdrawal> m_open;
    std::map<money::UnitId, money::Amount> m_fees;
    std::map<UserId, Confirmed> m_confirmed;
    std::int64_t m_day = 0; // of m_spent, counted from 1970
    std::map<Spent, money::Amount> m_spent;
    std::uint64_t m_lastAddress = 0;
    std::uint64_t m_lastWithdrawal = 0;
    std::uint64_t m_lastChange = 0;

    // Derived.
    std::set<Deadline> m_deadlines;
    std::map<HolderId, std::set<PayoutAddressId>> m_addressesOf;
    std::map<HolderId, std::size_t> m_openOf;
};

} // namespace tallylock::treasury
