// What rails report and what comes of it.
#pragma once

#include "core/treasury/Withdrawal.h"

namespace tallylock::treasury {

/// Whose deposit it is: a holder's account, or the funds of a sale (then with the buyer as holder).
struct DepositOwner {
    HolderId holder;
    SaleId sale;                               ///< zero: the holder's available money
    std::optional<PayoutAddressId> refundTo{}; ///< where what comes too late for the sale is sent; none: it stays
    auto operator<=>(const DepositOwner&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &DepositOwner::holder), field(2, &DepositOwner::sale), field(3, &DepositOwner::refundTo));
    }
};

/// An address, tag or payment reference by which a rail names an owner.
struct Assignment {
    std::string rail; ///< "practice-chain", "practice-bank"
    std::string identifier;
    money::UnitId unit; ///< what is expected there
    DepositOwner owner;
    bool operator==(const Assignment&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Assignment::rail), field(2, &Assignment::identifier), field(3, &Assignment::unit),
            field(4, &Assignment::owner));
    }
};

/// One output of a chain transaction that was executed successfully, as a rail sees it now.
struct ChainDeposit {
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0; ///< or log index
    std::string identifier;
    money::Amount amount;
    std::uint32_t confirmations = 0; ///< 0: seen, not in a block
};

/// One entry of a bank statement.
struct BankEntry {
    std::string rail;
    std::string entry; ///< the bank's own number of the entry, unique on this rail
    std::string reference;
    money::Amount amount;
    bool booked = true; ///< false: announced, not yet final
};

enum class DepositEffect : std::uint8_t {
    Ignored,  ///< known already; nothing to do
    Pending,  ///< seen, not final: shown, not available
    Credit,   ///< now final: credit the owner, this once
    Suspense, ///< now final, but nobody's, or of the wrong unit: credit suspense, this once
    Reversed, ///< was pending and vanished: nothing was credited
    Undone,   ///< was credited and vanished: reverse the credit, or book the loss
    Restored, ///< was undone and is final again: take back what was done then
};
const char* nameOf(DepositEffect effect);

enum class SuspenseCause : std::uint8_t { None, UnknownIdentifier, WrongUnit, kCount };
const char* nameOf(SuspenseCause cause);

struct DepositOutcome {
    DepositEffect effect = DepositEffect::Ignored;
    DepositOwner owner; ///< none if unknown
    money::Amount amount;
    SuspenseCause cause = SuspenseCause::None;
    std::uint32_t confirmations = 0;
    std::uint32_t required = 0;
};

/// A deposit that has arrived and is nobody's: what it is called, and why.
struct SuspendedDeposit {
    std::string rail;
    Hash transaction; ///< of a chain; zero for a bank's
    std::uint32_t output = 0;
    std::string entry; ///< of a bank: its number there
    std::string identifier;
    DepositOwner owner; ///< whose identifier it is, where only the unit is wrong
    money::Amount amount;
    SuspenseCause cause = SuspenseCause::None;
};

/// A deposit that is on its way.
struct PendingDeposit {
    std::string rail;
    std::string identifier;
    DepositOwner owner;
    money::Amount amount;
    std::uint32_t confirmations = 0;
    std::uint32_t required = 0;
};

/// In the order in which they are tested.
enum class TreasuryError {
    RailInvalid,       ///< empty or over 64 bytes
    IdentifierInvalid, ///< an identifier or entry number: empty or over 256 bytes
    UnknownUnit,
    OwnerInvalid,    ///< neither a holder nor a sale
    IdentifierInUse, ///< it names somebody else already
    AlreadyAssigned, ///< this owner has an identifier for this unit on this rail
    NotPositive,     ///< a deposit of nothing or less
    Conflict,        ///< the same transaction output or entry number was reported with another content
    UnknownDeposit,  ///< vanished, but never seen
    Final,           ///< vanished, but buried so deep that it was finished: a case for an operator
};
const char* nameOf(TreasuryError error);

} // namespace tallylock::treasury
