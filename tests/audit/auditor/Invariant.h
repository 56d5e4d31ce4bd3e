// What must hold after every step, each by its name.
#pragma once

#include <string>

namespace tallylock::audit {

enum class Invariant {
    BytesAreKnown,         ///< deterministic encoding, of the shapes that are frozen
    SameIdSameReply,       ///< a repeated command answers as before and does nothing; its id serves no other
    RefusalsInOrder,       ///< the first reason of the documented ladder, or none
    RefusedChangesNothing, ///< no event comes from a refusal
    SumsAreZero,           ///< every entry, and all accounts together, for each unit
    EntriesCountUp,        ///< by one
    NothingNegative,       ///< but the accounts of the house that stand for the world outside
    CustodyIsWhatArrived,  ///< what customers own lies outside, and nothing else does
    DepositsCreditOnce,    ///< when they are final, to whom they are for, and back when they vanish
    WithdrawalsPayOnce,    ///< what was approved, to where it was asked for, with the fee of its day
    NoTradeThrough,        ///< no trade beyond a limit, and none past a better price
    PriceThenTime,         ///< of one price the oldest first
    TradesAtRestingPrice,  ///< and of the quantity that both want, for exactly price x quantity
    InstructionsOnce,      ///< each match makes one, numbered by one, executed by one entry
    FeesRoundUp,           ///< all fees of an order together are the exact fee, rounded up once
    TradesMoveWhatTheySay, ///< the entry of an instruction moves its amounts and nothing else
    HeldIsOpenHolds,       ///< what is held of an account is what its open orders need
    BalancesAgree,         ///< what people are told they have is what the entries add up to
    OrdersAreKept,         ///< as asked; never filled beyond; each change told to its owner
    BookIsNotCrossed,      ///< at rest
    FillOrKillWholly,      ///< at once, or not at all
    PostOnlyNeverTakes,    ///< when it arrives
    NothingAtOnceRests,    ///< of an order that is immediate or cancel, or at the market
    StopsAwaitTheirPrice,  ///< and are told of when it has been traded at
    NoSelfTrade,           ///< where the incoming order forbids it
    CollarsHold,           ///< no order is taken, and none at the market trades, beyond them
    HaltedMarketsRest,     ///< no order, no change, no trade
    PoliciesHold,          ///< none looser without its approvals and its wait
    CasesAreKept,          ///< one for a holder and a rule, by every transaction that meets it and by no other
    DeadlinesAreKept,      ///< at their time and in their order, and nothing else happens by itself
    ToldToWhomItConcerns,  ///< and to nobody else
    LevelsAddUp,           ///< what is published of the book is the book
    NumbersCountUp,        ///< of holders, users, instruments and orders
    RecordsAreKept,        ///< who takes part, and which identifier belongs to whom
    NothingElseHappens,    ///< no event that the command does not explain
    ReplayIsTheSame,       ///< the same commands give the same events and the same state
    SavingChangesNothing,  ///< an engine that was saved and loaded goes on as the one that was not
    kCount
};

/// A stable word, such as "sums-are-zero".
const char* nameOf(Invariant invariant);

/// Thrown inside the auditor; audit() answers it.
struct Violation {
    Invariant invariant;
    std::string what;
};

} // namespace tallylock::audit
