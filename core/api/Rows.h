// What a user interface is shown: plain row structs, with no behaviour and no pointers into the core.
//
// Amounts are exact integers of ledger units (core/money). Times are milliseconds since 1970 UTC; 0 is "not yet".
// Text that came from another person (names, descriptions) is to be shown as plain text only.
#pragma once

#include "core/base/Fixed.h"
#include "core/money/Amount.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tallylock::api {

using money::Amount;
using money::UnitId;

/// A small picture or some lines of an asset file. Exactly what the seller approved, never more.
struct Preview {
    std::string mediaType; ///< "image/png", "text/plain"; empty: none
    Bytes bytes;           ///< at most 256 KiB
};

/// A picture as bare pixels: RGBA, 8 bits each, not premultiplied, row by row.
struct Pixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    Bytes rgba; ///< 4 * width * height
};

/// How a tracking mark is carried.
enum class MarkForm : std::uint8_t {
    None,
    Xmp,     ///< in the file's metadata
    Trailer, ///< at the file's end
    Sidecar, ///< in a small file beside it
    kCount
};

/// What a look into a file found: made by a program without rights, because the file may be anybody's.
struct FileLook {
    std::string mediaType;              ///< by its content; "application/octet-stream" where nothing is known
    Pixels picture;                     ///< at most kLookSide on its longer side; none if the width is 0
    std::vector<std::string> lines;     ///< of a text, a list of files, or title, artist and length of a recording
    MarkForm markForm = MarkForm::None; ///< that a mark would take
    bool marked = false;                ///< it carries a mark already
    std::string trouble;                ///< why there is no picture though the kind has one; a stable word; empty: none
};
inline constexpr std::uint32_t kLookSide = 512;

/// What locks a profile on this machine.
enum class Keeping : std::uint8_t { Passphrase, Keychain };

struct ProfileRow {
    std::string name; ///< also the folder's name: letters, digits, '-' and '_'
    bool open = false;
    Keeping keeping = Keeping::Passphrase;
};

struct UnitRow {
    UnitId id{};
    std::string code; ///< "BTC"
    int decimals = 0; ///< digits after the point in ledger units
    int shownDecimals = 0;
    bool isFiat = false;
};

struct ListingRow {
    ListingId id;
    std::string name;
    std::string description;
    std::string mediaType;
    std::uint64_t sizeBytes = 0;
    std::uint64_t portions = 0;
    Amount price; ///< dollars asked
    std::string sellerName;
    std::string sellerFingerprint; ///< text form
    std::string sellerFingerprintWords;
    Preview preview;
    Hash assetId;
    Hash manifestHash;
    std::int64_t publishedMs = 0;
    bool mine = false;
    bool available = true; ///< false once its edition has entered a sale
    std::uint64_t edition = 1;
    std::string creatorFingerprint; ///< text form; empty: the manifest could not be read
    MarkForm markForm = MarkForm::None;
};

/// One entry of a verified chain of custody.
struct CustodyRow {
    std::uint64_t edition = 1;
    std::uint64_t number = 0; ///< in its chain; 0: created
    IdentityKey from;
    IdentityKey to;
    std::string fromFingerprint; ///< text form
    std::string toFingerprint;
    bool mine = false; ///< `to` is this identity
    std::int64_t timeMs = 0;
    Hash contract; ///< of the sale; zero for the first
};

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
    kCount
};

enum class SaleRole : std::uint8_t { Buyer, Seller, kCount };

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
    Amount coinDue; ///< coins to pay by the frozen quote; zero before B5
    std::string counterparty;
    std::int64_t deadlineMs = 0; ///< of the present state; 0: none
    std::int64_t changedMs = 0;
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

struct SaleDetail {
    SaleRow row;
    std::vector<StepRow> steps; ///< 14
    std::optional<PaymentRequest> payment;
    Settlement settlement{};
    bool part1Arrived = false;
    bool part2Arrived = false;
    Amount fee;
    Amount holdback;
    std::string keyServerWords; ///< the key server's fingerprint that the terms name
    SpotCheckRow spot;          ///< only the buyer's
    Hash contract;
};

