// What a user interface is shown: plain row structs, with no behaviour and no pointers into the core.
//
// Amounts are exact integers of ledger units (core/money). Times are milliseconds since 1970 UTC; 0 is "not yet".
// Text that came from another person (names, descriptions) is to be shown as plain text only.
#pragma once

#include "core/api/Sales.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tallylock::api {

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
    DeliveryKind delivery{};
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
    bool mayConvert = false; ///< the coins of sales are sold on the coordinator's own book: FundingMode::Converted
    bool mayEscrowDigital = false; ///< the coordinator keeps digital dollars: EscrowAsset::DigitalDollars
};

/// A server that somebody else runs.
struct ServerRow {
    std::string address; ///< "host:port", or several with commas between
    IdentityKey key;     ///< who it must be
    bool operator==(const ServerRow&) const = default;
};
/// A coordinator with its key servers, as a person has found and pinned them.
struct CoordinatorRow {
    ServerRow coordinator;
    ServerRow keyServer;
    std::optional<ServerRow> standby;
    bool practice = false; ///< its money is worth nothing
    bool operator==(const CoordinatorRow&) const = default;
};

/// One that was found at an address, before anybody trusts it.
struct FoundCoordinator {
    CoordinatorRow row;
    std::string coordinatorWords; ///< fingerprints, to be compared with what the operator has given out
    std::string keyServerWords;
    std::string standbyWords; ///< empty: there is none
};

struct NodeInfo {
    bool practice = true;
    std::string version;
    std::string folder;
    std::string coordinatorWords; ///< fingerprint of the coordinator's identity
    std::string keyServerWords;
    std::optional<CoordinatorRow> coordinator{}; ///< none: it is in this process
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
