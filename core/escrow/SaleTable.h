// The sale as one table: (state, event) -> (next state, step, actor, effects). A pair that is not listed is refused.
// The fourteen steps B1 to B14 are its backbone; void and refund are its exits.
//
// This room owns the rules of a sale and the arithmetic of its money. It holds no balances, touches no chain, file or
// clock, and knows no keys: the engine checks who signed and what, then asks here.
#pragma once

#include "core/escrow/SaleState.h"

#include <array>
#include <span>

namespace tallylock::escrow {

/// When an edge's first effect is asked for.
enum class EffectWhen : std::uint8_t { Always, BuyerSigned };

struct SaleEdge {
    SaleState from;
    SaleEvent event;
    SaleState to;
    std::uint8_t step; ///< of B1 to B14 that this finishes; 0: none
    SaleActor actor;
    std::array<SaleEffect, 2> effects;
    EffectWhen when;
};

std::span<const SaleEdge> saleTable();
/// Null when the sale refuses this event in this state.
const SaleEdge* findEdge(SaleState state, SaleEvent event);

/// Which deadline of the terms runs while a sale is in this state.
enum class DeadlineKind : std::uint8_t { None, Offer, Key, Payment, Delivery };
DeadlineKind deadlineOf(SaleState state);

constexpr bool isTerminal(SaleState state) {
    return state == SaleState::Completed || state == SaleState::Refunded || state == SaleState::Void;
}
/// Who is expected to act next, for people. Buyer in a terminal state, where nobody is.
SaleActor nextActor(SaleState state);

} // namespace tallylock::escrow
