// What a holder may pay out, where to, and under which rules. Plain data; the rules are in Withdrawals.h.
#pragma once

#include "core/money/Amount.h"

#include <optional>
#include <string>
#include <vector>

namespace tallylock::treasury {

using WithdrawalId = Number<struct WithdrawalMeaning>;
using PayoutAddressId = Number<struct PayoutAddressMeaning>;
using PolicyChangeId = Number<struct PolicyChangeMeaning>;

/// A place outside that a holder may be paid at: an address of a chain, or a bank account.
struct PayoutAddress {
    PayoutAddressId id;
    HolderId holder;
    money::UnitId unit;
    std::string address;
    std::string label;             ///< for people; may be empty
    std::int64_t usableFromMs = 0; ///< nothing goes there before
    bool operator==(const PayoutAddress&) const = default;
    static constexpr void fields(auto use) {
        using P = PayoutAddress;
        use(field(1, &P::id), field(2, &P::holder), field(3, &P::unit), field(4, &P::address), field(5, &P::label),
            field(6, &P::usableFromMs));
    }
};

/// Who must agree before money leaves. The limits have one amount a unit, rising by unit; a unit that is missing has no
/// limit, and zero forbids. A day is one of UTC.
struct WithdrawalPolicy {
    std::uint32_t approvals = 0; ///< by other treasurers than the one who asks
    std::int64_t waitingMs = 0;  ///< before a new address, device or treasurer counts, and a looser policy begins
    std::vector<money::Amount> userDay;   ///< most that one user may ask for in a day
    std::vector<money::Amount> holderDay; ///< most that all of them may ask for in a day
    bool secondFactor = false;            ///< each request and approval needs a one-time code
    bool operator==(const WithdrawalPolicy&) const = default;
    static constexpr void fields(auto use) {
        using P = WithdrawalPolicy;
        use(field(1, &P::approvals), field(2, &P::waitingMs), field(3, &P::userDay), field(4, &P::holderDay),
            field(5, &P::secondFactor));
    }
};

/// A looser policy that is not in force yet.
struct PolicyChange {
    PolicyChangeId id;
    HolderId holder;
    UserId proposer;
    WithdrawalPolicy policy;
    std::uint32_t approvalsNeeded = 0;
    std::vector<UserId> approvedBy; ///< in the order of approval
    bool approved = false;
    std::int64_t dueMs = 0; ///< approved: when it begins; else when it is given up
    bool operator==(const PolicyChange&) const = default;
    static constexpr void fields(auto use) {
        using C = PolicyChange;
        use(field(1, &C::id), field(2, &C::holder), field(3, &C::proposer), field(4, &C::policy),
            field(5, &C::approvalsNeeded), field(6, &C::approvedBy), field(7, &C::approved), field(8, &C::dueMs));
    }
};

///   Requested -> Approved -> Paying -> Sent | Failed
///   Requested -> Cancelled | Expired        Approved -> Cancelled
enum class WithdrawalState : std::uint8_t {
    Requested, ///< waits for approvals; its money is held
    Approved,  ///< waits for a rail
    Paying,    ///< a rail has been named: from here it is paid once, or that rail has said that it never will be
    Sent,      ///< over: the money has left
    Failed,    ///< over: the rail refused, and the money is free again
    Cancelled, ///< over
    Expired,   ///< over: not approved in time
    kCount
};
const char* nameOf(WithdrawalState state);

struct Withdrawal {
    WithdrawalId id;
    HolderId holder;
    UserId user; ///< who asked for it
    PayoutAddressId address;
    std::string to; ///< the address as it was then
    money::Amount amount;
    money::Amount fee; ///< on top of the amount; held with it
    WithdrawalState state{};
    std::uint32_t approvalsNeeded = 0;
    std::vector<UserId> approvedBy; ///< in the order of approval
    std::int64_t requestedMs = 0;
    std::int64_t changedMs = 0;
    std::int64_t expiresMs = 0; ///< while it waits for approvals; else zero
    HoldId hold;
    std::string rail;             ///< from Paying on
    std::string reference;        ///< Sent: the rail's name of the payment; Failed: what it said
    std::optional<SaleId> sale{}; ///< no user has asked for it: it is what came back to the buyer out of this sale
    bool operator==(const Withdrawal&) const = default;
    static constexpr void fields(auto use) {
        using W = Withdrawal;
        use(field(1, &W::id), field(2, &W::holder), field(3, &W::user), field(4, &W::address), field(5, &W::to),
            field(6, &W::amount), field(7, &W::fee), field(8, &W::state), field(9, &W::approvalsNeeded),
            field(10, &W::approvedBy), field(11, &W::requestedMs), field(12, &W::changedMs), field(13, &W::expiresMs),
            field(14, &W::hold), field(15, &W::rail), field(16, &W::reference), field(17, &W::sale));
    }
    bool isOver() const { return state >= WithdrawalState::Sent; }
};

/// What a call tests, and in which order, stands at the engine's handlers.
enum class WithdrawalError {
    AddressUnknown, ///< not in this holder's book
    AddressInvalid, ///< address or label: empty, too long, with control characters; or the unit is unknown
    AddressInUse,   ///< it is in the book already
    AddressesTooMany,
    AddressWaiting, ///< too new
    AmountInvalid,  ///< another unit than the address's, not positive, or finer than a rail can move
    WithdrawalUnknown,
    WrongState,
    ApproverIsMaker, ///< who asks for it cannot approve it
    AlreadyApproved, ///< by this user
    WithdrawalsTooMany,
    UserDayLimit,
    HolderDayLimit,
    PolicyInvalid,
    PolicyChangeUnknown,
    Overflow,
};
const char* nameOf(WithdrawalError error);

} // namespace tallylock::treasury
