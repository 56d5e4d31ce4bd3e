// The events' numbers, as they are frozen, and how the auditor writes a field as a word.
#pragma once

#include "tests/audit/auditor/Item.h"

#include <set>

namespace tallylock::audit {

enum EventType : std::uint64_t {
    kStandingChanged = 19,
    kIdentifierWanted = 20,
    kDepositChanged = 22,
    kPayoutAddressChanged = 23,
    kWithdrawalChanged = 24,
    kLedgerPosted = 25,
    kBalanceChanged = 26,
    kStatementLine = 27,
    kPolicyChanged = 28,
    kWithdrawalFeeSet = 29,
    kInstrumentOpened = 30,
    kOrderPlaced = 31,
    kOrderChanged = 32,
    kLevelChanged = 33,
    kInstructionExecuted = 34,
    kTradePublished = 35,
    kOrderReplaced = 36,
    kInstrumentSteered = 37,
    kDeadManChanged = 38,
    kReferenceWindowSet = 39,
    kCaseChanged = 70,
    kWatchRuleChanged = 71,
    kWatchedAddressesChanged = 72,
};

/// Has a check of its own; every other event must be explained by a Record.
inline bool isChecked(std::uint64_t type) {
    return type == kDepositChanged || (type >= kLedgerPosted && type <= kStatementLine) ||
           (type >= kOrderChanged && type <= kTradePublished);
}

/// Who is told of an event.
struct Audience {
    bool everybody = false;
    std::set<std::uint64_t> holders; ///< none, and not everybody: it stays inside
    bool operator==(const Audience&) const = default;
};
/// Whom this event concerns.
Audience audienceOf(std::uint64_t type, const Item& body);

/// A number, a text, bytes, a truth, an amount, or a list or map of these.
std::string wordOf(const Item& item);
inline constexpr const char* kNone = "none"; ///< a field that must be missing

} // namespace tallylock::audit
