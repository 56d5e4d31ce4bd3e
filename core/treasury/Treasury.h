// Deposits: which identifier belongs to whom, and what has been credited.
//
// Credits exactly once for each (rail, transaction, output) and each (rail, entry number), whatever is reported how
// often and in which order: re-import, overlap, reorganisation. Moves no money itself: it says what to post. Pure and
// single-threaded; a refused call changes nothing.
//
// A deposit under way or in suspense is kept in full; one that is credited and buried deep enough leaves behind its
// name only, 36 bytes of memory, by which a repetition is recognised for ever.
#pragma once

#include "core/treasury/CompactSet.h"
#include "core/treasury/Deposit.h"

#include <map>
#include <optional>
#include <vector>

namespace tallylock::treasury {

/// How deep a deposit of a unit must lie.
struct Depth {
    std::uint32_t toCredit = 1; ///< N confirmations: credited
    std::uint32_t toForget = 1; ///< can no longer vanish: finished; at least toCredit
    bool operator==(const Depth&) const = default;
    static constexpr void fields(auto use) { use(field(1, &Depth::toCredit), field(2, &Depth::toForget)); }
};

class Treasury {
public:
    /// Units without a setting take 1 and 100. toForget is raised to toCredit.
    void setDepth(money::UnitId unit, Depth depth);
    Depth depthOf(money::UnitId unit) const;

    Result<void, TreasuryError> assign(const Assignment& assignment);
    std::optional<Assignment> find(const std::string& rail, const std::string& identifier) const;
    std::optional<std::string> identifierOf(const std::string& rail, DepositOwner owner, money::UnitId unit) const;
    /// Takes an identifier back when its sale is over, so that late money goes to suspense. False if there is none.
    bool unassign(const std::string& rail, const std::string& identifier);

    Result<DepositOutcome, TreasuryError> observe(const ChainDeposit& deposit);
    /// The transaction is no longer on the chain. It may come back, then observe() goes on with it. A credited deposit
    /// that is observed with no confirmation has vanished likewise.
    Result<DepositOutcome, TreasuryError> vanish(const std::string& rail, const Hash& transaction,
                                                 std::uint32_t output);
    Result<DepositOutcome, TreasuryError> observe(const BankEntry& entry);

    /// Deposits in suspense; by rail, then by name. Linear in the deposits that are kept in full.
    std::vector<SuspendedDeposit> suspended() const;
    /// What is in suspense is this holder's from now on, also if it vanishes and comes back. UnknownDeposit: there is
    /// no such deposit in suspense, or not now. OwnerInvalid: it was paid to somebody else's place, in another unit
    /// than that is for. `entry`: of a bank; else the transaction's output.
    Result<DepositOutcome, TreasuryError> settle(const std::string& rail, const Hash& transaction, std::uint32_t output,
                                                 const std::string& entry, HolderId holder);

    /// Pending deposits of an owner. Linear in the deposits under way.
    std::vector<PendingDeposit> pendingOf(DepositOwner owner) const;
    /// Of all owners, and of nobody.
    std::vector<PendingDeposit> pending() const;
    /// Deposits that are remembered in full.
    std::size_t activeCount() const;

    void save(CborWriter& writer) const;
    static Result<Treasury, CborError> load(CborReader& reader);

private:
    enum class State : std::uint8_t { Pending, Credited, Undone, kCount };
    struct Active {
        std::string identifier;
        money::Amount amount;
        State state = State::Pending;
        DepositOwner owner; // as credited, or as expected while pending
        SuspenseCause cause = SuspenseCause::None;
        std::uint32_t confirmations = 0;
        bool operator==(const Active&) const = default;
        static constexpr void fields(auto use) {
            use(field(1, &Active::identifier), field(2, &Active::amount), field(3, &Active::state),
                field(4, &Active::owner), field(5, &Active::cause), field(6, &Active::confirmations));
        }
    };
    struct OutputName {
        Hash transaction;
        std::uint32_t output = 0;
        auto operator<=>(const OutputName&) const = default;
        static constexpr void fields(auto use) {
            use(field(1, &OutputName::transaction), field(2, &OutputName::output));
        }
    };
    /// A bank may report an entry again, and then must report the same.
    struct EntryName {
        std::string entry;
        std::uint64_t content = 0;
        bool operator<(const EntryName& other) const { return entry < other.entry; }
        static constexpr void fields(auto use) { use(field(1, &EntryName::entry), field(2, &EntryName::content)); }
    };
    struct Rail {
        std::map<std::string, Assignment> assignments; // by identifier
        std::map<std::pair<DepositOwner, money::UnitId>, std::string> identifiers;
        std::map<OutputName, Active> chain;
        std::map<std::string, Active> bank; // by entry number: announced, or in suspense
        CompactSet<OutputName> finishedOutputs;
        CompactSet<EntryName> finishedEntries;
    };

    DepositOutcome outcomeOf(DepositEffect effect, const Active& deposit) const;
    static void expect(const Rail& rail, Active& deposit);
    static bool isSuspended(const Active& deposit) {
        return deposit.state == State::Credited && deposit.cause != SuspenseCause::None;
    }
    void forgetIfDeep(Rail& rail, std::map<OutputName, Active>::iterator place);
    DepositEffect follow(const Rail& rail, Active& deposit, bool moved) const;
    static void saveRail(CborWriter& writer, const Rail& rail);
    static bool indexIdentifiers(Rail& rail);
    static void loadRail(CborReader& reader, const std::string& name, Rail& rail);

    std::map<money::UnitId, Depth> m_depths;
    std::map<std::string, Rail> m_rails;
};

} // namespace tallylock::treasury
