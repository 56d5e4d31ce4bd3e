// Every reason for which something that a person asked for is refused. The text for people is made in ui and app.
#pragma once

#include <cstdint>
#include <string>

namespace tallylock::api {

enum class Problem : std::uint8_t {
    // profiles and phrases
    ProfileExists,
    ProfileNameInvalid,
    ProfileUnknown,
    ProfileInUse, ///< another process has it open
    PassphraseWrong,
    PassphraseTooShort,
    PhraseWordUnknown, ///< detail: the position, from 1, and the word's place only
    PhraseWrongCount,
    PhraseWrongChecksum,
    PhraseMixedLanguages, ///< detail: the position, from 1, of the first word that shares no list with those before
    PhraseNotText,        ///< the phrase or its passphrase is not valid UTF-8
    PassphraseTooLong,    ///< that of the phrase
    KeychainUnavailable,  ///< detail: what the system says
    KeychainEntryMissing, ///< somebody deleted it; the seed phrase restores the profile
    VaultDamaged,
    FolderNewer,   ///< written by a newer version
    FolderDamaged, ///< detail: where
    FolderInUse,   ///< another process works in it; detail: the file that says so
    // files
    FileUnreadable, ///< detail: the system's reason
    FileEmpty,
    FileChanged,      ///< while it was being sealed
    FileNotAsSold,    ///< it was opened once, and has been altered since
    MediaTooLarge,    ///< to be looked into, or to be marked
    MediaDamaged,     ///< it breaks the rules of its format, or broke the program that read it
    MediaTooSlow,     ///< reading it took too long
    MediaUnsupported, ///< no picture or no mark for this format
    MediaLocked,      ///< signed or encrypted, so that it must not be changed
    MarkMissing,      ///< the file carries no tracking mark
    DiskFull,
    Cancelled,
    SealedFileTruncated,
    SealedFileDamaged, ///< detail: portion
    WrongKey,
    ManifestInvalid,
    // amounts
    AmountInvalid,
    AmountNegative,
    AmountZero,
    AmountOverflow,
    AmountTooPrecise,
    // listings and sales
    ListingUnknown,
    ListingTaken,  ///< its edition has entered a sale
    ListingCopied, ///< this sealed file or recipient was registered by another seller
    ListingOwn,    ///< one cannot buy from oneself
    DraftGone,     ///< its sealed file is not on this machine
    NameInvalid,
    BidBelowMinimum,   ///< minimum above bid
    PriceBelowMinimum, ///< accepted price below the buyer's minimum, or above the bid
    ExpiryInvalid,
    SaleUnknown,
    SaleNotYours,
    SaleAlreadyAccepted,
    SaleWrongState, ///< detail: the state it is in
    TermsMismatch,
    SignatureInvalid,
    PaymentNotOpen,
    KeyPartsMissing,
    KeyPartsWrong,       ///< detail: "part 1" or "part 2"
    SecondPasswordWrong, ///< a phrase, but not that of this sale
    SpotCheckNotNow,     ///< before the key is checked, or from the payment on
    SpotCheckTooSmall,   ///< under 100 portions
    SpotCheckFailed,     ///< detail: what did not fit
    NothingHeldBack,     ///< so there is nothing to dispute about
    QuoteLapsed,         ///< or another one has come since it was shown
    TextInvalid,         ///< none, or too long
    TooMuchSaid,         ///< by this side of a dispute
    PayeeUnknown,        ///< no account has this number and this name
    // exchange
    InstrumentUnknown,
    PriceNotOnTick,
    QuantityNotOnLot,
    OrderTooSmall,
    OrderTooLarge,
    OrderUnknown,
    OrderIdUsed,
    OrderInvalid,          ///< a price or stop price where its type has none, or none where it has one
    OrderWouldTrade,       ///< post-only
    OrderNotFillable,      ///< fill-or-kill
    PriceOutsideCollar,    ///< too far from the reference price
    QuantityAlreadyFilled, ///< an order cannot be made smaller than what is filled
    InstrumentHalted,
    InsufficientFunds,
    NotPermitted, ///< the user's roles or limits
    AccountFrozen,
    AlreadyRegistered,
    KeyInUse,
    NotRegistered,
    AccountPending,    ///< not yet identified
    AccountRestricted, ///< may take out what it has, and open nothing new
    InfoInvalid,
    UserUnknown, ///< or the device
    RolesInvalid,
    NotAnInstitution,
    LastAdministrator,
    TooMany,              ///< devices, addresses or open withdrawals
    TooNew,               ///< an address or device in its waiting time
    AddressInvalid,       ///< or known already, or unknown
    WithdrawalWrongState, ///< or over
    ApprovalNotYours,     ///< asked for by this user, or approved already
    DayLimitExceeded,
    PolicyInvalid,
    CodeMissing,    ///< a one-time code, or it was used before
    CodeWrong,      ///< not the code of now; or one that counted already
    CodesTooMany,   ///< wrong ones; detail: how many seconds until the next is looked at
    FactorMissing,  ///< no authenticator was set up
    FactorExists,   ///< one is set up already, and it takes a code of it to change that
    DelayInvalid,   ///< a time that is too short or too long
    RuleInvalid,    ///< of a watching rule, or there is none of this number, or there are too many
    CaseWrongState, ///< it is over, or it is held already
    WithdrawalHeld, ///< an operator looks into it
    DepositUnknown, ///< none of this name is in suspense
    // node
    Busy, ///< a queue is full; try again
    Stopping,
    Stale,                ///< the view has not caught up
    Unreachable,          ///< coordinator or key server does not answer
    StillUnderWay,        ///< no answer yet; the command is kept, and goes on by itself
    ServerAddressInvalid, ///< not "host:port"
    ServerUnreachable,    ///< detail: address, and what the network says
    ServerWrong,          ///< it is another server than it should be, or of another kind; detail: address
    IdReused,             ///< a command id was used for another command
    Malformed,
    NotAvailable, ///< for example practice functions on a real rail
    Internal,     ///< detail: what stopped
    kCount
};

/// A stable word for logs, command-line output and tests, such as "insufficient-funds".
const char* nameOf(Problem problem);

struct Refusal {
    Problem problem = Problem::Internal;
    std::string detail; ///< a number, name or state that the text needs; never a secret
};

} // namespace tallylock::api
