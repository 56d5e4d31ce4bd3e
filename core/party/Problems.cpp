#include "core/party/Problems.h"

namespace tallylock::party {

using api::Problem;

Problem problemOf(engine::Refused refused) {
    using engine::Refused;
    switch (refused) {
    case Refused::No: return Problem::Internal; // not refused: nobody asks
    case Refused::NotRegistered: return Problem::NotRegistered;
    case Refused::AlreadyRegistered: return Problem::AlreadyRegistered;
    case Refused::KeyInUse: return Problem::KeyInUse;
    case Refused::NameInvalid: return Problem::NameInvalid;
    case Refused::NotPermitted: return Problem::NotPermitted;
    case Refused::AccountFrozen: return Problem::AccountFrozen;
    case Refused::IdReused: return Problem::IdReused;
    case Refused::IdTooOld: return Problem::IdReused;
    case Refused::AmountInvalid: return Problem::AmountInvalid;
    case Refused::AmountNegative: return Problem::AmountNegative;
    case Refused::AmountZero: return Problem::AmountZero;
    case Refused::AmountOverflow: return Problem::AmountOverflow;
    case Refused::UnitUnknown: return Problem::AmountInvalid;
    case Refused::IdentifierInUse: return Problem::IdReused;
    case Refused::InstrumentUnknown: return Problem::InstrumentUnknown;
    case Refused::InstrumentExists: return Problem::IdReused;
    case Refused::InstrumentInvalid: return Problem::InstrumentUnknown;
    case Refused::PriceNotOnTick: return Problem::PriceNotOnTick;
    case Refused::QuantityNotOnLot: return Problem::QuantityNotOnLot;
    case Refused::OrderTooSmall: return Problem::OrderTooSmall;
    case Refused::OrderTooLarge: return Problem::OrderTooLarge;
    case Refused::ClientIdUsed: return Problem::OrderIdUsed;
    case Refused::ClientIdInvalid: return Problem::NameInvalid;
    case Refused::InsufficientFunds: return Problem::InsufficientFunds;
    case Refused::OrderUnknown: return Problem::OrderUnknown;
    case Refused::ManifestInvalid: return Problem::ManifestInvalid;
    case Refused::ListingUnknown: return Problem::ListingUnknown;
    case Refused::ListingTaken: return Problem::ListingTaken;
    case Refused::ListingCopied: return Problem::ListingCopied;
    case Refused::ListingOwn: return Problem::ListingOwn;
    case Refused::MinimumAboveBid: return Problem::BidBelowMinimum;
    case Refused::ExpiryInvalid: return Problem::ExpiryInvalid;
    case Refused::SaleUnknown: return Problem::SaleUnknown;
    case Refused::SaleNotYours: return Problem::SaleNotYours;
    case Refused::SaleAlreadyAccepted: return Problem::SaleAlreadyAccepted;
    case Refused::SaleWrongState: return Problem::SaleWrongState;
    case Refused::PriceOutsideOffer: return Problem::PriceBelowMinimum;
    case Refused::TermsMismatch: return Problem::TermsMismatch;
    case Refused::SignatureInvalid: return Problem::SignatureInvalid;
    case Refused::ReceiptMismatch: return Problem::TermsMismatch;
    case Refused::QuoteExpired: return Problem::QuoteLapsed;
    case Refused::PaymentShort: return Problem::InsufficientFunds;
    case Refused::EditionInvalid: return Problem::ListingCopied;
    case Refused::CustodyPassed: return Problem::SaleWrongState;
    case Refused::RecordTooLarge: return Problem::Malformed;
    case Refused::RecordsTooMany:
    case Refused::RecordsFull: return Problem::NotAvailable;
    case Refused::InfoInvalid: return Problem::InfoInvalid;
    case Refused::RolesInvalid: return Problem::RolesInvalid;
    case Refused::UserUnknown: return Problem::UserUnknown;
    case Refused::DeviceUnknown: return Problem::UserUnknown;
    case Refused::NotAnInstitution: return Problem::NotAnInstitution;
    case Refused::LastAdministrator: return Problem::LastAdministrator;
    case Refused::AccountPending: return Problem::AccountPending;
    case Refused::AccountRestricted: return Problem::AccountRestricted;
    case Refused::DevicesTooMany: return Problem::TooMany;
    case Refused::AddressesTooMany: return Problem::TooMany;
    case Refused::WithdrawalsTooMany: return Problem::TooMany;
    case Refused::DeviceWaiting: return Problem::TooNew;
    case Refused::AddressWaiting: return Problem::TooNew;
    case Refused::AddressInvalid: return Problem::AddressInvalid;
    case Refused::AddressInUse: return Problem::AddressInvalid;
    case Refused::AddressUnknown: return Problem::AddressInvalid;
    case Refused::WithdrawalUnknown: return Problem::WithdrawalWrongState;
    case Refused::WithdrawalWrongState: return Problem::WithdrawalWrongState;
    case Refused::PolicyChangeUnknown: return Problem::WithdrawalWrongState;
    case Refused::ApproverIsMaker: return Problem::ApprovalNotYours;
    case Refused::AlreadyApproved: return Problem::ApprovalNotYours;
    case Refused::UserDayLimit: return Problem::DayLimitExceeded;
    case Refused::HolderDayLimit: return Problem::DayLimitExceeded;
    case Refused::PolicyInvalid: return Problem::PolicyInvalid;
    case Refused::PolicyImpossible: return Problem::PolicyInvalid;
    case Refused::SecondFactorMissing: return Problem::CodeMissing;
    case Refused::SecondFactorUsed: return Problem::CodeMissing;
    case Refused::RailInvalid: return Problem::NotAvailable;
    case Refused::InstrumentHalted: return Problem::InstrumentHalted;
    case Refused::OrderInvalid: return Problem::OrderInvalid;
    case Refused::StopPriceNotOnTick: return Problem::PriceNotOnTick;
    case Refused::PriceOutsideCollar: return Problem::PriceOutsideCollar;
    case Refused::OrderWouldTrade: return Problem::OrderWouldTrade;
    case Refused::OrderNotFillable: return Problem::OrderNotFillable;
    case Refused::QuantityAlreadyFilled: return Problem::QuantityAlreadyFilled;
    case Refused::DelayInvalid: return Problem::DelayInvalid;
    case Refused::RuleInvalid:
    case Refused::RuleUnknown:
    case Refused::RulesTooMany:
    case Refused::ListTooLong: return Problem::RuleInvalid;
    case Refused::CaseUnknown:
    case Refused::CaseWrongState: return Problem::CaseWrongState;
    case Refused::WithdrawalHeld: return Problem::WithdrawalHeld;
    case Refused::NothingHeldBack: return Problem::NothingHeldBack;
    case Refused::TextInvalid: return Problem::TextInvalid;
    case Refused::StatementsTooMany: return Problem::TooMuchSaid;
    case Refused::DeputyWaits: return Problem::NotPermitted;
    case Refused::PayeeUnknown: return Problem::PayeeUnknown;
    case Refused::FundingUnavailable: return Problem::NotAvailable;
    case Refused::DepositUnknown: return Problem::DepositUnknown;
    case Refused::kCount: break;
    }
    return Problem::Internal;
}

Problem problemOf(wire::FrameProblem problem) {
    using wire::FrameProblem;
    switch (problem) {
    case FrameProblem::Malformed: return Problem::Malformed;
    case FrameProblem::UnknownVersion: return Problem::Malformed;
    case FrameProblem::SignatureInvalid: return Problem::SignatureInvalid;
    case FrameProblem::Busy: return Problem::Busy;
    case FrameProblem::Stopping: return Problem::Unreachable;
    case FrameProblem::NotFound: return Problem::SaleUnknown;
    case FrameProblem::WrongServer: return Problem::TermsMismatch;
    case FrameProblem::DepositDiffers: return Problem::TermsMismatch;
    case FrameProblem::DepositUnreadable: return Problem::KeyPartsWrong;
    case FrameProblem::PasswordWrong: return Problem::WrongKey;
    case FrameProblem::SealedFileMissing: return Problem::FileUnreadable;
    case FrameProblem::SealedFileWrong: return Problem::SealedFileDamaged;
    case FrameProblem::ContractWrong: return Problem::TermsMismatch;
    case FrameProblem::NotPaid: return Problem::SaleWrongState;
    case FrameProblem::Internal: return Problem::Internal;
    case FrameProblem::RecipientsWrong:
    case FrameProblem::HeaderForged:
    case FrameProblem::ContentWrong:
    case FrameProblem::StoredFileAltered: return Problem::SealedFileDamaged;
    case FrameProblem::PartDamaged: return Problem::KeyPartsWrong;
    case FrameProblem::SpotTooEarly:
    case FrameProblem::SpotTooLate:
    case FrameProblem::SpotDiffers:
    case FrameProblem::SpotOutdated:
    case FrameProblem::SpotNonceWrong:
    case FrameProblem::SpotNotDrawn: return Problem::SaleWrongState;
    case FrameProblem::SpotNotYours: return Problem::SaleNotYours;
    case FrameProblem::SpotTooSmall: return Problem::NotAvailable;
    case FrameProblem::SessionNeeded:
    case FrameProblem::SignatureNeeded: return Problem::SignatureInvalid;
    case FrameProblem::CodeWrong: return Problem::CodeWrong;
    case FrameProblem::CodesTooMany: return Problem::CodesTooMany;
    case FrameProblem::FactorMissing: return Problem::FactorMissing;
    case FrameProblem::FactorExists: return Problem::FactorExists;
    case FrameProblem::ClockUncertain: return Problem::Unreachable;
    case FrameProblem::DeliveryNotYours: return Problem::SaleNotYours;
    case FrameProblem::DeliveryTooEarly:
    case FrameProblem::DeliveryOver: return Problem::SaleWrongState;
    case FrameProblem::SealedCopyMissing: return Problem::FileUnreadable;
    case FrameProblem::SealedCopyDamaged: return Problem::SealedFileDamaged;
    case FrameProblem::CourierNotOffered: return Problem::NotAvailable;
    case FrameProblem::AddressUnfit: return Problem::AddressInvalid;
    case FrameProblem::CourierNotYours: return Problem::SaleNotYours;
    case FrameProblem::DeliveryCrowded: return Problem::Busy;
    case FrameProblem::kCount: break;
    }
    return Problem::Internal;
}

Problem problemOf(asset::SealError error) {
    using asset::SealError;
    switch (error) {
    case SealError::NotAge:
    case SealError::HeaderMalformed:
    case SealError::HeaderTooLong:
    case SealError::ArmorMalformed:
    case SealError::WorkFactorTooHigh:
    case SealError::HeaderForged:
    case SealError::NotOneRecipient:
    case SealError::TrailingData:
    case SealError::ChunkDamaged:
    case SealError::SealedMismatch:
    case SealError::PlainMismatch: return Problem::SealedFileDamaged;
    case SealError::NoPortion:
    case SealError::Truncated: return Problem::SealedFileTruncated;
    case SealError::WrongPassphrase:
    case SealError::PassphraseNeeded:
    case SealError::WrongKey:
    case SealError::RecipientMismatch: return Problem::WrongKey;
    case SealError::ReadFailed: return Problem::FileUnreadable;
    case SealError::WriteFailed: return Problem::DiskFull;
    case SealError::NoMemory: return Problem::Internal;
    case SealError::Interrupted:
    case SealError::Cancelled: return Problem::Cancelled;
    }
    return Problem::Internal;
}

Problem problemOf(asset::ManifestError error) {
    using asset::ManifestError;
    switch (error) {
    case ManifestError::BadName:
    case ManifestError::BadMediaType:
    case ManifestError::TooLongText: return Problem::NameInvalid;
    case ManifestError::WrongSignature: return Problem::SignatureInvalid;
    case ManifestError::TooLarge:
    case ManifestError::Malformed:
    case ManifestError::SizesDisagree:
    case ManifestError::BadCustody: return Problem::ManifestInvalid;
    }
    return Problem::Internal;
}

Problem problemOf(ports::StoreError error) {
    using ports::StoreError;
    switch (error) {
    case StoreError::Locked: return Problem::FolderInUse;
    case StoreError::Newer: return Problem::FolderNewer;
    case StoreError::OtherOwner:
    case StoreError::Damaged: return Problem::FolderDamaged;
    case StoreError::DiskFull: return Problem::DiskFull;
    case StoreError::ReadOnly:
    case StoreError::Io: return Problem::FileUnreadable;
    }
    return Problem::Internal;
}

Problem problemOf(ports::MediaError error) {
    switch (error) {
    case ports::MediaError::Unreadable: return Problem::FileUnreadable;
    case ports::MediaError::TooLarge: return Problem::MediaTooLarge;
    case ports::MediaError::Damaged: return Problem::MediaDamaged;
    case ports::MediaError::TookTooLong: return Problem::MediaTooSlow;
    case ports::MediaError::NotSupported: return Problem::MediaUnsupported;
    case ports::MediaError::Locked: return Problem::MediaLocked;
    case ports::MediaError::NoHelper: return Problem::NotAvailable;
    case ports::MediaError::kCount: break;
    }
    return Problem::Internal;
}

} // namespace tallylock::party
