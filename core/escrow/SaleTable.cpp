#include "core/escrow/SaleTable.h"

#include <algorithm>
#include <iterator>

namespace tallylock::escrow {

namespace {
using S = SaleState;
using E = SaleEvent;
using F = SaleEffect;
using A = SaleActor;
using M = Movement;

/// Written as a sentence: from this state, on this event, to that one; which step it finishes and who acts; what it
/// moves and what it asks for.
struct Edge : SaleEdge {
    constexpr Edge(S on, E what, S next, int finishes, A who)
        : SaleEdge{on, what, next, static_cast<std::uint8_t>(finishes), who} {}
    constexpr Edge moving(M first, M second = M::None) const {
        Edge made = *this;
        made.money = {first, second};
        return made;
    }
    constexpr Edge asking(F first, F second = F::None) const {
        Edge made = *this;
        made.effects = {first, second};
        return made;
    }
    constexpr Edge ifBuyerSigned() const { return only(0, EffectWhen::BuyerSigned); }
    constexpr Edge ifDataDoubted() const { return only(0, EffectWhen::DataDoubted); }
    constexpr Edge firstIfFileGoesOver() const { return only(0, EffectWhen::FileGoesOver); }
    constexpr Edge ifQuoteLapsed() const { return only(0, EffectWhen::QuoteLapsed); }
    constexpr Edge lastIfPartOneEarly() const { return only(1, EffectWhen::PartOneEarly); }

private:
    constexpr Edge only(std::size_t effect, EffectWhen w) const {
        Edge made = *this;
        made.when[effect] = w;
        return made;
    }
};

// Sorted by state, then by event, so that the order itself shows what is missing.
constexpr SaleEdge kSaleTable[] = {
    // The offer. (B1, OfferMade, creates the sale in this state.)
    Edge(S::Offered, E::OfferWithdrawn, S::Void, 0, A::Buyer),
    Edge(S::Offered, E::OfferRejected, S::Void, 0, A::Seller),
    Edge(S::Offered, E::OfferAccepted, S::Accepted, 2, A::Seller),
    Edge(S::Offered, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::Offered, E::OfferCountered, S::Countered, 0, A::Seller),

    // The key, before any money moves. The buyer's signature may come at any time; the quote waits for it. Until the
    // money is sent the seller may say to which account.
    Edge(S::Accepted, E::TermsSigned, S::Accepted, 0, A::Buyer),
    Edge(S::Accepted, E::KeyDeposited, S::KeyDeposited, 3, A::Seller),
    Edge(S::Accepted, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::Accepted, E::PayoutTargetSet, S::Accepted, 0, A::Seller),
    Edge(S::KeyDeposited, E::TermsSigned, S::KeyDeposited, 0, A::Buyer),
    Edge(S::KeyDeposited, E::KeyWrapped, S::KeyWrapped, 4, A::KeyServer).asking(F::FreezeQuote).ifBuyerSigned(),
    Edge(S::KeyDeposited, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::KeyDeposited, E::PayoutTargetSet, S::KeyDeposited, 0, A::Seller),
    Edge(S::KeyWrapped, E::TermsSigned, S::KeyWrapped, 0, A::Buyer).asking(F::FreezeQuote),
    Edge(S::KeyWrapped, E::QuoteFrozen, S::Ready, 5, A::Coordinator).asking(F::OpenWallet),
    Edge(S::KeyWrapped, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::KeyWrapped, E::PayoutTargetSet, S::KeyWrapped, 0, A::Seller),

    // The money comes in. A quote that is not paid while it holds lapses. Then the buyer may ask for another one and
    // sign it, until the same deadline; for money that comes too late it is asked for at once.
    Edge(S::Ready, E::WalletOpened, S::WalletOpen, 6, A::FirstExchange),
    Edge(S::Ready, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::Ready, E::PayoutTargetSet, S::Ready, 0, A::Seller),
    Edge(S::WalletOpen, E::QuoteFrozen, S::WalletOpen, 5, A::Coordinator),
    Edge(S::WalletOpen, E::FundingSigned, S::WalletOpen, 0, A::Buyer),
    Edge(S::WalletOpen, E::PaymentSeen, S::Seen, 7, A::Buyer).asking(F::FreezeQuote).ifQuoteLapsed(),
    Edge(S::WalletOpen, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::WalletOpen, E::PayoutTargetSet, S::WalletOpen, 0, A::Seller),
    Edge(S::WalletOpen, E::QuoteLapsed, S::WalletOpen, 0, A::Coordinator),
    Edge(S::WalletOpen, E::QuoteAsked, S::WalletOpen, 0, A::Buyer).asking(F::FreezeQuote),
    Edge(S::Seen, E::QuoteFrozen, S::Seen, 5, A::Coordinator),
    Edge(S::Seen, E::FundingSigned, S::Seen, 0, A::Buyer),
    Edge(S::Seen, E::PaymentSeen, S::Seen, 0, A::Buyer),
    Edge(S::Seen, E::PaymentReversed, S::Seen, 0, A::Coordinator),
    Edge(S::Seen, E::PaymentFinal, S::Funded, 8, A::Coordinator)
        .asking(F::ProveStored, F::GivePart1)
        .firstIfFileGoesOver()
        .lastIfPartOneEarly(),
    Edge(S::Seen, E::DeadlinePassed, S::Refunding, 0, A::Coordinator).asking(F::CloseWallet),
    Edge(S::Seen, E::PayoutTargetSet, S::Seen, 0, A::Seller),
    Edge(S::Seen, E::QuoteLapsed, S::Seen, 0, A::Coordinator).asking(F::FreezeQuote),

    // The sealed file goes over, then the money. What lies in the store for as long as there is to fetch it counts as
    // delivered: a buyer cannot use silence to change its mind. Where the terms say so, part 1 of the key comes along.
    // Where only the ownership passes, nothing is fetched: the entry that the seller signs is the delivery.
    Edge(S::Funded, E::PaymentReversed, S::Seen, 0, A::Coordinator),
    Edge(S::Funded, E::DeliveryConfirmed, S::Delivered, 8, A::Buyer).asking(F::ProvideEscrow),
    Edge(S::Funded, E::DeadlinePassed, S::Refunding, 0, A::Coordinator).asking(F::CloseWallet),
    Edge(S::Funded, E::DeliveryStored, S::Funded, 0, A::Coordinator),
    Edge(S::Funded, E::DeliveryCounted, S::Delivered, 8, A::Coordinator).asking(F::ProvideEscrow),
    Edge(S::Funded, E::Part1Given, S::Funded, 0, A::KeyServer),
    Edge(S::Funded, E::PayoutTargetSet, S::Funded, 0, A::Seller),
    Edge(S::Funded, E::OwnershipPassed, S::Delivered, 8, A::Seller).asking(F::ProvideEscrow),
    Edge(S::Delivered, E::PaymentReversed, S::Seen, 0, A::Coordinator),
    Edge(S::Delivered, E::EscrowProvided, S::Escrowed, 9, A::FirstExchange).moving(M::FundEscrow).asking(F::PaySeller),
    Edge(S::Delivered, E::DeadlinePassed, S::Refunding, 0, A::Coordinator).asking(F::CloseWallet),
    Edge(S::Delivered, E::Part1Given, S::Delivered, 0, A::KeyServer),
    Edge(S::Delivered, E::PayoutTargetSet, S::Delivered, 0, A::Seller),
    Edge(S::Escrowed, E::PaymentReversed, S::Seen, 0, A::Coordinator).moving(M::ReturnEscrow),
    Edge(S::Escrowed, E::SellerPaid, S::SellerPaid, 10, A::DollarExchange)
        .moving(M::PaySeller)
        .asking(F::MoveCoins, F::ReleaseParts),
    // Without the dollar exchange escrow credits the seller's ledger account: that is final as well.
    Edge(S::Escrowed, E::DeadlinePassed, S::SellerPaid, 10, A::Escrow)
        .moving(M::PaySeller)
        .asking(F::MoveCoins, F::ReleaseParts),

    Edge(S::Escrowed, E::Part1Given, S::Escrowed, 0, A::KeyServer),
    Edge(S::Escrowed, E::PayoutTargetSet, S::Escrowed, 0, A::Seller),

    // The parts of the key. B11 runs beside them. Where part 1 has come with the file, part 2 comes first, and the word
    // that confirms part 1 later.
    Edge(S::SellerPaid, E::CoinsMoved, S::SellerPaid, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::SellerPaid, E::Part1Sent, S::KeySent1, 12, A::KeyServer),
    Edge(S::SellerPaid, E::Part2Sent, S::KeySent2, 13, A::KeyServer),
    Edge(S::SellerPaid, E::DeadlinePassed, S::Rekeying, 0, A::Coordinator),
    Edge(S::KeySent1, E::CoinsMoved, S::KeySent1, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::KeySent1, E::Part2Sent, S::KeySent2, 13, A::KeyServer),
    Edge(S::KeySent1, E::DeadlinePassed, S::Rekeying, 0, A::Coordinator),
    Edge(S::KeySent2, E::CoinsMoved, S::KeySent2, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::KeySent2, E::Part1Sent, S::KeySent2, 12, A::KeyServer),
    Edge(S::KeySent2, E::UnlockConfirmed, S::Unlocked, 14, A::Buyer),
    Edge(S::KeySent2, E::DeadlinePassed, S::Unlocked, 0, A::Coordinator), // silence completes
    Edge(S::KeySent2, E::DisputeRaised, S::Disputed, 0, A::Buyer).asking(F::JudgeData).ifDataDoubted(),
    Edge(S::Unlocked, E::CoinsMoved, S::Unlocked, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::Unlocked, E::Part1Sent, S::Unlocked, 12, A::KeyServer),
    Edge(S::Unlocked, E::SettlementDone, S::Completed, 0, A::Coordinator).moving(M::PayHoldback),
    // Without the exchanges the treasury takes the coins as they are, and bears what they fetch.
    Edge(S::Unlocked, E::DeadlinePassed, S::Completed, 0, A::Coordinator).moving(M::MoveCoins, M::PayHoldback),
    Edge(S::Unlocked, E::DisputeRaised, S::Disputed, 0, A::Buyer).asking(F::JudgeData).ifDataDoubted(),
    Edge(S::Unlocked, E::HoldbackReleased, S::Unlocked, 0, A::Buyer),

    // The way back. Without the first exchange the coins go to the buyer's ledger account.
    Edge(S::Refunding, E::PaymentReversed, S::Refunding, 0, A::Coordinator),
    Edge(S::Refunding, E::DeadlinePassed, S::Refunded, 0, A::Coordinator).moving(M::RefundCoins),
    Edge(S::Refunding, E::WalletClosed, S::Refunded, 0, A::FirstExchange).moving(M::RefundCoins),

    // The key server may still wake up, until the seller has deposited the key with the standby. A second part without
    // a first of the same server is refused by the engine.
    Edge(S::Rekeying, E::CoinsMoved, S::Rekeying, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::Rekeying, E::Part1Sent, S::Rekeying, 12, A::KeyServer),
    Edge(S::Rekeying, E::Part2Sent, S::KeySent2, 13, A::KeyServer),
    Edge(S::Rekeying, E::DeadlinePassed, S::KeyLost, 0, A::Coordinator).moving(M::MoveCoins, M::MakeBuyerWhole),
    Edge(S::Rekeying, E::KeyRewrapped, S::Rekeying, 4, A::StandbyServer).asking(F::ReleaseParts),

    // The seller asks for more: the buyer signs again, or nothing comes of it.
    Edge(S::Countered, E::OfferWithdrawn, S::Void, 0, A::Buyer),
    Edge(S::Countered, E::OfferRejected, S::Void, 0, A::Seller),
    Edge(S::Countered, E::DeadlinePassed, S::Void, 0, A::Coordinator),
    Edge(S::Countered, E::OfferRenewed, S::Offered, 1, A::Buyer),

    // Who gets what was held back. The key is with the buyer, and the rest of the price with the seller, for good.
    Edge(S::Disputed, E::CoinsMoved, S::Disputed, 11, A::FirstExchange).moving(M::MoveCoins),
    Edge(S::Disputed, E::DeadlinePassed, S::Resolved, 0, A::Coordinator).moving(M::MoveCoins, M::SplitHoldback),
    Edge(S::Disputed, E::BuyerStated, S::Disputed, 0, A::Buyer),
    Edge(S::Disputed, E::SellerStated, S::Disputed, 0, A::Seller),
    Edge(S::Disputed, E::DataFoundSound, S::Disputed, 0, A::KeyServer),
    Edge(S::Disputed, E::DataFoundBad, S::Resolved, 0, A::KeyServer).moving(M::MoveCoins, M::SplitHoldback),
    Edge(S::Disputed, E::DisputeDecided, S::Resolved, 0, A::Arbiter).moving(M::MoveCoins, M::SplitHoldback),
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

namespace {
/// What belongs to a state, in the order of its enum.
struct StateRow {
    DeadlineKind deadline;
    SaleActor next;
};
constexpr StateRow kStates[] = {
    {DeadlineKind::Offer, A::Seller},              // Offered
    {DeadlineKind::Key, A::Seller},                // Accepted
    {DeadlineKind::Key, A::KeyServer},             // KeyDeposited
    {DeadlineKind::Key, A::Coordinator},           // KeyWrapped
    {DeadlineKind::Key, A::FirstExchange},         // Ready
    {DeadlineKind::Payment, A::Buyer},             // WalletOpen
    {DeadlineKind::Payment, A::Coordinator},       // Seen
    {DeadlineKind::Delivery, A::Buyer},            // Funded
    {DeadlineKind::Escrow, A::FirstExchange},      // Delivered
    {DeadlineKind::Payout, A::DollarExchange},     // Escrowed
    {DeadlineKind::Release, A::KeyServer},         // SellerPaid
    {DeadlineKind::Release, A::KeyServer},         // KeySent1
    {DeadlineKind::Opening, A::Buyer},             // KeySent2
    {DeadlineKind::Settlement, A::SecondExchange}, // Unlocked
    {DeadlineKind::None, A::Buyer},                // Completed
    {DeadlineKind::Refund, A::FirstExchange},      // Refunding
    {DeadlineKind::None, A::Buyer},                // Refunded
    {DeadlineKind::None, A::Buyer},                // Void
    {DeadlineKind::Rekeying, A::KeyServer},        // Rekeying
    {DeadlineKind::None, A::Buyer},                // KeyLost
    {DeadlineKind::Offer, A::Buyer},               // Countered
    {DeadlineKind::Dispute, A::Arbiter},           // Disputed
    {DeadlineKind::None, A::Buyer},                // Resolved
};
static_assert(std::size(kStates) == static_cast<std::size_t>(S::kCount));
const StateRow& rowOf(SaleState state) { return kStates[static_cast<std::size_t>(state)]; }
} // namespace

DeadlineKind deadlineOf(SaleState state) { return rowOf(state).deadline; }
bool waitsForUs(DeadlineKind kind) {
    return kind != DeadlineKind::None && kind != DeadlineKind::Offer && kind != DeadlineKind::Payment;
}
bool isTerminal(SaleState state) { return deadlineOf(state) == DeadlineKind::None; }
bool endsUntouched(SaleState state, std::uint8_t step) {
    constexpr std::uint8_t kFinalPayment = 8;
    return state == S::Void || (state == S::Refunded && step < kFinalPayment);
}
SaleActor nextActor(SaleState state) { return rowOf(state).next; }

bool isForBuyerBySilence(bool sellerAnswered, bool foundSound) { return !sellerAnswered && !foundSound; }

} // namespace tallylock::escrow
