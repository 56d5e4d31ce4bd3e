// The electronic ledger: double entry with holds.
//
// Owns every balance and every hold. Every change of a balance is a transfer whose legs sum to zero for each unit, so
// the sum over all accounts is zero for each unit, always. Money that is held still belongs to its account but
// cannot be spent, except by a transfer that consumes the hold. A refused call changes nothing.
//
// Knows nothing of orders, sales or rails; remembers no past: entries go to whoever keeps history, finished holds
// and emptied accounts of finished sales leave memory. Pure and single-threaded: no clock, no randomness.
#pragma once

#include "core/base/FlatMap.h"
#include "core/ledger/Account.h"
#include "core/ledger/HoldPool.h"

#include <span>
#include <vector>

namespace tallylock::ledger {

struct Leg {
    AccountKey account;
    Int128 delta = 0;
    bool operator==(const Leg& o) const { return account == o.account && delta == o.delta; }
    static constexpr void fields(auto use) { use(field(1, &Leg::account), field(2, &Leg::delta)); }
};

struct Transfer {
    Reason reason = Reason::Deposit;
    std::uint64_t ref = 0; ///< what it is about: a sale, an instruction, a deposit
    std::vector<Leg> legs;
    bool operator==(const Transfer&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Transfer::reason), field(2, &Transfer::ref), field(3, &Transfer::legs));
    }
};

/// A leg by handle.
struct FastLeg {
    AccountHandle account;
    Int128 delta = 0;
};

/// Takes `amount` out of a hold within a transfer. What the legs then do not debit is free again.
struct HoldUse {
    HoldId hold;
    Int128 amount = 0;
};

struct HoldRow {
    HoldId id;
    AccountKey account;
    Int128 remaining = 0;
    Reason reason = Reason::Order;
    std::uint64_t ref = 0;
    bool operator==(const HoldRow& o) const {
        return id == o.id && account == o.account && remaining == o.remaining && reason == o.reason && ref == o.ref;
    }
};

/// In the order in which they are tested.
enum class LedgerError {
    NoLegs,            ///< a transfer needs two legs at least
    Unbalanced,        ///< the legs of some unit do not sum to zero
    NotPositive,       ///< a hold, or a part of one, must be above zero
    UnknownHold,       ///< finished, or never made
    HoldTooSmall,      ///< more is asked of a hold than is left in it
    Overflow,          ///< a balance, or the sum of the legs, would leave 128 bits
    InsufficientFunds, ///< an account would spend what it does not have, or what is held
};
const char* nameOf(LedgerError error);

class Ledger {
public:
    Result<EntryId, LedgerError> post(const Transfer& transfer, std::span<const HoldUse> uses = {}) {
        return post(std::span<const Leg>(transfer.legs), uses);
    }
    Result<EntryId, LedgerError> post(std::span<const Leg> legs, std::span<const HoldUse> uses = {});
    /// An account with a reference that is left with nothing is closed, also if the entry is refused.
    Result<EntryId, LedgerError> post(std::span<const FastLeg> legs, std::span<const HoldUse> uses = {});

    /// Verifies the balance and holds it, in one act. Accounts that may be negative can hold any amount.
    Result<HoldId, LedgerError> hold(const AccountKey& account, Int128 amount, Reason reason, std::uint64_t ref);
    Result<HoldId, LedgerError> hold(AccountHandle account, Int128 amount, Reason reason, std::uint64_t ref);
    /// Ends a hold; says how much of it was left.
    Result<Int128, LedgerError> release(HoldId hold);
    /// Makes a hold larger or smaller, as if it had been made so. NotPositive, UnknownHold, Overflow,
    /// InsufficientFunds.
    Result<void, LedgerError> resize(HoldId hold, Int128 amount);
    /// Makes a part of a hold available again; all of it ends the hold.
    Result<void, LedgerError> releasePart(HoldId hold, Int128 amount);

