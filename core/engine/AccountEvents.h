// The part of Events.h that is about users, standing, deposits and money going out. Included by it alone.
#pragma once

#include "core/engine/Commands.h"

namespace tallylock::engine {

struct DeviceAdded {
    static constexpr std::uint64_t kType = 14;
    HolderId holder;
    UserId user;
    IdentityKey key;
    std::int64_t usableFromMs = 0; ///< for moving money out
    static constexpr void fields(auto use) {
        use(field(1, &DeviceAdded::holder), field(2, &DeviceAdded::user), field(3, &DeviceAdded::key),
            field(4, &DeviceAdded::usableFromMs));
    }
};
struct DeviceRemoved {
    static constexpr std::uint64_t kType = 15;
    HolderId holder;
    UserId user;
    IdentityKey key;
    static constexpr void fields(auto use) {
        use(field(1, &DeviceRemoved::holder), field(2, &DeviceRemoved::user), field(3, &DeviceRemoved::key));
    }
};
struct RolesSet {
    static constexpr std::uint64_t kType = 16;
    HolderId holder;
    UserId user;
    std::uint32_t roles = 0;
    static constexpr void fields(auto use) {
        use(field(1, &RolesSet::holder), field(2, &RolesSet::user), field(3, &RolesSet::roles));
    }
};
struct OrderLimitSet {
    static constexpr std::uint64_t kType = 17;
    HolderId holder;
    UserId user;
    Amount most;
    static constexpr void fields(auto use) {
        use(field(1, &OrderLimitSet::holder), field(2, &OrderLimitSet::user), field(3, &OrderLimitSet::most));
    }
};
struct AssetAccountSet {
    static constexpr std::uint64_t kType = 18;
    HolderId holder;
    UnitId unit{};
    std::string address;
    static constexpr void fields(auto use) {
        use(field(1, &AssetAccountSet::holder), field(2, &AssetAccountSet::unit), field(3, &AssetAccountSet::address));
    }
};
struct StandingChanged {
    static constexpr std::uint64_t kType = 19;
    HolderId holder;
    std::uint8_t standing = 0; ///< parties::Standing
    std::string evidence;
    static constexpr void fields(auto use) {
        use(field(1, &StandingChanged::holder), field(2, &StandingChanged::standing),
            field(3, &StandingChanged::evidence));
    }
};

/// Internal: the rail is to make an identifier.
struct IdentifierWanted {
    static constexpr std::uint64_t kType = 20;
    HolderId holder;
    UnitId unit{};
    static constexpr void fields(auto use) {
        use(field(1, &IdentifierWanted::holder), field(2, &IdentifierWanted::unit));
    }
};
struct IdentifierAssigned {
    static constexpr std::uint64_t kType = 21;
    HolderId holder;
    UnitId unit{};
    std::string rail;
    std::string identifier;
    static constexpr void fields(auto use) {
        use(field(1, &IdentifierAssigned::holder), field(2, &IdentifierAssigned::unit),
            field(3, &IdentifierAssigned::rail), field(4, &IdentifierAssigned::identifier));
    }
};
enum class DepositState : std::uint8_t { Pending, Credited, Suspense, Reversed, kCount };
struct DepositChanged {
    static constexpr std::uint64_t kType = 22;
    HolderId holder; ///< none: suspense, or a sale's wallet
    SaleId sale;     ///< none unless it paid a sale's wallet
    std::string rail;
    Hash transaction;
    std::uint32_t output = 0;
    Amount amount;
    std::uint32_t confirmations = 0;
    std::uint32_t needed = 0;
    DepositState state{};
    static constexpr void fields(auto use) {
        use(field(1, &DepositChanged::holder), field(2, &DepositChanged::sale), field(3, &DepositChanged::rail),
            field(4, &DepositChanged::transaction), field(5, &DepositChanged::output),
            field(6, &DepositChanged::amount), field(7, &DepositChanged::confirmations),
            field(8, &DepositChanged::needed), field(9, &DepositChanged::state));
    }
};

struct PayoutAddressChanged {
    static constexpr std::uint64_t kType = 23;
    treasury::PayoutAddress address;
    bool removed = false;
    static constexpr void fields(auto use) {
        use(field(1, &PayoutAddressChanged::address), field(2, &PayoutAddressChanged::removed));
    }
};
/// The whole of a withdrawal; sent at every change.
struct WithdrawalChanged {
    static constexpr std::uint64_t kType = 24;
    treasury::Withdrawal withdrawal;
    EntryId entry; ///< Sent: the ledger entry; else none
    static constexpr void fields(auto use) {
        use(field(1, &WithdrawalChanged::withdrawal), field(2, &WithdrawalChanged::entry));
    }
};
/// The policy in force, and the change that is under way, if any.
struct WithdrawalPolicyChanged {
    static constexpr std::uint64_t kType = 28;
    HolderId holder;
    treasury::WithdrawalPolicy policy;
    std::optional<treasury::PolicyChange> pending;
    static constexpr void fields(auto use) {
        using W = WithdrawalPolicyChanged;
        use(field(1, &W::holder), field(2, &W::policy), field(3, &W::pending));
    }
};
/// Public.
struct WithdrawalFeeSet {
    static constexpr std::uint64_t kType = 29;
    Amount fee;
    static constexpr void fields(auto use) { use(field(1, &WithdrawalFeeSet::fee)); }
};

} // namespace tallylock::engine
