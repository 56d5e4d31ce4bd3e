// The words of a sale: its states, the events that move it, the effects that a move asks for, and who acts.
// Numbers are frozen: they are stored and signed. The table that joins them is SaleTable.h.
#pragma once

#include <cstdint>

namespace tallylock::escrow {

enum class SaleState : std::uint8_t {
    Offered,      ///< B1
    Accepted,     ///< B2
    KeyDeposited, ///< B3
    KeyWrapped,   ///< B4
    Ready,        ///< B5
    WalletOpen,   ///< B6
    Seen,         ///< B7
    Funded,       ///< B8, first half: the money is final
    Delivered,    ///< B8, second half: the buyer holds the sealed file, or owns what stays where it is
    Escrowed,     ///< B9
    SellerPaid,   ///< B10
    KeySent1,     ///< B12
    KeySent2,     ///< B13
    Unlocked,     ///< B14
    Completed,    ///< state and settlement both done
    Refunding,
    Refunded,
    Void,
    Rekeying,  ///< the seller is paid, and the key server has been silent for too long
    KeyLost,   ///< it stayed silent: the buyer has been made whole
    Countered, ///< the seller has named a price of its own: the buyer offers again, or not
    Disputed,  ///< after B13 the buyer objects: who gets the holdback is to be decided
    Resolved,  ///< it has been
    kCount
};

enum class SaleEvent : std::uint8_t {
    OfferMade,
    OfferWithdrawn,
    OfferRejected,
    OfferAccepted,
    TermsSigned,
    KeyDeposited,
    KeyWrapped,
    QuoteFrozen,
    WalletOpened,
    FundingSigned,
    PaymentSeen,
    PaymentReversed,
    PaymentFinal,
    DeliveryConfirmed,
    EscrowProvided,
    SellerPaid,
    CoinsMoved,
    Part1Sent,
    Part2Sent,
    UnlockConfirmed,
    SettlementDone,
    DeadlinePassed,
    WalletClosed,
    OfferCountered,
    OfferRenewed,
    DeliveryStored,  ///< the store holds the sealed file for the buyer
    DeliveryCounted, ///< and the buyer has been silent for as long as there is to fetch it
    DisputeRaised,
    BuyerStated,
    SellerStated,
    DataFoundSound, ///< by the key server: the portion that is doubted is what the seller has signed
    DataFoundBad,
    DisputeDecided,
    HoldbackReleased, ///< the buyer is content before the time to look has passed
    KeyRewrapped,     ///< by the standby key server
    Part1Given,       ///< with the file, before anybody is paid: it opens nothing by itself
    PayoutTargetSet,  ///< the seller is to be paid on another account
    OwnershipPassed,  ///< by the custody entry that the seller has signed, where the file stays where it is
    QuoteLapsed,      ///< nobody has paid while it held
    QuoteAsked,       ///< the buyer wants to know what is to be paid now
    kCount
};

/// What the host does for the sale, at the rim. Persisted with the transition, idempotent by (sale, effect, attempt).
enum class SaleEffect : std::uint8_t {
    None,
    FreezeQuote,   ///< first exchange, B5
    OpenWallet,    ///< first exchange, B6
    ProvideEscrow, ///< key server ("key ready") and first exchange, B9
    PaySeller,     ///< dollar exchange, B10
    MoveCoins,     ///< second exchange, B11
    ReleaseParts,  ///< key server, B12 and B13
    CloseWallet,   ///< first exchange, refund
    ProveStored,   ///< file store, B8
    JudgeData,     ///< key server, in a dispute about bad data
    GivePart1,     ///< key server, B8, where the terms say so
    kCount
};

/// Roles, not processes.
enum class SaleActor : std::uint8_t {
    Buyer,
    Seller,
    KeyServer,
    Coordinator,
    FirstExchange,
    Escrow,
    DollarExchange,
    SecondExchange,
    Arbiter,
    StandbyServer, ///< the key server that takes over from a silent one
    kCount
};

/// B11 runs beside the state.
enum class Settlement : std::uint8_t { None, Pending, Done, kCount };

const char* nameOf(SaleState state);
const char* nameOf(SaleEvent event);
const char* nameOf(SaleEffect effect);
const char* nameOf(SaleActor actor);

} // namespace tallylock::escrow
