#include "core/ledger/Ledger.h"

namespace tallylock::ledger {

const char* nameOf(Purpose purpose) {
    switch (purpose) {
    case Purpose::Available: return "available";
    case Purpose::SaleFunds: return "sale funds";
    case Purpose::Escrow: return "escrow";
    case Purpose::Fees: return "fees";
    case Purpose::Suspense: return "suspense";
    case Purpose::Guarantee: return "guarantee";
    case Purpose::Treasury: return "treasury";
    case Purpose::Custody: return "custody";
    case Purpose::BankCustody: return "bank custody";
    case Purpose::Loss: return "loss";
    case Purpose::kCount: break;
    }
    return "?";
}

const char* nameOf(Reason reason) {
    switch (reason) {
    case Reason::Deposit: return "deposit";
    case Reason::DepositReversed: return "deposit reversed";
    case Reason::Trade: return "trade";
    case Reason::Order: return "order";
    case Reason::SaleFunding: return "sale funding";
    case Reason::EscrowFunding: return "escrow funding";
    case Reason::SellerPayout: return "seller payout";
    case Reason::Settlement: return "settlement";
    case Reason::Refund: return "refund";
    case Reason::Holdback: return "holdback";
    case Reason::Guarantee: return "guarantee";
    case Reason::CustodyLoss: return "custody loss";
    case Reason::Withdrawal: return "withdrawal";
    case Reason::Float: return "float";
    case Reason::kCount: break;
    }
    return "?";
}

const char* nameOf(LedgerError error) {
    switch (error) {
    case LedgerError::NoLegs: return "no legs";
    case LedgerError::NotPositive: return "not positive";
    case LedgerError::Unbalanced: return "unbalanced";
    case LedgerError::UnknownHold: return "unknown hold";
    case LedgerError::HoldTooSmall: return "hold too small";
    case LedgerError::Overflow: return "overflow";
    case LedgerError::InsufficientFunds: return "insufficient funds";
    }
    return "?";
}

} // namespace tallylock::ledger