enum class LibraryState : std::uint8_t { OnItsWay, Unlockable, Unlocked, kCount };

struct LibraryRow {
    SaleId sale;
    std::string name;
    std::string mediaType;
    std::uint64_t sizeBytes = 0;
    LibraryState state{};
    std::string path; ///< of the opened file, once there is one
    std::string creatorFingerprint;
    Hash assetId;
    std::int64_t boughtMs = 0;
    Preview preview;
    std::vector<KeyPartRow> parts; ///< part 1, then part 2
    MarkForm markForm = MarkForm::None;
};

enum class Side : std::uint8_t { Buy, Sell, kCount };

struct InstrumentRow {
    InstrumentId id;
    std::string symbol; ///< "BTC/USD"
    UnitId base{};
    UnitId quote{};
    Amount tick; ///< smallest step of the price of one whole base unit, in quote
    Amount lot;  ///< smallest step of quantity, in base
    int priceDecimals = 0;
    int quantityDecimals = 0;
    bool halted = false; ///< orders can only be cancelled
    Amount minimum{};    ///< of an order, in base
    Amount maximum{};
    std::uint32_t makerBasisPoints = 0;  ///< what a resting order pays when it trades
    std::uint32_t takerBasisPoints = 0;  ///< what an arriving one pays
    std::uint32_t collarBasisPoints = 0; ///< how far from the reference orders may reach; 0: as far as they like
    Amount reference{}; ///< what the collar is measured from: as the operator set it, or the last trade's price; zero:
                        ///< none
};

struct BookRow {
    Side side{};
    Amount price;    ///< quote for one whole base unit
    Amount quantity; ///< base, summed over the level
    std::uint32_t orders = 0;
};

struct TradeRow {
    InstructionId instruction;
    Side takerSide{};
    Amount price;
    Amount quantity;
    Amount fiat;
    std::int64_t timeMs = 0;
    bool mine = false;
};

enum class OrderType : std::uint8_t {
    Limit,             ///< good till cancelled
    ImmediateOrCancel, ///< what cannot trade at once is cancelled
    FillOrKill,        ///< trades wholly at once, or is refused
    PostOnly,          ///< refused if it could trade at once
    Market,            ///< at once at any price within the collar; the rest is cancelled
    StopLimit,         ///< waits until a trade reaches its stop price; then it is a limit order
    kCount
};

/// What an arriving order does when it meets one of its own account.
enum class SelfTrade : std::uint8_t {
    Allow,
    CancelNewest, ///< the rest of the arriving order is cancelled
    CancelOldest, ///< the resting order is cancelled, and the arriving one goes on
    CancelBoth,
    kCount
};

enum class OrderState : std::uint8_t {
    Open,
    Filled,
    Cancelled,
    Waiting, ///< a stop order whose price was not reached
    kCount
};

/// Why an order was cancelled.
enum class CancelCause : std::uint8_t {
    Asked,
    NotFilled, ///< nothing was left that it could trade with at once
    SelfTrade,
    DeadMan,      ///< a dead-man switch was not renewed in time
    Disconnected, ///< the session of its user ended, as that had been asked for
    Collar,       ///< a stop order whose price lay outside the collar when it was triggered
    kCount
};

struct OrderRow {
    OrderId id;
    std::uint64_t clientId = 0;
    InstrumentId instrument;
    Side side{};
    Amount price; ///< zero of a market order
    Amount quantity;
    Amount filled;
    OrderState state{};
    std::int64_t placedMs = 0;
    OrderType type{};
    Amount stopPrice{}; ///< of a stop order, also after it was reached; else zero
    SelfTrade selfTrade{};
    Amount filledFiat{};              ///< what the fills came to, exactly, without fees
    Amount fees{};                    ///< paid for the fills
    Amount averagePrice{};            ///< of the fills, rounded down to the quote's last decimal; zero before the first
    std::optional<CancelCause> cause; ///< of one that is cancelled
};

