// Deposits: which identifier belongs to whom, and what has been credited.
//
// Credits exactly once for each (rail, transaction, output) and each (rail, entry number), whatever is reported how
// often and in which order: re-import, overlap, reorganisation. Moves no money itself: it says what to post. Pure and
// single-threaded; a refused call changes nothing.
//
// A deposit under way is kept in full; one that is buried deep enough leaves behind its 44-byte name only, by which a
// repetition is recognised for ever.
#pragma once

#include "core/base/FlatMap.h"
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
    static constexpr auto fields() { return std::tuple{field(1, &Depth::toCredit), field(2, &Depth::toForget)}; }
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
    /// The transaction is no longer on the chain. It may come back, then observe() goes on with it.
    Result<DepositOutcome, TreasuryError> vanish(const std::string& rail, const Hash& transaction,
                                                 std::uint32_t output);
    Result<DepositOutcome, TreasuryError> observe(const BankEntry& entry);

    /// Pending deposits of an owner. Linear in the deposits under way.
    std::vector<PendingDeposit> pendingOf(DepositOwner owner) const;
    std::size_t activeCount() const { return m_active.size(); }

    void save(CborWriter& writer) const;
    static Result<Treasury, CborError> load(CborReader& reader);

private:
    enum class State : std::uint8_t { Pending, Credited, Vanished, kCount };
    /// A deposit under way: by (rail, transaction, output), or (rail, entry number).
    struct Key {
        std::string rail;
        std::string name; // 36 bytes of a transaction output, or a bank's entry number behind a letter
        auto operator<=>(const Key&) const = default;
    };
    struct Active {
        std::string identifier;
        money::Amount amount;
        State state = State::Pending;
        DepositOwner owner; // fixed when credited
        SuspenseCause cause = SuspenseCause::None;
        std::uint32_t confirmations = 0;
        bool operator==(const Active&) const = default;
        static constexpr auto fields() {
            return std::tuple{field(1, &Active::identifier), field(2, &Active::amount),
                              field(3, &Active::state),      field(4, &Active::owner),
                              field(5, &Active::cause),      field(6, &Active::confirmations)};
        }
    };

    DepositOutcome outcomeOf(DepositEffect effect, const Active& deposit) const;
    void settle(Active& deposit) const;

    std::map<money::UnitId, Depth> m_depths;
    std::map<std::pair<std::string, std::string>, Assignment> m_assignments;
    std::map<std::tuple<std::string, DepositOwner, money::UnitId>, std::string> m_identifiers;
    std::map<Key, Active> m_active;
    std::map<std::string, std::vector<std::string>> m_finished;
};

} // namespace tallylock::treasury
