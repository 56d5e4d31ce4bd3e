// What a user interface is shown of sales: as Rows.h, of which this is a part.
#pragma once

#include "core/api/Problem.h"
#include "core/base/Fixed.h"
#include "core/money/Amount.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tallylock::api {

using money::Amount;
using money::UnitId;

enum class SaleState : std::uint8_t {
    Offered,
    Accepted,
    KeyDeposited,
    KeyWrapped,
    Ready,
    WalletOpen,
    Seen,
    Funded,
    Delivered,
    Escrowed,
    SellerPaid,
    KeySent1,
    KeySent2,
    Unlocked,
    Completed,
    Refunding,
    Refunded,
    Void,
    Rekeying,
    KeyLost,
    Countered,
    Disputed,
    Resolved,
    kCount
};

enum class Actor : std::uint8_t {
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

enum class SaleRole : std::uint8_t { Buyer, Seller, kCount };

/// How the two parts of the key reach the buyer.
enum class KeyWay : std::uint8_t {
    TwoChannels,  ///< once the seller is paid: one through the coordinator, the other from the key server
    PartOneEarly, ///< the first comes with the sealed file, and opens nothing without the second
    OneChannel,   ///< both from the key server: whoever reads that one channel has both
    kCount
};

/// What is delivered.
enum class DeliveryKind : std::uint8_t {
    SealedFile,    ///< the sealed file goes over to the buyer
    OwnershipOnly, ///< it stays where it is: the seller's signed word who owns it is the delivery
    kCount
};

/// Where the seller's dollars come from.
enum class FundingMode : std::uint8_t {
    Fronted,   ///< the house's: what the coins of the quote fetch later is its own affair
    Converted, ///< from the buyer's coins, sold once the sale is delivered; what is not needed goes back
    kCount
};

/// What lies in escrow until the seller is paid in dollars.
enum class EscrowAsset : std::uint8_t {
    Dollars,
    DigitalDollars, ///< moved on a chain, worth a dollar each
    Coin,           ///< the buyer's coins, as they are
    kCount
};

struct SaleRow {
    SaleId id;
    ListingId listing;
    std::string name; ///< the listing's
    SaleRole role{};
    SaleState state{};
    int step = 1;         ///< the last finished of the 14 steps; 0: none
    Actor next{};         ///< who acts next; meaningless in a terminal state
    bool needsMe = false; ///< a person must do something in this app
    bool terminal = false;
    Amount bid;     ///< dollars offered
    Amount price;   ///< dollars agreed; zero before B2
    Amount minimum; ///< dollars: the least that the buyer has allowed
    Amount counter; ///< dollars that the seller asks for instead of the bid; zero: none
    Amount coinDue; ///< coins to pay by the frozen quote; zero before B5
    KeyWay keyWay{};
    DeliveryKind delivery{};
    FundingMode funding{};
    EscrowAsset escrowAsset{};
    std::string counterparty;
    std::int64_t deadlineMs = 0;    ///< of the present state; 0: none
    std::int64_t objectUntilMs = 0; ///< this buyer may object to what it has got until then; 0: not, or it has no end
    std::int64_t changedMs = 0;
    /// Orphaned: it is under way, and nothing was heard of the coordinator since then, for so long that it counts as
    /// gone. What is known of it is from this app's own records, and may be old. 0: no.
    std::int64_t orphanedSinceMs = 0;
};

/// One movement of money that a step caused.
struct MoneyLeg {
    std::string account; ///< "buyer BTC available", "escrow of sale 3", "custody", ...
    Amount delta;
};

struct ReceiptRow {
    SaleId sale;
    int step = 0; ///< 1 to 14; 0: void or refund
    int attempt = 1;
    Actor actor{};
    SaleState stateAfter{};
    std::int64_t timeMs = 0;
    std::uint64_t journalSeq = 0; ///< the journal command that caused it
    Hash contract;                ///< the sale id t until the contract exists
    Hash hash;
    Hash previous;
    std::vector<MoneyLeg> money;
};

enum class StepState : std::uint8_t { Waiting, Current, Done, Skipped, kCount };

struct StepRow {
    int step = 0; ///< 1 to 14
    Actor actor{};
    StepState state{};
    std::optional<ReceiptRow> receipt;
};

/// Shown to the buyer once the funding terms are signed.
struct PaymentRequest {
    std::string address;
    Amount amount;   ///< due
    Amount received; ///< seen so far
    std::string uri; ///< "bitcoin:...?amount=..."
    int confirmations = 0;
    int confirmationsNeeded = 0;
    std::int64_t deadlineMs = 0;
};

enum class NewQuoteState : std::uint8_t {
    Lapsed, ///< nothing was paid in time: Session::askQuote
    Asked,  ///< too little came in time: another quote is on its way by itself
    Made,   ///< with coins in the wallet: Session::agreeToQuote, or they come back at the deadline
    kCount
};
/// What is to be done behind a quote that has lapsed.
struct NewQuote {
    NewQuoteState state{};
    Amount coins;                ///< Made: to pay in all; else what the lapsed one was
    Amount received;             ///< in the wallet
    std::int64_t deadlineMs = 0; ///< Made: then it lapses as well; else then the sale ends
};

enum class Settlement : std::uint8_t { None, Pending, Done, kCount };

/// Whose doing something is, as far as it tells.
enum class Blame : std::uint8_t { Nobody, Seller, FileStore, KeyServer, Courier, kCount };

enum class PartState : std::uint8_t { OnItsWay, Fits, Wrong, kCount };
/// One of the two parts of a bought key.
struct KeyPartRow {
    int part = 1;
    PartState state{};
    Blame blame{}; ///< of a wrong one
};

/// A portion that a spot check has opened.
struct SpotPortionRow {
    std::uint64_t index = 0;
    bool again = false; ///< opened for an earlier buyer, so not drawn now
    std::string path;   ///< where it was saved; empty: nowhere
    std::uint64_t sizeBytes = 0;
};
enum class SpotState : std::uint8_t { TooEarly, Possible, TooSmall, TooLate, Passed, Failed, kCount };
/// The joint spot check of one sale: portions opened before paying.
struct SpotCheckRow {
    SpotState state{};
    bool possible = false;      ///< now, or again
    std::uint64_t portions = 0; ///< of the file
    std::uint64_t budget = 0;   ///< that are ever opened before a payment, for whoever asks
    std::uint64_t opened = 0;   ///< of these, as of the check that was passed
    std::vector<SpotPortionRow> samples;
    std::string problem; ///< of one that failed: a stable word or a few
    Blame blame{};
    std::int64_t timeMs = 0; ///< when it was passed or failed
};

enum class DeliverySource : std::uint8_t { None, Seller, FileStore, kCount };
/// How far the sealed file has come into the buyer's own folder (B8). Counted in sealed bytes, each proven.
struct DeliveryRow {
    DeliverySource from{}; ///< it is coming from there now
    std::uint64_t bytesThere = 0;
    std::uint64_t totalBytes = 0;
    std::uint64_t fromSeller = 0; ///< in this run of the app; what was there before counts for nobody
    std::uint64_t fromStore = 0;
    bool whole = false;
    DeliverySource failed{}; ///< whose failure `problem` is; None: of the own disk
    std::optional<Problem> problem;
};

/// What a buyer may object to.
enum class Claim : std::uint8_t { NotAsDescribed, BadData, kCount };
/// Something that was said in a dispute.
struct SaidRow {
    Actor by{};
    std::string text;
    std::int64_t timeMs = 0;
};
struct DisputeRow {
    Claim claim{};
    std::int64_t raisedMs = 0;
    std::vector<SaidRow> statements; ///< oldest first
    std::optional<bool> foundBad;    ///< by the key server, of bad data; none: it has not looked
    bool sellerAnswered = false;
    std::optional<Amount> toBuyer;  ///< of what was held back; none: undecided
    std::optional<Actor> decidedBy; ///< none: silence
};

/// An account of the coordinator, by the number and the name that it goes by there.
struct PayeeRow {
    HolderId holder;
    std::string name;
    bool operator==(const PayeeRow&) const = default;
};

struct SaleDetail {
    SaleRow row;
    std::vector<StepRow> steps; ///< 14
    std::optional<PaymentRequest> payment;
    std::optional<NewQuote> newQuote; ///< only the buyer's
    Settlement settlement{};
    bool part1Arrived = false;
    bool part2Arrived = false;
    Amount fee;
    Amount holdback;
    std::optional<Amount> converted; ///< of the coins, so many were sold for the seller's dollars
    std::string keyServerWords;      ///< the key server's fingerprint that the terms name
    std::string standbyWords;        ///< of the one that takes over; empty: nobody does
    bool standbyTookOver = false;
    bool oneServer = false;              ///< coordinator and key server are one process or host
    SpotCheckRow spot;                   ///< only the buyer's
    std::optional<DeliveryRow> delivery; ///< only the buyer's, once it has begun
    std::optional<DisputeRow> dispute;
    bool mayObject = false;            ///< the buyer, now
    bool mayState = false;             ///< either side, in a dispute
    std::int64_t inspectionEndsMs = 0; ///< then the holdback goes to the seller; 0: no time to look, or it is over
    bool mayNamePayee = false;         ///< the seller, until the money is sent
    std::optional<PayeeRow> payee;     ///< only the seller's: to whom the price goes or went
    std::string refundTo;              ///< only the buyer's: the address where coins go that come back; empty: none
    Hash contract;
};

} // namespace tallylock::api
