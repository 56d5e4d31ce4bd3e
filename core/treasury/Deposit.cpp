#include "core/treasury/Treasury.h"

namespace tallylock::treasury {

const char* nameOf(DepositEffect effect) {
    switch (effect) {
    case DepositEffect::Ignored: return "ignored";
    case DepositEffect::Pending: return "pending";
    case DepositEffect::Credit: return "credit";
    case DepositEffect::Suspense: return "suspense";
    case DepositEffect::Reversed: return "reversed";
    case DepositEffect::Undone: return "undone";
    case DepositEffect::Restored: return "restored";
    }
    return "?";
}

const char* nameOf(SuspenseCause cause) {
    switch (cause) {
    case SuspenseCause::None: return "none";
    case SuspenseCause::UnknownIdentifier: return "unknown identifier";
    case SuspenseCause::WrongUnit: return "wrong unit";
    case SuspenseCause::kCount: break;
    }
    return "?";
}

const char* nameOf(TreasuryError error) {
    switch (error) {
    case TreasuryError::RailInvalid: return "rail invalid";
    case TreasuryError::IdentifierInvalid: return "identifier invalid";
    case TreasuryError::UnknownUnit: return "unknown unit";
    case TreasuryError::OwnerInvalid: return "owner invalid";
    case TreasuryError::IdentifierInUse: return "identifier in use";
    case TreasuryError::AlreadyAssigned: return "already assigned";
    case TreasuryError::NotPositive: return "not positive";
    case TreasuryError::Conflict: return "conflict";
    case TreasuryError::UnknownDeposit: return "unknown deposit";
    case TreasuryError::Final: return "final";
    }
    return "?";
}

} // namespace tallylock::treasury
