#include "core/escrow/SaleTable.h"

#include <algorithm>
#include <iterator>

namespace tallylock::escrow {

namespace {
using S = SaleState;
using E = SaleEvent;
using F = SaleEffect;
using A = SaleActor;

constexpr SaleEdge edge(S from, E event, S to, int step, A actor, F first = F::None, F second = F::None,
                        EffectWhen when = EffectWhen::Always) {
    return {from, event, to, static_cast<std::uint8_t>(step), actor, {first, second}, when};
}

// Sorted by state, then by event, so that the order itself shows what is missing.
constexpr SaleEdge kSaleTable[] = {
    // The offer. (B1, OfferMade, creates the sale in this state.)
    edge(S::Offered, E::OfferWithdrawn, S::Void, 0, A::Buyer),
    edge(S::Offered, E::OfferRejected, S::Void, 0, A::Seller),
    edge(S::Offered, E::OfferAccepted, S::Accepted, 2, A::Seller),
    edge(S::Offered, E::DeadlinePassed, S::Void, 0, A::Coordinator),

    // The key, before any money moves. The buyer's signature may come at any time; the quote waits for it.
    edge(S::Accepted, E::TermsSigned, S::Accepted, 0, A::Buyer),
    edge(S::Accepted, E::KeyDeposited, S::KeyDeposited, 3, A::Seller),
    edge(S::Accepted, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    edge(S::KeyDeposited, E::TermsSigned, S::KeyDeposited, 0, A::Buyer),
    edge(S::KeyDeposited, E::KeyWrapped, S::KeyWrapped, 4, A::KeyServer, F::FreezeQuote, F::None,
         EffectWhen::BuyerSigned),
    edge(S::KeyDeposited, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    edge(S::KeyWrapped, E::TermsSigned, S::KeyWrapped, 0, A::Buyer, F::FreezeQuote),
    edge(S::KeyWrapped, E::QuoteFrozen, S::Ready, 5, A::Coordinator, F::OpenWallet),
    edge(S::KeyWrapped, E::DeadlinePassed, S::Void, 0, A::Coordinator),

    // The money comes in.
    edge(S::Ready, E::WalletOpened, S::WalletOpen, 6, A::FirstExchange),
    edge(S::Ready, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    edge(S::WalletOpen, E::FundingSigned, S::WalletOpen, 0, A::Buyer),
    edge(S::WalletOpen, E::PaymentSeen, S::Seen, 7, A::Buyer),
    edge(S::WalletOpen, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    edge(S::Seen, E::FundingSigned, S::Seen, 0, A::Buyer),
    edge(S::Seen, E::PaymentSeen, S::Seen, 0, A::Buyer),
    edge(S::Seen, E::PaymentReversed, S::Seen, 0, A::Coordinator),
    edge(S::Seen, E::PaymentFinal, S::Funded, 8, A::Coordinator),
    edge(S::Seen, E::DeadlinePassed, S::Refunding, 0, A::Coordinator, F::CloseWallet),

    // The sealed file goes over, then the money.
    edge(S::Funded, E::PaymentReversed, S::Seen, 0, A::Coordinator),
    edge(S::Funded, E::DeliveryConfirmed, S::Delivered, 8, A::Buyer, F::ProvideEscrow),
    edge(S::Funded, E::DeadlinePassed, S::Refunding, 0, A::Coordinator, F::CloseWallet),
    edge(S::Delivered, E::EscrowProvided, S::Escrowed, 9, A::FirstExchange, F::PaySeller),
    edge(S::Escrowed, E::SellerPaid, S::SellerPaid, 10, A::DollarExchange, F::MoveCoins, F::ReleaseParts),

    // The parts of the key. B11 runs beside them.
    edge(S::SellerPaid, E::CoinsMoved, S::SellerPaid, 11, A::FirstExchange),
    edge(S::SellerPaid, E::Part1Sent, S::KeySent1, 12, A::KeyServer),
    edge(S::KeySent1, E::CoinsMoved, S::KeySent1, 11, A::FirstExchange),
    edge(S::KeySent1, E::Part2Sent, S::KeySent2, 13, A::KeyServer),
    edge(S::KeySent2, E::CoinsMoved, S::KeySent2, 11, A::FirstExchange),
    edge(S::KeySent2, E::UnlockConfirmed, S::Unlocked, 14, A::Buyer),
    edge(S::KeySent2, E::DeadlinePassed, S::Unlocked, 0, A::Coordinator), // silence completes
    edge(S::Unlocked, E::CoinsMoved, S::Unlocked, 11, A::FirstExchange),
    edge(S::Unlocked, E::SettlementDone, S::Completed, 0, A::Coordinator),

    // The way back.
    edge(S::Refunding, E::WalletClosed, S::Refunded, 0, A::FirstExchange),
};

constexpr bool isSorted() {
    for (std::size_t i = 1; i < std::size(kSaleTable); ++i) {
        const auto& a = kSaleTable[i - 1];
        const auto& b = kSaleTable[i];
        if (a.from > b.from || (a.from == b.from && a.event >= b.event)) return false;
    }
    return true;
}
static_assert(isSorted(), "the table is searched by halves, and has one edge a pair");
} // namespace

std::span<const SaleEdge> saleTable() { return kSaleTable; }

const SaleEdge* findEdge(SaleState state, SaleEvent event) {
    const auto* found = std::lower_bound(std::begin(kSaleTable), std::end(kSaleTable), std::pair{state, event},
                                         [](const SaleEdge& e, const auto& wanted) {
                                             return std::pair{e.from, e.event} < wanted;
                                         });
    if (found == std::end(kSaleTable) || found->from != state || found->event != event) return nullptr;
    return found;
}

DeadlineKind deadlineOf(SaleState state) {
    switch (state) {
    case S::Offered: return DeadlineKind::Offer;
    case S::Accepted:
    case S::KeyDeposited:
    case S::KeyWrapped:
    case S::Ready: return DeadlineKind::Key;
    case S::WalletOpen:
    case S::Seen: return DeadlineKind::Payment;
    case S::Funded:
    case S::KeySent2: return DeadlineKind::Delivery;
    default: return DeadlineKind::None;
    }
}

SaleActor nextActor(SaleState state) {
    switch (state) {
    case S::Offered:
    case S::Accepted: return A::Seller;
    case S::KeyDeposited: return A::KeyServer;
    case S::KeyWrapped: return A::Coordinator;
    case S::Ready: return A::FirstExchange;
    case S::WalletOpen: return A::Buyer;
    case S::Seen: return A::Coordinator;
    case S::Funded: return A::Buyer;
    case S::Delivered: return A::FirstExchange;
    case S::Escrowed: return A::DollarExchange;
    case S::SellerPaid:
    case S::KeySent1: return A::KeyServer;
    case S::KeySent2: return A::Buyer;
    case S::Unlocked: return A::SecondExchange;
    case S::Refunding: return A::FirstExchange;
    default: return A::Buyer;
    }
}

} // namespace tallylock::escrow
