// What whoever runs a node may ask and do. As core/api/Session.h: asynchronous, answers on the caller's thread.
#pragma once

#include "core/api/Session.h"

namespace tallylock::api {

/// All accounts of one purpose and unit together.
struct LedgerRow {
    UnitId unit{};
    std::string purpose; ///< "available", "fees", "custody", ...
    Amount total;
    Amount held;
    std::uint64_t accounts = 0;
};

/// A unit as the ledger has it, against what the rail or bank that carries it says that it holds.
struct ReconciliationRow {
    std::string place; ///< name of the rail or bank; empty: nobody carries the unit
    UnitId unit{};
    Amount ledger;                 ///< what should lie there
    std::optional<Amount> outside; ///< what does; none: it does not answer
    Amount unconfirmed;            ///< deposits that it has in a block, and that do not count yet
    Amount paying;                 ///< withdrawals that it has been asked to pay: it may have
    Amount losses;                 ///< payments that vanished after their money was spent; in `ledger` already
    Amount difference;             ///< outside - ledger
    Amount unexplained;            ///< what neither of them explains
};

enum class RuleKind : std::uint8_t { Size, Speed, Structuring, Address, kCount };
/// A rule of the watch: core/treasury/Watch.h says what each kind looks at.
struct RuleRow {
    std::uint64_t id = 0; ///< chosen by the operator
    RuleKind kind{};
    bool out = false; ///< money going out; else coming in
    Amount amount;
    std::int64_t windowMs = 0;
    std::uint32_t count = 0;
    std::uint32_t nearBasisPoints = 0;
    bool hold = false; ///< its cases are held from the beginning
};

enum class CaseDecision : std::uint8_t { Hold, Release, Freeze, kCount };
struct CaseRow {
    std::uint64_t id = 0;
    HolderId holder;
    std::string name; ///< the holder's
    std::uint64_t rule = 0;
    RuleKind kind{};
    bool held = false;
    bool out = false;
    Amount amount; ///< of the transaction that raised it; zero: an address was entered
    std::string place;
    std::uint64_t withdrawal = 0; ///< or none
    std::uint64_t transactions = 0;
    std::int64_t raisedMs = 0;
    std::int64_t changedMs = 0;
    std::string reason; ///< of the last decision
};

/// A sale that somebody has to decide about.
struct DisputedSaleRow {
    SaleId sale;
    std::string buyer;
    std::string seller;
    Amount price;
    Amount holdback; ///< what there is to decide about
    std::int64_t deadlineMs = 0;
    DisputeRow dispute;
};

/// An account, as whoever runs the coordinator sees it.
struct OperatedUserRow {
    UserId id;
    std::string name;
    std::uint32_t roles = 0;
    std::uint64_t devices = 0;
};
struct OperatedAccountRow {
    HolderId holder;
    std::string name;
    bool isInstitution = false;
    Standing standing{};
    std::string evidence; ///< where what the standing rests on is to be found
    std::vector<OperatedUserRow> users;
};

/// A deposit that has arrived and could not be credited.
struct SuspenseRow {
    std::string rail;
    std::string name; ///< of a chain "TRANSACTION:OUTPUT", with the transaction in hex; of a bank its entry's number
    std::string identifier;
    HolderId holder; ///< whose identifier that is, where only the unit is wrong; else none
    Amount amount;
};

/// How the coordinator stands.
struct NodeRow {
    std::uint64_t batch = 0;
    std::uint64_t sequence = 0;
    Hash head;                          ///< of the journal
    bool isClockHeld = false;           ///< the clock has jumped: no deadline fires until confirmClock()
    std::vector<Amount> withdrawalFees; ///< one a unit that has one
};

class Operator {
public:
    virtual ~Operator() = default;

    // --- the books ---
    virtual void trialBalance(Done<std::vector<LedgerRow>> done) = 0;
    /// Newest first.
    virtual void statement(HolderId holder, UnitId unit, std::uint32_t limit, Done<std::vector<StatementRow>> done) = 0;
    virtual void reconciliation(Done<std::vector<ReconciliationRow>> done) = 0;

    /// By rail, then by name.
    virtual void suspense(Done<std::vector<SuspenseRow>> done) = 0;
    /// What lies in suspense by this name is this account's. The reason goes into the audit.
    virtual void assignSuspense(std::string rail, std::string name, HolderId holder, std::string reason,
                                Done<void> done) = 0;

    // --- cases ---
    /// Those that are not decided, oldest first.
    virtual void cases(Done<std::vector<CaseRow>> done) = 0;
    /// The reason goes into the audit.
    virtual void decide(std::uint64_t id, CaseDecision decision, std::string reason, Done<void> done) = 0;
    virtual void rules(Done<std::vector<RuleRow>> done) = 0;
    virtual void setRule(RuleRow rule, Done<void> done) = 0;
    virtual void removeRule(std::uint64_t id, Done<void> done) = 0;
    /// The addresses that are watched become those of this list: one a line; what follows a '#' is left out. Answers
    /// how many.
    virtual void watchAddresses(std::string list, Done<std::uint64_t> done) = 0;

    // --- disputes ---
    /// Oldest sale first.
    virtual void disputes(Done<std::vector<DisputedSaleRow>> done) = 0;
    /// As this node's arbiter: so much of the holdback to the buyer, the rest to the seller. Both are shown the reason.
    virtual void decideDispute(SaleId sale, Amount toBuyer, std::string reason, Done<void> done) = 0;

    // --- users ---
    /// In the order of their numbers.
    virtual void accounts(Done<std::vector<OperatedAccountRow>> done) = 0;
    virtual void setStanding(HolderId holder, Standing standing, std::string evidence, Done<void> done) = 0;
    /// Forgets a user's authenticator, for one who has lost it; the next withdrawal may need a new one.
    virtual void resetFactor(UserId user, Done<void> done) = 0;

    // --- markets ---
    virtual void markets(Done<std::vector<InstrumentRow>> done) = 0;
    /// Of the row: symbol, units, tick, lot, bounds, fees and collar.
    virtual void openMarket(InstrumentRow row, Done<void> done) = 0;
    /// A market that is halted takes nothing new; its orders stay and may be cancelled.
    virtual void haltMarket(InstrumentId market, bool halted, Done<void> done) = 0;
    /// What collars and quotes are measured from; zero: the window's, or the last trade's.
    virtual void setReference(InstrumentId market, Amount price, Done<void> done) = 0;
    /// Over how long trades make the reference; zero: no window.
    virtual void setReferenceWindow(InstrumentId market, std::int64_t windowMs, Done<void> done) = 0;

    // --- the coordinator itself ---
    virtual void status(Done<NodeRow> done) = 0;
    /// Of a clock that has jumped: it is right now.
    virtual void confirmClock(Done<void> done) = 0;
    virtual void setWithdrawalFee(Amount fee, Done<void> done) = 0;
};

} // namespace tallylock::api
