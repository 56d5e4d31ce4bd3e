// Why the engine refused a command. One enum, because a reply carries one number; which reasons a command can meet,
// and in which order they are tested, stands at its handler.
#pragma once

#include <cstdint>

namespace tallylock::engine {

enum class Refused : std::uint8_t {
    No, ///< not refused
    // identity and parties
    NotRegistered,
    AlreadyRegistered,
    KeyInUse,
    NameInvalid,
    NotPermitted, ///< roles, limits, or only the coordinator or key server may
    AccountFrozen,
    // command ids
    IdReused, ///< this id was used for another command
    IdTooOld, ///< below the window of remembered ids
    // amounts
    AmountInvalid, ///< wrong unit, or too precise
    AmountNegative,
    AmountZero,
    AmountOverflow,
    // treasury
    UnitUnknown,
    IdentifierInUse,
    // market
    InstrumentUnknown,
    InstrumentExists,
    InstrumentInvalid,
    PriceNotOnTick,
    QuantityNotOnLot,
    OrderTooSmall,
    OrderTooLarge,
    ClientIdUsed,
    ClientIdInvalid,
    InsufficientFunds,
    OrderUnknown,
    // listings and sales
    ManifestInvalid,
    ListingUnknown,
    ListingTaken,
    ListingCopied,
    ListingOwn,
    MinimumAboveBid,
    ExpiryInvalid,
    SaleUnknown,
    SaleNotYours,
    SaleAlreadyAccepted, ///< a second acceptance of one edition
    SaleWrongState,
    PriceOutsideOffer,
    TermsMismatch,
    SignatureInvalid,
    ReceiptMismatch, ///< names another contract, root or attempt
    QuoteExpired,
    PaymentShort,   ///< an order for a sale's coins may fetch less than its price
    EditionInvalid, ///< not above the editions that are listed, or of an asset that nobody has listed
    CustodyPassed,  ///< this sale's custody entry is there already
    RecordTooLarge, ///< a record to be kept
    RecordsTooMany, ///< of this identity
    RecordsFull,    ///< of all identities together
    // accounts and withdrawals
    InfoInvalid, ///< account information that is missing, too long or contradicts itself
    RolesInvalid,
    UserUnknown,
    DeviceUnknown,
    NotAnInstitution, ///< only institutions have several users
    DevicesTooMany,
    LastAdministrator, ///< a holder keeps one with a device at least
    AccountPending,    ///< not yet identified
    AccountRestricted, ///< may open nothing new
    DeviceWaiting,     ///< too new to move money out
    AddressInvalid,
    AddressInUse,
    AddressUnknown,
    AddressWaiting, ///< too new to be paid at
    AddressesTooMany,
    WithdrawalUnknown,
    WithdrawalWrongState,
    WithdrawalsTooMany, ///< open at once
    ApproverIsMaker,    ///< who asks cannot approve
    AlreadyApproved,    ///< by this user
    UserDayLimit,
    HolderDayLimit,
    PolicyInvalid,
    PolicyImpossible, ///< it needs more treasurers than there are
    PolicyChangeUnknown,
    SecondFactorMissing, ///< no one-time code came with this command
    SecondFactorUsed,    ///< a code of this step, or a later one, has been used
    RailInvalid,         ///< no name, or one that is too long
    InstrumentHalted,
    OrderInvalid, ///< a price or stop price where its type has none, or none where it has one
    StopPriceNotOnTick,
    PriceOutsideCollar,    ///< too far from the reference price
    OrderWouldTrade,       ///< post-only
    OrderNotFillable,      ///< fill-or-kill
    QuantityAlreadyFilled, ///< an order cannot be made smaller than what is filled
    DelayInvalid,          ///< of a dead-man switch, or a window: too short or too long
    RuleInvalid,
    RuleUnknown,
    RulesTooMany,
    ListTooLong, ///< of watched addresses
    CaseUnknown, ///< or it is over
    CaseWrongState,
    WithdrawalHeld, ///< an operator looks into its account
    NothingHeldBack,
    TextInvalid,        ///< none, or too long
    StatementsTooMany,  ///< of this side, in this dispute
    DeputyWaits,        ///< it is not a deputy's turn yet
    PayeeUnknown,       ///< no account has this number and this name
    FundingUnavailable, ///< this house does not provide a seller's money so: sells no coins, keeps no digital dollars
    DepositUnknown,     ///< none of this name is in suspense, or not now
    kCount
};
/// A stable word, such as "insufficient-funds".
const char* nameOf(Refused refused);

} // namespace tallylock::engine
