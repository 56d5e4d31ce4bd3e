// Bugs on purpose, for the tests of the independent auditor (tests/audit/tst_audit_bugs.cpp, tst_sale_bugs.cpp) and
// for nothing else. They compile ledger, treasury, market and engine once more with TALLYLOCK_PLANTED_BUGS and switch
// one bug on at a time. In every other build TALLYLOCK_PLANTED is `false`, and what it guards is gone. This is the list
// of all there are:
#pragma once

#ifdef TALLYLOCK_PLANTED_BUGS
#include <cstdint>

namespace tallylock {

enum class Planted {
    None,
    // ledger
    LegTwice,         ///< what an entry adds is added twice
    LostHold,         ///< money is said to be held, and is not
    KeptHold,         ///< the hold of a cancelled order stays
    HoldOfNothing,    ///< a hold needs no money
    MadeMoney,        ///< an entry of a trade is off by one part
    SkippedEntry,     ///< an entry's number is left out
    TakenBackTooMuch, ///< a deposit that vanishes leaves its holder below zero
    // market
    PriorityInverted, ///< the youngest of a level comes first
    TradedThrough,    ///< a seller gets a tick less than its limit
    StoppedEarly,     ///< prices that are equal do not meet
    TakersPrice,      ///< trades at the arriving order's price
    StaleLevel,       ///< a fill does not lower its level
    ClientIdTwice,    ///< a client's number may come again
    RefusalsSwapped,  ///< the quantity is tested before the price
    FillOrKillPartly, ///< what cannot be filled wholly is taken
    PostOnlyTakes,    ///< what would trade is taken
    RestKept,         ///< the rest of an immediate order comes to rest
    SelfTraded,       ///< the rule against it is passed over
    StopTooEarly,     ///< a tick before its price
    PlaceKept,        ///< an order that grows keeps its place
    FilledForgotten,  ///< a changed order begins anew
    CollarIgnored,    ///< any price is taken
    MarketUncollared, ///< an order at the market trades at any price
    HaltIgnored,      ///< orders are taken in a halted market
    ChangedInHalt,    ///< orders are changed in a halted market
    // engine
    DoubleCredit,       ///< a deposit is credited twice
    CreditedEarly,      ///< one confirmation too few
    FeeRoundedDown,     ///< a fee loses what the rounding added
    FeeElsewhere,       ///< fees go into the house's float
    InstructionSkipped, ///< a match makes none
    InstructionRenamed, ///< two have one number
    SurplusKept,        ///< what a better price left over stays held
    RefusedActs,        ///< a refused cancellation tells of a change
    FilledUntold,       ///< a filled order is said to be open
    NumberUntold,       ///< the reply lacks the order's number
    RatesSwapped,       ///< an instrument is published with maker's and taker's fee exchanged
    AskedTwice,         ///< an identifier that is on its way is asked for again
    FeePaidOut,         ///< the fee of a withdrawal leaves with its amount
    RepliesForgotten,   ///< a repeated command happens again
    Unrepeatable,       ///< the order's time is not the batch's
    SavedHalf,          ///< what an order has overpaid in fees is not saved
    HoldNotResized,     ///< a changed order holds what it held
    MarketHoldKept,     ///< what a market order did not need stays held
    StopsStay,          ///< cancelling all passes by what waits
    ToldToAll,          ///< everybody hears how somebody's order fares
    PolicyAtOnce,       ///< a looser policy begins without approval or wait
    DeviceAtOnce,       ///< a new device may move money out
    CodeUnasked,        ///< no one-time code is needed
    SuspenseTwice,      ///< what was in suspense may be given away again
    NeverExpires,       ///< a withdrawal that nobody approves waits for ever
    // what cancels by itself, and what collars are measured from
    DeadManAsleep,    ///< a dead-man switch does nothing when its time has come
    DeadManHurried,   ///< who is heard of again has no more time than before
    SessionOfAll,     ///< a session's end cancels what others of the account have open
    WindowUnweighted, ///< in a reference price a small trade counts like a large one
    WindowLasting,    ///< a trade counts beyond the window
    // watching
    HeldPaid,        ///< a held case stops no withdrawal
    CaseTwice,       ///< a transaction raises a case where it should add to one
    CaseTold,        ///< who is watched hears of it
    PastCounted,     ///< what is exactly as old as a rule's window counts
    FreezeForgotten, ///< a case is frozen, and its account is not
    // sales: for tests/audit/SaleBugs.cpp
    KeyEarly,              ///< the first part of the key is taken, and relayed, a step early
    PaidTwice,             ///< the seller is paid again out of the house's float
    ForgedAcknowledgement, ///< anybody may say that the buyer has the file
    DeadlineIgnored,       ///< a paid sale whose file does not come waits for ever
    RefundLost,            ///< the coins of a refund go to the house
    EscrowStays,           ///< coins leave the chain, and the dollars stay in escrow
    WaitsForEver,          ///< a silent key server has no deadline
    DeliveryUnproven,      ///< escrow is funded before the file is delivered
    VerdictIgnored,        ///< whatever is decided, the seller gets what was held back
    StrangerDecides,       ///< a dispute
    NoTimeToLook,          ///< what was held back is paid while the buyer may still object
    StockKept,             ///< coins that an order has sold are still counted as there
    StockUncounted,        ///< the coins of every fourth sale are never sold
    PayeeIgnored,          ///< the price goes to the seller's own account, whatever it has said
    RefundStays,           ///< what comes back stays on the buyer's account, whatever the offer has said
    RefundAgain,           ///< what is sent on is sent on again when its payment has left the chain and come back
    OwnershipAssumed,      ///< a seller who stays silent has passed the ownership
    ProceedsKept,          ///< what a sale's coins have fetched above its price stays with the house
    CoinsStaySold,         ///< a payment leaves the chain, and the coins that it has brought are not made good
    OutageCounts,          ///< deadlines run on while there is no coordinator
    OutageForAll,          ///< and it makes those of offers and quotes longer, too
    AlwaysDollars,         ///< whatever the terms say, dollars are put into escrow
    LapsedCounts,          ///< a payment counts although the quote has lapsed
    LateCoinsCount,        ///< what came behind a quote counts for it, if the batch is stamped as before
    QuoteUnsigned,         ///< what another quote asks needs no word of the buyer's
    SignatureIgnored,      ///< what a command carries signed inside may be signed by anybody
    // writing: in the simulated coordinator (tests/audit/SaleNode.h)
    AcknowledgedEarly, ///< before it is durable
    TornAccepted,      ///< a torn end of the journal is taken for a record
    FullIgnored,       ///< a refused write is passed over, with the engine ahead of the journal
    HalfWritten,       ///< a batch that is cut short is made to fit
    kCount
};

/// The one that is on.
inline Planted plantedBug = Planted::None;
/// What no replay repeats: it rises by asking.
inline std::int64_t plantedCount = 0;

} // namespace tallylock

#define TALLYLOCK_PLANTED(bug) (::tallylock::plantedBug == ::tallylock::Planted::bug)
#define TALLYLOCK_PLANTED_COUNT (++::tallylock::plantedCount)
#else
#define TALLYLOCK_PLANTED(bug) false
#define TALLYLOCK_PLANTED_COUNT 0
#endif
