// The sale as one table: (state, event) -> (next state, step, actor, money, effects). A pair that is not listed is
// refused. The fourteen steps B1 to B14 are its backbone; void, refund and a lost key are its exits. Every state that
// is not an end has a deadline with an edge of its own, so that no sale waits for ever for somebody who is silent.
//
// This room owns the rules of a sale and the arithmetic of its money. It holds no balances, touches no chain, file or
// clock, and knows no keys: the engine checks who signed and what, then asks here.
#pragma once

#include "core/escrow/SaleState.h"

#include <array>
#include <span>

namespace tallylock::escrow {

/// When an effect of an edge is asked for.
enum class EffectWhen : std::uint8_t { Always, BuyerSigned, DataDoubted, PartOneEarly, FileGoesOver, QuoteLapsed };

/// What an edge does with the money, in SaleMoney.h's words.
enum class Movement : std::uint8_t {
    None,
    FundEscrow,     ///< movesOfEscrow
    ReturnEscrow,   ///< movesOfEscrowBack
    PaySeller,      ///< movesOfPayout
    MoveCoins,      ///< movesOfCoins, unless it has been done
    PayHoldback,    ///< movesOfHoldback
    RefundCoins,    ///< movesOfRefund
    MakeBuyerWhole, ///< movesOfKeyLost
    SplitHoldback,  ///< movesOfVerdict
    kCount
};

struct SaleEdge {
    SaleState from;
    SaleEvent event;
    SaleState to;
    std::uint8_t step; ///< of B1 to B14 that this finishes; 0: none
    SaleActor actor;
    std::array<Movement, 2> money{};
    std::array<SaleEffect, 2> effects{};
    std::array<EffectWhen, 2> when{}; ///< of each effect
};

std::span<const SaleEdge> saleTable();
/// Null when the sale refuses this event in this state.
const SaleEdge* findEdge(SaleState state, SaleEvent event);

/// Which deadline of the terms runs while a sale is in this state.
enum class DeadlineKind : std::uint8_t {
    None,    ///< only where a sale has ended
    Offer,   ///< the offer's own expiry
    Key,     ///< until the wallet is open
    Payment, ///< until enough has been seen, and then until it is final
    Delivery,
    Escrow,
    Payout,
    Release,
    Rekeying,
    Opening,    ///< until silence counts as content
    Settlement, ///< or until the buyer has had time to look, whichever is later
    Refund,
    Dispute ///< until the verdict of silence
};
DeadlineKind deadlineOf(SaleState state);
/// Whether what it waits for has to reach the coordinator. An offer and a quote end when their signers have said, and a
/// payment counts by its block, whoever is away.
bool waitsForUs(DeadlineKind kind);

bool isTerminal(SaleState state);
/// A sale that has come as far as this step has ended before any payment was final: nothing of the file has left the
/// seller, and it may be sold to somebody else.
bool endsUntouched(SaleState state, std::uint8_t step);
/// What a buyer may object to once it has both parts of the key.
enum class Claim : std::uint8_t {
    NotAsDescribed, ///< for the arbiter
    BadData,        ///< for the key server: a portion is not what the seller has signed
    kCount
};
/// Whom an undecided dispute is for once its time is over. Who claims has to prove it, and whoever does not answer a
/// claim admits it; what the key server has found sound is sound.
bool isForBuyerBySilence(bool sellerAnswered, bool foundSound);

/// Who is expected to act next, for people. Buyer in a terminal state, where nobody is.
SaleActor nextActor(SaleState state);

} // namespace tallylock::escrow