    /// Opens the account in memory if need be, which is no change of state. The key must have no reference.
    AccountHandle handleOf(const AccountKey& account);
    /// The same legs by handle, for the very next post(); until the one after that, what it says of accounts without a
    /// reference stays good.
    std::span<const FastLeg> place(std::span<const Leg> legs);
    // For what will be used in a moment, because memory is slow: first the way to an account or a hold, then itself.
    void prefetchPlace(const AccountKey& account) const;
    void prefetch(const AccountKey& account) const;
    void prefetchPlace(HoldId hold) const { m_holds.prefetchPlace(hold); }
    void prefetch(HoldId hold) const { m_holds.prefetch(hold); }
    const AccountKey& keyOf(AccountHandle account) const { return m_accounts[account.index].key; }

    Balance balance(const AccountKey& account) const; ///< zero for an account never used
    Balance balance(AccountHandle account) const {
        return {m_accounts[account.index].total, m_accounts[account.index].held};
    }
    std::optional<HoldRow> findHold(HoldId hold) const;
    /// Zero for a hold that is finished, or was never made.
    Int128 remainingOf(HoldId hold) const {
        const Hold* found = m_holds.find(hold);
        return found ? found->remaining : 0;
    }
    /// Linear in all holds; by number.
    std::vector<HoldRow> holdsOf(const AccountKey& account) const;
    std::size_t holdCount() const { return m_holds.size(); }
    std::size_t accountsInMemory() const { return m_accounts.size() - m_freeAccounts.size(); }
    /// Linear in all accounts; sorted by key; those with nothing are left out.
    std::vector<BalanceRow> accountsOf(HolderId holder) const;
    std::vector<BalanceRow> trialBalance() const;

    /// The running sum of a unit: zero, unless there is a bug.
    Int128 sumOf(UnitId unit) const { return unit.value < m_sums.size() ? m_sums[unit.value] : 0; }
    /// Adds everything up anew: every unit sums to zero, every account's held is the sum of its holds, nothing is
    /// negative that may not be. For tests, audits and after load; linear.
    bool checkSums() const;

    EntryId lastEntry() const { return m_lastEntry; }
    HoldId lastHold() const { return m_lastHold; }

    /// Canonical: equal state is equal bytes, whatever way it came about.
    void save(CborWriter& writer) const;
    static Result<Ledger, CborError> load(CborReader& reader);

private:
    struct alignas(64) Account { // one line of the cache
        AccountKey key;
        Int128 total = 0;
        Int128 held = 0;
    };

    std::uint32_t lookUp(const AccountKey& key) const;
    void enterIndex(const AccountKey& key, std::uint32_t index);
    std::uint32_t open(const AccountKey& key);
    void closeIfEmpty(std::uint32_t index);
    std::optional<LedgerError> tryPost(std::span<const FastLeg> legs, std::span<const HoldUse> uses);
    std::optional<LedgerError> checkBalanced(std::span<const FastLeg> legs);
    std::optional<LedgerError> takeHolds(std::span<const HoldUse> uses);
    void putBackHolds(std::span<const HoldUse> uses); // those that were taken
    std::optional<LedgerError> applyLegs(std::span<const FastLeg> legs);
    void undoLegs(std::span<const FastLeg> legs);
    bool isCovered(const Account& account) const;
    void loadAccounts(CborReader& reader);
    void loadHolds(CborReader& reader);
    HoldRow rowOf(const Hold& hold) const;
    template <class F>
    std::vector<BalanceRow> rowsWhere(F&& wanted) const;

    HugeVector<Account> m_accounts;
    std::vector<std::uint32_t> m_freeAccounts;
    /// What people have available, by unit and holder: numbers of holders are dense, so nothing is hashed.
    std::vector<std::vector<std::uint32_t>> m_available;
    FlatMap<AccountKey, std::uint32_t> m_indexOf; ///< all other accounts
    HoldPool m_holds;
    std::vector<Int128> m_sums; // by unit number
    struct UnitSum {
        UnitId unit;
        bool overflowed = false;
        Int128 sum = 0;
    };
    std::vector<UnitSum> m_unitSums; // of the transfer under way
    std::vector<Hold*> m_taken;      // whose uses are in it, in their order
    std::vector<FastLeg> m_scratch;
    EntryId m_lastEntry;
    HoldId m_lastHold;
};

} // namespace tallylock::ledger
