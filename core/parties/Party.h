// Who takes part: holders of accounts, their users, and what is known about them.
#pragma once

#include "core/money/Amount.h"

#include <optional>
#include <string>
#include <vector>

namespace tallylock::parties {

enum class HolderKind : std::uint8_t { Individual, Institution, kCount };

enum class Standing : std::uint8_t {
    Pending,    ///< not yet identified: may look, may not trade
    Verified,   ///< identified: everything within its limits
    Restricted, ///< may cancel and withdraw, may not open anything new
    Frozen,     ///< may do nothing that moves money
    kCount
};
const char* nameOf(Standing standing);

/// Roles of a user, as bits.
enum Role : std::uint8_t {
    kAdministrator = 1, ///< users, devices, roles, limits, account information
    kTrader = 2,        ///< places and cancels orders, makes offers
    kTreasurer = 4,     ///< deposits and withdrawals
    kAuditor = 8,       ///< reads everything of the holder
    kAllRoles = 15,
};
using Roles = std::uint8_t;

/// Where a holder's ordinary money lies and how it is insured.
struct FiatAccount {
    std::string bank;
    std::string accountReference;
    std::string insurer;
    money::Amount coverageLimit;
    std::string evidence; ///< where the insurance is shown, as text for a person
    bool operator==(const FiatAccount&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &FiatAccount::bank), field(2, &FiatAccount::accountReference), field(3, &FiatAccount::insurer),
            field(4, &FiatAccount::coverageLimit), field(5, &FiatAccount::evidence));
    }
};

/// Where a holder's own coins of one unit lie outside, for paying out and refunds.
struct AssetAccount {
    money::UnitId unit;
    std::string address;
    bool operator==(const AssetAccount&) const = default;
    static constexpr void fields(auto use) { use(field(1, &AssetAccount::unit), field(2, &AssetAccount::address)); }
};

struct Holder {
    HolderId id;
    HolderKind kind = HolderKind::Individual;
    std::string name;
    Standing standing = Standing::Pending;
    std::string evidence; ///< reference to what the standing rests on
    std::optional<FiatAccount> fiatAccount;
    std::vector<AssetAccount> assetAccounts; ///< one a unit, by unit
    std::vector<UserId> users;               ///< by number
    bool operator==(const Holder&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Holder::id), field(2, &Holder::kind), field(3, &Holder::name), field(4, &Holder::standing),
            field(5, &Holder::evidence), field(6, &Holder::fiatAccount), field(7, &Holder::assetAccounts),
            field(8, &Holder::users));
    }
};

/// A person of a holder, with authentication data of their own: the public keys of their devices.
struct User {
    UserId id;
    HolderId holder;
    std::string name;
    Roles roles = 0;
    std::vector<IdentityKey> devices;       ///< in the order of registration
    std::vector<money::Amount> orderLimits; ///< most value of one order, one a unit, by unit; none: no limit
    bool operator==(const User&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &User::id), field(2, &User::holder), field(3, &User::name), field(4, &User::roles),
            field(5, &User::devices), field(6, &User::orderLimits));
    }
};

/// Who signed a command: a device, its user and their holder, as they stand now.
struct Actor {
    IdentityKey device;
    HolderId holder;
    UserId user;
    Roles roles = 0;
    Standing standing = Standing::Pending;
    bool has(Role role) const { return (roles & role) == role; }
};

} // namespace tallylock::parties
