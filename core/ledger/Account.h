// Accounts of the ledger: who, which unit, what for.
#pragma once

#include "core/money/Amount.h"

namespace tallylock::ledger {

using money::Int128;
using money::UnitId;

/// The holder of the house's own accounts. Parties are numbered from one.
inline constexpr HolderId kHouse{0};

enum class Purpose : std::uint8_t {
    Available,   ///< a holder's money, to be used or held
    SaleFunds,   ///< coins paid in for a sale (ref: the sale)
    Escrow,      ///< the seller's money of a sale, and its holdback (ref: the sale)
    Fees,        ///< earned by the house
    Suspense,    ///< arrived, but not known for whom
    Guarantee,   ///< set aside for buyers whose key was lost
    Treasury,    ///< the house's own float
    Custody,     ///< the other side of what lies on a chain
    BankCustody, ///< the other side of what lies at a bank
    Loss,        ///< losses of custody
    kCount
};
const char* nameOf(Purpose purpose);

/// Only accounts of the house that stand for the outside world or bear its risk may be below zero.
constexpr bool mayBeNegative(Purpose purpose) {
    return purpose == Purpose::Treasury || purpose == Purpose::Custody || purpose == Purpose::BankCustody ||
           purpose == Purpose::Loss;
}

struct AccountKey {
    HolderId holder;
    UnitId unit;
    Purpose purpose = Purpose::Available;
    std::uint64_t ref = 0; ///< the sale's number where the purpose has one, else zero

    auto operator<=>(const AccountKey&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &AccountKey::holder), field(2, &AccountKey::unit), field(3, &AccountKey::purpose),
            field(4, &AccountKey::ref));
    }
};

inline AccountKey availableOf(HolderId holder, UnitId unit) { return {holder, unit, Purpose::Available, 0}; }
inline AccountKey saleFundsOf(SaleId sale, UnitId unit) { return {kHouse, unit, Purpose::SaleFunds, sale.value}; }
inline AccountKey escrowOf(SaleId sale, UnitId unit) { return {kHouse, unit, Purpose::Escrow, sale.value}; }
inline AccountKey houseAccount(Purpose purpose, UnitId unit) { return {kHouse, unit, purpose, 0}; }

/// Where an account lies in this Ledger's memory: a shortcut for a path that is walked often. Never stored, never
/// sent; made anew after load(). Only accounts without a reference have one.
struct AccountHandle {
    std::uint32_t index = UINT32_MAX;
    bool operator==(const AccountHandle&) const = default;
    explicit operator bool() const { return index != UINT32_MAX; }
};

/// total = held + available.
struct Balance {
    Int128 total = 0;
    Int128 held = 0;
    Int128 available() const { return total - held; }
    bool operator==(const Balance& o) const { return total == o.total && held == o.held; }
};

struct BalanceRow {
    AccountKey account;
    Balance balance;
    bool operator==(const BalanceRow&) const = default;
};

} // namespace tallylock::ledger

template <>
struct std::hash<tallylock::ledger::AccountKey> {
    std::size_t operator()(const tallylock::ledger::AccountKey& key) const noexcept {
        const std::uint64_t kind = std::uint64_t{key.unit.value} << 8 | static_cast<std::uint64_t>(key.purpose);
        return (key.holder.value * 0xff51afd7ed558ccdu) ^ (key.ref * 0xc4ceb9fe1a85ec53u) ^ (kind << 40 | kind);
    }
};