/// A stored, numbered, hashed transaction instruction and what executing it moved.
struct InstructionRow {
    InstructionId number;
    Hash hash;
    InstrumentId instrument;
    OrderId buyOrder;
    OrderId sellOrder;
    std::string buyer;
    std::string seller;
    Amount price;
    Amount quantity;
    Amount fiat;
    bool executed = false;
    EntryId entry;
    std::int64_t timeMs = 0;
    std::vector<MoneyLeg> money;
};

struct BalanceRow {
    UnitId unit{};
    Amount available;
    Amount held;
    Amount pending; ///< seen on a rail, not yet credited
};

struct StatementRow {
    EntryId entry;
    std::int64_t timeMs = 0;
    std::string reason; ///< a stable word: "deposit", "trade", "fee", "sale-payout", ...
    Amount delta;
    Amount balance; ///< total after the entry
};

struct DepositRow {
    UnitId unit{};
    std::string identifier; ///< address, or the reference to put on a bank transfer
};

enum class DepositState : std::uint8_t {
    Pending, ///< seen, with too few confirmations to count
    Credited,
    Suspense, ///< arrived, but could not be credited; an operator decides
    Reversed, ///< its block left the chain, or the bank took it back
    kCount
};

/// A payment that came in at one of the account's identifiers.
struct IncomingRow {
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0;
    Amount amount;
    std::string identifier; ///< the account's own for this unit
    std::uint32_t confirmations = 0;
    std::uint32_t needed = 0;
    DepositState state{};
    std::uint64_t firstSeq = 0; ///< the journal command that saw it first
};

/// Some of a statement, newest first.
struct StatementPage {
    std::vector<StatementRow> rows;
    std::uint64_t next = 0; ///< what the page after it begins before; 0: there is none
};

struct FiatAccount {
    std::string bank;
    std::string reference; ///< account number or IBAN
    std::string insurer;   ///< empty: none
    Amount coverageLimit;
    std::string evidence; ///< where the insurance can be checked
};

/// Bits of UserRow::roles.
enum Role : std::uint32_t { kAdministrator = 1, kTrader = 2, kTreasurer = 4, kAuditor = 8 };

/// A key that speaks for a user.
struct DeviceRow {
    IdentityKey key;
    std::int64_t usableFromMs = 0; ///< for moving money out
    bool mine = false;             ///< this one
};

struct UserRow {
    UserId id;
    std::string name;
    IdentityKey key; ///< of the first device
    std::uint32_t roles = 0;
    std::vector<DeviceRow> devices{};  ///< none: the user can do nothing
    std::vector<Amount> orderLimits{}; ///< the most that one order may be worth, one a unit; a unit without: any
};

/// Where an account's own coins of a unit lie outside.
struct AssetAccountRow {
    UnitId unit{};
    std::string address;
};

enum class Standing : std::uint8_t {
    Pending,    ///< not yet identified: may look, may not trade
    Verified,   ///< everything within its limits
    Restricted, ///< may cancel and withdraw, may not open anything new
    Frozen,     ///< may do nothing that moves money
    kCount
};

struct AccountInfo {
    HolderId holder; ///< none until the coordinator has registered the identity
    std::string name;
    bool institution = false;
    std::optional<FiatAccount> fiat;
    std::vector<DepositRow> deposits;
    std::vector<UserRow> users;
    std::uint32_t myRoles = 0;
    UserId myself; ///< none until this identity is a user of the account
    Standing standing{};
    std::string standingEvidence; ///< a reference to what it rests on
    std::vector<AssetAccountRow> assetAccounts;
};

struct NodeInfo {
    bool practice = true;
    std::string version;
    std::string folder;
    std::string coordinatorWords; ///< fingerprint of the coordinator's identity
    std::string keyServerWords;
    std::uint64_t journalSeq = 0;
    Hash journalHead;
};

/// One row a unit: the sum over all ledger accounts, which is zero.
struct TrialBalanceRow {
    UnitId unit{};
    Amount debits;
    Amount credits;
    Amount sum;
};

} // namespace tallylock::api
