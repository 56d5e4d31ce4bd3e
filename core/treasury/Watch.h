// Watching transactions: rules over what comes in and goes out of accounts, and the cases that they raise.
//
// Rules are data: a table that an operator sets. A transaction that meets a rule raises a case for its holder, or adds
// to the one that this rule has raised already, so that cases are bounded by holders and rules. While a case is held,
// no withdrawal of its holder is begun. A case that is decided leaves memory. Moves no money and reads no clock. Pure
// and single-threaded; a refused call changes nothing.
#pragma once

#include "core/treasury/Withdrawal.h"

#include <deque>
#include <map>
#include <set>

namespace tallylock::treasury {

using WatchRuleId = Number<struct WatchRuleMeaning>; ///< chosen by the operator
using CaseId = Number<struct CaseMeaning>;

enum class Way : std::uint8_t { In, Out, kCount };
const char* nameOf(Way way);

enum class RuleKind : std::uint8_t {
    Size,        ///< one transaction of `amount` or more
    Speed,       ///< `count` transactions or more within `windowMs`, of `amount` or more together
    Structuring, ///< `count` or more within `windowMs`, each below `amount`, but not below `nearBasisPoints` of it
    Address,     ///< a place of the list of watched addresses; going out only
    kCount
};
const char* nameOf(RuleKind kind);

struct WatchRule {
    WatchRuleId id;
    RuleKind kind{};
    Way way{};
    money::Amount amount; ///< says the unit, too; Speed: zero for any sum; Address: zero of any unit, for all units
    std::int64_t windowMs = 0;         ///< Speed, Structuring; else zero
    std::uint32_t count = 0;           ///< Speed, Structuring; else zero
    std::uint32_t nearBasisPoints = 0; ///< Structuring; else zero
    bool hold = false;                 ///< its cases are held from the beginning
    bool operator==(const WatchRule&) const = default;
    static constexpr void fields(auto use) {
        using R = WatchRule;
        use(field(1, &R::id), field(2, &R::kind), field(3, &R::way), field(4, &R::amount), field(5, &R::windowMs),
            field(6, &R::count), field(7, &R::nearBasisPoints), field(8, &R::hold));
    }
};

/// Open -> Held -> Released | Frozen; Open -> Released | Frozen
enum class CaseState : std::uint8_t {
    Open,     ///< raised
    Held,     ///< no withdrawal of its holder is begun
    Released, ///< over: nothing was wrong
    Frozen,   ///< over: the account is frozen
    kCount
};
const char* nameOf(CaseState state);

struct Case {
    CaseId id;
    HolderId holder;
    WatchRuleId rule;
    RuleKind kind{};
    CaseState state{};
    Way way{};                      ///< of the transaction that raised it, like the next three
    money::Amount amount;           ///< zero: an address was entered
    std::string place;              ///< where it goes, or the rail it came over
    WithdrawalId withdrawal;        ///< none: it was no withdrawal
    std::uint64_t transactions = 0; ///< that have met the rule so far
    std::int64_t raisedMs = 0;
    std::int64_t changedMs = 0;
    std::string reason; ///< of the last decision
    bool operator==(const Case&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Case::id), field(2, &Case::holder), field(3, &Case::rule), field(4, &Case::kind),
            field(5, &Case::state), field(6, &Case::way), field(7, &Case::amount), field(8, &Case::place),
            field(9, &Case::withdrawal), field(10, &Case::transactions), field(11, &Case::raisedMs),
            field(12, &Case::changedMs), field(13, &Case::reason));
    }
    bool isOver() const { return state >= CaseState::Released; }
};

/// What a rule looks at.
struct Move {
    HolderId holder;
    Way way{};
    money::Amount amount; ///< zero: an address was entered
    std::string place;
    bool listed = false; ///< the place is a watched address
    WithdrawalId withdrawal;
};

enum class WatchError { RuleInvalid, RuleUnknown, RulesTooMany, ListTooLong, CaseUnknown, WrongState };

class Watch {
public:
    static constexpr std::size_t kMostRules = 100;
    static constexpr std::size_t kMostListed = 1'000'000;
    static constexpr std::int64_t kLongestWindowMs = std::int64_t{31} * 24 * 3600 * 1000;
    static constexpr std::uint32_t kMostCount = 100;

    // --- rules ---
    /// Adds or replaces. What no rule has looked back to until now is not brought back. RuleInvalid, RulesTooMany.
    Result<void, WatchError> setRule(const WatchRule& rule, std::int64_t nowMs);
    /// Its cases stay. RuleUnknown.
    Result<WatchRule, WatchError> removeRule(WatchRuleId id, std::int64_t nowMs);
    const std::map<WatchRuleId, WatchRule>& rules() const { return m_rules; }

    // --- watched addresses, by their hashes ---
    /// Says how many there are then. Adding one twice, or removing what is not there, changes nothing. ListTooLong.
    Result<std::size_t, WatchError> changeList(const std::vector<Hash>& add, const std::vector<Hash>& remove);
    const std::set<Hash>& listed() const { return m_listed; }

    // --- cases ---
    /// The cases that it raises or adds to, as they are then.
    std::vector<Case> note(const Move& move, std::int64_t nowMs);
    /// Gives the case as it then is; one that is over is gone. CaseUnknown, WrongState: it is held already.
    Result<Case, WatchError> decide(CaseId id, CaseState decision, const std::string& reason, std::int64_t nowMs);
    const std::map<CaseId, Case>& cases() const { return m_cases; }
    bool isHeld(HolderId holder) const { return m_heldOf.contains(holder); }

    void save(CborWriter& writer) const;
    static Result<Watch, CborError> load(CborReader& reader);

private:
    struct Flow {
        HolderId holder;
        money::UnitId unit;
        Way way{};
        auto operator<=>(const Flow&) const = default;
        static constexpr void fields(auto use) {
            use(field(1, &Flow::holder), field(2, &Flow::unit), field(3, &Flow::way));
        }
    };
    struct Past {
        std::int64_t timeMs = 0;
        money::Amount amount;
        static constexpr void fields(auto use) { use(field(1, &Past::timeMs), field(2, &Past::amount)); }
    };

    bool meets(const WatchRule& rule, const Move& move, std::int64_t nowMs) const;
    void remember(const Move& move, std::int64_t nowMs);
    void forget(std::int64_t nowMs);
    std::int64_t longestWindowMs() const;
    bool index();

    std::map<WatchRuleId, WatchRule> m_rules;
    std::set<Hash> m_listed;
    std::map<Flow, std::deque<Past>> m_past; ///< the last kMostCount of each, as long as the longest window
    std::map<CaseId, Case> m_cases;          ///< open or held
    std::uint64_t m_lastCase = 0;

    // Derived.
    std::multimap<std::int64_t, Flow> m_byTime; ///< what is in m_past, so that it is forgotten in time
    std::map<std::pair<HolderId, WatchRuleId>, CaseId> m_caseOf;
    std::map<HolderId, std::size_t> m_heldOf; ///< cases that are held
};

} // namespace tallylock::treasury
