#include "core/escrow/SaleState.h"

#include "core/base/EnumNames.h"

namespace tallylock::escrow {

namespace {
// Each in the order of its enum.
constexpr const char* kSaleStateNames[] = {
    "Offered",   "Accepted", "KeyDeposited", "KeyWrapped", "Ready",     "WalletOpen", "Seen",      "Funded",
    "Delivered", "Escrowed", "SellerPaid",   "KeySent1",   "KeySent2",  "Unlocked",   "Completed", "Refunding",
    "Refunded",  "Void",     "Rekeying",     "KeyLost",    "Countered", "Disputed",   "Resolved",
};
constexpr const char* kSaleEventNames[] = {
    "OfferMade",       "OfferWithdrawn",    "OfferRejected",   "OfferAccepted",    "TermsSigned",  "KeyDeposited",
    "KeyWrapped",      "QuoteFrozen",       "WalletOpened",    "FundingSigned",    "PaymentSeen",  "PaymentReversed",
    "PaymentFinal",    "DeliveryConfirmed", "EscrowProvided",  "SellerPaid",       "CoinsMoved",   "Part1Sent",
    "Part2Sent",       "UnlockConfirmed",   "SettlementDone",  "DeadlinePassed",   "WalletClosed", "OfferCountered",
    "OfferRenewed",    "DeliveryStored",    "DeliveryCounted", "DisputeRaised",    "BuyerStated",  "SellerStated",
    "DataFoundSound",  "DataFoundBad",      "DisputeDecided",  "HoldbackReleased", "KeyRewrapped", "Part1Given",
    "PayoutTargetSet", "OwnershipPassed",   "QuoteLapsed",     "QuoteAsked",
};
constexpr const char* kSaleEffectNames[] = {
    "None",         "FreezeQuote", "OpenWallet",  "ProvideEscrow", "PaySeller", "MoveCoins",
    "ReleaseParts", "CloseWallet", "ProveStored", "JudgeData",     "GivePart1",
};
constexpr const char* kSaleActorNames[] = {
    "Buyer",  "Seller",         "KeyServer",      "Coordinator", "FirstExchange",
    "Escrow", "DollarExchange", "SecondExchange", "Arbiter",     "StandbyServer",
};
} // namespace

const char* nameOf(SaleState state) { return nameFrom(kSaleStateNames, state); }
const char* nameOf(SaleEvent event) { return nameFrom(kSaleEventNames, event); }
const char* nameOf(SaleEffect effect) { return nameFrom(kSaleEffectNames, effect); }
const char* nameOf(SaleActor actor) { return nameFrom(kSaleActorNames, actor); }

} // namespace tallylock::escrow
